/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the algorithm references of data object 80 mean: the left half is a hash function, the right half what is
 * done (docs/generic-card.md has the table for people). */
#ifndef AUTH_MECHANISM_H
#define AUTH_MECHANISM_H

#include "auth/environment.h"
#include "crypto/digest.h"

enum key_type { KEY_3DES = 1, KEY_AES = 2, KEY_RSA = 3, KEY_EC = 4 };

enum mechanism {
	MECHANISM_NONE = 0x0, /* of a hash function alone */
	MECHANISM_ECB = 0x1,
	MECHANISM_CBC = 0x2,   /* of a symmetric key */
	MECHANISM_PKCS1 = 0x2, /* signatures, of an RSA key */
	MECHANISM_ECDSA = 0x4,
	MECHANISM_PSS = 0x5,
	MECHANISM_MUTUAL = 0x6, /* mutual authentication with key agreement */
	MECHANISM_MAC = 0x8,
	MECHANISM_RSA_CIPHER = 0xA, /* PKCS#1 version 1.5 */
	MECHANISM_ECDH = 0xB,
	MECHANISM_OAEP = 0xD,
};

enum mechanism mechanism_of(uint8_t algorithm);

/* False: the reference has no hash function. */
MUST_USE bool mechanism_hash(uint8_t algorithm, enum digest_kind *out);

/* Whether a template of this kind can have the reference, and with which type of key. */
MUST_USE bool mechanism_is_valid(enum crt_kind kind, uint8_t algorithm);
MUST_USE bool mechanism_fits(enum crt_kind kind, enum key_type type, uint8_t algorithm);

/* The reference that is meant where none is given. False: such a key has nothing to do there. */
MUST_USE bool mechanism_default(enum crt_kind kind, enum key_type type, uint8_t *out);

#endif
