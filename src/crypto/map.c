/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mappings of PACE. */
#include "crypto/map.h"

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"
#include "crypto/dh_internal.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"

/* A number that is known at the end alone: a nonce, or what became of it. NULL: no memory. */
static BIGNUM *secret_number(struct bytes in)
{
	BIGNUM *number = in.len > DH_SIZE_MAX ? NULL : BN_secure_new();

	if (number != NULL && BN_bin2bn(in.data, (int)in.len, number) == NULL) {
		BN_clear_free(number);
		return NULL;
	}
	if (number != NULL)
		BN_set_flags(number, BN_FLG_CONSTTIME);
	return number;
}

/* The group with the generator g. */
static int with_point(
    const struct ec_group *group, const EC_POINT *g, BN_CTX *ctx, struct ec_group **out)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;
	int r;

	if (EC_POINT_is_at_infinity(group->group, g) != 0)
		return ERR_FORMAT;
	writer_init(&w, memory, sizeof memory);
	r = ec_point_put(group, g, ctx, &w);
	if (r == 0)
		r = ec_group_with_generator(group, writer_bytes(&w), out);
	secret_wipe(memory, sizeof memory);
	return r;
}

/* The order of s*G + H is that of the group. OpenSSL's multiplication of G alone is in constant time. */
int map_generic_ec(
    const struct ec_group *group, struct bytes s, struct bytes h, struct ec_group **out)
{
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_secure_new_ex(context);
	BIGNUM *nonce = secret_number(s);
	EC_POINT *g = EC_POINT_new(group->group);
	EC_POINT *shared = NULL;
	int r = ERR_CRYPTO;

	if (ctx != NULL && nonce != NULL && g != NULL)
		r = ec_point_read(group, h, ctx, &shared);
	if (r == 0 &&
	    (EC_POINT_mul(group->group, g, nonce, NULL, NULL, ctx) != 1 ||
	        EC_POINT_add(group->group, g, g, shared, ctx) != 1))
		r = ERR_CRYPTO;
	if (r == 0)
		r = with_point(group, g, ctx, out);
	EC_POINT_clear_free(g);
	EC_POINT_clear_free(shared);
	BN_clear_free(nonce);
	BN_CTX_free(ctx);
	return r;
}

static int with_value(const struct dh_group *group, const BIGNUM *g, struct dh_group **out)
{
	uint8_t memory[DH_SIZE_MAX];
	struct writer w;
	int r = ERR_CRYPTO;

	writer_init(&w, memory, sizeof memory);
	if (pkey_put_number(g, dh_size(group), &w))
		r = dh_group_with_generator(group, writer_bytes(&w), out);
	secret_wipe(memory, sizeof memory);
	return r;
}

int map_generic_dh(
    const struct dh_group *group, struct bytes s, struct bytes h, struct dh_group **out)
{
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_secure_new_ex(context);
	BIGNUM *nonce = secret_number(s);
	BIGNUM *g = BN_secure_new();
	BIGNUM *shared = NULL;
	int r = ERR_CRYPTO;

	if (ctx != NULL && nonce != NULL && g != NULL)
		r = dh_value_read(group, h, ctx, &shared);
	if (r == 0 &&
	    (BN_mod_exp_mont_consttime(g, group->g, nonce, group->p, ctx, group->mont) != 1 ||
	        BN_mod_mul(g, g, shared, group->p, ctx) != 1))
		r = ERR_CRYPTO;
	if (r == 0)
		r = with_value(group, g, out);
	BN_clear_free(g);
	BN_clear_free(shared);
	BN_clear_free(nonce);
	BN_CTX_free(ctx);
	return r;
}

/* Numbers of the point encoding, all of one BN_CTX frame. */
struct encoding {
	BN_CTX *ctx;
	BIGNUM *p, *a, *b, *t;
	BIGNUM *alpha, *x2, *x3, *h2, *u, *exponent, *root, *check;
};

static bool frame_get(struct encoding *e)
{
	BIGNUM **all[] = { &e->p, &e->a, &e->b, &e->t, &e->alpha, &e->x2, &e->x3, &e->h2, &e->u,
		&e->exponent, &e->root, &e->check };

	for (size_t i = 0; i < COUNT(all); i++) {
		*all[i] = BN_CTX_get(e->ctx);
		if (*all[i] == NULL)
			return false;
	}
	return true;
}

/* alpha = -t^2; x2 = -b/a (1 + 1/(alpha + alpha^2)); x3 = alpha x2. */
static bool candidates(struct encoding *e)
{
	BIGNUM *w = e->check;

	return BN_mod_sqr(e->alpha, e->t, e->p, e->ctx) == 1 &&
	    BN_sub(e->alpha, e->p, e->alpha) == 1 && BN_mod_sqr(w, e->alpha, e->p, e->ctx) == 1 &&
	    BN_mod_add(w, w, e->alpha, e->p, e->ctx) == 1 &&
	    BN_mod_inverse(w, w, e->p, e->ctx) != NULL && BN_add_word(w, 1) == 1 &&
	    BN_mod_inverse(e->x2, e->a, e->p, e->ctx) != NULL &&
	    BN_mod_mul(e->x2, e->x2, e->b, e->p, e->ctx) == 1 &&
	    BN_mod_mul(e->x2, e->x2, w, e->p, e->ctx) == 1 && BN_sub(e->x2, e->p, e->x2) == 1 &&
	    BN_mod_mul(e->x3, e->alpha, e->x2, e->p, e->ctx) == 1;
}

