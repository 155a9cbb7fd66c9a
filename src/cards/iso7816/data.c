/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET DATA and PUT DATA (ISO/IEC 7816-4, 11.5). The even instructions have a tag in P1-P2, and the value as data,
 * in the current EF if it has BER-TLV structure, else in the current DF. The odd ones have a file in P1-P2, and
 * whole data objects, or to read them a tag list, as data. */
#include "base/buffer.h"
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "fs/objects.h"
#include "iso7816/tlv.h"

#define P1P2_ALL 0x00FF /* every object; to write: the data are whole objects */
#define P1P2_ONE_BYTE_FIRST 0x0040
#define P1P2_ONE_BYTE_LAST 0x00FE
#define P1P2_TWO_BYTES_FIRST 0x4000
#define P1P2_PROPRIETARY 0x01
#define P1P2_SIMPLE_TLV 0x02
#define TAG_TAG_LIST 0x5C
#define TAG_KEY_LIST 0x4D
#define TAG_SIZE_MAX 3
#define TLV_HEADER_MAX (TAG_SIZE_MAX + 5)

static bool is_odd(const struct apdu *apdu)
{
	return (apdu->ins & 1) != 0;
}

static uint16_t p1p2_of(const struct apdu *apdu)
{
	return (uint16_t)(apdu->p1 << 8 | apdu->p2);
}

/* Table 62: what P1-P2 of an even instruction can be. */
static enum sw check_tag(const struct apdu *apdu)
{
	uint16_t tag = p1p2_of(apdu);

	if (apdu->p1 == P1P2_PROPRIETARY || apdu->p1 == P1P2_SIMPLE_TLV)
		return SW_FUNCTION_NOT_SUPPORTED;
	if (tag == P1P2_ALL)
		return SW_OK;
	if ((tag < P1P2_ONE_BYTE_FIRST || tag > P1P2_ONE_BYTE_LAST) && tag < P1P2_TWO_BYTES_FIRST)
		return SW_WRONG_P1P2;
	return tlv_is_tag(tag) ? SW_OK : SW_WRONG_P1P2;
}

/* P1-P2 of an odd instruction: 0000 the current EF, 3FFF the current DF, a short identifier, an identifier
 * of a file in the current DF. */
static struct file *find_file(const struct session *session, uint16_t p1p2)
{
	if (p1p2 == 0)
		return session->ef;
	if (p1p2 == FILE_FID_CURRENT)
		return session->df;
	if (p1p2 <= FILE_SFI_MAX)
		return fs_child_by_sfi(session->df, (uint8_t)p1p2);
	return fs_child(session->df, p1p2);
}

static enum sw find_odd(const struct session *session, uint16_t p1p2, struct target *out)
{
	out->file = find_file(session, p1p2);
	if (out->file == NULL)
		return p1p2 == 0 ? SW_NO_CURRENT_EF : SW_FILE_NOT_FOUND;
	if (file_is_df(out->file))
		return SW_OK;
	out->make_current = p1p2 != 0;
	return file_kind(out->file) == FILE_OBJECTS ? SW_OK : SW_WRONG_FILE_STRUCTURE;
}

enum sw data_target(struct card *card, const struct apdu *apdu, struct target *out)
{
	const struct session *session = card_session(card);
	bool in_ef = session->ef != NULL && file_kind(session->ef) == FILE_OBJECTS;

	if (is_odd(apdu))
		return find_odd(session, p1p2_of(apdu), out);
	out->file = in_ef ? session->ef : session->df;
	return check_tag(apdu);
}

static enum sw get_all(const struct file *file, struct writer *out)
{
	struct tlv tlv;

	for (size_t i = 0; objects_at(file, i, &tlv); i++)
		tlv_put(out, tlv.tag, tlv.value);
	return out->len > 0 ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

/* A tag of a tag list. */
static bool take_tag(struct bytes *rest, uint32_t *out)
{
	uint32_t tag = 0;
	uint8_t byte;

	for (size_t i = 0; i < TAG_SIZE_MAX && bytes_take_u8(rest, &byte); i++) {
		tag = tag << 8 | byte;
		if (tlv_is_tag(tag)) {
			*out = tag;
			return true;
		}
	}
	return false;
}

/* The objects of the list that there are, in the order of the list (6.3.2, 8.4); all for an empty list. */
static enum sw get_listed(const struct file *file, struct bytes data, struct writer *out)
{
	struct bytes list, value;
	uint32_t tag;

