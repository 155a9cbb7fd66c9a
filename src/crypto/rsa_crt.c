/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA by the numbers of the Chinese remainder theorem alone (RFC 8017, 5.1.2, step 2b). OpenSSL's own keys
 * want the modulus and the exponents too, which cards of this kind do not keep; so this works with BN. */
#include "crypto/rsa_crt.h"

#include <openssl/bn.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"

#define HALF_MIN 32

/* The numbers of one operation. All of them belong to context. */
struct numbers {
	BN_CTX *context;
	BIGNUM *p, *q, *q_inverse, *d_p, *d_q;
	BIGNUM *n, *a, *b;
};

static int begin(struct numbers *x)
{
	BIGNUM **all[] = { &x->p, &x->q, &x->q_inverse, &x->d_p, &x->d_q, &x->n, &x->a, &x->b };

	x->context = BN_CTX_new_ex(context_shared());
	if (x->context == NULL)
		return ERR_NO_MEMORY;
	BN_CTX_start(x->context);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		*all[i] = BN_CTX_get(x->context);
		if (*all[i] == NULL)
			return ERR_NO_MEMORY;
		BN_set_flags(*all[i], BN_FLG_CONSTTIME);
	}
	return 0;
}

/* Wipes them. */
static void end(struct numbers *x)
{
	if (x->context != NULL)
		BN_CTX_end(x->context);
	BN_CTX_free(x->context);
}

static bool load(struct numbers *x, const struct rsa_crt_key *key)
{
	int half = (int)key->half;

	return BN_bin2bn(key->p, half, x->p) != NULL && BN_bin2bn(key->q, half, x->q) != NULL &&
	    BN_bin2bn(key->q_inverse, half, x->q_inverse) != NULL &&
	    BN_bin2bn(key->d_p, half, x->d_p) != NULL &&
	    BN_bin2bn(key->d_q, half, x->d_q) != NULL && BN_mul(x->n, x->p, x->q, x->context) == 1;
}

static bool store(const struct numbers *x, size_t half, struct rsa_crt_key *key)
{
	int n = (int)half;

	key->half = half;
	return BN_bn2binpad(x->p, key->p, n) == n && BN_bn2binpad(x->q, key->q, n) == n &&
	    BN_bn2binpad(x->q_inverse, key->q_inverse, n) == n &&
	    BN_bn2binpad(x->d_p, key->d_p, n) == n && BN_bn2binpad(x->d_q, key->d_q, n) == n;
}

void rsa_crt_wipe(struct rsa_crt_key *key)
{
	secret_wipe(key, sizeof *key);
}

int rsa_crt_modulus(const struct rsa_crt_key *key, uint8_t *out)
{
	struct numbers x = { 0 };
	int size = (int)(2 * key->half);
	int r = begin(&x);

	if (r == 0 && (!load(&x, key) || BN_bn2binpad(x.n, out, size) != size))
		r = ERR_CRYPTO;
	end(&x);
	return r;
}

static bool can_be_prime(const BIGNUM *p)
{
	return BN_is_odd(p) && !BN_is_one(p);
}

/* a = in^d_p mod p and b = in^d_q mod q; then the one number below n that is a mod p and b mod q. */
static bool exponentiate(struct numbers *x, const BIGNUM *in)
{
	return BN_mod(x->a, in, x->p, x->context) == 1 &&
	    BN_mod_exp_mont_consttime(x->a, x->a, x->d_p, x->p, x->context, NULL) == 1 &&
	    BN_mod(x->b, in, x->q, x->context) == 1 &&
	    BN_mod_exp_mont_consttime(x->b, x->b, x->d_q, x->q, x->context, NULL) == 1 &&
	    BN_mod_sub(x->a, x->a, x->b, x->p, x->context) == 1 &&
	    BN_mod_mul(x->a, x->a, x->q_inverse, x->p, x->context) == 1 &&
	    BN_mul(x->a, x->a, x->q, x->context) == 1 && BN_add(x->a, x->a, x->b) == 1;
}

