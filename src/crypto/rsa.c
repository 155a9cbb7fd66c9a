/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA keys and what is done with them. How keys are made of numbers is in rsa_import.c. */
#include "crypto/rsa.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/context.h"
#include "crypto/pkey.h"
#include "crypto/rsa_internal.h"

static const char *const part_names[RSA_PARTS] = {
	[RSA_PART_N] = OSSL_PKEY_PARAM_RSA_N,
	[RSA_PART_E] = OSSL_PKEY_PARAM_RSA_E,
	[RSA_PART_D] = OSSL_PKEY_PARAM_RSA_D,
	[RSA_PART_P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
	[RSA_PART_Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
	[RSA_PART_DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
	[RSA_PART_DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
	[RSA_PART_QINV] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

static bool has_part(const EVP_PKEY *pkey, enum rsa_part part)
{
	BIGNUM *number = NULL;
	bool has = EVP_PKEY_get_bn_param(pkey, part_names[part], &number) == 1;

	BN_clear_free(number);
	return has;
}

int rsa_take_pkey(OSSL_LIB_CTX *context, EVP_PKEY *pkey, struct rsa **out)
{
	int bits = EVP_PKEY_get_bits(pkey);
	struct rsa *rsa = NULL;
	int r = ERR_LIMIT;

	if (bits >= RSA_KEY_BITS_MIN && bits <= RSA_KEY_BITS_MAX) {
		rsa = calloc(1, sizeof *rsa);
		r = rsa == NULL ? ERR_NO_MEMORY : 0;
	}
	if (r < 0) {
		EVP_PKEY_free(pkey);
		return r;
	}
	rsa->pkey = pkey;
	rsa->context = context;
	rsa->private = has_part(pkey, RSA_PART_D);
	*out = rsa;
	return 0;
}

void rsa_free(struct rsa *rsa)
{
	if (rsa == NULL)
		return;
	EVP_PKEY_free(rsa->pkey);
	free(rsa);
}

static bool set_exponent(EVP_PKEY_CTX *maker, struct bytes e)
{
	BIGNUM *number = e.len > 0 ? BN_bin2bn(e.data, (int)e.len, NULL) : BN_new();
	bool good = number != NULL && (e.len > 0 || BN_set_word(number, RSA_F4) == 1) &&
	    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(maker, number) == 1;

	BN_free(number);
	return good;
}

/* Odd, not 1, and of a size that OpenSSL verifies with. */
static bool is_exponent(struct bytes e)
{
	size_t zeros = 0;

	while (zeros < e.len && e.data[zeros] == 0)
		zeros++;
	e = bytes_after(e, zeros);
	return e.len > 0 && e.len <= 8 && (e.data[e.len - 1] & 1) != 0 &&
	    (e.len > 1 || e.data[0] > 1);
}

int rsa_generate(struct random *random, unsigned bits, struct bytes e, struct rsa **out)
{
	OSSL_LIB_CTX *context = context_of(random);
	EVP_PKEY_CTX *maker;
	EVP_PKEY *pkey = NULL;
	bool good;

	if (bits < RSA_KEY_BITS_MIN || bits > RSA_KEY_BITS_MAX || bits % 8 != 0)
		return ERR_LIMIT;
	if (e.len > 0 && !is_exponent(e))
		return ERR_FORMAT;
	if (context == NULL)
		return ERR_CRYPTO;
	maker = EVP_PKEY_CTX_new_from_name(context, "RSA", NULL);
	good = maker != NULL && EVP_PKEY_keygen_init(maker) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_bits(maker, (int)bits) == 1 && set_exponent(maker, e) &&
	    EVP_PKEY_generate(maker, &pkey) == 1;
	EVP_PKEY_CTX_free(maker);
	return good ? rsa_take_pkey(context, pkey, out) : ERR_CRYPTO;
}

int rsa_read(struct random *random, struct bytes in, struct rsa **out)
{
	OSSL_LIB_CTX *context = context_of(random);
	EVP_PKEY *pkey;
	int r;

	if (context == NULL)
		return ERR_CRYPTO;
	r = pkey_read(context, "RSA", in, &pkey);
	return r < 0 ? r : rsa_take_pkey(context, pkey, out);
}

unsigned rsa_bits(const struct rsa *rsa)
{
	return (unsigned)EVP_PKEY_get_bits(rsa->pkey);
}

size_t rsa_size(const struct rsa *rsa)
{
	return (rsa_bits(rsa) + 7) / 8;
}

bool rsa_is_private(const struct rsa *rsa)
{
	return rsa->private;
}

int rsa_put_part(const struct rsa *rsa, enum rsa_part part, size_t size, struct writer *out)
{
	BIGNUM *number = NULL;
	bool good;

	if (EVP_PKEY_get_bn_param(rsa->pkey, part_names[part], &number) != 1)
		return ERR_NOT_FOUND;
	good = pkey_put_number(number, size, out);
	BN_clear_free(number);
	return good ? 0 : ERR_LIMIT;
}

static int write_key(const struct rsa *rsa, bool private, struct writer *out)
{
	int r = pkey_write(rsa->pkey, private, out);

	return r == 0 && out->failed ? ERR_LIMIT : r;
}

int rsa_write_private(const struct rsa *rsa, struct writer *out)
{
	return rsa->private ? write_key(rsa, true, out) : ERR_NOT_FOUND;
}

int rsa_write_public(const struct rsa *rsa, struct writer *out)
{
	return write_key(rsa, false, out);
}

/* A kind of operation: how it begins, and how it is done. */
struct operation {
	int (*init)(EVP_PKEY_CTX *ctx);
	int (*run)(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_len, const unsigned char *in,
	    size_t in_len);
	bool private;
	bool signature; /* has a digest */
};

static const struct operation sign = { EVP_PKEY_sign_init, EVP_PKEY_sign, true, true };
static const struct operation encrypt = { EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, false, false };
static const struct operation decrypt = { EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, true, false };

static bool set_scheme(EVP_PKEY_CTX *ctx, bool signature, const struct rsa_scheme *scheme)
{
	const EVP_MD *md = scheme->digest == RSA_NO_DIGEST ? NULL : context_digest(scheme->digest);

	switch (scheme->padding) {
	case RSA_PKCS1_15:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		    (!signature || md == NULL || EVP_PKEY_CTX_set_signature_md(ctx, md) == 1);
	case RSA_PSS:
		return md != NULL &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
		    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1 &&
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)scheme->salt) == 1;
	case RSA_OAEP:
		return md != NULL &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md) == 1 &&
		    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1;
	}
	return false;
}

/* scheme NULL: raw. *len is at first the room in out, of RSA_SIZE_MAX bytes. */
static int operate(struct rsa *rsa, const struct operation *operation,
    const struct rsa_scheme *scheme, struct bytes in, struct writer *out)
{
	EVP_PKEY_CTX *ctx;
	uint8_t value[RSA_SIZE_MAX];
	size_t len = sizeof value;
	int r = ERR_CRYPTO;

	if (operation->private && !rsa->private)
		return ERR_NOT_FOUND;
	ctx = EVP_PKEY_CTX_new_from_pkey(rsa->context, rsa->pkey, NULL);
	if (ctx == NULL || operation->init(ctx) != 1)
		goto out;
	if (scheme == NULL ? EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1
	                   : !set_scheme(ctx, operation->signature, scheme))
		goto out;
	r = ERR_FORMAT;
	if (operation->run(ctx, value, &len, in.data, in.len) != 1)
		goto out;
	writer_put(out, bytes_of(value, len));
	r = out->failed ? ERR_LIMIT : 0;
out:
	EVP_PKEY_CTX_free(ctx);
	secret_wipe(value, sizeof value);
	return r;
}

/* The same, with a result that has the size of the key. */
static int operate_sized(struct rsa *rsa, const struct operation *operation,
    const struct rsa_scheme *scheme, struct bytes in, uint8_t *out)
{
	struct writer w;

	writer_init(&w, out, rsa_size(rsa));
	return operate(rsa, operation, scheme, in, &w);
}

int rsa_raw_private(struct rsa *rsa, struct bytes in, uint8_t *out)
{
	return in.len != rsa_size(rsa) ? ERR_FORMAT : operate_sized(rsa, &decrypt, NULL, in, out);
}

int rsa_raw_public(struct rsa *rsa, struct bytes in, uint8_t *out)
{
	return in.len != rsa_size(rsa) ? ERR_FORMAT : operate_sized(rsa, &encrypt, NULL, in, out);
}

static bool hash_fits(const struct rsa_scheme *scheme, struct bytes hash)
{
	return scheme->digest == RSA_NO_DIGEST || hash.len == digest_size(scheme->digest);
}

int rsa_sign(struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes hash, uint8_t *out)
{
	return hash_fits(scheme, hash) ? operate_sized(rsa, &sign, scheme, hash, out) : ERR_FORMAT;
}

int rsa_verify(
    struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes hash, struct bytes signature)
{
	EVP_PKEY_CTX *ctx;
	int r = ERR_CRYPTO;

	if (!hash_fits(scheme, hash) || signature.len != rsa_size(rsa))
		return ERR_FORMAT;
	ctx = EVP_PKEY_CTX_new_from_pkey(rsa->context, rsa->pkey, NULL);
	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 && set_scheme(ctx, true, scheme))
		r = EVP_PKEY_verify(ctx, signature.data, signature.len, hash.data, hash.len) == 1
		    ? 0
		    : ERR_FORMAT;
	EVP_PKEY_CTX_free(ctx);
	return r;
}

int rsa_encrypt(struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes in, uint8_t *out)
{
	return operate_sized(rsa, &encrypt, scheme, in, out);
}

int rsa_decrypt(
    struct rsa *rsa, const struct rsa_scheme *scheme, struct bytes cryptogram, struct writer *out)
{
	return cryptogram.len != rsa_size(rsa) ? ERR_FORMAT
	                                       : operate(rsa, &decrypt, scheme, cryptogram, out);
}