	if (!tlv_take_tag(&data, TAG_TAG_LIST, &list) || data.len > 0)
		return SW_WRONG_DATA;
	if (list.len == 0)
		return get_all(file, out);
	while (list.len > 0) {
		if (!take_tag(&list, &tag))
			return SW_WRONG_DATA;
		if (objects_find(file, tag, &value))
			tlv_put(out, tag, value);
	}
	return out->len > 0 ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

enum sw data_get(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct file *file = card_target_file(card);
	struct bytes value;
	enum sw sw = SW_OK;

	if (is_odd(apdu)) {
		sw = get_listed(file, apdu->data, out);
	} else if (apdu->data.len > 0) {
		return SW_WRONG_LENGTH;
	} else if (p1p2_of(apdu) == P1P2_ALL) {
		sw = get_all(file, out);
	} else {
		if (!objects_find(file, p1p2_of(apdu), &value))
			return SW_REFERENCE_NOT_FOUND;
		writer_put(out, value);
	}
	/* More than any response could hold: a tag list asks for less. */
	return sw == SW_OK && out->failed ? SW_NOT_ENOUGH_MEMORY : sw;
}

/* An extended header list in a DF is a key (7816-8). */
static bool is_key(const struct file *file, struct bytes data, struct bytes *list)
{
	return file_is_df(file) && tlv_take_tag(&data, TAG_KEY_LIST, list) && data.len == 0;
}

/* Copies of the objects that those in data will replace, each once. */
static int save(const struct file *file, struct bytes data, struct buffer *out)
{
	struct bytes value;
	struct tlv tlv;
	int r = 0;

	while (r == 0 && tlv_take(&data, &tlv)) {
		uint8_t header[TLV_HEADER_MAX];
		struct writer writer;

		if (tlv_find(buffer_bytes(out), tlv.tag, &value) ||
		    !objects_find(file, tlv.tag, &value))
			continue;
		writer_init(&writer, header, sizeof header);
		tlv_put_header(&writer, tlv.tag, value.len);
		r = writer_done(&writer) ? buffer_append(out, writer_bytes(&writer)) : ERR_LIMIT;
		if (r == 0)
			r = buffer_append(out, value);
	}
	return r;
}

/* As it was before any of data was stored. */
static void restore(struct file *file, struct bytes data, struct bytes saved)
{
	struct tlv tlv;
	int r = 0;

	while (tlv_take(&data, &tlv))
		(void)objects_remove(file, tlv.tag);
	while (r == 0 && tlv_take(&saved, &tlv))
		r = objects_put(file, tlv.tag, tlv.value);
}

/* Whole objects: all of them are stored, or none. */
static enum sw put_objects(struct file *file, struct bytes data)
{
	struct bytes rest = data;
	struct buffer saved;
	struct tlv tlv;
	int r;

	if (data.len == 0 || !tlv_is_valid(data))
		return SW_WRONG_DATA;
	buffer_init(&saved, FS_MEMORY_MAX);
	r = save(file, data, &saved);
	if (r == 0) {
		while (r == 0 && tlv_take(&rest, &tlv))
			r = objects_put(file, tlv.tag, tlv.value);
		if (r < 0)
			restore(file, data, buffer_bytes(&saved));
	}
	buffer_done(&saved);
	return sw_of(r);
}

/* The value of a constructed object must consist of objects. */
enum sw data_put(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);
	uint16_t tag = p1p2_of(apdu);
	struct bytes list;

	if (is_odd(apdu) && is_key(file, apdu->data, &list))
		return key_import(card, apdu, list);
	if (is_odd(apdu) || tag == P1P2_ALL)
		return put_objects(file, apdu->data);
	if (apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	if (tlv_is_constructed(tag) && !tlv_is_valid(apdu->data))
		return SW_WRONG_DATA;
	return sw_of(objects_put(file, tag, apdu->data));
}