/* h2 = x2^3 + a x2 + b; u = t^3 h2. */
static bool values(struct encoding *e)
{
	BIGNUM *w = e->check;

	return BN_mod_sqr(w, e->x2, e->p, e->ctx) == 1 &&
	    BN_mod_add(w, w, e->a, e->p, e->ctx) == 1 &&
	    BN_mod_mul(w, w, e->x2, e->p, e->ctx) == 1 &&
	    BN_mod_add(e->h2, w, e->b, e->p, e->ctx) == 1 &&
	    BN_mod_sqr(w, e->t, e->p, e->ctx) == 1 && BN_mod_mul(w, w, e->t, e->p, e->ctx) == 1 &&
	    BN_mod_mul(e->u, w, e->h2, e->p, e->ctx) == 1;
}

/* root = h2 ^ (p - 1 - (p+1)/4): 1/sqrt(h2), if h2 is a square. */
static bool inverse_root(struct encoding *e)
{
	BIGNUM *w = e->check;

	return BN_copy(w, e->p) != NULL && BN_add_word(w, 1) == 1 && BN_rshift(w, w, 2) == 1 &&
	    BN_copy(e->exponent, e->p) != NULL && BN_sub_word(e->exponent, 1) == 1 &&
	    BN_sub(e->exponent, e->exponent, w) == 1 &&
	    BN_mod_exp(e->root, e->h2, e->exponent, e->p, e->ctx) == 1;
}

/* The point of t: (x2, root h2) if root^2 h2 is 1, else (x3, root u). */
static bool encode_point(const struct ec_group *group, struct encoding *e, EC_POINT *out)
{
	bool square;

	if (!candidates(e) || !values(e) || !inverse_root(e) ||
	    BN_mod_sqr(e->check, e->root, e->p, e->ctx) != 1 ||
	    BN_mod_mul(e->check, e->check, e->h2, e->p, e->ctx) != 1)
		return false;
	square = BN_is_one(e->check);
	return BN_mod_mul(e->check, e->root, square ? e->h2 : e->u, e->p, e->ctx) == 1 &&
	    EC_POINT_set_affine_coordinates(
	        group->group, out, square ? e->x2 : e->x3, e->check, e->ctx) == 1;
}

/* In a group with a cofactor, of the point so many times. */
static int encode(const struct ec_group *group, struct bytes prf, struct encoding *e, EC_POINT *out)
{
	const BIGNUM *cofactor = EC_GROUP_get0_cofactor(group->group);

	if (!frame_get(e) || EC_GROUP_get_curve(group->group, e->p, e->a, e->b, e->ctx) != 1)
		return ERR_CRYPTO;
	if (BN_mod_word(e->p, 4) != 3)
		return ERR_UNSUPPORTED;
	if (prf.len > DH_SIZE_MAX || BN_bin2bn(prf.data, (int)prf.len, e->t) == NULL ||
	    BN_nnmod(e->t, e->t, e->p, e->ctx) != 1)
		return ERR_CRYPTO;
	if (BN_is_zero(e->t) || BN_is_zero(e->a) || !encode_point(group, e, out))
		return ERR_FORMAT;
	if (!BN_is_one(cofactor) &&
	    EC_POINT_mul(group->group, out, NULL, out, cofactor, e->ctx) != 1)
		return ERR_CRYPTO;
	return 0;
}

int map_integrated_ec(const struct ec_group *group, struct bytes prf, struct ec_group **out)
{
	OSSL_LIB_CTX *context = context_shared();
	struct encoding e = { .ctx = context == NULL ? NULL : BN_CTX_secure_new_ex(context) };
	EC_POINT *g = EC_POINT_new(group->group);
	int r = ERR_CRYPTO;

	if (e.ctx != NULL && g != NULL) {
		BN_CTX_start(e.ctx);
		r = encode(group, prf, &e, g);
		if (r == 0)
			r = with_point(group, g, e.ctx, out);
		BN_CTX_end(e.ctx);
	}
	EC_POINT_clear_free(g);
	BN_CTX_free(e.ctx);
	return r;
}

int map_integrated_dh(const struct dh_group *group, struct bytes prf, struct dh_group **out)
{
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_secure_new_ex(context);
	BIGNUM *t = secret_number(prf);
	BIGNUM *exponent = BN_dup(group->p);
	int r = ERR_CRYPTO;

	if (ctx != NULL && t != NULL && exponent != NULL && BN_sub_word(exponent, 1) == 1 &&
	    BN_div(exponent, NULL, exponent, group->q, ctx) == 1 &&
	    BN_nnmod(t, t, group->p, ctx) == 1 &&
	    BN_mod_exp_mont_consttime(t, t, exponent, group->p, ctx, group->mont) == 1)
		r = with_value(group, t, out);
	BN_clear_free(t);
	BN_free(exponent);
	BN_CTX_free(ctx);
	return r;
}

/* 1/chip is chip ^ (n-2): in constant time. */
int map_chip_authentication(const struct ec_key *chip, const struct ec_key *mapping, uint8_t *out)
{
	const BIGNUM *n = EC_GROUP_get0_order(chip->group->group);
	BN_CTX *ctx;
	BIGNUM *exponent, *result;
	int r = ERR_CRYPTO;

	if (chip->d == NULL || mapping->d == NULL)
		return ERR_NOT_FOUND;
	ctx = BN_CTX_secure_new_ex(chip->context);
	exponent = BN_dup(n);
	result = BN_secure_new();
	if (ctx != NULL && exponent != NULL && result != NULL && BN_sub_word(exponent, 2) == 1 &&
	    BN_mod_exp_mont_consttime(result, chip->d, exponent, n, ctx, NULL) == 1 &&
	    BN_mod_mul(result, result, mapping->d, n, ctx) == 1 &&
	    BN_bn2binpad(result, out, (int)chip->group->order_size) >= 0)
		r = 0;
	BN_clear_free(result);
	BN_free(exponent);
	BN_CTX_free(ctx);
	return r;
}
