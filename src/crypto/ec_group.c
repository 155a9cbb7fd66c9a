/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups on elliptic curves, and points from outside. OpenSSL's EC_GROUP and EC_POINT: the protocols on top
 * compute with generators of their own, which its EVP does not know. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/obj_mac.h>

#include "base/compiler.h"
#include "base/err.h"
#include "crypto/context.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"

#define UNCOMPRESSED 0x04
#define COFACTOR_BITS_MAX 32
#define EMBEDDING_DEGREE_MIN 100

static const struct {
	const char *names[3]; /* the first is ours, the second OpenSSL's */
	int nid;
	size_t field_size;
} curves[EC_CURVES] = {
	[EC_P192] = { { "P-192", "prime192v1", "secp192r1" }, NID_X9_62_prime192v1, 24 },
	[EC_P224] = { { "P-224", "secp224r1", NULL }, NID_secp224r1, 28 },
	[EC_P256] = { { "P-256", "prime256v1", "secp256r1" }, NID_X9_62_prime256v1, 32 },
	[EC_P384] = { { "P-384", "secp384r1", NULL }, NID_secp384r1, 48 },
	[EC_P521] = { { "P-521", "secp521r1", NULL }, NID_secp521r1, 66 },
	[EC_BRAINPOOL_P192R1] = { { "brainpoolP192r1", "brainpoolP192r1", NULL },
	    NID_brainpoolP192r1, 24 },
	[EC_BRAINPOOL_P224R1] = { { "brainpoolP224r1", "brainpoolP224r1", NULL },
	    NID_brainpoolP224r1, 28 },
	[EC_BRAINPOOL_P256R1] = { { "brainpoolP256r1", "brainpoolP256r1", NULL },
	    NID_brainpoolP256r1, 32 },
	[EC_BRAINPOOL_P320R1] = { { "brainpoolP320r1", "brainpoolP320r1", NULL },
	    NID_brainpoolP320r1, 40 },
	[EC_BRAINPOOL_P384R1] = { { "brainpoolP384r1", "brainpoolP384r1", NULL },
	    NID_brainpoolP384r1, 48 },
	[EC_BRAINPOOL_P512R1] = { { "brainpoolP512r1", "brainpoolP512r1", NULL },
	    NID_brainpoolP512r1, 64 },
};

/* Mutable globals: the named groups, made once, behind a mutex. */
static pthread_mutex_t named_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct ec_group *named[EC_CURVES];

const char *ec_curve_name(enum ec_curve curve)
{
	return curves[curve].names[0];
}

bool ec_curve_find(const char *name, enum ec_curve *out)
{
	for (size_t i = 0; i < EC_CURVES; i++) {
		for (size_t j = 0; j < COUNT(curves[i].names); j++) {
			if (curves[i].names[j] == NULL || strcmp(name, curves[i].names[j]) != 0)
				continue;
			*out = (enum ec_curve)i;
			return true;
		}
	}
	return false;
}

int ec_group_take(EC_GROUP *group, const char *name, struct ec_group **out)
{
	struct ec_group *taken = NULL;
	int r = 0;

	if (EC_GROUP_get_field_type(group) != NID_X9_62_prime_field)
		r = ERR_UNSUPPORTED;
	else if ((EC_GROUP_get_degree(group) + 7) / 8 > EC_FIELD_SIZE_MAX ||
	    (EC_GROUP_order_bits(group) + 7) / 8 > EC_FIELD_SIZE_MAX)
		r = ERR_LIMIT;
	else if ((taken = calloc(1, sizeof *taken)) == NULL)
		r = ERR_NO_MEMORY;
	if (r < 0) {
		EC_GROUP_free(group);
		return r;
	}
	taken->group = group;
	taken->field_size = (size_t)(EC_GROUP_get_degree(group) + 7) / 8;
	taken->order_size = (size_t)(EC_GROUP_order_bits(group) + 7) / 8;
	taken->name = name;
	*out = taken;
	return 0;
}

void ec_group_free(struct ec_group *group)
{
	if (group == NULL)
		return;
	EC_GROUP_free(group->group);
	free(group);
}

