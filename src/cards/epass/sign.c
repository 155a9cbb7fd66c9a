/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signer of EF.SOD and EF.CardSecurity: PKCS#1 v1.5 or ECDSA, with the hash function of the content. */
#include "cards/epass/sign.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/contents.h"
#include "base/err.h"
#include "pki/pem.h"
#include "pki/public_key.h"
#include "pki/x509.h"
#include "specimen/specimen.h"

#define FILE_MAX 16384 /* bytes of a certificate or key as it is in a file */

struct epass_signer {
	struct sign_key key;
	struct buffer certificate;
};

static int fail(char *error, int r, const char *format, ...) PRINTF_LIKE(3, 4);

static int fail(char *error, int r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(error, CARD_ERROR_SIZE, format, args);
	va_end(args);
	return r;
}

static int load(const char *option, const char *path, struct buffer *out, char *error)
{
	int r = contents_load(path, out);

	if (r == 0)
		return 0;
	return fail(
	    error, r, "--%s %s: %s", option, path, r == ERR_IO ? strerror(errno) : err_text(r));
}

/* DER of what is DER or PEM. */
static int to_der(struct buffer *file)
{
	uint8_t memory[X509_SIZE_MAX];
	struct bytes rest = buffer_bytes(file);
	char label[PEM_LABEL_SIZE];
	struct writer der;
	int r;

	if (!pem_is_text(rest))
		return 0;
	writer_init(&der, memory, sizeof memory);
	r = pem_take(&rest, label, &der);
	return r == 0 ? buffer_set(file, writer_bytes(&der)) : r;
}

/* Whether the certificate is for the key. */
static bool belong_together(struct bytes certificate, const struct sign_key *key)
{
	uint8_t memory[PUBLIC_KEY_SIZE_MAX];
	struct public_key ours, theirs;
	struct writer writer;
	struct x509 x509;

	writer_init(&writer, memory, sizeof memory);
	return x509_parse(certificate, &x509) == 0 &&
	    public_key_parse(x509.public_key, &theirs) == 0 &&
	    public_key_put(&writer, key, CURVE_EXPLICIT) == 0 &&
	    public_key_parse(writer_bytes(&writer), &ours) == 0 &&
	    ours.domain.kind == theirs.domain.kind && bytes_equal(ours.value, theirs.value);
}

static int load_certificate(struct epass_signer *signer, const char *path, char *error)
{
	struct x509 x509;
	int r = load("signer-cert", path, &signer->certificate, error);

	if (r < 0)
		return r;
	if (to_der(&signer->certificate) == 0 &&
	    x509_parse(buffer_bytes(&signer->certificate), &x509) == 0)
		return 0;
	return fail(error, ERR_FORMAT, "--signer-cert %s: is not an X.509 certificate", path);
}

static bool is_private(const struct sign_key *key)
{
	return key->rsa != NULL ? rsa_is_private(key->rsa) : ec_is_private(key->ec);
}

static int load_key(
    struct epass_signer *signer, const char *path, struct random *random, char *error)
{
	struct buffer file;
	int r;

	buffer_init(&file, FILE_MAX);
	r = load("signer-key", path, &file, error);
	if (r == 0 &&
	    (sign_key_read(random, buffer_bytes(&file), &signer->key) < 0 ||
	        !is_private(&signer->key)))
		r = fail(error, ERR_FORMAT, "--signer-key %s: is not a private key of RSA or ECDSA",
		    path);
	buffer_done(&file);
	return r;
}

static int take_specimen(struct epass_signer *signer, struct random *random)
{
	int r = sign_key_read(random, specimen_file(SPECIMEN_SIGNER_KEY), &signer->key);

	if (r == 0)
		r = buffer_set(&signer->certificate, specimen_file(SPECIMEN_SIGNER_CERTIFICATE));
	return r;
}

int epass_signer_new(const struct epass_options *options, struct random *random,
    struct epass_signer **out, char error[CARD_ERROR_SIZE])
{
	struct epass_signer *signer = calloc(1, sizeof *signer);
	int r;

	if (signer == NULL)
		return ERR_NO_MEMORY;
	buffer_init(&signer->certificate, FILE_MAX);
	if (options->signer_key == NULL) {
		r = take_specimen(signer, random);
	} else {
		r = load_certificate(signer, options->signer_certificate, error);
		if (r == 0)
			r = load_key(signer, options->signer_key, random, error);
	}
	if (r == 0 && !belong_together(buffer_bytes(&signer->certificate), &signer->key))
		r = fail(error, ERR_FORMAT,
		    "--signer-cert %s: is not the certificate of the key in %s",
		    options->signer_certificate, options->signer_key);
	if (r < 0)
		epass_signer_free(signer);
	else
		*out = signer;
	return r;
}

void epass_signer_free(struct epass_signer *signer)
{
	if (signer == NULL)
		return;
	sign_key_done(&signer->key);
	buffer_done(&signer->certificate);
	free(signer);
}

static struct cms_signer to_cms(const struct epass_signer *signer, enum digest_kind digest)
{
	return (struct cms_signer){ .key = &signer->key,
		.scheme = { .ec = signer->key.ec != NULL, .digest = digest },
		.certificate = buffer_bytes(&signer->certificate) };
}

int epass_sign_sod(const struct epass_signer *signer, const struct cms_lds *lds, struct writer *out)
{
	const struct cms_signer cms = to_cms(signer, lds->digest);

	return cms_put_sod(lds, &cms, out);
}

int epass_sign_security(const struct epass_signer *signer, struct bytes content,
    enum digest_kind digest, struct writer *out)
{
	const struct cms_signer cms = to_cms(signer, digest);

	return cms_sign(CMS_SECURITY_OBJECT, content, &cms, out);
}
