/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secure messaging for APDUs, the card's side (ISO/IEC 7816-4, clause 10; ICAO 9303-11, 9.8; BSI TR-03110-3,
 * appendix F): commands are unwrapped, responses wrapped. */
#ifndef SM_SM_H
#define SM_SM_H

#include "crypto/cipher.h"
#include "iso7816/apdu.h"
#include "iso7816/sw.h"

/* What the terminal may send. */
enum sm_profile {
	/* All data objects of 7816-4 that these mechanisms can answer for; what was protected is told. */
	SM_ISO,
	/* As ICAO 9303-11 and TR-03110-3: the header is authenticated, and there are only cryptogram (85 with
	 * an odd INS, else 87), 97 and 8E, in this order. */
	SM_ICAO,
};

struct sm_setup {
	enum sm_profile profile;
	enum cipher_kind kind; /* 3DES: CBC and retail MAC; AES: CBC and CMAC */
	struct bytes enc, mac; /* keys, copied */
	struct bytes counter;  /* SSC, one block, as before the first command; empty: no counter */
};

/* How a command was protected and its response will be; bits. */
enum sm_protection {
	SM_COMMAND_AUTHENTIC = 1,     /* header and all data, by cryptographic checksum */
	SM_COMMAND_CONFIDENTIAL = 2,  /* all data, if any, was enciphered */
	SM_RESPONSE_AUTHENTIC = 4,    /* data and status */
	SM_RESPONSE_CONFIDENTIAL = 8, /* data, if any */
};

/* How many bytes a wrapped response has more than its data, at most. */
#define SM_RESPONSE_OVERHEAD_MAX 40

struct sm;

/* Takes memory for the whole life: no command needs more. ERR_FORMAT: keys or counter of a wrong size;
 * ERR_NO_MEMORY, ERR_CRYPTO. */
MUST_USE int sm_new(const struct sm_setup *setup, struct sm **out);
void sm_free(struct sm *sm);

enum sm_profile sm_profile_of(const struct sm *sm);

/* The counter as it stands: one block, empty without. */
struct bytes sm_counter(const struct sm *sm);

/* Makes the protected command *apdu the plain one: data, ne and extended change; data then lies in memory,
 * which has room for as many bytes as the protected data field. *protection says how it was protected.
 *
 * SW_SM_OBJECT_MISSING, SW_SM_OBJECT_WRONG, or SW_NO_DIAGNOSIS: *apdu is as it was, and the session that
 * these keys belong to is over. */
MUST_USE enum sw sm_unwrap(struct sm *sm, struct apdu *apdu, uint8_t *memory, unsigned *protection);

/* Wraps the response to the command that was unwrapped last: *out holds its data (at most
 * APDU_NE_MAX - SM_RESPONSE_OVERHEAD_MAX bytes), then the protected data field. ins: of the command. ERR_CRYPTO, ERR_LIMIT:
 * *out has failed, the session is over. */
MUST_USE int sm_wrap(struct sm *sm, uint8_t ins, enum sw sw, struct writer *out);

/* How many bytes of data a response has at most whose protected data field, enciphered, is to have at most max
 * bytes, which are a short length; 0 with fewer than any data needs. */
size_t sm_room(const struct sm *sm, size_t max);

#endif
