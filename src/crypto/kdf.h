/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys derived from shared secrets and passwords (ICAO 9303-11, 9.7.1; BSI TR-03110-3, A.2.3). */
#ifndef CRYPTO_KDF_H
#define CRYPTO_KDF_H

#include "crypto/cipher.h"

/* A symmetric key. Wipe it on every way out. */
struct symmetric_key {
	uint8_t data[CIPHER_KEY_MAX];
	size_t len;
};

void key_wipe(struct symmetric_key *key);
struct bytes key_bytes(const struct symmetric_key *key);

enum kdf_counter {
	KDF_ENC = 1, /* of encryption */
	KDF_MAC = 2, /* of authentication */
	KDF_PI = 3,  /* of PACE's nonce, from a password */
};

/* A key for a cipher (and its MAC) out of a secret and, where the protocol has one, a nonce (else empty): of
 * 3DES with odd parity. ERR_CRYPTO. */
MUST_USE int kdf_derive(enum cipher_kind kind, struct bytes secret, struct bytes nonce,
    enum kdf_counter counter, struct symmetric_key *out);

/* Sets bit 1 of each byte so that the number of ones is odd (FIPS 46-3). */
void kdf_set_parity(uint8_t *key, size_t len);

#endif
