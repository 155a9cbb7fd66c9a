/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File control parameters (ISO/IEC 7816-4, 7.4.3, tables 10 to 13). The standard leaves the
 * order of the data objects open; they are written as 83 8A 88 80 81 82 84 8B 8C 8D AB 86 85 A5, the order
 * in which users of the emulated card compare a SELECT's answer with the bytes that they expect. */
#include "iso7816/fcp.h"

#include "base/compiler.h"
#include "base/err.h"
#include "iso7816/tlv.h"

#define NUMBER_SIZE_MAX 4
#define DESCRIPTOR_SIZE_MAX 6
#define SFI_MAX 30
#define NO_MAX SIZE_MAX

/* Each reads the value of one data object, whose length has been checked against the table below. */
typedef bool object_parser(struct bytes value, struct fcp *out);

static uint32_t number(struct bytes value)
{
	uint32_t n = 0;
	uint8_t byte;

	while (bytes_take_u8(&value, &byte))
		n = n << 8 | byte;
	return n;
}

static bool parse_size(struct bytes value, struct fcp *out)
{
	out->has_size = true;
	out->size = number(value);
	return true;
}

static bool parse_total_size(struct bytes value, struct fcp *out)
{
	out->has_total_size = true;
	out->total_size = number(value);
	return true;
}

/* Table 10: descriptor, data coding, record size on one byte (3 bytes in all) or two, number of records
 * on one byte (5 bytes in all) or two. */
static bool parse_descriptor(struct bytes value, struct fcp *out)
{
	struct bytes rest = bytes_after(value, 2);

	out->has_descriptor = true;
	out->descriptor = value.data[0];
	if (value.len < 2)
		return true;
	out->has_data_coding = true;
	out->data_coding = value.data[1];
	if (rest.len == 0)
		return true;
	out->has_record_size = true;
	out->record_size = (uint16_t)number(bytes_first(rest, 2));
	out->has_record_count = rest.len > 2;
	out->record_count = (uint16_t)number(bytes_after(rest, 2));
	return true;
}

static bool parse_fid(struct bytes value, struct fcp *out)
{
	out->has_fid = true;
	return bytes_take_u16(&value, &out->fid);
}

static bool parse_df_name(struct bytes value, struct fcp *out)
{
	out->df_name = value;
	return true;
}

static bool parse_proprietary(struct bytes value, struct fcp *out)
{
	out->proprietary = value;
	return true;
}

static bool parse_security_proprietary(struct bytes value, struct fcp *out)
{
	out->security_proprietary = value;
	return true;
}

/* 7.4.3: the identifier is in bits 8 to 4, the others are 0; without a byte there is none. */
static bool parse_sfi(struct bytes value, struct fcp *out)
{
	uint8_t byte = 0;

	out->has_sfi = true;
	if (!bytes_take_u8(&value, &byte))
		return true;
	out->sfi = byte >> 3;
	return (byte & 0x07) == 0 && out->sfi >= 1 && out->sfi <= SFI_MAX;
}

static bool parse_life_cycle(struct bytes value, struct fcp *out)
{
	out->has_life_cycle = true;
	return bytes_take_u8(&value, &out->life_cycle);
}

/* 9.3.3.2: a record number; an EF.ARR and a record number; or an EF.ARR and pairs of security
 * environment and record number. */
static bool parse_security_reference(struct bytes value, struct fcp *out)
{
	out->security_reference = value;
	return value.len == 1 || value.len == 3 || (value.len >= 4 && value.len % 2 == 0);
}

static bool parse_security_compact(struct bytes value, struct fcp *out)
{
	out->security_compact = value;
	return true;
}

static bool parse_security_environments(struct bytes value, struct fcp *out)
{
	out->security_environments = value;
	return true;
}

static bool parse_proprietary_tlv(struct bytes value, struct fcp *out)
{
	out->proprietary_tlv = value;
	return tlv_is_valid(value);
}

static bool parse_security_expanded(struct bytes value, struct fcp *out)
{
	out->security_expanded = value;
	return tlv_is_valid(value);
}

static const struct object {
	uint32_t tag;
	size_t min, max;
	object_parser *parse;
} objects[] = {
	{ 0x80, 1, NUMBER_SIZE_MAX, parse_size },
	{ 0x81, 1, NUMBER_SIZE_MAX, parse_total_size },
	{ 0x82, 1, DESCRIPTOR_SIZE_MAX, parse_descriptor },
	{ 0x83, 2, 2, parse_fid },
	{ 0x84, 1, FCP_DF_NAME_MAX, parse_df_name },
	{ 0x85, 0, NO_MAX, parse_proprietary },
	{ 0x86, 0, NO_MAX, parse_security_proprietary },
	{ 0x88, 0, 1, parse_sfi },
	{ 0x8A, 1, 1, parse_life_cycle },
	{ 0x8B, 1, NO_MAX, parse_security_reference },
	{ 0x8C, 0, NO_MAX, parse_security_compact },
	{ 0x8D, 2, 2, parse_security_environments },
	{ 0xA5, 0, NO_MAX, parse_proprietary_tlv },
	{ 0xAB, 0, NO_MAX, parse_security_expanded },
};

