/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Active Authentication. */
#include "auth/active_auth.h"

#include <string.h>

#include "base/err.h"
#include "base/secret.h"

#define HEADER 0x6A /* partial recovery; the padding ends with this nibble */
#define HEADER_SIZE 1

static size_t trailer_size(const struct active_auth_scheme *scheme)
{
	return scheme->trailer == ACTIVE_AUTH_TRAILER_BC ? 1 : 2;
}

/* ISO/IEC 10118-3's numbers of the hash functions. */
static uint8_t hash_identifier(enum digest_kind kind)
{
	static const uint8_t identifiers[DIGEST_KINDS] = {
		[DIGEST_SHA1] = 0x33,
		[DIGEST_SHA224] = 0x38,
		[DIGEST_SHA256] = 0x34,
		[DIGEST_SHA384] = 0x36,
		[DIGEST_SHA512] = 0x35,
	};

	return identifiers[kind];
}

size_t active_auth_m1_size(const struct active_auth_scheme *scheme, size_t size)
{
	size_t rest = HEADER_SIZE + digest_size(scheme->digest) + trailer_size(scheme);

	if (scheme->trailer == ACTIVE_AUTH_TRAILER_BC && scheme->digest != DIGEST_SHA1)
		return 0;
	return size > rest ? size - rest : 0;
}

static int hash(
    enum digest_kind kind, struct bytes first, struct bytes second, uint8_t out[DIGEST_SIZE_MAX])
{
	struct digest *digest = NULL;
	int r = digest_new(kind, &digest);

	if (r == 0)
		r = digest_update(digest, first);
	if (r == 0)
		r = digest_update(digest, second);
	if (r == 0)
		r = digest_finish(digest, out);
	digest_free(digest);
	return r;
}

int active_auth_representative(const struct active_auth_scheme *scheme, size_t size,
    struct bytes m1, struct bytes m2, uint8_t *out)
{
	uint8_t value[DIGEST_SIZE_MAX];
	struct writer w;
	int r;

	if (m1.len == 0 || m1.len != active_auth_m1_size(scheme, size))
		return ERR_FORMAT;
	r = hash(scheme->digest, m1, m2, value);
	if (r < 0)
		return r;
	writer_init(&w, out, size);
	writer_put_u8(&w, HEADER);
	writer_put(&w, m1);
	writer_put(&w, bytes_of(value, digest_size(scheme->digest)));
	if (scheme->trailer == ACTIVE_AUTH_TRAILER_HASH)
		writer_put_u8(&w, hash_identifier(scheme->digest));
	writer_put_u8(&w, scheme->trailer == ACTIVE_AUTH_TRAILER_HASH ? 0xCC : 0xBC);
	return writer_done(&w) && w.len == size ? 0 : ERR_FORMAT;
}

static int sign(struct rsa *rsa, const struct active_auth_scheme *scheme, struct random *random,
    struct bytes challenge, uint8_t *out)
{
	uint8_t m1[RSA_SIZE_MAX], f[RSA_SIZE_MAX];
	size_t size = rsa_size(rsa);
	size_t n = active_auth_m1_size(scheme, size);
	int r = n == 0 || rsa_bits(rsa) % 8 != 0 ? ERR_UNSUPPORTED : random_bytes(random, m1, n);

	if (r == 0)
		r = active_auth_representative(scheme, size, bytes_of(m1, n), challenge, f);
	if (r == 0)
		r = rsa_raw_private(rsa, bytes_of(f, size), out);
	secret_wipe(f, sizeof f);
	return r;
}

enum sw active_auth_rsa(struct rsa *rsa, const struct active_auth_scheme *scheme,
    struct random *random, struct bytes challenge, struct writer *answer)
{
	uint8_t signature[RSA_SIZE_MAX];

	if (challenge.len != ACTIVE_AUTH_CHALLENGE_SIZE)
		return SW_WRONG_DATA;
	if (writer_left(answer) < rsa_size(rsa) ||
	    sign(rsa, scheme, random, challenge, signature) < 0)
		return SW_NO_DIAGNOSIS;
	writer_put(answer, bytes_of(signature, rsa_size(rsa)));
	return SW_OK;
}

enum sw active_auth_ec(
    struct ec_key *key, enum digest_kind digest, struct bytes challenge, struct writer *answer)
{
	uint8_t value[DIGEST_SIZE_MAX];
	uint8_t signature[2 * EC_FIELD_SIZE_MAX];
	size_t n = 2 * ec_order_size(ec_group_of(key));

	if (challenge.len != ACTIVE_AUTH_CHALLENGE_SIZE)
		return SW_WRONG_DATA;
	if (writer_left(answer) < n || digest_compute(digest, challenge, value) < 0 ||
	    ec_sign(key, bytes_of(value, digest_size(digest)), signature) < 0)
		return SW_NO_DIAGNOSIS;
	writer_put(answer, bytes_of(signature, n));
	return SW_OK;
}
