/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authorisation extensions (BSI TR-03110-3, 2.7 and C.3.1, TR-03110-4, 2.2.3.2). */
#include "auth/authorization.h"

#include <string.h>

#include "iso7816/tlv.h"

#define TAG_TEMPLATE 0x73
#define TAG_OID 0x06
#define TAG_BITS 0x53
#define TAG_BITS_CONTEXT 0x80

/* id-AT, 0.4.0.127.0.7.3.1.2.2, and one arc more */
static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x02 };

static const struct {
	uint8_t arc, size;
} kinds[AUTHORIZATIONS] = {
	[AUTHORIZATION_EID_ACCESS] = { 1, 6 },
	[AUTHORIZATION_SPECIAL_FUNCTIONS] = { 2, 1 },
};

static bool kind_of(struct bytes oid, enum authorization_kind *out)
{
	if (oid.len != sizeof prefix + 1 || !bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)))
		return false;
	for (enum authorization_kind i = 0; i < AUTHORIZATIONS; i++) {
		if (kinds[i].arc != oid.data[sizeof prefix])
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* The last bytes are those that count. */
static void read_bits(enum authorization_kind kind, struct bytes in, struct authorizations *out)
{
	size_t size = kinds[kind].size;
	struct bytes bits = in.len > size ? bytes_after(in, in.len - size) : in;

	memset(out->bits[kind], 0, sizeof out->bits[kind]);
	if (bits.len > 0)
		memcpy(&out->bits[kind][AUTHORIZATION_SIZE_MAX - bits.len], bits.data, bits.len);
}

/* C.3 has a context-specific data object, C.3.1 a discretionary one. */
static bool take_bits(struct bytes *template, struct bytes *out)
{
	return tlv_take_tag(template, TAG_BITS, out) ||
	    tlv_take_tag(template, TAG_BITS_CONTEXT, out);
}

void authorizations_read(struct bytes extensions, struct authorizations *out)
{
	struct bytes template, oid, bits;
	enum authorization_kind kind;

	*out = (struct authorizations){ .bits = { { 0 } } };
	while (tlv_take_tag(&extensions, TAG_TEMPLATE, &template))
		if (tlv_take_tag(&template, TAG_OID, &oid) && kind_of(oid, &kind) &&
		    take_bits(&template, &bits) && template.len == 0)
			read_bits(kind, bits, out);
}

void authorizations_limit(struct authorizations *authorizations, const struct authorizations *by)
{
	for (size_t kind = 0; kind < AUTHORIZATIONS; kind++)
		for (size_t i = 0; i < AUTHORIZATION_SIZE_MAX; i++)
			authorizations->bits[kind][i] &= by->bits[kind][i];
}

bool authorization_has(
    const struct authorizations *authorizations, enum authorization_kind kind, unsigned bit)
{
	if (bit / 8 >= AUTHORIZATION_SIZE_MAX)
		return false;
	return (authorizations->bits[kind][AUTHORIZATION_SIZE_MAX - 1 - bit / 8] >> bit % 8 & 1) !=
	    0;
}
