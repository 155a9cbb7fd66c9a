/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from files, and new ones. */
#include "vicc-pki/keys.h"

#include "base/err.h"
#include "base/log.h"
#include "base/secret.h"
#include "pki/pem.h"
#include "vicc-pki/commands.h"
#include "vicc-pki/files.h"

#define PKCS8_MAX 2560 /* RSA with 4096 bits */
#define TEXT_MAX 3700

bool keys_load(struct random *random, const char *path, bool private, struct sign_key *out)
{
	struct buffer file;
	struct sign_key key;
	int r;

	if (!files_read(path, &file)) {
		buffer_done(&file);
		return false;
	}
	r = sign_key_read(random, buffer_bytes(&file), &key);
	buffer_done(&file);
	if (r == ERR_FORMAT) {
		log_error("%s: not an RSA or EC key in PEM or DER (or it is encrypted)", path);
		return false;
	}
	if (r < 0) {
		log_error("%s: %s", path, err_text(r));
		return false;
	}
	if (private && !sign_key_is_private(&key)) {
		log_error("%s: a public key; a private one is needed here", path);
		sign_key_done(&key);
		return false;
	}
	*out = key;
	return true;
}

static bool generate(struct random *random, struct key_type type, struct sign_key *out)
{
	const struct ec_group *group = NULL;
	struct sign_key key = { 0 };
	int r;

	if (type.rsa_bits > 0) {
		r = rsa_generate(random, type.rsa_bits, bytes_of(NULL, 0), &key.rsa);
	} else {
		group = ec_group_named(type.curve);
		r = group != NULL ? ec_generate(group, random, &key.ec) : ERR_CRYPTO;
	}
	if (r < 0)
		log_error("cannot make a key: %s", err_text(r));
	else
		*out = key;
	return r == 0;
}

bool keys_get(struct random *random, const struct settings *settings, bool private,
    struct key_type otherwise, struct sign_key *out)
{
	if (settings->key != NULL)
		return keys_load(random, settings->key, private, out);
	return files_may_write(settings->new_key, settings->force) &&
	    generate(random, settings->has_key_type ? settings->key_type : otherwise, out);
}

bool keys_save(const struct settings *settings, struct sign_key *key)
{
	uint8_t memory[PKCS8_MAX];
	uint8_t text_memory[TEXT_MAX];
	struct writer der;
	struct writer text;
	bool good;
	int r;

	if (settings->new_key == NULL)
		return true;
	writer_init(&der, memory, sizeof memory);
	writer_init(&text, text_memory, sizeof text_memory);
	r = sign_key_write_private(key, &der);
	if (r == 0)
		pem_put("PRIVATE KEY", writer_bytes(&der), &text);
	if (r < 0)
		log_error("%s: %s", settings->new_key, err_text(r));
	good = r == 0 && writer_done(&text) &&
	    files_write(settings->new_key, writer_bytes(&text), FILES_SECRET, settings->force);
	secret_wipe(memory, sizeof memory);
	secret_wipe(text_memory, sizeof text_memory);
	return good;
}

bool keys_save_with(const struct settings *settings, struct sign_key *key,
    const struct output *output, const char *label)
{
	char aside[FILES_PATH_SIZE];
	bool good;

	if (settings->new_key == NULL)
		return output_save(output, settings->out, label, settings->force);
	if (!files_keep(settings->new_key, aside))
		return false;
	if (!keys_save(settings, key)) {
		files_let_go(aside);
		return false;
	}
	good = output_save(output, settings->out, label, settings->force);
	if (good)
		files_let_go(aside);
	else
		files_give_back(settings->new_key, aside);
	return good;
}

/* As much digest as the key is worth (BSI TR-03116-2, 4). */
static enum digest_kind digest_of(const struct sign_key *key)
{
	size_t size;

	if (key->ec == NULL)
		return DIGEST_SHA256;
	size = ec_order_size(ec_group_of(key->ec));
	return size > 48 ? DIGEST_SHA512
	    : size > 40  ? DIGEST_SHA384
	    : size > 28  ? DIGEST_SHA256
	                 : DIGEST_SHA224;
}

bool keys_scheme(
    const struct settings *settings, const struct sign_key *key, struct sign_scheme *out)
{
	if (settings->pss && key->ec != NULL) {
		log_error("--pss: this is an EC key, and only RSA has PSS");
		return false;
	}
	*out = (struct sign_scheme){ .ec = key->ec != NULL,
		.pss = settings->pss,
		.digest = settings->has_digest ? settings->digest : digest_of(key) };
	return true;
}

bool command_key(const struct settings *settings)
{
	const struct key_type otherwise = { .curve = EC_BRAINPOOL_P256R1 };
	struct random *random;
	struct sign_key key;
	bool good;

	if (settings->new_key == NULL) {
		log_error("--new-key: say where the key goes");
		return false;
	}
	if (random_new(bytes_of(NULL, 0), &random) < 0) {
		log_error("%s", err_text(ERR_NO_MEMORY));
		return false;
	}
	good = keys_get(random, settings, true, otherwise, &key);
	if (good) {
		good = keys_save(settings, &key);
		sign_key_done(&key);
	}
	random_free(random);
	return good;
}