static void free_named(void)
{
	for (size_t i = 0; i < EC_CURVES; i++)
		ec_group_free(named[i]);
}

/* Called with the mutex held. */
static void make_named(enum ec_curve curve)
{
	static bool registered;
	OSSL_LIB_CTX *context = context_shared();
	EC_GROUP *group = NULL;

	if (context != NULL && (registered || atexit(free_named) == 0)) {
		registered = true;
		group = EC_GROUP_new_by_curve_name_ex(context, NULL, curves[curve].nid);
	}
	if (group != NULL && ec_group_take(group, curves[curve].names[1], &named[curve]) < 0)
		named[curve] = NULL;
}

const struct ec_group *ec_group_named(enum ec_curve curve)
{
	const struct ec_group *group;

	pthread_mutex_lock(&named_mutex);
	if (named[curve] == NULL)
		make_named(curve);
	group = named[curve];
	pthread_mutex_unlock(&named_mutex);
	return group;
}

static BIGNUM *number_of(struct bytes in)
{
	return in.len > EC_FIELD_SIZE_MAX + 1 ? NULL : BN_bin2bn(in.data, (int)in.len, NULL);
}

/* Sets generator, order and cofactor. */
static bool set_generator(
    EC_GROUP *group, const struct ec_numbers *numbers, BIGNUM *n, BIGNUM *h, BN_CTX *ctx)
{
	EC_POINT *g = EC_POINT_new(group);
	bool good = g != NULL && numbers->g.len > 0 && numbers->g.data[0] == UNCOMPRESSED &&
	    EC_POINT_oct2point(group, g, numbers->g.data, numbers->g.len, ctx) == 1 &&
	    EC_POINT_is_on_curve(group, g, ctx) == 1 &&
	    EC_GROUP_set_generator(group, g, n, h) == 1 && EC_GROUP_check(group, ctx) == 1;

	EC_POINT_free(g);
	return good;
}

/* The field's prime is odd and more than a byte: what OpenSSL does not check. */
static bool is_field(const BIGNUM *p)
{
	return p != NULL && BN_is_odd(p) && BN_num_bits(p) > 64;
}

static int make_explicit(const struct ec_numbers *numbers, struct ec_group **out)
{
	static const uint8_t one = 1;
	struct bytes cofactor = numbers->h.len > 0 ? numbers->h : bytes_of(&one, 1);
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_new_ex(context);
	BIGNUM *p = number_of(numbers->p);
	BIGNUM *a = number_of(numbers->a);
	BIGNUM *b = number_of(numbers->b);
	BIGNUM *n = number_of(numbers->n);
	BIGNUM *h = number_of(cofactor);
	EC_GROUP *group = NULL;
	int r = ctx == NULL ? ERR_CRYPTO : ERR_FORMAT;

	if (ctx != NULL && is_field(p) && a != NULL && b != NULL && n != NULL && h != NULL &&
	    BN_is_odd(n) && BN_num_bits(n) > 64 && BN_num_bits(h) <= COFACTOR_BITS_MAX)
		group = EC_GROUP_new_curve_GFp(p, a, b, ctx);
	if (group != NULL && set_generator(group, numbers, n, h, ctx)) {
		r = ec_group_take(group, NULL, out);
		group = NULL;
	}
	EC_GROUP_free(group);
	BN_free(p);
	BN_free(a);
	BN_free(b);
	BN_free(n);
	BN_free(h);
	BN_CTX_free(ctx);
	return r;
}

static struct bytes without_zeros(struct bytes number)
{
	while (number.len > 0 && number.data[0] == 0)
		number = bytes_after(number, 1);
	return number;
}

static bool is_number(const struct ec_group *group, enum ec_part part, struct bytes in)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	return ec_group_put(group, part, &w) == 0 &&
	    bytes_equal(without_zeros(writer_bytes(&w)), without_zeros(in));
}

static bool is_generator(const struct ec_group *group, struct bytes in)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	return ec_group_put(group, EC_PART_G, &w) == 0 && bytes_equal(writer_bytes(&w), in);
}

