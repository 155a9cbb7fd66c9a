/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What RSA and EC keys have in common in OpenSSL. For the files of this folder alone. */
#ifndef CRYPTO_PKEY_H
#define CRYPTO_PKEY_H

#include <openssl/types.h>

#include "base/bytes.h"
#include "base/writer.h"

/* A key of this type ("RSA", "EC") from DER or PEM: PKCS#1, SEC 1, PKCS#8, SubjectPublicKeyInfo. Encrypted ones
 * are refused, never asked for. ERR_FORMAT; ERR_NO_MEMORY. */
MUST_USE int pkey_read(OSSL_LIB_CTX *context, const char *type, struct bytes in, EVP_PKEY **out);

/* DER: PKCS#8, or SubjectPublicKeyInfo. ERR_CRYPTO; what does not fit fails the writer. */
MUST_USE int pkey_write(const EVP_PKEY *pkey, bool private, struct writer *out);

/* A key of these parameters; private: with the private part. ERR_FORMAT. */
MUST_USE int pkey_from(OSSL_LIB_CTX *context, const char *type, bool private,
    const OSSL_PARAM_BLD *parameters, EVP_PKEY **out);

/* Big-endian, in size bytes; 0: as few as it needs. False, and the writer fails: it needs more. */
bool pkey_put_number(const BIGNUM *number, size_t size, struct writer *out);

#endif
