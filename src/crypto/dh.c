/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diffie-Hellman (RFC 2631; PKCS#3). OpenSSL's BIGNUM, since the generators that PACE makes are none that its EVP
 * knows. Private exponents are used in constant time. */
#include "crypto/dh.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/err.h"
#include "crypto/context.h"
#include "crypto/dh_internal.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"

#define MODULUS_BITS_MIN 512
#define ORDER_BITS_MIN 160

struct dh_key {
	const struct dh_group *group;
	OSSL_LIB_CTX *context;
	BIGNUM *x, *y;
};

static const struct {
	const char *type, *name; /* OpenSSL's */
} names[DH_NAMES] = {
	[DH_1024_160] = { "DHX", "dh_1024_160" },
	[DH_2048_224] = { "DHX", "dh_2048_224" },
	[DH_2048_256] = { "DHX", "dh_2048_256" },
	[DH_MODP_1536] = { "DH", "modp_1536" },
	[DH_MODP_2048] = { "DH", "modp_2048" },
	[DH_MODP_3072] = { "DH", "modp_3072" },
	[DH_MODP_4096] = { "DH", "modp_4096" },
};

/* Mutable globals: the named groups, made once, behind a mutex. */
static pthread_mutex_t named_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct dh_group *named[DH_NAMES];

void dh_group_free(struct dh_group *group)
{
	if (group == NULL)
		return;
	BN_free(group->p);
	BN_free(group->q);
	BN_free(group->g);
	BN_MONT_CTX_free(group->mont);
	free(group);
}

/* base ^ exponent mod p. */
static bool power(const struct dh_group *group, BIGNUM *out, const BIGNUM *base,
    const BIGNUM *exponent, BN_CTX *ctx)
{
	return BN_mod_exp_mont_consttime(out, base, exponent, group->p, ctx, group->mont) == 1;
}

/* More than 1, less than p-1, and to the power of q 1. */
static bool is_in_group(const struct dh_group *group, const BIGNUM *value, BN_CTX *ctx)
{
	BIGNUM *result = BN_new();
	bool good = result != NULL && !BN_is_zero(value) && !BN_is_one(value) &&
	    !BN_is_negative(value) && BN_sub(result, group->p, value) == 1 &&
	    !BN_is_negative(result) && !BN_is_zero(result) && !BN_is_one(result) &&
	    BN_mod_exp_mont(result, value, group->q, group->p, ctx, group->mont) == 1 &&
	    BN_is_one(result);

	BN_free(result);
	return good;
}

/* Takes the numbers, also on failure. */
static int make_group(BIGNUM *p, BIGNUM *q, BIGNUM *g, struct dh_group **out)
{
	struct dh_group *group = calloc(1, sizeof *group);
	BN_CTX *ctx = BN_CTX_new_ex(context_shared());
	int r = ERR_CRYPTO;

	if (group == NULL) {
		BN_free(p);
		BN_free(q);
		BN_free(g);
	} else {
		*group = (struct dh_group){ .p = p, .q = q, .g = g, .mont = BN_MONT_CTX_new() };
	}
	if (group == NULL || ctx == NULL || p == NULL || q == NULL || g == NULL ||
	    group->mont == NULL)
		goto out;
	r = ERR_LIMIT;
	if (BN_num_bits(p) > DH_BITS_MAX)
		goto out;
	r = ERR_FORMAT;
	if (!BN_is_odd(p) || !BN_is_odd(q) || BN_num_bits(p) < MODULUS_BITS_MIN ||
	    BN_num_bits(q) < ORDER_BITS_MIN || BN_cmp(q, p) >= 0 ||
	    BN_MONT_CTX_set(group->mont, p, ctx) != 1 || !is_in_group(group, g, ctx))
		goto out;
	*out = group;
	group = NULL;
	r = 0;
out:
	dh_group_free(group);
	BN_CTX_free(ctx);
	return r;
}

static void free_named(void)
{
	for (size_t i = 0; i < DH_NAMES; i++)
		dh_group_free(named[i]);
}

static BIGNUM *part_of(const EVP_PKEY *pkey, const char *name)
{
	BIGNUM *number = NULL;

	return EVP_PKEY_get_bn_param(pkey, name, &number) == 1 ? number : NULL;
}

static EVP_PKEY *named_parameters(enum dh_name name)
{
	OSSL_PARAM params[2];
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(context_shared(), names[name].type, NULL);
	EVP_PKEY *pkey = NULL;

	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)names[name].name, 0);
	params[1] = OSSL_PARAM_construct_end();
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEY_PARAMETERS, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* OpenSSL generates the squares with 2, as RFC 3526 does, modulo a prime that is 7 mod 8: so 2 has order q. */
static void make_named(enum dh_name name)
{
	static bool registered;
	EVP_PKEY *pkey;

	if (context_shared() == NULL || (!registered && atexit(free_named) != 0))
		return;
	registered = true;
	pkey = named_parameters(name);
	if (pkey == NULL)
		return;
	if (make_group(part_of(pkey, OSSL_PKEY_PARAM_FFC_P), part_of(pkey, OSSL_PKEY_PARAM_FFC_Q),
	        part_of(pkey, OSSL_PKEY_PARAM_FFC_G), &named[name]) < 0)
		named[name] = NULL;
	EVP_PKEY_free(pkey);
}