int rsa_crt_private(const struct rsa_crt_key *key, struct bytes in, uint8_t *out)
{
	struct numbers x = { 0 };
	BIGNUM *number = NULL;
	int r;

	if (key->half > RSA_CRT_HALF_MAX || in.len != 2 * key->half)
		return ERR_FORMAT;
	r = begin(&x);
	if (r < 0)
		goto out;
	r = ERR_CRYPTO;
	number = BN_bin2bn(in.data, (int)in.len, NULL);
	if (number == NULL || !load(&x, key))
		goto out;
	r = ERR_FORMAT;
	if (!can_be_prime(x.p) || !can_be_prime(x.q) || BN_cmp(number, x.n) >= 0)
		goto out;
	r = ERR_CRYPTO;
	if (exponentiate(&x, number) && BN_bn2binpad(x.a, out, (int)in.len) == (int)in.len)
		r = 0;
out:
	BN_clear_free(number);
	end(&x);
	return r;
}

/* Whether p is a prime, other than q, for which the exponent has an inverse, d. */
static int is_wanted(
    struct numbers *x, const BIGNUM *p, const BIGNUM *q, const BIGNUM *exponent, BIGNUM *d)
{
	int r = BN_cmp(p, q) != 0 ? BN_check_prime(p, x->context, NULL) : 0;

	if (r != 1)
		return r;
	if (BN_sub(x->a, p, BN_value_one()) != 1 || BN_gcd(x->b, x->a, exponent, x->context) != 1)
		return -1;
	if (!BN_is_one(x->b))
		return 0;
	return BN_mod_inverse(d, exponent, x->a, x->context) != NULL ? 1 : -1;
}

/* A prime of this many bytes, its two highest bits set so that the modulus has all its bits, and d. */
static int find_prime(
    struct numbers *x, rsa_crt_random *random, void *self, size_t half, const BIGNUM *exponent)
{
	uint8_t candidate[RSA_CRT_HALF_MAX];
	int wanted = 0, r = 0;

	while (r == 0 && wanted == 0) {
		r = random(self, candidate, half);
		if (r < 0)
			break;
		candidate[0] |= 0xC0;
		candidate[half - 1] |= 1;
		if (BN_bin2bn(candidate, (int)half, x->p) == NULL)
			r = ERR_CRYPTO;
		else
			wanted = is_wanted(x, x->p, x->q, exponent, x->d_p);
		if (wanted < 0)
			r = ERR_CRYPTO;
	}
	secret_wipe(candidate, sizeof candidate);
	return r;
}

static int find_key(
    struct numbers *x, rsa_crt_random *random, void *self, size_t half, const BIGNUM *exponent)
{
	int r = find_prime(x, random, self, half, exponent);

	if (r < 0)
		return r;
	BN_swap(x->p, x->q);
	BN_swap(x->d_p, x->d_q);
	r = find_prime(x, random, self, half, exponent);
	if (r < 0)
		return r;
	return BN_mod_inverse(x->q_inverse, x->q, x->p, x->context) != NULL ? 0 : ERR_CRYPTO;
}

int rsa_crt_generate(
    rsa_crt_random *random, void *self, size_t half, uint32_t exponent, struct rsa_crt_key *out)
{
	struct numbers x = { 0 };
	BIGNUM *e = NULL;
	int r;

	if (half < HALF_MIN || half > RSA_CRT_HALF_MAX || half % 2 != 0)
		return ERR_FORMAT;
	if (exponent < 3 || exponent % 2 == 0)
		return ERR_FORMAT;
	r = begin(&x);
	if (r == 0) {
		e = BN_new();
		r = e == NULL || BN_set_word(e, exponent) != 1 ? ERR_NO_MEMORY : 0;
	}
	if (r == 0)
		r = find_key(&x, random, self, half, e);
	if (r == 0 && !store(&x, half, out))
		r = ERR_CRYPTO;
	BN_free(e);
	end(&x);
	return r;
}
