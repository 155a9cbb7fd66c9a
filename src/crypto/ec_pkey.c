/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys on elliptic curves as OpenSSL's EVP knows them: for DER and ECDSA (BSI TR-03111, 4.2). */
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/err.h"
#include "crypto/context.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"

#define DER_SIZE_MAX (2 * (EC_FIELD_SIZE_MAX + 3) + 4)

/* Numbers that live as long as the parameters are being built. */
struct parts {
	BIGNUM *p, *a, *b;
	uint8_t g[EC_POINT_SIZE_MAX], q[EC_POINT_SIZE_MAX];
};

static bool push_explicit(
    OSSL_PARAM_BLD *builder, const struct ec_group *group, struct parts *parts)
{
	struct writer w;

	writer_init(&w, parts->g, sizeof parts->g);
	return EC_GROUP_get_curve(group->group, parts->p, parts->a, parts->b, NULL) == 1 &&
	    ec_group_put(group, EC_PART_G, &w) == 0 &&
	    OSSL_PARAM_BLD_push_utf8_string(
	        builder, OSSL_PKEY_PARAM_EC_FIELD_TYPE, SN_X9_62_prime_field, 0) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_EC_P, parts->p) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_EC_A, parts->a) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_EC_B, parts->b) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(
	        builder, OSSL_PKEY_PARAM_EC_GENERATOR, parts->g, w.len) == 1 &&
	    OSSL_PARAM_BLD_push_BN(
	        builder, OSSL_PKEY_PARAM_EC_ORDER, EC_GROUP_get0_order(group->group)) == 1 &&
	    OSSL_PARAM_BLD_push_BN(
	        builder, OSSL_PKEY_PARAM_EC_COFACTOR, EC_GROUP_get0_cofactor(group->group)) == 1;
}

static bool push_key(OSSL_PARAM_BLD *builder, const struct ec_key *key, struct parts *parts)
{
	struct writer w;

	writer_init(&w, parts->q, sizeof parts->q);
	return ec_put_public(key, &w) == 0 &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, parts->q, w.len) ==
	    1 &&
	    (key->d == NULL ||
	        OSSL_PARAM_BLD_push_BN_pad(
	            builder, OSSL_PKEY_PARAM_PRIV_KEY, key->d, key->group->order_size) == 1);
}

static bool push_all(OSSL_PARAM_BLD *builder, const struct ec_key *key, struct parts *parts)
{
	const char *name = key->group->name;

	if (builder == NULL || parts->p == NULL || parts->a == NULL || parts->b == NULL)
		return false;
	if (name != NULL
	        ? OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name, 0) != 1
	        : !push_explicit(builder, key->group, parts))
		return false;
	return push_key(builder, key, parts);
}

EVP_PKEY *ec_pkey(struct ec_key *key)
{
	OSSL_PARAM_BLD *builder;
	struct parts parts = { 0 };

	if (key->pkey != NULL)
		return key->pkey;
	builder = OSSL_PARAM_BLD_new();
	parts.p = BN_new();
	parts.a = BN_new();
	parts.b = BN_new();
	if (push_all(builder, key, &parts) &&
	    pkey_from(key->context, "EC", key->d != NULL, builder, &key->pkey) < 0)
		key->pkey = NULL;
	OSSL_PARAM_BLD_free(builder);
	BN_free(parts.p);
	BN_free(parts.a);
	BN_free(parts.b);
	return key->pkey;
}

static int write_key(struct ec_key *key, bool private, struct writer *out)
{
	EVP_PKEY *pkey = ec_pkey(key);
	int r = pkey == NULL ? ERR_CRYPTO : pkey_write(pkey, private, out);

	return r == 0 && out->failed ? ERR_LIMIT : r;
}

int ec_write_private(struct ec_key *key, struct writer *out)
{
	return key->d == NULL ? ERR_NOT_FOUND : write_key(key, true, out);
}

int ec_write_public(struct ec_key *key, struct writer *out)
{
	return write_key(key, false, out);
}

/* A key's explicit parameters, which may be those of a named curve. */
static int group_of_parameters(const EVP_PKEY *pkey, struct ec_group **out)
{
	OSSL_PARAM *params = NULL;
	OSSL_LIB_CTX *context = context_shared();
	EC_GROUP *group = NULL;

	if (EVP_PKEY_todata(pkey, EVP_PKEY_KEY_PARAMETERS, &params) == 1)
		group = EC_GROUP_new_from_params(params, context, NULL);
	OSSL_PARAM_free(params);
	return group == NULL ? ERR_FORMAT : ec_group_take(group, NULL, out);
}

/* The group of a key: a named one, or one of its own. */
static int group_of(const EVP_PKEY *pkey, const struct ec_group **group, struct ec_group **own)
{
	char name[80];
	size_t len = 0;
	enum ec_curve curve;
	int r;

	if (EVP_PKEY_get_utf8_string_param(
	        pkey, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, &len) == 1 &&
	    ec_curve_find(name, &curve)) {
		*group = ec_group_named(curve);
		return *group == NULL ? ERR_CRYPTO : 0;
	}
	r = group_of_parameters(pkey, own);
	*group = *own;
	return r;
}

