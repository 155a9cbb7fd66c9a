/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block ciphers without padding: AES (FIPS 197) and DES with one, two or three keys (SP 800-67), in the modes
 * ECB, CBC and CTR (SP 800-38A). */
#ifndef CRYPTO_CIPHER_H
#define CRYPTO_CIPHER_H

#include "base/bytes.h"

#define CIPHER_BLOCK_MAX 16
#define CIPHER_KEY_MAX 32

enum cipher_kind {
	CIPHER_3DES, /* the key has 16 bytes; 24 for three keys, 8 for single DES */
	CIPHER_AES_128,
	CIPHER_AES_192,
	CIPHER_AES_256,
	CIPHER_KINDS, /* how many there are */
};

enum cipher_mode {
	CIPHER_ECB,
	CIPHER_CBC,
	CIPHER_CTR,   /* AES alone */
	CIPHER_MODES, /* how many there are */
};

size_t cipher_block_size(enum cipher_kind kind);
size_t cipher_key_size(enum cipher_kind kind); /* of 3DES: 16 */

/* A cipher with its key set up, for any number of messages. */
struct cipher;

/* ERR_FORMAT: not a key of this cipher; ERR_UNSUPPORTED: not a mode of it; ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int cipher_new(
    enum cipher_kind kind, enum cipher_mode mode, struct bytes key, struct cipher **out);
void cipher_free(struct cipher *cipher);

/* A message of whole blocks (in CTR: of any length) to out, which holds in.len bytes and may be in.data.
 * iv is one block; NULL: zeros. ERR_FORMAT, ERR_LIMIT: out is untouched; ERR_CRYPTO: out holds nothing of
 * use. */
MUST_USE int cipher_encrypt(
    struct cipher *cipher, const uint8_t *iv, struct bytes in, uint8_t *out);
MUST_USE int cipher_decrypt(
    struct cipher *cipher, const uint8_t *iv, struct bytes in, uint8_t *out);

/* One message with a key that is used once: CBC with this IV (NULL: zeros). */
MUST_USE int cipher_encrypt_once(
    enum cipher_kind kind, struct bytes key, const uint8_t *iv, struct bytes in, uint8_t *out);

#endif
