/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which protocols a passport offers, and the list of them that a person writes: "bac,pace-gm:13:aes-128,aa:ec,ca:0:3des". */
#ifndef CARDS_EPASS_PROTOCOLS_H
#define CARDS_EPASS_PROTOCOLS_H

#include "crypto/cipher.h"
#include "crypto/digest.h"

#define EPASS_ENTRIES_MAX 32
#define EPASS_PARAMETER_ID_DEFAULT 13 /* brainpoolP256r1 */

enum epass_protocol {
	EPASS_BAC,
	EPASS_PACE_GM,
	EPASS_PACE_IM,
	EPASS_PACE_CAM,
	EPASS_AA,
	EPASS_CA,
	EPASS_TA,
	EPASS_PROTOCOLS, /* how many there are */
};

struct epass_entry {
	enum epass_protocol protocol;
	uint8_t id;              /* PACE, CA: standardised domain parameters */
	enum cipher_kind cipher; /* PACE, CA */
	bool ec;                 /* AA: ECDSA; otherwise RSA */
	enum digest_kind digest; /* AA */
};

struct epass_protocols {
	size_t n;
	struct epass_entry entries[EPASS_ENTRIES_MAX];
};

/* ERR_FORMAT: error, of size bytes, says in one line what is wrong; *out is untouched. */
MUST_USE int epass_protocols_parse(
    const char *text, struct epass_protocols *out, char *error, size_t size);

bool epass_protocols_has(const struct epass_protocols *list, enum epass_protocol protocol);
void epass_protocols_drop(struct epass_protocols *list, enum epass_protocol protocol);

bool epass_is_pace(enum epass_protocol protocol);
bool epass_protocols_has_pace(const struct epass_protocols *list);

/* How many infos EF.DG14 has of these protocols, or EF.CardSecurity if that has more. */
size_t epass_protocols_infos(const struct epass_protocols *list);

/* Of PACE and CA: whether the domain parameters are of a curve, and the value of the object identifier (ICAO 9303-11, 9.2.1 and 9.2.6). */
bool epass_is_curve(uint8_t id);
#define EPASS_OID_SIZE 10
void epass_entry_oid(const struct epass_entry *entry, uint8_t oid[EPASS_OID_SIZE]);

#endif