const struct dh_group *dh_group_named(enum dh_name name)
{
	const struct dh_group *group;

	pthread_mutex_lock(&named_mutex);
	if (named[name] == NULL)
		make_named(name);
	group = named[name];
	pthread_mutex_unlock(&named_mutex);
	return group;
}

int dh_group_explicit(struct bytes p, struct bytes q, struct bytes g, struct dh_group **out)
{
	if (p.len > DH_SIZE_MAX + 1 || q.len > DH_SIZE_MAX + 1 || g.len > DH_SIZE_MAX + 1)
		return ERR_LIMIT;
	if (context_shared() == NULL)
		return ERR_CRYPTO;
	return make_group(BN_bin2bn(p.data, (int)p.len, NULL), BN_bin2bn(q.data, (int)q.len, NULL),
	    BN_bin2bn(g.data, (int)g.len, NULL), out);
}

bool dh_group_is_strong(const struct dh_group *group)
{
	BN_CTX *ctx = BN_CTX_new_ex(context_shared());
	bool strong = ctx != NULL && BN_check_prime(group->q, ctx, NULL) == 1 &&
	    BN_check_prime(group->p, ctx, NULL) == 1;

	BN_CTX_free(ctx);
	return strong;
}

int dh_group_with_generator(
    const struct dh_group *group, struct bytes generator, struct dh_group **out)
{
	if (generator.len > dh_size(group))
		return ERR_FORMAT;
	return make_group(BN_dup(group->p), BN_dup(group->q),
	    BN_bin2bn(generator.data, (int)generator.len, NULL), out);
}

size_t dh_size(const struct dh_group *group)
{
	return (size_t)BN_num_bytes(group->p);
}

size_t dh_order_size(const struct dh_group *group)
{
	return (size_t)BN_num_bytes(group->q);
}

int dh_group_put(const struct dh_group *group, enum dh_part part, struct writer *out)
{
	const BIGNUM *const numbers[] = { group->p, group->q, group->g };
	size_t size = part == DH_PART_Q ? dh_order_size(group) : dh_size(group);

	return pkey_put_number(numbers[part], size, out) ? 0 : ERR_LIMIT;
}

int dh_value_read(const struct dh_group *group, struct bytes in, BN_CTX *ctx, BIGNUM **out)
{
	BIGNUM *value;

	if (in.len == 0 || in.len > dh_size(group))
		return ERR_FORMAT;
	value = BN_bin2bn(in.data, (int)in.len, NULL);
	if (value == NULL)
		return ERR_CRYPTO;
	if (!is_in_group(group, value, ctx)) {
		BN_free(value);
		return ERR_FORMAT;
	}
	*out = value;
	return 0;
}

