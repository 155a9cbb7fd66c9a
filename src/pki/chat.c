/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate holder authorisation templates (BSI TR-03110-3, C.1.5 and C.4; TR-03110-4, 2). */
#include "pki/chat.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"

#define TAG_CHAT 0x7F4C
#define TAG_OID 0x06
#define TAG_BITS 0x53
#define ROLE_SHIFT 6

struct right {
	unsigned bit;
	const char *name;
};

/* id-roles, 0.4.0.127.0.7.3.1.2; the type is one number more. */
static const uint8_t roles_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02 };

static const struct right rights_is[] = { { 0, "read-dg3" }, { 1, "read-dg4" } };

static const struct right rights_at[] = {
	{ 0, "age-verification" },
	{ 1, "community-id-verification" },
	{ 2, "restricted-identification" },
	{ 3, "privileged-terminal" },
	{ 4, "can-allowed" },
	{ 5, "pin-management" },
	{ 6, "install-certificate" },
	{ 7, "install-qualified-certificate" },
	{ 8, "read-dg1" },
	{ 9, "read-dg2" },
	{ 10, "read-dg3" },
	{ 11, "read-dg4" },
	{ 12, "read-dg5" },
	{ 13, "read-dg6" },
	{ 14, "read-dg7" },
	{ 15, "read-dg8" },
	{ 16, "read-dg9" },
	{ 17, "read-dg10" },
	{ 18, "read-dg11" },
	{ 19, "read-dg12" },
	{ 20, "read-dg13" },
	{ 21, "read-dg14" },
	{ 22, "read-dg15" },
	{ 23, "read-dg16" },
	{ 24, "read-dg17" },
	{ 25, "read-dg18" },
	{ 26, "read-dg19" },
	{ 27, "read-dg20" },
	{ 28, "read-dg21" },
	{ 29, "read-dg22" },
	{ 30, "psa" },
	{ 32, "write-dg22" },
	{ 33, "write-dg21" },
	{ 34, "write-dg20" },
	{ 35, "write-dg19" },
	{ 36, "write-dg18" },
	{ 37, "write-dg17" },
};

static const struct right rights_st[] = { { 0, "sign" }, { 1, "sign-qualified" } };

static const struct {
	const char *name;
	uint8_t arc; /* the last byte of the object identifier */
	uint8_t size;
	uint8_t n_rights;
	const struct right *rights;
} types[CHAT_TYPES] = {
	[CHAT_IS] = { "IS", 1, 1, COUNT(rights_is), rights_is },
	[CHAT_AT] = { "AT", 2, 5, COUNT(rights_at), rights_at },
	[CHAT_ST] = { "ST", 3, 1, COUNT(rights_st), rights_st },
};

const char *chat_type_name(enum chat_type type)
{
	return (unsigned)type < CHAT_TYPES ? types[type].name : NULL;
}

bool chat_type_find(const char *name, enum chat_type *out)
{
	for (enum chat_type type = 0; type < CHAT_TYPES; type++) {
		if (strcmp(types[type].name, name) != 0)
			continue;
		*out = type;
		return true;
	}
	return false;
}

const char *chat_role_name(enum chat_role role)
{
	static const char *const names[] = { "terminal",
		"document verifier, foreign or not official",
		"document verifier, official domestic", "CVCA" };

	return names[(unsigned)role & 3];
}

size_t chat_size(enum chat_type type)
{
	return types[type].size;
}

enum chat_role chat_role(const struct chat *chat)
{
	return (enum chat_role)(chat->bits[0] >> ROLE_SHIFT);
}

void chat_set_role(struct chat *chat, enum chat_role role)
{
	chat->bits[0] = (uint8_t)((chat->bits[0] & 0x3F) | (unsigned)role << ROLE_SHIFT);
}

unsigned chat_rights(enum chat_type type)
{
	return types[type].size * 8U - 2;
}

bool chat_has(const struct chat *chat, unsigned bit)
{
	if (bit >= chat_rights(chat->type))
		return false;
	return (chat->bits[types[chat->type].size - 1 - bit / 8] >> bit % 8 & 1) != 0;
}

void chat_set(struct chat *chat, unsigned bit, bool value)
{
	uint8_t *byte;

	assert(bit < chat_rights(chat->type));
	byte = &chat->bits[types[chat->type].size - 1 - bit / 8];
	*byte = (uint8_t)((*byte & ~(1U << bit % 8)) | (value ? 1U : 0U) << bit % 8);
}

const char *chat_right_name(enum chat_type type, unsigned bit)
{
	for (size_t i = 0; i < types[type].n_rights; i++)
		if (types[type].rights[i].bit == bit)
			return types[type].rights[i].name;
	return NULL;
}

bool chat_right_find(enum chat_type type, const char *name, unsigned *bit)
{
	for (size_t i = 0; i < types[type].n_rights; i++) {
		if (strcmp(types[type].rights[i].name, name) != 0)
			continue;
		*bit = types[type].rights[i].bit;
		return true;
	}
	return false;
}

void chat_limit(struct chat *chat, const struct chat *by)
{
	assert(chat->type == by->type);
	chat->bits[0] &= by->bits[0] | 0xC0;
	for (size_t i = 1; i < CHAT_BITS_MAX; i++)
		chat->bits[i] &= by->bits[i];
}

/* Without the bits to the left of those that there are, if none of them is set: later editions may have more of them. */
static struct bytes known_bits(struct bytes bits, size_t size)
{
	while (bits.len > size && bits.data[0] == 0)
		bits = bytes_after(bits, 1);
	return bits;
}

int chat_parse(struct bytes in, struct chat *out)
{
	struct bytes prefix = BYTES_OF_ARRAY(roles_oid);
	struct bytes oid;
	struct bytes bits;

	if (!tlv_take_tag(&in, TAG_OID, &oid) || !tlv_take_tag(&in, TAG_BITS, &bits) || in.len > 0)
		return ERR_FORMAT;
	if (oid.len != sizeof roles_oid + 1 || !bytes_starts_with(oid, prefix))
		return ERR_UNSUPPORTED;
	for (enum chat_type type = 0; type < CHAT_TYPES; type++) {
		struct chat chat = { .type = type };

		if (types[type].arc != oid.data[sizeof roles_oid])
			continue;
		bits = known_bits(bits, types[type].size);
		if (bits.len != types[type].size)
			return ERR_FORMAT;
		memcpy(chat.bits, bits.data, bits.len);
		*out = chat;
		return 0;
	}
	return ERR_UNSUPPORTED;
}

void chat_put(const struct chat *chat, struct writer *out)
{
	uint8_t oid[sizeof roles_oid + 1];

	memcpy(oid, roles_oid, sizeof roles_oid);
	oid[sizeof roles_oid] = types[chat->type].arc;
	tlv_open(out, TAG_CHAT);
	tlv_put(out, TAG_OID, BYTES_OF_ARRAY(oid));
	tlv_put(out, TAG_BITS, bytes_of(chat->bits, chat_size(chat->type)));
	tlv_close(out);
}
