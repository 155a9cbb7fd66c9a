/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands under secure messaging (ISO/IEC 7816-4, 10.2 and 10.4). First the checksum, over the bytes as they
 * came; what it does not confirm is never deciphered. Then the data objects, one after the other.
 *
 * Objects of mechanisms that no session here has (certificates, signatures, hash codes, control reference
 * templates) are refused, as unknown ones are: 6988. */
#include "sm/sm.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/pad.h"
#include "sm/internal.h"

#define DEPTH_MAX 4 /* SM fields inside SM fields */
#define HEADER_SIZE 4
#define CLASS_MASK 0xC0
#define CLASS_CONTEXT 0x80

/* A command on its way from protected to plain. */
struct unwrapping {
	struct sm *sm;
	struct apdu *apdu;
	bool header_authentic; /* by the class byte or by 89 */
	bool any_covered;      /* some object is in the checksum */
	bool all_authentic;    /* and none is not */
	bool all_confidential; /* no data was plain */
	bool has_data, has_le, has_descriptor;
	struct bytes le;
	struct bytes checksum;
	struct bytes covered; /* the data field up to the checksum */
	struct writer data;   /* the plain data */
};

static bool is_context(const struct tlv *tlv)
{
	return (tlv->whole.data[0] & CLASS_MASK) == CLASS_CONTEXT;
}

/* 10.2.1: bit 1 of an SM object's tag; objects of other classes always. */
static bool is_in_checksum(const struct tlv *tlv)
{
	return !is_context(tlv) || (tlv->tag & 1) != 0;
}

/* 10.2.3.1: padding follows the header, and each run of objects that are in the checksum. */
static int feed_header(struct unwrapping *u)
{
	const struct apdu *apdu = u->apdu;
	const uint8_t header[HEADER_SIZE] = { apdu->cla, apdu->ins, apdu->p1, apdu->p2 };
	int r = mac_update(u->sm->mac, BYTES_OF_ARRAY(header));

	return r < 0 ? r : mac_update_padding(u->sm->mac);
}

/* An object before the checksum. *open: the one before was in it. */
static int feed_object(struct unwrapping *u, const struct tlv *tlv, bool *open)
{
	struct mac *mac = u->sm->mac;
	bool covered = is_in_checksum(tlv);
	int r = 0;

	if (covered)
		r = mac_update(mac, tlv->whole);
	else if (*open)
		r = mac_update_padding(mac);
	u->any_covered |= covered;
	u->all_authentic &= covered;
	*open = covered;
	return r;
}

/* Feeds the objects up to the checksum, which is the last. */
static enum sw feed_objects(struct unwrapping *u)
{
	struct bytes field = u->apdu->data;
	struct bytes rest = field;
	bool open = false;
	struct tlv tlv;

	while (rest.len > 0) {
		u->covered = bytes_first(field, field.len - rest.len);
		if (!tlv_take(&rest, &tlv))
			return SW_SM_OBJECT_WRONG;
		if (tlv.tag == SM_CHECKSUM)
			break;
		if (feed_object(u, &tlv, &open) < 0)
			return SW_NO_DIAGNOSIS;
		tlv.tag = 0;
	}
	if (field.len == 0 || tlv.tag != SM_CHECKSUM)
		return SW_SM_OBJECT_MISSING;
	if (rest.len > 0 || tlv.value.len != SM_MAC_SIZE)
		return SW_SM_OBJECT_WRONG;
	u->checksum = tlv.value;
	return open && mac_update_padding(u->sm->mac) < 0 ? SW_NO_DIAGNOSIS : SW_OK;
}

static enum sw verify_checksum(struct unwrapping *u)
{
	uint8_t want[SM_MAC_SIZE];
	enum sw sw;

	if (sm_start_checksum(u->sm) < 0 || (u->header_authentic && feed_header(u) < 0))
		return SW_NO_DIAGNOSIS;
	sw = feed_objects(u);
	if (sw != SW_OK)
		return sw;
	if (!u->header_authentic && !u->any_covered)
		return SW_SM_OBJECT_WRONG;
	if (sm_finish_checksum(u->sm, want) < 0)
		return SW_NO_DIAGNOSIS;
	return secret_equal(BYTES_OF_ARRAY(want), u->checksum) ? SW_OK : SW_SM_OBJECT_WRONG;
}

/* Copies to where the data ends so far, within memory: an inner field is read from behind that place. */
static uint8_t *append(struct unwrapping *u, struct bytes in)
{
	uint8_t *at = writer_reserve(&u->data, in.len);

	if (at != NULL && in.len > 0)
		memmove(at, in.data, in.len);
	return at;
}

