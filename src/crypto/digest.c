/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests (FIPS 180-4). */
#include "crypto/digest.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"

/* struct digest is OpenSSL's own; nothing needs to be added. */
static EVP_MD_CTX *md_of(struct digest *digest)
{
	return (EVP_MD_CTX *)digest;
}

size_t digest_size(enum digest_kind kind)
{
	static const size_t sizes[DIGEST_KINDS] = { 20, 28, 32, 48, 64 };

	return sizes[kind];
}

int digest_compute(enum digest_kind kind, struct bytes in, uint8_t *out)
{
	const EVP_MD *md = context_digest(kind);
	uint8_t value[DIGEST_SIZE_MAX];

	if (md == NULL || EVP_Digest(in.data, in.len, value, NULL, md, NULL) != 1)
		return ERR_CRYPTO;
	memcpy(out, value, digest_size(kind));
	secret_wipe(value, sizeof value);
	return 0;
}

int digest_new(enum digest_kind kind, struct digest **out)
{
	const EVP_MD *md = context_digest(kind);
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (md == NULL || context == NULL || EVP_DigestInit_ex2(context, md, NULL) != 1) {
		EVP_MD_CTX_free(context);
		return ERR_CRYPTO;
	}
	*out = (struct digest *)context;
	return 0;
}

void digest_free(struct digest *digest)
{
	EVP_MD_CTX_free(md_of(digest));
}

int digest_update(struct digest *digest, struct bytes in)
{
	return EVP_DigestUpdate(md_of(digest), in.data, in.len) == 1 ? 0 : ERR_CRYPTO;
}

int digest_finish(struct digest *digest, uint8_t *out)
{
	uint8_t value[DIGEST_SIZE_MAX];
	unsigned len = 0;

	if (EVP_DigestFinal_ex(md_of(digest), value, &len) != 1)
		return ERR_CRYPTO;
	memcpy(out, value, len);
	secret_wipe(value, sizeof value);
	return 0;
}
