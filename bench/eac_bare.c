/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bare calls of OpenSSL: EVP; EC_POINT and BN for the generator that PACE makes, which EVP does not know. */
#include "eac_bare.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

#include "must.h"

#define CURVE "brainpoolP256r1"
#define FIELD_SIZE 32
#define NONCE_SIZE 16
#define POINT_SIZE (1 + 2 * FIELD_SIZE)
#define SIGNATURE_MAX 80
#define BODY_SIZE 220 /* of a certificate without domain parameters */

static const uint8_t key[24] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2, 3, 4,
	5, 6, 7, 8 };
static const uint8_t zeros[64];

/* Made once. */
static EVP_MD *sha1, *sha256;
static EVP_CIPHER *des_ecb, *des_cbc, *aes_cbc;
static EVP_MAC *cmac;
static EC_GROUP *group;
static uint8_t other[POINT_SIZE], hash[32], signature[SIGNATURE_MAX];
static size_t signature_len;
static BIGNUM *chip_key;

static void make_signature(void)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", CURVE);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	size_t len = 0;

	signature_len = sizeof signature;
	must(RAND_bytes(hash, sizeof hash) == 1,
	    "RAND_bytes"); /* a multiplication by 0 would be cheap */
	must(ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	        EVP_PKEY_sign(ctx, signature, &signature_len, hash, sizeof hash) == 1 &&
	        EVP_PKEY_get_octet_string_param(
	            pkey, OSSL_PKEY_PARAM_PUB_KEY, other, sizeof other, &len) == 1 &&
	        len == sizeof other,
	    "signing");
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

void bare_init(void)
{
	sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	des_ecb = EVP_CIPHER_fetch(NULL, "DES-EDE3-ECB", NULL);
	des_cbc = EVP_CIPHER_fetch(NULL, "DES-EDE3-CBC", NULL);
	aes_cbc = EVP_CIPHER_fetch(NULL, "AES-128-CBC", NULL);
	cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	group = EC_GROUP_new_by_curve_name(NID_brainpoolP256r1);
	chip_key = BN_new();
	must(sha1 != NULL && sha256 != NULL && des_ecb != NULL && des_cbc != NULL &&
	        aes_cbc != NULL && cmac != NULL && group != NULL && chip_key != NULL &&
	        BN_priv_rand_range(chip_key, EC_GROUP_get0_order(group)) == 1,
	    "OpenSSL");
	make_signature();
}

static void draw(size_t n)
{
	uint8_t out[FIELD_SIZE];

	must(RAND_bytes(out, (int)n) == 1, "RAND_bytes");
}

static void digest(const EVP_MD *md, size_t len)
{
	static const uint8_t in[BODY_SIZE + FIELD_SIZE];
	uint8_t out[EVP_MAX_MD_SIZE];

	must(EVP_Digest(in, len, out, NULL, md, NULL) == 1, "EVP_Digest");
}

static EVP_CIPHER_CTX *keyed(const EVP_CIPHER *cipher, int encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	must(ctx != NULL && EVP_CipherInit_ex2(ctx, cipher, key, zeros, encrypt, NULL) == 1 &&
	        EVP_CIPHER_CTX_set_padding(ctx, 0) == 1,
	    "EVP_CipherInit");
	return ctx;
}

static void update(EVP_CIPHER_CTX *ctx, int len)
{
	uint8_t out[64];
	int n;

	must(EVP_CipherUpdate(ctx, out, &n, zeros, len) == 1, "EVP_CipherUpdate");
}

static void cipher_once(const EVP_CIPHER *cipher, int encrypt, int len)
{
	EVP_CIPHER_CTX *ctx = keyed(cipher, encrypt);

	update(ctx, len);
	EVP_CIPHER_CTX_free(ctx);
}

void bare_bac(void)
{
	EVP_CIPHER_CTX *chain = keyed(des_cbc, 1), *last = keyed(des_ecb, 1);

	draw(8);
	draw(16);
	digest(sha1, 20);
	digest(sha1, 20);
	update(chain, 32);
	update(last, 8);
	cipher_once(des_cbc, 0, 32);
	digest(sha1, 20);
	digest(sha1, 20);
	cipher_once(des_cbc, 1, 32);
	update(chain, 32);
	update(last, 8);
	EVP_CIPHER_CTX_free(chain);
	EVP_CIPHER_CTX_free(last);
}

static BIGNUM *private_key(BN_CTX *ctx)
{
	BIGNUM *d = BN_secure_new();

	must(d != NULL && BN_priv_rand_range_ex(d, EC_GROUP_get0_order(group), 0, ctx) == 1,
	    "BN_priv_rand_range");
	BN_set_flags(d, BN_FLG_CONSTTIME);
	return d;
}

/* The terminal's point, which is checked to be on the curve. */
static EC_POINT *read_point(const EC_GROUP *of, BN_CTX *ctx)
{
	EC_POINT *point = EC_POINT_new(of);

	must(point != NULL && EC_POINT_oct2point(of, point, other, sizeof other, ctx) == 1,
	    "EC_POINT_oct2point");
	return point;
}

