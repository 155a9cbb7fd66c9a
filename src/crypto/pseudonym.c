/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures (BSI TR-03110-2, 3.1.6.2, PSign). Each multiplication by a secret is one of OpenSSL's in constant
 * time: it has others for sums of products. */
#include "crypto/pseudonym.h"

#include <stdlib.h>

#include "base/err.h"
#include "crypto/context.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"

#define TRIES_MAX 16 /* one is enough but for one in 2^160 */

struct pseudonym_key {
	const struct ec_group *group;
	OSSL_LIB_CTX *context;
	struct ec_key *private[PSEUDONYMS];
	EC_POINT *manager;
};

static int read_keys(struct pseudonym_key *key, struct random *random, struct bytes manager,
    const struct bytes private[PSEUDONYMS])
{
	BN_CTX *ctx;
	int r = 0;

	for (size_t i = 0; i < PSEUDONYMS && r == 0; i++)
		r = ec_import_private(key->group, random, private[i], &key -> private[i]);
	if (r < 0)
		return r;
	key->context = context_of(random);
	ctx = key->context == NULL ? NULL : BN_CTX_new_ex(key->context);
	r = ctx == NULL ? ERR_CRYPTO : ec_point_read(key->group, manager, ctx, &key->manager);
	BN_CTX_free(ctx);
	return r;
}

int pseudonym_import(const struct ec_group *group, struct random *random, struct bytes manager,
    const struct bytes private[PSEUDONYMS], struct pseudonym_key **out)
{
	struct pseudonym_key *key = calloc(1, sizeof *key);
	int r;

	if (key == NULL)
		return ERR_NO_MEMORY;
	key->group = group;
	r = read_keys(key, random, manager, private);
	if (r < 0)
		pseudonym_free(key);
	else
		*out = key;
	return r;
}

void pseudonym_free(struct pseudonym_key *key)
{
	if (key == NULL)
		return;
	for (size_t i = 0; i < PSEUDONYMS; i++)
		ec_free(key->private[i]);
	EC_POINT_free(key->manager);
	free(key);
}

int pseudonym_put(struct pseudonym_key *key, size_t i, struct bytes sector, struct writer *out)
{
	return ec_shared_point(key->private[i], sector, out);
}

/* A signature under way. */
struct signing {
	const struct pseudonym_key *key;
	const struct pseudonym_input *input;
	BN_CTX *ctx;
	EC_POINT *sector;
	BIGNUM *nonce[PSEUDONYMS];
	uint8_t c[DIGEST_SIZE_MAX];
	BIGNUM *s[PSEUDONYMS];
};

static const BIGNUM *order(const struct signing *signing)
{
	return EC_GROUP_get0_order(signing->key->group->group);
}

static int begin(struct signing *signing)
{
	signing->ctx = BN_CTX_secure_new_ex(signing->key->context);
	if (signing->ctx == NULL)
		return ERR_CRYPTO;
	for (size_t i = 0; i < PSEUDONYMS; i++) {
		signing->s[i] = BN_secure_new();
		if (signing->s[i] == NULL)
			return ERR_CRYPTO;
	}
	return ec_point_read(
	    signing->key->group, signing->input->sector, signing->ctx, &signing->sector);
}

static void end(struct signing *signing)
{
	for (size_t i = 0; i < PSEUDONYMS; i++) {
		BN_clear_free(signing->nonce[i]);
		BN_clear_free(signing->s[i]);
	}
	EC_POINT_clear_free(signing->sector);
	BN_CTX_free(signing->ctx);
}

static BIGNUM *given_nonce(struct bytes in)
{
	BIGNUM *number = BN_secure_new();

	if (number == NULL || in.len > EC_FIELD_SIZE_MAX ||
	    BN_bin2bn(in.data, (int)in.len, number) == NULL) {
		BN_clear_free(number);
		return NULL;
	}
	BN_set_flags(number, BN_FLG_CONSTTIME);
	return number;
}

static int draw(struct signing *signing)
{
	for (size_t i = 0; i < PSEUDONYMS; i++) {
		struct bytes given = signing->input->nonce[i];

		BN_clear_free(signing->nonce[i]);
		signing->nonce[i] = given.len > 0 ? given_nonce(given)
		                                  : ec_random_scalar(order(signing), signing->ctx);
		if (signing->nonce[i] == NULL)
			return ERR_CRYPTO;
	}
	return 0;
}

/* The x of a point that OpenSSL has as one. */
static int hash_x(const struct signing *signing, const EC_POINT *point, struct digest *digest)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = ec_point_put(signing->key->group, point, signing->ctx, &w);
	if (r < 0)
		return r;
	return digest_update(digest, bytes_of(memory + 1, signing->key->group->field_size));
}

