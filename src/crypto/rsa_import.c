/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys made of numbers (RFC 8017, 3). Cards store what they compute with: p, q, dp, dq, qinv. From these
 * follow n = pq, e = 1/dp mod p-1, and d = 1/e mod (p-1)(q-1), which OpenSSL wants to know. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "base/err.h"
#include "crypto/context.h"
#include "crypto/pkey.h"
#include "crypto/rsa_internal.h"

/* In the order of enum rsa_part; NULL: not known. */
struct numbers {
	BIGNUM *part[RSA_PARTS];
	BN_CTX *ctx;
	BIGNUM *p1, *q1; /* p-1, q-1 */
};

static int load(const struct rsa_numbers *in, struct numbers *out)
{
	const struct bytes parts[RSA_PARTS] = { in->n, in->e, in->d, in->p, in->q, in->dp, in->dq,
		in->qinv };

	for (size_t i = 0; i < RSA_PARTS; i++) {
		if (parts[i].len == 0)
			continue;
		if (parts[i].len > RSA_SIZE_MAX + 1) /* a zero in front, as in DER */
			return ERR_LIMIT;
		out->part[i] = BN_secure_new();
		if (out->part[i] == NULL ||
		    BN_bin2bn(parts[i].data, (int)parts[i].len, out->part[i]) == NULL)
			return ERR_CRYPTO;
		BN_set_flags(out->part[i], BN_FLG_CONSTTIME);
	}
	return 0;
}

static void unload(struct numbers *numbers)
{
	for (size_t i = 0; i < RSA_PARTS; i++)
		BN_clear_free(numbers->part[i]);
	BN_clear_free(numbers->p1);
	BN_clear_free(numbers->q1);
	BN_CTX_free(numbers->ctx);
}

/* Whether a * b is 1 mod m. False as well when OpenSSL fails. */
static bool are_inverse(
    const struct numbers *numbers, const BIGNUM *a, const BIGNUM *b, const BIGNUM *m)
{
	BIGNUM *product = BN_secure_new();
	bool good = product != NULL && BN_mod_mul(product, a, b, m, numbers->ctx) == 1 &&
	    BN_is_one(product);

	BN_clear_free(product);
	return good;
}

static bool less_one(const BIGNUM *a, BIGNUM **out)
{
	*out = BN_dup(a);
	if (*out == NULL || BN_sub_word(*out, 1) != 1)
		return false;
	BN_set_flags(*out, BN_FLG_CONSTTIME);
	return !BN_is_zero(*out) && !BN_is_negative(*out);
}

/* n and e, where they are not given. */
static bool complete_public(struct numbers *numbers)
{
	BIGNUM **part = numbers->part;

	if (part[RSA_PART_N] == NULL) {
		part[RSA_PART_N] = BN_new();
		if (part[RSA_PART_N] == NULL ||
		    BN_mul(part[RSA_PART_N], part[RSA_PART_P], part[RSA_PART_Q], numbers->ctx) != 1)
			return false;
	}
	if (part[RSA_PART_E] == NULL)
		part[RSA_PART_E] =
		    BN_mod_inverse(NULL, part[RSA_PART_DP], numbers->p1, numbers->ctx);
	return part[RSA_PART_E] != NULL;
}

static bool complete_d(struct numbers *numbers)
{
	BIGNUM **part = numbers->part;
	BIGNUM *phi;

	if (part[RSA_PART_D] != NULL)
		return true;
	phi = BN_secure_new();
	if (phi != NULL && BN_mul(phi, numbers->p1, numbers->q1, numbers->ctx) == 1)
		part[RSA_PART_D] = BN_mod_inverse(NULL, part[RSA_PART_E], phi, numbers->ctx);
	BN_clear_free(phi);
	return part[RSA_PART_D] != NULL;
}

static bool is_product(struct numbers *numbers)
{
	BIGNUM **part = numbers->part;
	BIGNUM *product = BN_new();
	bool good = product != NULL &&
	    BN_mul(product, part[RSA_PART_P], part[RSA_PART_Q], numbers->ctx) == 1 &&
	    BN_cmp(product, part[RSA_PART_N]) == 0;

	BN_clear_free(product);
	return good;
}

