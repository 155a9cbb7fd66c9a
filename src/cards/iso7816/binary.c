/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* READ, WRITE, UPDATE, ERASE and SEARCH BINARY (ISO/IEC 7816-4, 11.3), even and odd instructions. */
#include "base/compiler.h"
#include "cards/iso7816/iso7816.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"

#define P1_SFI 0x80 /* even INS: bits 5 to 1 are a short EF identifier, P2 the offset */
#define P1_SFI_RFU 0x60
#define SFI_MASK 0x1F
#define TAG_OFFSET 0x54
#define TAG_DATA 0x53
#define TAG_DATA_TLV 0x73
#define OFFSET_SIZE_MAX 4
#define NE_ABSENT 256 /* what a READ without Le offers by 61xx */

static bool is_sfi(unsigned sfi)
{
	return sfi >= 1 && sfi <= FILE_SFI_MAX;
}

/* A number of 1 to OFFSET_SIZE_MAX bytes. */
static bool decode_offset(struct bytes value, size_t *out)
{
	size_t offset = 0;
	uint8_t byte;

	if (value.len == 0 || value.len > OFFSET_SIZE_MAX)
		return false;
	while (bytes_take_u8(&value, &byte))
		offset = offset << 8 | byte;
	*out = offset;
	return true;
}

static enum sw decode_even(const struct apdu *apdu, struct binary_request *out)
{
	out->data = apdu->data;
	if ((apdu->p1 & P1_SFI) == 0) {
		out->offset = (size_t)apdu->p1 << 8 | apdu->p2;
		return SW_OK;
	}
	out->target = BINARY_SFI;
	out->sfi = apdu->p1 & SFI_MASK;
	out->offset = apdu->p2;
	return (apdu->p1 & P1_SFI_RFU) == 0 && is_sfi(out->sfi) ? SW_OK : SW_WRONG_P1P2;
}

/* The data field of an odd instruction: an offset 54; then, to erase, perhaps a second one, where to stop,
 * and to write, the data 53 or 73. */
static bool decode_objects(struct bytes rest, struct binary_request *out)
{
	struct bytes value;
	struct tlv tlv;

	if (!tlv_take_tag(&rest, TAG_OFFSET, &value) || !decode_offset(value, &out->offset))
		return false;
	if (rest.len == 0)
		return true;
	if (!tlv_take(&rest, &tlv) || rest.len > 0)
		return false;
	if (tlv.tag == TAG_OFFSET) {
		out->has_end = true;
		return decode_offset(tlv.value, &out->end);
	}
	out->data = tlv.value;
	return tlv.tag == TAG_DATA || tlv.tag == TAG_DATA_TLV;
}

static enum sw decode_odd(const struct apdu *apdu, struct binary_request *out)
{
	unsigned p1p2 = (unsigned)apdu->p1 << 8 | apdu->p2;

	if (p1p2 == 0)
		out->target = BINARY_CURRENT_EF;
	else if (is_sfi(p1p2))
		out->target = BINARY_SFI;
	else
		out->target = BINARY_FID;
	out->sfi = (uint8_t)p1p2;
	out->fid = (uint16_t)p1p2;
	return decode_objects(apdu->data, out) ? SW_OK : SW_WRONG_DATA;
}

enum sw binary_decode(const struct apdu *apdu, struct binary_request *out)
{
	*out = (struct binary_request){ .target = BINARY_CURRENT_EF };
	return (apdu->ins & 1) != 0 ? decode_odd(apdu, out) : decode_even(apdu, out);
}

/* The EF that the command names, which becomes the current one. */
enum sw binary_target_file(struct card *card, const struct apdu *apdu, struct target *out)
{
	const struct session *session = card_session(card);
	struct binary_request request;
	enum sw sw = binary_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	out->file = session->ef;
	out->make_current = request.target != BINARY_CURRENT_EF;
	if (request.target == BINARY_CURRENT_EF && session->ef == NULL)
		return SW_NO_CURRENT_EF;
	if (request.target == BINARY_SFI)
		out->file = fs_child_by_sfi(session->df, request.sfi);
	if (request.target == BINARY_FID)
		out->file = fs_child(session->df, request.fid);
	if (out->file == NULL)
		return SW_FILE_NOT_FOUND;
	return file_kind(out->file) == FILE_TRANSPARENT ? SW_OK : SW_WRONG_FILE_STRUCTURE;
}