static enum sw take_plain(struct unwrapping *u, struct bytes value)
{
	u->has_data = true;
	u->all_confidential = false;
	return append(u, value) != NULL ? SW_OK : SW_SM_OBJECT_WRONG;
}

/* Deciphers a cryptogram to the end of the data. */
static enum sw take_cryptogram(struct unwrapping *u, bool padded, struct bytes cryptogram)
{
	size_t start = u->data.len;
	uint8_t iv[CIPHER_BLOCK_MAX];
	uint8_t *at;
	size_t len = cryptogram.len;

	if (len == 0 || len % u->sm->block != 0)
		return SW_SM_OBJECT_WRONG;
	at = append(u, cryptogram);
	if (at == NULL)
		return SW_SM_OBJECT_WRONG;
	if (sm_iv(u->sm, iv) < 0 || cipher_decrypt(u->sm->cbc, iv, bytes_of(at, len), at) < 0)
		return SW_NO_DIAGNOSIS;
	if (padded && !pad_remove(bytes_of(at, cryptogram.len), u->sm->block, &len))
		return SW_SM_OBJECT_WRONG;
	u->data.len = start + len;
	u->has_data = true;
	return SW_OK;
}

static enum sw take_indicated(struct unwrapping *u, struct bytes value)
{
	uint8_t indicator;

	if (!bytes_take_u8(&value, &indicator))
		return SW_SM_OBJECT_WRONG;
	if (indicator != SM_PADDED && indicator != SM_NOT_PADDED)
		return SW_SM_OBJECT_WRONG;
	return take_cryptogram(u, indicator == SM_PADDED, value);
}

/* 97: one or two bytes; none: all there is. */
static enum sw take_le(struct unwrapping *u, struct bytes value)
{
	if (u->has_le || value.len > 2)
		return SW_SM_OBJECT_WRONG;
	u->has_le = true;
	u->le = value;
	return SW_OK;
}

/* 89: the header that the command would have in plain, or the one that it has. */
static enum sw take_header(struct unwrapping *u, const struct tlv *tlv)
{
	const struct apdu *apdu = u->apdu;
	struct bytes rest = tlv->value;
	struct apdu inner;

	if (tlv->tag != SM_HEADER + 1 || rest.len != HEADER_SIZE || !apdu_parse(rest, &inner))
		return SW_SM_OBJECT_WRONG;
	if (inner.ins != apdu->ins || inner.p1 != apdu->p1 || inner.p2 != apdu->p2)
		return SW_SM_OBJECT_WRONG;
	u->header_authentic = true;
	return SW_OK;
}

/* BA, BB: which objects the response shall have, each empty: data as plain value or cryptogram, the status, and
 * the checksum, of which the last must be there. */
static enum sw take_descriptor(struct unwrapping *u, struct bytes rest)
{
	bool plain = false;
	bool status = false;
	bool checksum = false;
	struct tlv tlv;

	if (u->has_descriptor)
		return SW_SM_OBJECT_WRONG;
	u->has_descriptor = true;
	while (rest.len > 0) {
		if (checksum || !tlv_take(&rest, &tlv) || tlv.value.len > 0)
			return SW_SM_OBJECT_WRONG;
		if (tlv.tag == SM_STATUS + 1)
			status = true;
		else if (tlv.tag == SM_CHECKSUM)
			checksum = true;
		else if (tlv.tag == SM_PLAIN + 1)
			plain = true;
		else if (tlv.tag != SM_CRYPTOGRAM + 1 && tlv.tag != SM_CRYPTOGRAM_OBJECTS + 1)
			return SW_SM_OBJECT_WRONG;
	}
	u->sm->plain_response = plain;
	u->sm->unasked_status = !status;
	return checksum ? SW_OK : SW_SM_OBJECT_WRONG;
}

static enum sw take_field(struct unwrapping *u, struct bytes field, unsigned depth);

/* An inner field that came enciphered: deciphered where its data will be, then taken apart there. */
static enum sw take_cryptogram_field(struct unwrapping *u, struct bytes value, unsigned depth)
{
	size_t start = u->data.len;
	enum sw sw = take_cryptogram(u, true, value);
	struct bytes field;

	if (sw != SW_OK)
		return sw;
	field = bytes_after(writer_bytes(&u->data), start);
	u->data.len = start;
	return take_field(u, field, depth + 1);
}

