/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security environments. */
#include "auth/environment.h"

#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"

#define TAG_ALGORITHM 0x80
#define TAG_PUBLIC_KEY 0x83
#define TAG_PRIVATE_KEY 0x84
#define TAG_IV_ZERO 0x85
#define TAG_IV 0x87
#define TAG_USAGE 0x95

static const uint8_t tags[CRT_KINDS] = {
	[CRT_AT] = 0xA4,
	[CRT_KAT] = 0xA6,
	[CRT_HT] = 0xAA,
	[CRT_CCT] = 0xB4,
	[CRT_DST] = 0xB6,
	[CRT_CT] = 0xB8,
};

uint8_t crt_use_bit(enum crt_use use)
{
	return (uint8_t)(0x80 >> use);
}

bool crt_kind_of(uint32_t tag, enum crt_kind *out)
{
	for (unsigned i = 0; i < CRT_KINDS; i++) {
		if (tags[i] == tag) {
			*out = (enum crt_kind)i;
			return true;
		}
	}
	return false;
}

uint8_t crt_tag(enum crt_kind kind)
{
	return tags[kind];
}

static bool take_byte(struct bytes value, bool *has, uint8_t *out)
{
	if (value.len != 1)
		return false;
	*has = true;
	*out = value.data[0];
	return true;
}

static bool take_iv(struct bytes value, struct crt *crt)
{
	if (value.len != 8 && value.len != CRT_IV_MAX)
		return false;
	memcpy(crt->iv, value.data, value.len);
	crt->iv_len = value.len;
	return true;
}

/* One object of a template, for one use; the qualifier has been seen to. */
static enum sw set_object(struct crt *crt, const struct tlv *object)
{
	bool right;

	switch (object->tag) {
	case TAG_ALGORITHM:
		right = take_byte(object->value, &crt->has_algorithm, &crt->algorithm);
		break;
	case TAG_PUBLIC_KEY:
		right = take_byte(object->value, &crt->has_public, &crt->public_key);
		break;
	case TAG_PRIVATE_KEY:
		right = take_byte(object->value, &crt->has_private, &crt->private_key);
		break;
	case TAG_IV_ZERO:
		right = object->value.len == 0;
		crt->iv_len = 0;
		break;
	case TAG_IV:
		right = take_iv(object->value, crt);
		break;
	case TAG_USAGE:
		right = object->value.len == 1;
		break;
	default:
		return SW_FUNCTION_NOT_SUPPORTED;
	}
	return right ? SW_OK : SW_WRONG_DATA;
}

static enum sw set_objects(struct crt *crt, struct bytes objects)
{
	struct crt changed = *crt;
	struct tlv object;
	enum sw sw = SW_OK;

	if (objects.len == 0)
		changed = (struct crt){ 0 };
	while (sw == SW_OK && objects.len > 0)
		sw = tlv_take(&objects, &object) ? set_object(&changed, &object) : SW_WRONG_DATA;
	if (sw == SW_OK)
		*crt = changed;
	return sw;
}

/* The uses that a qualifier among the objects names, or those of p1. */
static uint8_t uses_of(struct bytes objects, uint8_t p1)
{
	struct bytes usage;

	if (tlv_find(objects, TAG_USAGE, &usage) && usage.len == 1)
		return usage.data[0] & CRT_USE_MASK;
	return p1 & CRT_USE_MASK;
}

enum sw environment_set(
    struct environment *environment, enum crt_kind kind, uint8_t p1, struct bytes objects)
{
	struct environment changed = *environment;
	uint8_t uses = uses_of(objects, p1);
	enum sw sw = uses != 0 ? SW_OK : SW_WRONG_DATA;

	for (unsigned use = 0; sw == SW_OK && use < CRT_USES; use++) {
		if ((uses & crt_use_bit((enum crt_use)use)) != 0)
			sw = set_objects(&changed.crts[kind][use], objects);
	}
	if (sw == SW_OK)
		*environment = changed;
	return sw;
}

static bool is_empty(const struct crt *crt)
{
	return !crt->has_algorithm && !crt->has_public && !crt->has_private && crt->iv_len == 0;
}

static void encode_crt(const struct crt *crt, enum crt_use use, struct writer *out)
{
	tlv_put_u8(out, TAG_USAGE, crt_use_bit(use));
	if (crt->has_algorithm)
		tlv_put_u8(out, TAG_ALGORITHM, crt->algorithm);
	if (crt->has_public)
		tlv_put_u8(out, TAG_PUBLIC_KEY, crt->public_key);
	if (crt->has_private)
		tlv_put_u8(out, TAG_PRIVATE_KEY, crt->private_key);
	if (crt->iv_len > 0)
		tlv_put(out, TAG_IV, bytes_of(crt->iv, crt->iv_len));
}

void environment_encode(const struct environment *environment, struct writer *out)
{
	for (unsigned kind = 0; kind < CRT_KINDS; kind++) {
		for (unsigned use = 0; use < CRT_USES; use++) {
			const struct crt *crt = &environment->crts[kind][use];

			if (is_empty(crt))
				continue;
			tlv_open(out, crt_tag((enum crt_kind)kind));
			encode_crt(crt, (enum crt_use)use, out);
			tlv_close(out);
		}
	}
}

int environment_parse(struct bytes templates, struct environment *out)
{
	struct environment environment = { 0 };
	enum crt_kind kind;
	struct tlv tlv;

	while (templates.len > 0) {
		if (!tlv_take(&templates, &tlv) || !crt_kind_of(tlv.tag, &kind) ||
		    environment_set(&environment, kind, CRT_USE_MASK, tlv.value) != SW_OK)
			return ERR_FORMAT;
	}
	*out = environment;
	return 0;
}

bool environment_key(
    const struct environment *environment, enum crt_kind kind, enum crt_use use, uint8_t *reference)
{
	const struct crt *crt = &environment->crts[kind][use];
	bool private = use == CRT_INTERNAL ? crt->has_private : !crt->has_public;

	if (!crt->has_public && !crt->has_private)
		return false;
	*reference = private ? crt->private_key : crt->public_key;
	return true;
}