static void put_point(const EC_GROUP *of, const EC_POINT *point, BN_CTX *ctx)
{
	uint8_t out[POINT_SIZE];

	must(EC_POINT_point2oct(of, point, POINT_CONVERSION_UNCOMPRESSED, out, sizeof out, ctx) ==
	        sizeof out,
	    "EC_POINT_point2oct");
}

/* d * point, or d * G. */
static EC_POINT *multiply(const EC_GROUP *of, const EC_POINT *point, const BIGNUM *d, BN_CTX *ctx)
{
	EC_POINT *out = EC_POINT_new(of);
	const BIGNUM *generator = point == NULL ? d : NULL;

	must(out != NULL &&
	        EC_POINT_mul(of, out, generator, point, point == NULL ? NULL : d, ctx) == 1,
	    "EC_POINT_mul");
	return out;
}

/* A key pair and the secret shared with the terminal's point. */
static EC_POINT *agree(const EC_GROUP *of, BN_CTX *ctx)
{
	BIGNUM *d = private_key(ctx);
	EC_POINT *own = multiply(of, NULL, d, ctx);
	EC_POINT *point = read_point(of, ctx);
	EC_POINT *shared = multiply(of, point, d, ctx);

	put_point(of, own, ctx);
	EC_POINT_free(own);
	EC_POINT_free(point);
	BN_clear_free(d);
	return shared;
}

/* The group whose generator is nonce * G + H. */
static EC_GROUP *map(BN_CTX *ctx)
{
	EC_POINT *shared = agree(group, ctx);
	BIGNUM *nonce = BN_bin2bn(key, NONCE_SIZE, NULL);
	EC_POINT *g = multiply(group, NULL, nonce, ctx);
	EC_GROUP *mapped = EC_GROUP_dup(group);

	must(mapped != NULL && EC_POINT_add(group, g, g, shared, ctx) == 1 &&
	        EC_GROUP_set_generator(
	            mapped, g, EC_GROUP_get0_order(group), EC_GROUP_get0_cofactor(group)) == 1,
	    "mapping");
	EC_POINT_free(shared);
	EC_POINT_free(g);
	BN_clear_free(nonce);
	return mapped;
}

static void token(void)
{
	char name[] = "AES-128-CBC";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
		                          OSSL_MAC_PARAM_CIPHER, name, 0),
		OSSL_PARAM_construct_end() };
	static const uint8_t in[82];
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(cmac);
	uint8_t out[16];
	size_t n;

	must(ctx != NULL && EVP_MAC_init(ctx, key, 16, params) == 1 &&
	        EVP_MAC_update(ctx, in, sizeof in) == 1 &&
	        EVP_MAC_final(ctx, out, &n, sizeof out) == 1,
	    "EVP_MAC");
	EVP_MAC_CTX_free(ctx);
}

/* x of the shared point to the keys of a session. */
static void session_keys(const EC_GROUP *of, const EC_POINT *shared, BN_CTX *ctx)
{
	put_point(of, shared, ctx);
	digest(sha1, FIELD_SIZE + 4);
	digest(sha1, FIELD_SIZE + 4);
}

void bare_pace(void)
{
	BN_CTX *ctx = BN_CTX_secure_new();
	EC_GROUP *mapped;
	EC_POINT *shared;

	draw(NONCE_SIZE);
	digest(sha1, 10);
	cipher_once(aes_cbc, 1, NONCE_SIZE);
	mapped = map(ctx);
	shared = agree(mapped, ctx);
	session_keys(mapped, shared, ctx);
	token();
	token();
	EC_POINT_free(shared);
	EC_GROUP_free(mapped);
	BN_CTX_free(ctx);
}

static EVP_PKEY *public_key(void)
{
	char name[] = CURVE;
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
		                    OSSL_PKEY_PARAM_GROUP_NAME, name, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, other, sizeof other),
		OSSL_PARAM_construct_end() };
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *pkey = NULL;

	must(maker != NULL && EVP_PKEY_fromdata_init(maker) == 1 &&
	        EVP_PKEY_fromdata(maker, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1,
	    "EVP_PKEY_fromdata");
	EVP_PKEY_CTX_free(maker);
	return pkey;
}

static void verify(void)
{
	EVP_PKEY *pkey = public_key();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

	digest(sha256, BODY_SIZE);
	must(ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	        EVP_PKEY_verify(ctx, signature, signature_len, hash, sizeof hash) == 1,
	    "EVP_PKEY_verify");
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

void bare_terminal_auth(void)
{
	verify();
	verify();
	draw(8);
	verify();
}

void bare_chip_auth(void)
{
	BN_CTX *ctx = BN_CTX_secure_new();
	EC_POINT *point = read_point(group, ctx);
	EC_POINT *shared = multiply(group, point, chip_key, ctx);

	draw(8);
	session_keys(group, shared, ctx);
	token();
	EC_POINT_free(point);
	EC_POINT_free(shared);
	BN_CTX_free(ctx);
}