/* Any data object of 7816-4. */
static enum sw take_object(struct unwrapping *u, const struct tlv *tlv, unsigned depth)
{
	if (!is_context(tlv))
		return take_plain(u, tlv->whole);
	switch (tlv->tag & ~1U) {
	case SM_PLAIN:
	case SM_OBJECTS:
		return take_plain(u, tlv->value);
	case SM_FIELD:
		return take_field(u, tlv->value, depth + 1);
	case SM_CRYPTOGRAM_FIELD:
		return take_cryptogram_field(u, tlv->value, depth);
	case SM_CRYPTOGRAM_OBJECTS:
		return take_cryptogram(u, true, tlv->value);
	case SM_CRYPTOGRAM:
		return take_indicated(u, tlv->value);
	case SM_LE:
		return take_le(u, tlv->value);
	case SM_HEADER:
		return take_header(u, tlv);
	case SM_RESPONSE_DESCRIPTOR:
		return take_descriptor(u, tlv->value);
	default:
		return SW_SM_OBJECT_WRONG;
	}
}

static enum sw take_field(struct unwrapping *u, struct bytes field, unsigned depth)
{
	enum sw sw = SW_OK;
	struct tlv tlv;

	if (depth > DEPTH_MAX)
		return SW_SM_OBJECT_WRONG;
	while (sw == SW_OK && field.len > 0) {
		if (!tlv_take(&field, &tlv))
			return SW_SM_OBJECT_WRONG;
		sw = take_object(u, &tlv, depth);
	}
	return sw;
}

/* The objects of ICAO 9303-11 and no others, in their order. */
static enum sw take_icao(struct unwrapping *u)
{
	bool odd = (u->apdu->ins & 1) != 0;
	uint32_t cryptogram = odd ? SM_CRYPTOGRAM_OBJECTS + 1 : SM_CRYPTOGRAM + 1;
	struct bytes rest = u->covered;
	struct bytes value;
	enum sw sw = SW_OK;

	if (tlv_take_tag(&rest, cryptogram, &value)) {
		if (!odd && (value.len == 0 || value.data[0] != SM_PADDED))
			return SW_SM_OBJECT_WRONG;
		sw = take_cryptogram(u, true, odd ? value : bytes_after(value, 1));
	}
	if (sw == SW_OK && tlv_take_tag(&rest, SM_LE + 1, &value))
		sw = value.len > 0 ? take_le(u, value) : SW_SM_OBJECT_WRONG;
	return sw == SW_OK && rest.len > 0 ? SW_SM_OBJECT_WRONG : sw;
}

static void set_plain(const struct unwrapping *u, struct apdu *apdu)
{
	struct bytes le = u->le;
	uint16_t wide;
	uint8_t narrow;

	if (u->has_le && le.len == 0)
		apdu->ne = apdu->extended ? APDU_NE_MAX : APDU_NE_SHORT_MAX;
	else
		apdu->ne = 0;
	if (le.len > 0)
		apdu->extended = le.len > 1;
	if (le.len == 1 && bytes_take_u8(&le, &narrow))
		apdu->ne = narrow == 0 ? APDU_NE_SHORT_MAX : narrow;
	if (le.len == 2 && bytes_take_u16(&le, &wide))
		apdu->ne = wide == 0 ? APDU_NE_MAX : wide;
	apdu->data = writer_bytes(&u->data);
}

static unsigned protection_of(const struct unwrapping *u)
{
	unsigned bits = SM_RESPONSE_AUTHENTIC;

	if (u->all_authentic && u->header_authentic)
		bits |= SM_COMMAND_AUTHENTIC;
	if (u->all_confidential)
		bits |= SM_COMMAND_CONFIDENTIAL;
	if (!u->sm->plain_response)
		bits |= SM_RESPONSE_CONFIDENTIAL;
	if (u->sm->unasked_status)
		bits &= ~(unsigned)SM_RESPONSE_AUTHENTIC;
	return bits;
}

/* 5.4.1, table 2; TR-03110-3 has the same bits in proprietary classes. */
static bool class_has_header(uint8_t cla)
{
	return (cla & 0x0C) == 0x0C && ((cla & 0xE0) == 0 || (cla & 0x80) != 0);
}

enum sw sm_unwrap(struct sm *sm, struct apdu *apdu, uint8_t *memory, unsigned *protection)
{
	struct unwrapping u = {
		.sm = sm, .apdu = apdu, .all_authentic = true, .all_confidential = true
	};
	enum sw sw;

	sm_count(sm);
	sm->plain_response = false;
	sm->unasked_status = false;
	writer_init(&u.data, memory, apdu->data.len);
	u.header_authentic = class_has_header(apdu->cla);
	sw = verify_checksum(&u);
	if (sw == SW_OK && sm->profile == SM_ICAO && !u.header_authentic)
		sw = SW_SM_OBJECT_WRONG;
	if (sw == SW_OK)
		sw = sm->profile == SM_ICAO ? take_icao(&u) : take_field(&u, u.covered, 1);
	if (sw != SW_OK) {
		secret_wipe(memory, apdu->data.len);
		return sw;
	}
	set_plain(&u, apdu);
	*protection = protection_of(&u);
	return SW_OK;
}
