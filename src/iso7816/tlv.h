/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER-TLV data objects as cards use them (ISO/IEC 7816-4, 6.3; X.690): definite lengths, tags of up to
 * three bytes, lengths of up to five bytes; and COMPACT-TLV (7816-4, 12.1.1.2). */
#ifndef ISO7816_TLV_H
#define ISO7816_TLV_H

#include "base/bytes.h"
#include "base/writer.h"

#define TLV_DEPTH_MAX 16 /* nesting that decoders of ours follow */

struct tlv {
	uint32_t tag;       /* the tag's bytes as a number: 0x5F2E, 0x7F49 */
	struct bytes value; /* a view into the input */
	struct bytes whole; /* tag and length included */
};

/* Whether the tag says that the value consists of data objects (bit 6 of its first byte). */
bool tlv_is_constructed(uint32_t tag);

/* Whether the number's bytes are one well-formed tag: 0x53, 0x7F49, 0x5FC102, but not 0, 0x7F or 0x5349. */
bool tlv_is_tag(uint32_t tag);

/* Takes the next data object. Bytes 00 before it (and, where cards pad, FF) are not skipped. */
MUST_USE bool tlv_take(struct bytes *rest, struct tlv *out);

/* Takes a data object that must have this tag. */
MUST_USE bool tlv_take_tag(struct bytes *rest, uint32_t tag, struct bytes *value);

/* The first data object with this tag at the top level of in. False: none, or malformed before it. */
MUST_USE bool tlv_find(struct bytes in, uint32_t tag, struct bytes *value);

/* Whether in is a sequence of well-formed data objects, none or more, the values of constructed ones too;
 * false for more than TLV_DEPTH_MAX constructed ones inside each other. */
bool tlv_is_valid(struct bytes in);

/* Writing. tlv_open() ... tlv_close() put a template around what is written between them; the length
 * is set, in its shortest form, by tlv_close(). What does not fit, a malformed tag, and templates deeper
 * than WRITER_DEPTH_MAX fail the writer. */
void tlv_open(struct writer *w, uint32_t tag);
void tlv_close(struct writer *w);
void tlv_put(struct writer *w, uint32_t tag, struct bytes value);
void tlv_put_u8(struct writer *w, uint32_t tag, uint8_t value);
void tlv_put_u16(struct writer *w, uint32_t tag, uint16_t value);

/* Tag and length alone, for a value of len bytes that follows. */
void tlv_put_header(struct writer *w, uint32_t tag, size_t len);

/* COMPACT-TLV: tag 1 to F, length 0 to 15, as in historical bytes. */
MUST_USE bool tlv_compact_take(struct bytes *rest, uint8_t *tag, struct bytes *value);
void tlv_compact_put(struct writer *w, uint8_t tag, struct bytes value);

#endif