bool dh_value_is_valid(const struct dh_group *group, struct bytes value)
{
	BN_CTX *ctx = BN_CTX_new_ex(context_shared());
	BIGNUM *read = NULL;
	bool valid = ctx != NULL && dh_value_read(group, value, ctx, &read) == 0;

	BN_free(read);
	BN_CTX_free(ctx);
	return valid;
}

void dh_free(struct dh_key *key)
{
	if (key == NULL)
		return;
	BN_clear_free(key->x);
	BN_free(key->y);
	free(key);
}

/* Takes x, also on failure; NULL: a random one. */
static int make_key(
    const struct dh_group *group, struct random *random, BIGNUM *x, struct dh_key **out)
{
	OSSL_LIB_CTX *context = context_of(random);
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_secure_new_ex(context);
	struct dh_key *key = calloc(1, sizeof *key);
	int r = ERR_CRYPTO;

	if (ctx != NULL && key != NULL) {
		key->group = group;
		key->context = context;
		key->x = x != NULL ? x : ec_random_scalar(group->q, ctx);
		key->y = BN_new();
		x = NULL;
		if (key->x != NULL && key->y != NULL && power(group, key->y, group->g, key->x, ctx))
			r = 0;
	}
	BN_clear_free(x);
	BN_CTX_free(ctx);
	if (r < 0)
		dh_free(key);
	else
		*out = key;
	return r;
}

int dh_generate(const struct dh_group *group, struct random *random, struct dh_key **out)
{
	return make_key(group, random, NULL, out);
}

/* The number modulo q, in constant time. NULL: OpenSSL could not. */
static BIGNUM *reduced(const struct dh_group *group, struct bytes x)
{
	BN_CTX *ctx = BN_CTX_secure_new_ex(context_shared());
	BIGNUM *number = BN_secure_new();

	if (ctx == NULL || number == NULL || BN_bin2bn(x.data, (int)x.len, number) == NULL) {
		BN_clear_free(number);
		BN_CTX_free(ctx);
		return NULL;
	}
	BN_set_flags(number, BN_FLG_CONSTTIME);
	if (BN_nnmod(number, number, group->q, ctx) != 1) {
		BN_clear_free(number);
		number = NULL;
	}
	BN_CTX_free(ctx);
	return number;
}

int dh_import_private(
    const struct dh_group *group, struct random *random, struct bytes x, struct dh_key **out)
{
	BIGNUM *number;

	if (x.len > dh_size(group))
		return ERR_FORMAT;
	number = reduced(group, x);
	if (number == NULL)
		return ERR_CRYPTO;
	if (BN_is_zero(number)) {
		BN_clear_free(number);
		return ERR_FORMAT;
	}
	return make_key(group, random, number, out);
}

const struct dh_group *dh_group_of(const struct dh_key *key)
{
	return key->group;
}

int dh_put_public(const struct dh_key *key, struct writer *out)
{
	return pkey_put_number(key->y, dh_size(key->group), out) ? 0 : ERR_LIMIT;
}

int dh_put_private(const struct dh_key *key, struct writer *out)
{
	return pkey_put_number(key->x, dh_order_size(key->group), out) ? 0 : ERR_LIMIT;
}

int dh_shared(struct dh_key *key, struct bytes value, uint8_t *out)
{
	const struct dh_group *group = key->group;
	BN_CTX *ctx = BN_CTX_secure_new_ex(key->context);
	BIGNUM *other = NULL;
	BIGNUM *shared = BN_secure_new();
	int r = ctx == NULL || shared == NULL ? ERR_CRYPTO : 0;

	if (r == 0)
		r = dh_value_read(group, value, ctx, &other);
	if (r == 0 && !power(group, shared, other, key->x, ctx))
		r = ERR_CRYPTO;
	if (r == 0 && BN_bn2binpad(shared, out, (int)dh_size(group)) < 0)
		r = ERR_CRYPTO;
	BN_clear_free(shared);
	BN_free(other);
	BN_CTX_free(ctx);
	return r;
}