/* Whether the point that came with a private key is the one that belongs to it. */
static bool is_same_point(const struct ec_key *key, struct bytes point)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	return ec_put_public(key, &w) == 0 && bytes_equal(writer_bytes(&w), point);
}

/* Makes a key of pkey's numbers in group. */
static int copy_key(
    EVP_PKEY *pkey, const struct ec_group *group, struct random *random, struct ec_key **out)
{
	uint8_t point[EC_POINT_SIZE_MAX];
	uint8_t number[EC_FIELD_SIZE_MAX];
	BIGNUM *d = NULL;
	struct ec_key *key = NULL;
	size_t len = 0;
	int r;

	EVP_PKEY_set_utf8_string_param(
	    pkey, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
	if (EVP_PKEY_get_octet_string_param(
	        pkey, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, sizeof point, &len) != 1)
		return ERR_FORMAT;
	if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &d) != 1)
		return ec_import_public(group, bytes_of(point, len), out);
	r = ERR_FORMAT;
	if (BN_bn2binpad(d, number, sizeof number) >= 0)
		r = ec_import_private(group, random, BYTES_OF_ARRAY(number), &key);
	OPENSSL_cleanse(number, sizeof number);
	BN_clear_free(d);
	if (r == 0 && !is_same_point(key, bytes_of(point, len))) {
		ec_free(key);
		return ERR_FORMAT;
	}
	if (r == 0)
		*out = key;
	return r;
}

int ec_read(struct random *random, struct bytes in, struct ec_key **out)
{
	OSSL_LIB_CTX *context = context_of(random);
	const struct ec_group *group = NULL;
	struct ec_group *own = NULL;
	EVP_PKEY *pkey = NULL;
	int r = context == NULL ? ERR_CRYPTO : pkey_read(context, "EC", in, &pkey);

	if (r == 0)
		r = group_of(pkey, &group, &own);
	if (r == 0)
		r = copy_key(pkey, group, random, out);
	EVP_PKEY_free(pkey);
	if (r == 0)
		(*out)->own = own;
	else
		ec_group_free(own);
	return r;
}

int ec_signature_to_der(struct bytes plain, struct writer *out)
{
	size_t half = plain.len / 2;
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(plain.data, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(plain.data + half, (int)half, NULL);
	unsigned char *der = NULL;
	int len = 0;

	if (signature == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(signature, r, s) != 1) {
		BN_free(r);
		BN_free(s);
		ECDSA_SIG_free(signature);
		return ERR_CRYPTO;
	}
	len = i2d_ECDSA_SIG(signature, &der);
	ECDSA_SIG_free(signature);
	if (len <= 0)
		return ERR_CRYPTO;
	writer_put(out, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
	return out->failed ? ERR_LIMIT : 0;
}

int ec_signature_from_der(struct bytes der, size_t size, uint8_t *out)
{
	const unsigned char *at = der.data;
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)der.len);
	uint8_t memory[2 * EC_FIELD_SIZE_MAX];
	const BIGNUM *r, *s;
	bool good = false;

	if (signature != NULL && at == der.data + der.len && size <= EC_FIELD_SIZE_MAX) {
		ECDSA_SIG_get0(signature, &r, &s);
		good = !BN_is_negative(r) && !BN_is_negative(s) &&
		    BN_bn2binpad(r, memory, (int)size) >= 0 &&
		    BN_bn2binpad(s, memory + size, (int)size) >= 0;
	}
	if (good)
		memcpy(out, memory, 2 * size);
	ECDSA_SIG_free(signature);
	return good ? 0 : ERR_FORMAT;
}

int ec_sign(struct ec_key *key, struct bytes hash, uint8_t *out)
{
	uint8_t der[DER_SIZE_MAX];
	size_t len = sizeof der;
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *pkey;
	int r = ERR_CRYPTO;

	if (key->d == NULL)
		return ERR_NOT_FOUND;
	pkey = ec_pkey(key);
	ctx = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(key->context, pkey, NULL);
	if (ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    EVP_PKEY_sign(ctx, der, &len, hash.data, hash.len) == 1)
		r = ec_signature_from_der(bytes_of(der, len), key->group->order_size, out);
	EVP_PKEY_CTX_free(ctx);
	return r;
}

int ec_verify(struct ec_key *key, struct bytes hash, struct bytes signature)
{
	uint8_t memory[DER_SIZE_MAX];
	struct writer der;
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *pkey = ec_pkey(key);
	int r;

	if (signature.len != 2 * key->group->order_size)
		return ERR_FORMAT;
	writer_init(&der, memory, sizeof memory);
	r = ec_signature_to_der(signature, &der);
	if (r < 0 || pkey == NULL)
		return ERR_CRYPTO;
	r = ERR_CRYPTO;
	ctx = EVP_PKEY_CTX_new_from_pkey(key->context, pkey, NULL);
	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1)
		r = EVP_PKEY_verify(ctx, memory, der.len, hash.data, hash.len) == 1 ? 0
		                                                                    : ERR_FORMAT;
	EVP_PKEY_CTX_free(ctx);
	return r;
}