/* All eight numbers, and whether they belong together. */
static bool complete_private(struct numbers *numbers)
{
	BIGNUM **part = numbers->part;

	if (!less_one(part[RSA_PART_P], &numbers->p1) || !less_one(part[RSA_PART_Q], &numbers->q1))
		return false;
	if (!complete_public(numbers) || !complete_d(numbers) || !is_product(numbers))
		return false;
	return are_inverse(numbers, part[RSA_PART_DP], part[RSA_PART_E], numbers->p1) &&
	    are_inverse(numbers, part[RSA_PART_DQ], part[RSA_PART_E], numbers->q1) &&
	    are_inverse(numbers, part[RSA_PART_D], part[RSA_PART_E], numbers->p1) &&
	    are_inverse(numbers, part[RSA_PART_D], part[RSA_PART_E], numbers->q1) &&
	    are_inverse(numbers, part[RSA_PART_Q], part[RSA_PART_QINV], part[RSA_PART_P]);
}

static bool is_modulus(const struct numbers *numbers)
{
	const BIGNUM *n = numbers->part[RSA_PART_N];
	const BIGNUM *e = numbers->part[RSA_PART_E];

	return BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e) && BN_cmp(e, n) < 0;
}

/* Whether the private exponent undoes the public one, where the factors are not known: by an example. */
static bool exponents_fit(const struct numbers *numbers)
{
	BIGNUM *const *part = numbers->part;
	BIGNUM *x = BN_secure_new();
	BIGNUM *y = BN_secure_new();
	bool good = x != NULL && y != NULL && BN_set_word(x, 2) == 1 &&
	    BN_mod_exp(y, x, part[RSA_PART_E], part[RSA_PART_N], numbers->ctx) == 1 &&
	    BN_mod_exp_mont_consttime(
	        y, y, part[RSA_PART_D], part[RSA_PART_N], numbers->ctx, NULL) == 1 &&
	    BN_cmp(x, y) == 0;

	BN_clear_free(x);
	BN_clear_free(y);
	return good;
}

/* Which numbers there must be, and whether they fit. */
static int check(struct numbers *numbers)
{
	BIGNUM *const *part = numbers->part;
	bool crt = part[RSA_PART_P] != NULL && part[RSA_PART_Q] != NULL &&
	    part[RSA_PART_DP] != NULL && part[RSA_PART_DQ] != NULL && part[RSA_PART_QINV] != NULL;
	bool none = part[RSA_PART_P] == NULL && part[RSA_PART_Q] == NULL &&
	    part[RSA_PART_DP] == NULL && part[RSA_PART_DQ] == NULL && part[RSA_PART_QINV] == NULL;

	if (!crt && !none)
		return ERR_FORMAT;
	if (crt && !complete_private(numbers))
		return ERR_FORMAT;
	if (part[RSA_PART_N] == NULL || part[RSA_PART_E] == NULL || !is_modulus(numbers))
		return ERR_FORMAT;
	if (BN_num_bits(part[RSA_PART_N]) > RSA_KEY_BITS_MAX)
		return ERR_LIMIT;
	return none && part[RSA_PART_D] != NULL && !exponents_fit(numbers) ? ERR_FORMAT : 0;
}

static int make(OSSL_LIB_CTX *context, const struct numbers *numbers, struct rsa **out)
{
	static const char *const names[RSA_PARTS] = { OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E,
		OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;
	int r = builder == NULL ? ERR_NO_MEMORY : 0;

	for (size_t i = 0; i < RSA_PARTS && r == 0; i++) {
		const BIGNUM *number = numbers->part[i];

		if (number != NULL && OSSL_PARAM_BLD_push_BN(builder, names[i], number) != 1)
			r = ERR_CRYPTO;
	}
	if (r == 0)
		r = pkey_from(context, "RSA", numbers->part[RSA_PART_D] != NULL, builder, &pkey);
	OSSL_PARAM_BLD_free(builder);
	return r < 0 ? r : rsa_take_pkey(context, pkey, out);
}

int rsa_import(struct random *random, const struct rsa_numbers *in, struct rsa **out)
{
	OSSL_LIB_CTX *context = context_of(random);
	struct numbers numbers = { 0 };
	int r;

	if (context == NULL)
		return ERR_CRYPTO;
	numbers.ctx = BN_CTX_secure_new_ex(context);
	r = numbers.ctx == NULL ? ERR_CRYPTO : load(in, &numbers);
	if (r == 0)
		r = check(&numbers);
	if (r == 0)
		r = make(context, &numbers, out);
	unload(&numbers);
	return r;
}
