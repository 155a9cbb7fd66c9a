/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that sign or verify certificates (RFC 8017, 8; BSI TR-03111, 4.2 and 5.2.1). */
#include "pki/sign_key.h"

#include "base/err.h"

int sign_key_read(struct random *random, struct bytes in, struct sign_key *out)
{
	struct sign_key key = { 0 };
	int r = rsa_read(random, in, &key.rsa);

	if (r == ERR_FORMAT)
		r = ec_read(random, in, &key.ec);
	if (r == 0)
		*out = key;
	return r;
}

void sign_key_done(struct sign_key *key)
{
	rsa_free(key->rsa);
	ec_free(key->ec);
	ec_group_free(key->group);
	*key = (struct sign_key){ 0 };
}

bool sign_key_is_private(const struct sign_key *key)
{
	return key->ec != NULL ? ec_is_private(key->ec) : rsa_is_private(key->rsa);
}

int sign_key_write_private(struct sign_key *key, struct writer *out)
{
	return key->ec != NULL ? ec_write_private(key->ec, out) : rsa_write_private(key->rsa, out);
}

size_t sign_key_signature_size(const struct sign_key *key)
{
	return key->ec != NULL ? 2 * ec_order_size(ec_group_of(key->ec)) : rsa_size(key->rsa);
}

static struct rsa_scheme rsa_scheme_of(const struct sign_scheme *scheme)
{
	return (struct rsa_scheme){ .padding = scheme->pss ? RSA_PSS : RSA_PKCS1_15,
		.digest = scheme->digest,
		.salt = scheme->pss ? digest_size(scheme->digest) : 0 };
}

/* What is signed in place of in. ERR_UNSUPPORTED: the key is not of the scheme's kind. */
static int hash(const struct sign_key *key, const struct sign_scheme *scheme, struct bytes in,
    uint8_t memory[DIGEST_SIZE_MAX], struct bytes *out)
{
	int r;

	if (scheme->ec != (key->ec != NULL))
		return ERR_UNSUPPORTED;
	r = digest_compute(scheme->digest, in, memory);
	if (r == 0)
		*out = bytes_of(memory, digest_size(scheme->digest));
	return r;
}

int sign_key_sign(
    const struct sign_key *key, const struct sign_scheme *scheme, struct bytes in, uint8_t *out)
{
	const struct rsa_scheme rsa = rsa_scheme_of(scheme);
	uint8_t memory[DIGEST_SIZE_MAX];
	struct bytes hashed = { NULL, 0 };
	int r = hash(key, scheme, in, memory, &hashed);

	if (r < 0)
		return r;
	return scheme->ec ? ec_sign(key->ec, hashed, out) : rsa_sign(key->rsa, &rsa, hashed, out);
}

int sign_key_verify(const struct sign_key *key, const struct sign_scheme *scheme, struct bytes in,
    struct bytes signature)
{
	const struct rsa_scheme rsa = rsa_scheme_of(scheme);
	uint8_t memory[DIGEST_SIZE_MAX];
	struct bytes hashed = { NULL, 0 };
	int r = hash(key, scheme, in, memory, &hashed);

	if (r < 0)
		return r;
	return scheme->ec ? ec_verify(key->ec, hashed, signature)
	                  : rsa_verify(key->rsa, &rsa, hashed, signature);
}