/* The named group of these numbers: nothing of it need be checked, and OpenSSL's EVP has it at hand. NULL: none. */
static const struct ec_group *find_named(const struct ec_numbers *numbers)
{
	const size_t size = without_zeros(numbers->p).len;

	for (size_t i = 0; i < EC_CURVES; i++) {
		const struct ec_group *group =
		    curves[i].field_size == size ? ec_group_named((enum ec_curve)i) : NULL;

		if (group != NULL && is_number(group, EC_PART_P, numbers->p) &&
		    is_number(group, EC_PART_A, numbers->a) &&
		    is_number(group, EC_PART_B, numbers->b) && is_generator(group, numbers->g) &&
		    is_number(group, EC_PART_N, numbers->n) &&
		    (numbers->h.len == 0 || is_number(group, EC_PART_H, numbers->h)))
			return group;
	}
	return NULL;
}

int ec_group_explicit(const struct ec_numbers *numbers, struct ec_group **out)
{
	const struct ec_group *group = find_named(numbers);
	EC_GROUP *copy;

	if (group == NULL)
		return make_explicit(numbers, out);
	copy = EC_GROUP_dup(group->group);
	return copy == NULL ? ERR_CRYPTO : ec_group_take(copy, group->name, out);
}

/* Whether no small power of p is 1 modulo n: else logarithms are those of a small extension of the field; or, with n = p, none at
 * all. */
static bool resists_transfer(const BIGNUM *p, const BIGNUM *n, BN_CTX *ctx)
{
	BIGNUM *power = BN_new();
	bool good = power != NULL && BN_cmp(p, n) != 0 && BN_one(power) == 1;

	for (int i = 0; good && i < EMBEDDING_DEGREE_MIN; i++)
		good = BN_mod_mul(power, power, p, n, ctx) == 1 && !BN_is_one(power);
	BN_free(power);
	return good;
}

bool ec_group_is_strong(const struct ec_group *group)
{
	const BIGNUM *p = EC_GROUP_get0_field(group->group);
	const BIGNUM *n = EC_GROUP_get0_order(group->group);
	BN_CTX *ctx;
	bool strong;

	if (group->name != NULL)
		return true;
	ctx = BN_CTX_new_ex(context_shared());
	strong = ctx != NULL && resists_transfer(p, n, ctx) && BN_check_prime(n, ctx, NULL) == 1 &&
	    BN_check_prime(p, ctx, NULL) == 1;
	BN_CTX_free(ctx);
	return strong;
}

/* The order stays: it is prime, so that each point of the group but the neutral one generates it. */
int ec_group_with_generator(
    const struct ec_group *group, struct bytes generator, struct ec_group **out)
{
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_new_ex(context);
	EC_GROUP *copy = EC_GROUP_dup(group->group);
	EC_POINT *g = NULL;
	int r = ERR_CRYPTO;

	if (ctx != NULL && copy != NULL)
		r = ec_point_read(group, generator, ctx, &g);
	if (r == 0 &&
	    EC_GROUP_set_generator(copy, g, EC_GROUP_get0_order(group->group),
	        EC_GROUP_get0_cofactor(group->group)) != 1)
		r = ERR_CRYPTO;
	if (r == 0) {
		EC_GROUP_set_curve_name(copy, NID_undef);
		r = ec_group_take(copy, NULL, out);
		copy = NULL;
	}
	EC_POINT_free(g);
	EC_GROUP_free(copy);
	BN_CTX_free(ctx);
	return r;
}

size_t ec_field_size(const struct ec_group *group)
{
	return group->field_size;
}

size_t ec_order_size(const struct ec_group *group)
{
	return group->order_size;
}

size_t ec_point_size(const struct ec_group *group)
{
	return 1 + 2 * group->field_size;
}

static int put_number(const BIGNUM *number, size_t size, struct writer *out)
{
	return number != NULL && pkey_put_number(number, size, out) ? 0 : ERR_LIMIT;
}

