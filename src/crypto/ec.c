/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys on elliptic curves and Diffie-Hellman with them. The same code serves named curves and the groups that
 * PACE makes, whose generators OpenSSL's EVP does not know; a received point is checked once, where EVP would
 * add a multiplication. Private keys are multiplied by OpenSSL's constant-time ladder, blinded with random
 * numbers of the card. */
#include "crypto/ec.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"

static struct ec_key *new_key(const struct ec_group *group, OSSL_LIB_CTX *context)
{
	struct ec_key *key = calloc(1, sizeof *key);

	if (key == NULL)
		return NULL;
	key->group = group;
	key->context = context;
	key->q = EC_POINT_new(group->group);
	if (key->q == NULL) {
		ec_free(key);
		return NULL;
	}
	return key;
}

void ec_free(struct ec_key *key)
{
	if (key == NULL)
		return;
	BN_clear_free(key->d);
	EC_POINT_free(key->q);
	EVP_PKEY_free(key->pkey);
	ec_group_free(key->own);
	free(key);
}

/* Takes d, also on failure; NULL: a random one. */
static int make_private(
    const struct ec_group *group, struct random *random, BIGNUM *d, struct ec_key **out)
{
	OSSL_LIB_CTX *context = context_of(random);
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_secure_new_ex(context);
	struct ec_key *key = context == NULL ? NULL : new_key(group, context);
	int r = ERR_CRYPTO;

	if (ctx != NULL && key != NULL) {
		key->d = d != NULL ? d : ec_random_scalar(EC_GROUP_get0_order(group->group), ctx);
		d = NULL;
		if (key->d != NULL &&
		    EC_POINT_mul(group->group, key->q, key->d, NULL, NULL, ctx) == 1)
			r = 0;
	}
	BN_clear_free(d);
	BN_CTX_free(ctx);
	if (r < 0)
		ec_free(key);
	else
		*out = key;
	return r;
}

int ec_generate(const struct ec_group *group, struct random *random, struct ec_key **out)
{
	return make_private(group, random, NULL, out);
}

int ec_import_private(
    const struct ec_group *group, struct random *random, struct bytes d, struct ec_key **out)
{
	BIGNUM *number;

	if (d.len > EC_FIELD_SIZE_MAX + 1)
		return ERR_FORMAT;
	number = BN_secure_new();
	if (number == NULL || BN_bin2bn(d.data, (int)d.len, number) == NULL) {
		BN_clear_free(number);
		return ERR_CRYPTO;
	}
	BN_set_flags(number, BN_FLG_CONSTTIME);
	if (BN_is_zero(number) || BN_cmp(number, EC_GROUP_get0_order(group->group)) >= 0) {
		BN_clear_free(number);
		return ERR_FORMAT;
	}
	return make_private(group, random, number, out);
}

int ec_import_public(const struct ec_group *group, struct bytes point, struct ec_key **out)
{
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_new_ex(context);
	struct ec_key *key = ctx == NULL ? NULL : new_key(group, context);
	EC_POINT *q = NULL;
	int r = key == NULL ? ERR_CRYPTO : ec_point_read(group, point, ctx, &q);

	BN_CTX_free(ctx);
	if (r < 0) {
		ec_free(key);
		return r;
	}
	EC_POINT_free(key->q);
	key->q = q;
	*out = key;
	return 0;
}

bool ec_is_private(const struct ec_key *key)
{
	return key->d != NULL;
}

const struct ec_group *ec_group_of(const struct ec_key *key)
{
	return key->group;
}

int ec_put_public(const struct ec_key *key, struct writer *out)
{
	return ec_point_put(key->group, key->q, NULL, out);
}

int ec_put_private(const struct ec_key *key, struct writer *out)
{
	if (key->d == NULL)
		return ERR_NOT_FOUND;
	return pkey_put_number(key->d, key->group->order_size, out) ? 0 : ERR_LIMIT;
}

int ec_shared_point(struct ec_key *key, struct bytes point, struct writer *out)
{
	const struct ec_group *group = key->group;
	BN_CTX *ctx;
	EC_POINT *other = NULL;
	int r;

	if (key->d == NULL)
		return ERR_NOT_FOUND;
	ctx = BN_CTX_secure_new_ex(key->context);
	r = ctx == NULL ? ERR_CRYPTO : ec_point_read(group, point, ctx, &other);
	if (r == 0 && EC_POINT_mul(group->group, other, NULL, other, key->d, ctx) != 1)
		r = ERR_CRYPTO;
	if (r == 0)
		r = ec_point_put(group, other, ctx, out);
	EC_POINT_clear_free(other);
	BN_CTX_free(ctx);
	return r;
}

int ec_shared_x(struct ec_key *key, struct bytes point, uint8_t *out)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = ec_shared_point(key, point, &w);
	if (r == 0)
		memcpy(out, memory + 1, key->group->field_size);
	secret_wipe(memory, sizeof memory);
	return r;
}