/* And of one that is written down. */
static int hash_written_x(const struct signing *signing, struct bytes point, struct digest *digest)
{
	const struct ec_group *group = signing->key->group;

	if (point.len != ec_point_size(group))
		return ERR_FORMAT;
	return digest_update(digest, bytes_of(point.data + 1, group->field_size));
}

/* Q1 = K1*G + K2*PK_M */
static int hash_witness(const struct signing *signing, struct digest *digest)
{
	const EC_GROUP *group = signing->key->group->group;
	EC_POINT *q = EC_POINT_new(group);
	EC_POINT *other = EC_POINT_new(group);
	int r = ERR_CRYPTO;

	if (q != NULL && other != NULL &&
	    EC_POINT_mul(group, q, signing->nonce[0], NULL, NULL, signing->ctx) == 1 &&
	    EC_POINT_mul(
	        group, other, NULL, signing->key->manager, signing->nonce[1], signing->ctx) == 1 &&
	    EC_POINT_add(group, q, q, other, signing->ctx) == 1)
		r = hash_x(signing, q, digest);
	EC_POINT_clear_free(q);
	EC_POINT_clear_free(other);
	return r;
}

/* I_ICC,i and A_i = K_i * PK_Sector, of the names that are told */
static int hash_name(const struct signing *signing, size_t i, struct digest *digest)
{
	const EC_GROUP *group = signing->key->group->group;
	EC_POINT *a;
	int r;

	if (signing->input->name[i].len == 0)
		return 0;
	r = hash_written_x(signing, signing->input->name[i], digest);
	if (r < 0)
		return r;
	a = EC_POINT_new(group);
	r = ERR_CRYPTO;
	if (a != NULL &&
	    EC_POINT_mul(group, a, NULL, signing->sector, signing->nonce[i], signing->ctx) == 1)
		r = hash_x(signing, a, digest);
	EC_POINT_clear_free(a);
	return r;
}

static int hash_all(const struct signing *signing, struct digest *digest)
{
	const struct pseudonym_input *input = signing->input;
	int r = hash_witness(signing, digest);

	for (size_t i = 0; i < PSEUDONYMS && r == 0; i++)
		r = hash_name(signing, i, digest);
	if (r == 0)
		r = hash_written_x(signing, input->sector, digest);
	if (r == 0)
		r = digest_update(digest, input->dsi);
	return r == 0 ? digest_update(digest, input->message) : r;
}

static int witness(struct signing *signing)
{
	struct digest *digest = NULL;
	int r = digest_new(signing->input->digest, &digest);

	if (r == 0)
		r = hash_all(signing, digest);
	if (r == 0)
		r = digest_finish(digest, signing->c);
	digest_free(digest);
	return r;
}

/* s_i = K_i - c * SK_i. *zero: one of them is, or c: then other nonces are needed. */
static int assign(struct signing *signing, bool *zero)
{
	BIGNUM *c = BN_bin2bn(signing->c, (int)digest_size(signing->input->digest), NULL);
	const BIGNUM *n = order(signing);
	int r = 0;

	if (c == NULL || BN_nnmod(c, c, n, signing->ctx) != 1)
		r = ERR_CRYPTO;
	for (size_t i = 0; i < PSEUDONYMS && r == 0; i++)
		if (BN_mod_mul(
		        signing->s[i], c, signing->key->private[i] -> d, n, signing -> ctx) != 1 ||
		    BN_mod_sub(signing->s[i], signing->nonce[i], signing->s[i], n, signing->ctx) !=
		        1)
			r = ERR_CRYPTO;
	if (r == 0)
		*zero = BN_is_zero(c) || BN_is_zero(signing->s[0]) || BN_is_zero(signing->s[1]);
	BN_free(c);
	return r;
}

static int put(const struct signing *signing, struct writer *out)
{
	writer_put(out, bytes_of(signing->c, digest_size(signing->input->digest)));
	for (size_t i = 0; i < PSEUDONYMS; i++)
		if (!pkey_put_number(signing->s[i], signing->key->group->order_size, out))
			return ERR_LIMIT;
	return out->failed ? ERR_LIMIT : 0;
}

int pseudonym_sign(
    struct pseudonym_key *key, const struct pseudonym_input *input, struct writer *out)
{
	struct signing signing = { .key = key, .input = input };
	bool again = true;
	int r = begin(&signing);

	for (unsigned i = 0; i < TRIES_MAX && r == 0 && again; i++) {
		r = draw(&signing);
		if (r == 0)
			r = witness(&signing);
		if (r == 0)
			r = assign(&signing, &again);
	}
	if (r == 0)
		r = again ? ERR_CRYPTO : put(&signing, out);
	end(&signing);
	return r;
}