/* How many bytes of data fit into an object 53 of at most ne bytes, tag and length included. */
size_t iso7816_object_room(size_t ne)
{
	static const struct {
		size_t header, max;
	} forms[] = { { 2, 0x7F }, { 3, 0xFF }, { 4, 0xFFFF } };
	size_t room = 0;

	for (size_t i = 0; i < COUNT(forms); i++) {
		size_t n = ne > forms[i].header ? ne - forms[i].header : 0;

		n = n < forms[i].max ? n : forms[i].max;
		room = n > room ? n : room;
	}
	return room;
}

/* How many bytes to read. All there is are as many as fit into one response with its protection: readers of
 * passports ask so and know no GET RESPONSE. */
static size_t wanted(struct card *card, const struct apdu *apdu)
{
	size_t room = card_session(card)->room;

	if (apdu->ne == 0)
		return NE_ABSENT;
	return apdu_wants_all(apdu) && room > 0 && room < apdu->ne ? room : apdu->ne;
}

enum sw binary_read(struct card *card, const struct apdu *apdu, struct writer *out)
{
	bool odd = (apdu->ins & 1) != 0;
	size_t ne = wanted(card, apdu);
	const struct file *file = card_target_file(card);
	struct binary_request request;
	struct bytes data;
	enum sw sw = binary_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.data.len > 0 || request.has_end)
		return odd ? SW_WRONG_DATA : SW_WRONG_LENGTH;
	sw = transparent_read(file, request.offset, odd ? iso7816_object_room(ne) : ne, &data);
	if (sw != SW_OK)
		return sw;
	if (odd)
		tlv_put(out, TAG_DATA, data);
	else
		writer_put(out, data);
	/* 11.3.3: the end of the file came before the Ne bytes that were asked for. */
	if (apdu->ne > 0 && !apdu_wants_all(apdu) && out->len < apdu->ne &&
	    request.offset + data.len == transparent_size(file))
		return SW_END_OF_FILE;
	return SW_OK;
}

/* WRITE and UPDATE differ in what is done with the bytes. */
static enum sw change(struct card *card, const struct apdu *apdu,
    enum sw (*act)(struct file *file, size_t offset, struct bytes data))
{
	struct file *file = card_target_file(card);
	struct binary_request request;
	enum sw sw = binary_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.has_end)
		return SW_WRONG_DATA;
	if (request.data.len == 0)
		return SW_WRONG_LENGTH;
	return act(file, request.offset, request.data);
}

enum sw binary_write(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return change(card, apdu, transparent_write);
}

enum sw binary_update(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return change(card, apdu, transparent_update);
}

/* The even instruction has the offset where to stop, if any, as its data. */
static enum sw decode_end(const struct apdu *apdu, struct binary_request *request)
{
	if ((apdu->ins & 1) != 0)
		return request->data.len == 0 ? SW_OK : SW_WRONG_DATA;
	if (request->data.len == 0)
		return SW_OK;
	request->has_end = true;
	return decode_offset(request->data, &request->end) ? SW_OK : SW_WRONG_LENGTH;
}

enum sw binary_erase(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);
	struct binary_request request;
	enum sw sw = binary_decode(apdu, &request);

	if (sw == SW_OK)
		sw = decode_end(apdu, &request);
	if (sw != SW_OK)
		return sw;
	return transparent_erase(
	    file, request.offset, request.has_end ? request.end : transparent_size(file));
}

/* On as few bytes as it needs. */
static void put_offset(struct writer *out, size_t offset, bool odd)
{
	uint8_t digits[OFFSET_SIZE_MAX];
	struct bytes number;
	size_t n = 0;

	do
		digits[sizeof digits - ++n] = (uint8_t)offset;
	while ((offset >>= 8) != 0);
	number = bytes_of(digits + sizeof digits - n, n);
	if (odd)
		tlv_put(out, TAG_OFFSET, number);
	else
		writer_put(out, number);
}

/* Without a string: the first data unit in the logical erased state. Nothing found is a warning without
 * data. */
enum sw binary_search(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct file *file = card_target_file(card);
	struct binary_request request;
	size_t found;
	enum sw sw = binary_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.has_end)
		return SW_WRONG_DATA;
	if (request.offset > 0 && request.offset >= transparent_size(file))
		return SW_WRONG_OFFSET;
	if (!transparent_search(file, request.offset, request.data, &found))
		return SW_END_OF_FILE;
	if (apdu->ne > 0)
		put_offset(out, found, (apdu->ins & 1) != 0);
	return SW_OK;
}
