/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What DER has beyond TLV (X.690): tags, numbers, sorted sets, times. */
#ifndef PKI_DER_H
#define PKI_DER_H

#include "base/date.h"
#include "base/writer.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0C,
	DER_NUMERIC_STRING = 0x12,
	DER_PRINTABLE_STRING = 0x13,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

#define DER_SET_MAX 256 /* members of a set that der_put_set() sorts */
#define DER_OID_TEXT_SIZE 128

/* The next data object, which must have this tag, with its tag and length: so are data objects signed and compared. */
MUST_USE bool der_take_whole(struct bytes *rest, uint32_t tag, struct bytes *whole);

/* An INTEGER from 0 to 2^32-1, in its shortest form. */
MUST_USE bool der_take_unsigned(struct bytes *rest, uint32_t *out);
void der_put_unsigned(struct writer *out, uint32_t value);

/* An INTEGER that is not negative, as big-endian number of at least one byte without leading zeros. */
MUST_USE bool der_take_number(struct bytes *rest, struct bytes *number);

/* An INTEGER that is not negative, from a big-endian number of any length. */
void der_put_number(struct writer *out, struct bytes number);

/* A BIT STRING of whole bytes. */
void der_put_bits(struct writer *out, struct bytes bits);
MUST_USE bool der_take_bits(struct bytes *rest, struct bytes *bits);

/* A SET OF the data objects that members consists of, sorted (11.6), with this tag. False: there are more than
 * DER_SET_MAX, or they are malformed; nothing is written. */
MUST_USE bool der_put_set(struct writer *out, uint32_t tag, struct bytes members);

/* The first second of a day as UTCTime (until 2049) or GeneralizedTime; at_end: its last second. */
void der_put_day(struct writer *out, struct date date, bool at_end);

/* An object identifier as people write it, "2.23.136.1.1.1"; "?" if it is malformed or too long. */
const char *der_oid_text(struct bytes oid, char text[DER_OID_TEXT_SIZE]);

#endif
