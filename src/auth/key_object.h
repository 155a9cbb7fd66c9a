/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key that a card keeps, and what can be done with it. No card in sight. */
#ifndef AUTH_KEY_OBJECT_H
#define AUTH_KEY_OBJECT_H

#include "auth/environment.h"
#include "auth/mechanism.h"
#include "crypto/kdf.h"

#define KEY_TRIES_MAX 15

struct ec_key;
struct rsa;

struct key_object {
	enum key_type type;
	struct symmetric_key secret; /* KEY_3DES, KEY_AES */
	struct rsa *rsa;             /* KEY_RSA; with or without its private part */
	struct ec_key *ec;           /* KEY_EC; the same */
	uint8_t uses;                /* by which templates it can be used: bits, KEY_USE() */
	unsigned tries;              /* of external authentication that are left */
	unsigned tries_max;          /* 0: they are not counted */
};

/* The bit of a kind of template. */
#define KEY_USE(kind) (1u << (kind))

/* A 3DES key of 16 or 24 bytes, or an AES key. ERR_FORMAT: not a key of this type. */
MUST_USE int key_object_init(struct key_object *key, enum key_type type, struct bytes secret);

/* Gives a symmetric key without one its value, of a size that it can have. */
void key_object_set_secret(struct key_object *key, struct bytes secret);

/* Wipes and frees what it holds. */
void key_object_done(struct key_object *key);

bool key_object_is_symmetric(const struct key_object *key);

/* Of the key itself, of the modulus, or of the field. */
size_t key_object_bits(const struct key_object *key);

/* Of a symmetric key. */
enum cipher_kind key_object_cipher(const struct key_object *key);

/* Enciphers or deciphers whole blocks as the algorithm says, ECB or CBC (iv NULL: zeros), to out, which may be in.data.
 * SW_WRONG_LENGTH: not whole blocks; SW_NO_DIAGNOSIS. */
struct key_job {
	uint8_t algorithm;
	bool decipher;
	const uint8_t *iv;
	struct bytes in;
};
MUST_USE enum sw key_object_crypt(
    const struct key_object *key, const struct key_job *job, uint8_t *out);

/* What the checksums of a symmetric key are computed with: the retail MAC takes two keys of three. */
struct bytes key_object_mac_key(const struct key_object *key);

/* The checksum of a message: retail MAC, padded by method 2, or CMAC. Writes cipher_block_size() bytes. */
MUST_USE enum sw key_object_mac(const struct key_object *key, struct bytes in, uint8_t *out);

#endif
