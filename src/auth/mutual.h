/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mutual authentication with a symmetric key, which agrees on keys for secure messaging (ICAO 9303-11, 4.3 and 9.7:
 * with 3DES it is BAC's), the card's side. No card in sight. */
#ifndef AUTH_MUTUAL_H
#define AUTH_MUTUAL_H

#include "crypto/kdf.h"
#include "iso7816/sw.h"

#define MUTUAL_KEY_MAX 32 /* of each side's part of the new secret */
#define MUTUAL_MAC_SIZE 8
#define MUTUAL_MESSAGE_MAX (2 * CIPHER_BLOCK_MAX + MUTUAL_KEY_MAX + MUTUAL_MAC_SIZE)

/* What both know, and what the card has drawn. */
struct mutual {
	enum cipher_kind kind;
	struct bytes key;        /* both keys of the messages are derived from it */
	struct bytes challenge;  /* RND.IC, one block */
	const uint8_t *card_key; /* K.IC, mutual_key_size() random bytes */
};

/* The keys that both sides have afterwards. Wipe them. */
struct mutual_keys {
	struct symmetric_key enc, mac;
	uint8_t counter[CIPHER_BLOCK_MAX]; /* SSC, one block */
};

void mutual_keys_wipe(struct mutual_keys *keys);

/* How many bytes each side adds to the secret: 16, or 32 with AES-192 and AES-256. */
size_t mutual_key_size(enum cipher_kind kind);

/* The length of the messages, the same for both directions. */
size_t mutual_message_size(enum cipher_kind kind);

/* Checks the terminal's message E(RND.IFD, RND.IC, K.IFD) and MAC, and writes the card's answer E(RND.IC, RND.IFD, K.IC) and MAC
 * (mutual_message_size() bytes). SW_WRONG_LENGTH; SW_WARNING_CHANGED (6300): not who it should be, keys is untouched;
 * SW_NO_DIAGNOSIS. */
MUST_USE enum sw mutual_answer(
    const struct mutual *mutual, struct bytes message, uint8_t *answer, struct mutual_keys *keys);

#endif
