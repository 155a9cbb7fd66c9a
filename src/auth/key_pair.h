/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card's RSA and EC keys are made of and can do (algorithm references: auth/mechanism.h). No card in sight.
 *
 * Each function: SW_CONDITIONS_NOT_SATISFIED: the key has no private part, where that is needed;
 * SW_NO_DIAGNOSIS. What is refused has written nothing. */
#ifndef AUTH_KEY_PAIR_H
#define AUTH_KEY_PAIR_H

#include "auth/key_object.h"
#include "auth/key_template.h"
#include "base/writer.h"
#include "crypto/random.h"

#define KEY_PAIR_RSA_BITS_MIN 1024
#define KEY_PAIR_RSA_BITS_DEFAULT 2048

/* A new pair, or one from its numbers; random must outlive it. SW_FUNCTION_NOT_SUPPORTED: a size or curve that there is
 * not; SW_WRONG_DATA: numbers that are none. */
MUST_USE enum sw key_pair_generate(
    struct random *random, const struct key_template *template, struct key_object *out);
MUST_USE enum sw key_pair_import(struct random *random, const struct key_template *template,
    const struct key_value *value, struct key_object *out);

/* A pair, or a public key alone, from DER or PEM (PKCS#8, SubjectPublicKeyInfo and the older forms), and to DER. ERR_FORMAT: not
 * a key of this type; ERR_LIMIT, ERR_UNSUPPORTED: of a size or kind that there is not; ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int key_pair_read(
    struct random *random, enum key_type type, struct bytes in, struct key_object *out);
MUST_USE int key_pair_write(const struct key_object *key, struct writer *out);

#define KEY_PAIR_WRITTEN_MAX 4096 /* bytes */

void key_pair_free(struct key_object *key);

/* Of the modulus, or of the field. */
size_t key_pair_bits(const struct key_object *key);

bool key_pair_is_private(const struct key_object *key);

/* The objects of a template 7F49: 81 and 82, or 86. */
MUST_USE enum sw key_pair_put_public(const struct key_object *key, struct writer *out);

/* What is signed: a message, or the hash-code of one (without a hash function in the algorithm, whatever there
 * is). */
struct key_input {
	struct bytes data;
	bool is_message;
};

/* SW_WRONG_DATA: a hash-code of another length, or more than can be signed. */
MUST_USE enum sw key_pair_sign(const struct key_object *key, uint8_t algorithm,
    const struct key_input *input, struct writer *out);

/* SW_WARNING_CHANGED (6300): not this key's signature. */
MUST_USE enum sw key_pair_verify(const struct key_object *key, uint8_t algorithm,
    const struct key_input *input, struct bytes signature);

/* RSA. SW_WRONG_DATA: too long; not a cryptogram for this key. */
MUST_USE enum sw key_pair_encipher(
    const struct key_object *key, uint8_t algorithm, struct bytes in, struct writer *out);
MUST_USE enum sw key_pair_decipher(
    const struct key_object *key, uint8_t algorithm, struct bytes in, struct writer *out);

/* EC: the x of the shared point. SW_WRONG_DATA: the other's point is not valid. */
MUST_USE enum sw key_pair_agree(
    const struct key_object *key, struct bytes point, struct writer *out);

#endif