/* Marks in *seen, by position in the table, what has been there. */
static bool parse_object(const struct tlv *tlv, uint32_t *seen, struct fcp *out)
{
	for (size_t i = 0; i < COUNT(objects); i++) {
		const struct object *o = &objects[i];
		uint32_t bit = (uint32_t)1 << i;

		if (o->tag != tlv->tag)
			continue;
		if ((*seen & bit) != 0 || tlv->value.len < o->min || tlv->value.len > o->max)
			return false;
		*seen |= bit;
		return o->parse(tlv->value, out);
	}
	return true;
}

int fcp_parse(struct bytes value, struct fcp *out)
{
	struct fcp fcp = { 0 };
	struct tlv tlv;
	uint32_t seen = 0;

	while (value.len > 0)
		if (!tlv_take(&value, &tlv) || !parse_object(&tlv, &seen, &fcp))
			return ERR_FORMAT;
	*out = fcp;
	return 0;
}

/* Two bytes where they suffice, as clients expect, else the fewest. */
static void put_number(struct writer *out, uint32_t tag, uint32_t n)
{
	size_t len = n > 0xFFFFFF ? 4 : n > 0xFFFF ? 3 : 2;

	tlv_put_header(out, tag, len);
	while (len > 0)
		writer_put_u8(out, (uint8_t)(n >> (8 * --len)));
}

/* Each part of the descriptor needs those before it. */
static void put_descriptor(const struct fcp *fcp, struct writer *out)
{
	bool descriptor = fcp->has_descriptor;

	if ((fcp->has_data_coding && !descriptor) ||
	    (fcp->has_record_size && !fcp->has_data_coding) ||
	    (fcp->has_record_count && !fcp->has_record_size))
		writer_fail(out);
	if (!descriptor)
		return;
	tlv_open(out, 0x82);
	writer_put_u8(out, fcp->descriptor);
	if (fcp->has_data_coding)
		writer_put_u8(out, fcp->data_coding);
	if (fcp->has_record_size && (fcp->has_record_count || fcp->record_size > 0xFF))
		writer_put_u16(out, fcp->record_size);
	else if (fcp->has_record_size)
		writer_put_u8(out, (uint8_t)fcp->record_size);
	if (fcp->has_record_count && fcp->record_count > 0xFF)
		writer_put_u16(out, fcp->record_count);
	else if (fcp->has_record_count)
		writer_put_u8(out, (uint8_t)fcp->record_count);
	tlv_close(out);
}

static void put_sfi(const struct fcp *fcp, struct writer *out)
{
	const uint8_t byte = (uint8_t)(fcp->sfi << 3);

	if (fcp->sfi > SFI_MAX)
		writer_fail(out);
	tlv_put(out, 0x88, bytes_of(&byte, fcp->sfi > 0 ? 1 : 0));
}

static void put_present(struct writer *out, uint32_t tag, struct bytes value)
{
	if (value.len > 0)
		tlv_put(out, tag, value);
}

void fcp_encode(const struct fcp *fcp, enum fcp_template tag, struct writer *out)
{
	if (fcp->df_name.len > FCP_DF_NAME_MAX)
		writer_fail(out);
	tlv_open(out, tag);
	if (fcp->has_fid)
		tlv_put_u16(out, 0x83, fcp->fid);
	if (fcp->has_life_cycle)
		tlv_put_u8(out, 0x8A, fcp->life_cycle);
	if (fcp->has_sfi)
		put_sfi(fcp, out);
	if (fcp->has_size)
		put_number(out, 0x80, fcp->size);
	if (fcp->has_total_size)
		put_number(out, 0x81, fcp->total_size);
	put_descriptor(fcp, out);
	put_present(out, 0x84, fcp->df_name);
	put_present(out, 0x8B, fcp->security_reference);
	put_present(out, 0x8C, fcp->security_compact);
	put_present(out, 0x8D, fcp->security_environments);
	put_present(out, 0xAB, fcp->security_expanded);
	put_present(out, 0x86, fcp->security_proprietary);
	put_present(out, 0x85, fcp->proprietary);
	put_present(out, 0xA5, fcp->proprietary_tlv);
	tlv_close(out);
}
