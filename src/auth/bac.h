/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Basic Access Control, the chip's side (ICAO 9303-11, 4.3 and appendix D): the document's access key, a challenge,
 * and mutual authentication with 3DES. */
#ifndef AUTH_BAC_H
#define AUTH_BAC_H

#include "auth/session_keys.h"
#include "iso7816/sw.h"

#define BAC_SEED_SIZE 16
#define BAC_CHALLENGE_SIZE 8
#define BAC_CARD_KEY_SIZE 16
#define BAC_MESSAGE_SIZE 40

struct bac {
	uint8_t seed[BAC_SEED_SIZE]; /* K_seed */
	uint8_t challenge[BAC_CHALLENGE_SIZE];
	bool challenged;
};

/* mrz_information: document number, date of birth and date of expiry, each with its check digit. ERR_FORMAT: it is
 * empty; ERR_CRYPTO. */
MUST_USE int bac_init(struct bac *bac, struct bytes mrz_information);
void bac_wipe(struct bac *bac);

/* GET CHALLENGE has answered RND.IC; it is good for one attempt. */
void bac_set_challenge(struct bac *bac, const uint8_t challenge[BAC_CHALLENGE_SIZE]);
void bac_forget_challenge(struct bac *bac);

/* EXTERNAL AUTHENTICATE: the terminal's E_IFD and M_IFD; card_key is K.IC, fresh random bytes. Writes E_IC and M_IC.
 * SW_CONDITIONS_NOT_SATISFIED: there is no challenge; SW_WRONG_LENGTH; SW_WARNING_CHANGED (6300): not somebody who has
 * read the MRZ; SW_NO_DIAGNOSIS: *keys is untouched. */
MUST_USE enum sw bac_authenticate(struct bac *bac, const uint8_t card_key[BAC_CARD_KEY_SIZE],
    struct bytes message, uint8_t answer[BAC_MESSAGE_SIZE], struct session_keys *keys);

#endif
