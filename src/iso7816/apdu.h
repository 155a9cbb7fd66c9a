/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command and response APDUs (ISO/IEC 7816-3, 12; 7816-4, 5). Pure encoding and decoding. */
#ifndef ISO7816_APDU_H
#define ISO7816_APDU_H

#include "base/bytes.h"
#include "base/writer.h"

#define APDU_HEADER_SIZE 4
#define APDU_DATA_MAX 65535   /* command data in an extended APDU */
#define APDU_NE_SHORT_MAX 256 /* what a short Le of 00 asks for */
#define APDU_NE_MAX 65536     /* what an extended Le of 0000 asks for */
#define APDU_COMMAND_MAX (4 + 3 + 65535 + 2)
#define APDU_RESPONSE_MAX (65536 + 2)

struct apdu {
	uint8_t cla, ins, p1, p2;
	struct bytes data; /* the command data field, Nc = data.len */
	size_t ne;         /* bytes asked for at most; 0: no Le field */
	bool extended;     /* length fields in extended form */
};

/* False: the length fields do not fit the bytes (the card answers 6700). data is a view into in. */
MUST_USE bool apdu_parse(struct bytes in, struct apdu *out);

/* Short form where data and ne allow it and extended is false. */
MUST_USE bool apdu_encode(const struct apdu *command, struct writer *out);

struct apdu_response {
	struct bytes data;
	uint16_t sw;
};

/* False: fewer than 2 bytes. */
MUST_USE bool apdu_response_parse(struct bytes in, struct apdu_response *out);
MUST_USE bool apdu_response_encode(const struct apdu_response *response, struct writer *out);

/* The class byte (7816-4, 5.4.1). */
enum apdu_sm {
	APDU_SM_NONE,
	APDU_SM_PROPRIETARY,
	APDU_SM_HEADER_NOT_AUTHENTICATED, /* the only form of the further interindustry values */
	APDU_SM_HEADER_AUTHENTICATED,
};

struct apdu_class {
	bool interindustry; /* bit 8 clear; the members below are meaningful for these alone */
	bool chained;       /* more commands of the chain follow */
	enum apdu_sm sm;
	uint8_t channel; /* 0 to 19 */
};

/* False: reserved for future use (001x xxxx) or invalid (FF). */
MUST_USE bool apdu_class_parse(uint8_t cla, struct apdu_class *out);

#endif
