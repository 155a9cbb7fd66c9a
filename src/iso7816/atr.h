/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to reset (ISO/IEC 7816-3, 8) and its historical bytes (7816-4, 12.1.1). */
#ifndef ISO7816_ATR_H
#define ISO7816_ATR_H

#include "base/bytes.h"
#include "base/writer.h"

#define ATR_SIZE_MIN 2
#define ATR_SIZE_MAX 33
#define ATR_HISTORICAL_MAX 15
#define ATR_GROUPS_MAX 8 /* sets of interface bytes */

/* Protocols as bits, protocol T=n is bit n. */
#define ATR_T0 0x0001
#define ATR_T1 0x0002
#define ATR_T15 0x8000 /* no protocol: global interface bytes follow */

/* Interface bytes TAi TBi TCi TDi; each present or not. */
struct atr_group {
	bool has_ta, has_tb, has_tc, has_td;
	uint8_t ta, tb, tc, td;
};

struct atr {
	uint8_t ts; /* 3B direct, 3F inverse convention */
	struct atr_group groups[ATR_GROUPS_MAX];
	size_t n_groups;
	struct bytes historical;
	bool has_tck;
	uint16_t protocols; /* ATR_T* of the TDs, ATR_T15 left out; T=0 alone when there is no TD */
	uint8_t first_protocol;    /* T of TD1, 0 without a TD1: what is spoken unless negotiated */
	bool specific_mode;        /* TA2 present: the card has chosen, nothing is negotiated */
	uint8_t specific_protocol; /* T of TA2 */
};

/* Strict: TS, every announced byte there, nothing behind, protocols in the standard's order, and TCK there
 * and right where it is due, nowhere else. historical is a view into in. ERR_FORMAT; ERR_LIMIT: more than
 * ATR_SIZE_MAX bytes or ATR_GROUPS_MAX groups. */
MUST_USE int atr_parse(struct bytes in, struct atr *out);

/* Encodes ts, groups and historical bytes; the indicator bits of T0 and of the TDs, and TCK where it is
 * due, are computed (low half of each td: the protocol). False: impossible or does not fit. */
MUST_USE bool atr_encode(const struct atr *atr, struct writer *out);

/* The ATR that PC/SC gives a contactless card (PC/SC part 3, 3.1.3.2.3.1): 3B 8n 80 01, the historical
 * bytes, TCK. Type A: from the whole ATS, without CRC, of which only the historical bytes count; type B:
 * from the whole ATQB, without CRC, and the MBLI of the answer to ATTRIB; or from historical bytes as they
 * are. False: malformed, or more than ATR_HISTORICAL_MAX bytes. */
MUST_USE bool atr_from_ats(struct bytes ats, struct writer *out);
MUST_USE bool atr_from_atqb(struct bytes atqb, uint8_t mbli, struct writer *out);
MUST_USE bool atr_from_historical(struct bytes historical, struct writer *out);

#endif
