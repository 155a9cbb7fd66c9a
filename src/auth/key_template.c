/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates of keys. */
#include "auth/key_template.h"

#include "auth/key_object.h"
#include "iso7816/tlv.h"

#define TAG_MECHANISM 0xAC
#define TAG_TRIES 0xC0
#define TAG_PRIVATE_LENGTHS 0x7F48
#define TAG_PRIVATE_PARTS 0x5F48
#define TAG_PUBLIC 0x7F49

#define TAG_KEY_TYPE 0x80 /* in AC */
#define TAG_KEY_SIZE 0x81
#define TAG_CURVE 0x06

#define TAG_PUBLIC_KEY 0x83 /* in control reference templates */
#define TAG_PRIVATE_KEY 0x84

static enum sw take_reference(struct bytes crt, struct key_template *out)
{
	struct bytes value;

	if (!tlv_find(crt, TAG_PRIVATE_KEY, &value) && !tlv_find(crt, TAG_PUBLIC_KEY, &value))
		return SW_WRONG_DATA;
	if (value.len != 1)
		return SW_WRONG_DATA;
	out->reference = value.data[0];
	return SW_OK;
}

static enum sw take_type(struct bytes value, struct key_template *out)
{
	if (value.len != 1)
		return SW_WRONG_DATA;
	if (value.data[0] < KEY_3DES || value.data[0] > KEY_EC)
		return SW_FUNCTION_NOT_SUPPORTED;
	out->has_type = true;
	out->type = (enum key_type)value.data[0];
	return SW_OK;
}

static enum sw take_size(struct bytes value, struct key_template *out)
{
	uint16_t size = 0;

	if (value.len != sizeof size || !bytes_take_u16(&value, &size))
		return SW_WRONG_DATA;
	out->size = size;
	return SW_OK;
}

/* The template AC. */
static enum sw take_mechanism(struct bytes rest, struct key_template *out)
{
	struct tlv tlv;
	enum sw sw = SW_OK;

	while (sw == SW_OK && rest.len > 0) {
		if (!tlv_take(&rest, &tlv))
			return SW_WRONG_DATA;
		if (tlv.tag == TAG_KEY_TYPE)
			sw = take_type(tlv.value, out);
		else if (tlv.tag == TAG_KEY_SIZE)
			sw = take_size(tlv.value, out);
		else if (tlv.tag == TAG_CURVE)
			out->curve = tlv.value;
		else
			return SW_WRONG_DATA;
	}
	return sw;
}

static enum sw take_tries(struct bytes value, struct key_template *out)
{
	if (value.len != 1 || value.data[0] > KEY_TRIES_MAX)
		return SW_WRONG_DATA;
	out->tries = value.data[0];
	return SW_OK;
}

/* One object; *known is false for one that belongs to the value. */
static enum sw take_object(const struct tlv *tlv, struct key_template *out, bool *known)
{
	enum crt_kind kind;

	*known = true;
	if (crt_kind_of(tlv->tag, &kind)) {
		bool first = out->uses == 0;

		out->uses |= (uint8_t)KEY_USE(kind);
		return first ? take_reference(tlv->value, out) : SW_OK;
	}
	if (tlv->tag == TAG_MECHANISM)
		return take_mechanism(tlv->value, out);
	if (tlv->tag == TAG_TRIES)
		return take_tries(tlv->value, out);
	*known = false;
	return SW_OK;
}

enum sw key_template_take(struct bytes *rest, struct key_template *out)
{
	struct key_template template = { 0 };
	struct bytes left = *rest;
	struct bytes before = left;
	struct tlv tlv;
	bool known = true;
	enum sw sw = SW_OK;

	while (sw == SW_OK && known && left.len > 0) {
		before = left;
		if (!tlv_take(&left, &tlv))
			return SW_WRONG_DATA;
		sw = take_object(&tlv, &template, &known);
	}
	if (sw == SW_OK && template.uses == 0)
		sw = SW_WRONG_DATA;
	if (sw != SW_OK)
		return sw;
	*rest = known ? left : before;
	*out = template;
	return SW_OK;
}

/* A length as in BER, of one to three bytes. */
static bool take_length(struct bytes *rest, size_t *out)
{
	uint8_t first;
	uint8_t one;
	uint16_t two;

	if (!bytes_take_u8(rest, &first))
		return false;
	*out = first;
	if (first < 0x80)
		return true;
	if (first == 0x81 && bytes_take_u8(rest, &one)) {
		*out = one;
		return true;
	}
	if (first == 0x82 && bytes_take_u16(rest, &two)) {
		*out = two;
		return true;
	}
	return false;
}

/* Where a part with this tag belongs: p of RSA and the scalar of EC share one. NULL: nowhere. */
static struct bytes *part(struct key_value *value, uint8_t tag)
{
	switch (tag) {
	case 0x91:
		return &value->exponent;
	case 0x92:
		return &value->p;
	case 0x93:
		return &value->q;
	case 0x94:
		return &value->qinv;
	case 0x95:
		return &value->dp;
	case 0x96:
		return &value->dq;
	case 0x97:
		return &value->modulus;
	case 0x99:
		return &value->point;
	default:
		return NULL;
	}
}

/* Tags and lengths in lengths, what they describe one behind the other in parts. */
static enum sw take_parts(struct bytes lengths, struct bytes parts, struct key_value *out)
{
	struct bytes value;
	struct bytes *to;
	uint8_t tag;
	size_t len;

	while (lengths.len > 0) {
		if (!bytes_take_u8(&lengths, &tag) || !take_length(&lengths, &len) ||
		    !bytes_take(&parts, len, &value))
			return SW_WRONG_DATA;
		to = part(out, tag);
		if (to == NULL)
			return SW_WRONG_DATA;
		*to = value;
	}
	out->scalar = out->p;
	return parts.len == 0 && out->p.len > 0 ? SW_OK : SW_WRONG_DATA;
}

/* The template 7F49: 81 modulus, 82 exponent, 86 point. */
static enum sw take_public(struct bytes rest, struct key_value *out)
{
	struct tlv tlv;

	while (rest.len > 0) {
		if (!tlv_take(&rest, &tlv))
			return SW_WRONG_DATA;
		if (tlv.tag == 0x81)
			out->modulus = tlv.value;
		else if (tlv.tag == 0x82)
			out->exponent = tlv.value;
		else if (tlv.tag == 0x86)
			out->point = tlv.value;
		else if (tlv.tag != TAG_CURVE) /* AC says it */
			return SW_WRONG_DATA;
	}
	return out->modulus.len > 0 || out->point.len > 0 ? SW_OK : SW_WRONG_DATA;
}

enum sw key_value_take(struct bytes *rest, struct key_value *out)
{
	struct key_value value = { 0 };
	struct bytes left = *rest;
	struct bytes parts;
	struct tlv tlv;
	enum sw sw = SW_OK;

	if (left.len > 0) {
		if (!tlv_take(&left, &tlv))
			return SW_WRONG_DATA;
		if (tlv.tag == TAG_PRIVATE_PARTS)
			value.secret = tlv.value;
		else if (tlv.tag == TAG_PUBLIC)
			sw = take_public(tlv.value, &value);
		else if (tlv.tag == TAG_PRIVATE_LENGTHS &&
		    tlv_take_tag(&left, TAG_PRIVATE_PARTS, &parts))
			sw = take_parts(tlv.value, parts, &value);
		else
			sw = SW_WRONG_DATA;
	}
	if (sw == SW_OK && left.len > 0)
		sw = SW_WRONG_DATA;
	if (sw != SW_OK)
		return sw;
	*rest = left;
	*out = value;
	return SW_OK;
}