/* One of p, a and b. */
static int put_of_curve(const struct ec_group *group, enum ec_part part, struct writer *out)
{
	BIGNUM *number[] = { BN_new(), BN_new(), BN_new() };
	int r = ERR_CRYPTO;

	if (number[0] != NULL && number[1] != NULL && number[2] != NULL &&
	    EC_GROUP_get_curve(group->group, number[0], number[1], number[2], NULL) == 1)
		r = put_number(number[part], group->field_size, out);
	for (size_t i = 0; i < COUNT(number); i++)
		BN_free(number[i]);
	return r;
}

int ec_group_put(const struct ec_group *group, enum ec_part part, struct writer *out)
{
	switch (part) {
	case EC_PART_P:
	case EC_PART_A:
	case EC_PART_B:
		return put_of_curve(group, part, out);
	case EC_PART_G:
		return ec_point_put(group, EC_GROUP_get0_generator(group->group), NULL, out);
	case EC_PART_N:
		return put_number(EC_GROUP_get0_order(group->group), group->order_size, out);
	case EC_PART_H:
		return put_number(EC_GROUP_get0_cofactor(group->group), 0, out);
	}
	return ERR_CRYPTO;
}

/* A point on the curve is in the group if the cofactor is 1; otherwise its order must be n. */
static bool has_order(const struct ec_group *group, const EC_POINT *point, BN_CTX *ctx)
{
	EC_POINT *product;
	bool good;

	if (BN_is_one(EC_GROUP_get0_cofactor(group->group)))
		return true;
	product = EC_POINT_new(group->group);
	good = product != NULL &&
	    EC_POINT_mul(
	        group->group, product, NULL, point, EC_GROUP_get0_order(group->group), ctx) == 1 &&
	    EC_POINT_is_at_infinity(group->group, product) == 1;
	EC_POINT_free(product);
	return good;
}

/* EC_POINT_oct2point() wants coordinates below p, and a point on the curve. */
int ec_point_read(const struct ec_group *group, struct bytes in, BN_CTX *ctx, EC_POINT **out)
{
	EC_POINT *point;

	if (in.len != ec_point_size(group) || in.data[0] != UNCOMPRESSED)
		return ERR_FORMAT;
	point = EC_POINT_new(group->group);
	if (point == NULL)
		return ERR_CRYPTO;
	if (EC_POINT_oct2point(group->group, point, in.data, in.len, ctx) != 1 ||
	    EC_POINT_is_at_infinity(group->group, point) != 0 ||
	    EC_POINT_is_on_curve(group->group, point, ctx) != 1 || !has_order(group, point, ctx)) {
		EC_POINT_free(point);
		return ERR_FORMAT;
	}
	*out = point;
	return 0;
}

int ec_point_put(
    const struct ec_group *group, const EC_POINT *point, BN_CTX *ctx, struct writer *out)
{
	size_t size = ec_point_size(group);
	uint8_t memory[EC_POINT_SIZE_MAX];

	if (point == NULL ||
	    EC_POINT_point2oct(
	        group->group, point, POINT_CONVERSION_UNCOMPRESSED, memory, size, ctx) != size)
		return ERR_CRYPTO;
	writer_put(out, bytes_of(memory, size));
	return out->failed ? ERR_LIMIT : 0;
}

bool ec_point_is_valid(const struct ec_group *group, struct bytes point)
{
	OSSL_LIB_CTX *context = context_shared();
	BN_CTX *ctx = context == NULL ? NULL : BN_CTX_new_ex(context);
	EC_POINT *read = NULL;
	bool valid = ctx != NULL && ec_point_read(group, point, ctx, &read) == 0;

	EC_POINT_free(read);
	BN_CTX_free(ctx);
	return valid;
}

BIGNUM *ec_random_scalar(const BIGNUM *n, BN_CTX *ctx)
{
	BIGNUM *d = BN_secure_new();

	if (d == NULL)
		return NULL;
	BN_set_flags(d, BN_FLG_CONSTTIME);
	do {
		if (BN_priv_rand_range_ex(d, n, 0, ctx) != 1) {
			BN_clear_free(d);
			return NULL;
		}
	} while (BN_is_zero(d));
	return d;
}
