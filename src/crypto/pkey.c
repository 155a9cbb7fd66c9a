/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of OpenSSL: read, written, made of numbers. */
#include "crypto/pkey.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/err.h"

/* No passphrase: without this, OpenSSL would ask at the terminal. */
static int no_passphrase(char *out, size_t size, size_t *len, const OSSL_PARAM params[], void *self)
{
	return 0;
}

int pkey_read(OSSL_LIB_CTX *context, const char *type, struct bytes in, EVP_PKEY **out)
{
	EVP_PKEY *pkey = NULL;
	OSSL_DECODER_CTX *decoder =
	    OSSL_DECODER_CTX_new_for_pkey(&pkey, NULL, NULL, type, 0, context, NULL);
	const unsigned char *data = in.data;
	size_t left = in.len;
	int r = ERR_NO_MEMORY;

	if (decoder == NULL ||
	    OSSL_DECODER_CTX_set_passphrase_cb(decoder, no_passphrase, NULL) != 1)
		goto out;
	r = ERR_FORMAT;
	if (OSSL_DECODER_from_data(decoder, &data, &left) != 1 || left > 0)
		goto out;
	*out = pkey;
	pkey = NULL;
	r = 0;
out:
	EVP_PKEY_free(pkey);
	OSSL_DECODER_CTX_free(decoder);
	return r;
}

int pkey_write(const EVP_PKEY *pkey, bool private, struct writer *out)
{
	OSSL_ENCODER_CTX *encoder =
	    OSSL_ENCODER_CTX_new_for_pkey(pkey, private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
	        "DER", private ? "PrivateKeyInfo" : "SubjectPublicKeyInfo", NULL);
	unsigned char *data = NULL;
	size_t len = 0;
	int r = ERR_CRYPTO;

	if (encoder != NULL && OSSL_ENCODER_to_data(encoder, &data, &len) == 1) {
		writer_put(out, bytes_of(data, len));
		r = 0;
	}
	OPENSSL_clear_free(data, len);
	OSSL_ENCODER_CTX_free(encoder);
	return r;
}

int pkey_from(OSSL_LIB_CTX *context, const char *type, bool private,
    const OSSL_PARAM_BLD *parameters, EVP_PKEY **out)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param((OSSL_PARAM_BLD *)(uintptr_t)parameters);
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(context, type, NULL);
	EVP_PKEY *pkey = NULL;
	int r = ERR_FORMAT;

	if (params != NULL && maker != NULL && EVP_PKEY_fromdata_init(maker) == 1 &&
	    EVP_PKEY_fromdata(
	        maker, &pkey, private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) == 1) {
		*out = pkey;
		r = 0;
	}
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(maker);
	return r;
}

bool pkey_put_number(const BIGNUM *number, size_t size, struct writer *out)
{
	size_t len = (size_t)BN_num_bytes(number);
	uint8_t *at = len > size && size > 0 ? NULL : writer_reserve(out, size > 0 ? size : len);

	if (at == NULL) {
		writer_fail(out);
		return false;
	}
	return BN_bn2binpad(number, at, (int)(size > 0 ? size : len)) >= 0;
}
