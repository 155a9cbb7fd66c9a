/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What MSE:Set AT and MSE:Set DST say (BSI TR-03110-3, B.14.1 and B.14.4). */
#include "auth/authentication_template.h"

#include "iso7816/tlv.h"

#define TAG_PROTOCOL 0x80
#define TAG_PUBLIC_KEY 0x83
#define TAG_PRIVATE_KEY 0x84
#define TAG_AUXILIARY 0x67
#define TAG_EPHEMERAL 0x91
#define TAG_CHAT 0x7F4C
#define TAG_EXTENSIONS 0x65
#define TAG_CONTEXT 0xE0
#define TAG_REFERENCE 0xE1
#define TAG_SESSION 0x81
#define TAG_FILES 0x80
#define TAG_ATTRIBUTE 0x81

/* Where an object goes. NULL: there is none such. */
static struct bytes *place_of(struct authentication_template *template, uint32_t tag)
{
	switch (tag) {
	case TAG_PROTOCOL:
		return &template->protocol;
	case TAG_PUBLIC_KEY:
		return &template->public_key;
	case TAG_PRIVATE_KEY:
		return &template->private_key;
	case TAG_AUXILIARY:
		return &template->auxiliary;
	case TAG_EPHEMERAL:
		return &template->ephemeral;
	case TAG_EXTENSIONS:
		return &template->extensions;
	case TAG_CONTEXT:
		return &template->context;
	case TAG_REFERENCE:
		return &template->reference;
	default:
		return NULL;
	}
}

static bool keep_chat(struct authentication_template *template, struct bytes value)
{
	if (template->has_chat || chat_parse(value, &template->chat) < 0)
		return false;
	template->has_chat = true;
	return true;
}

static bool keep(struct authentication_template *template, const struct tlv *tlv)
{
	struct bytes *place = place_of(template, tlv->tag);
	struct bytes value = tlv->tag == TAG_AUXILIARY ? tlv->whole : tlv->value;

	if (tlv_is_constructed(tlv->tag) && !tlv_is_valid(tlv->value))
		return false;
	if (tlv->tag == TAG_CHAT)
		return keep_chat(template, tlv->value);
	if (place == NULL || place->data != NULL || (value.len == 0 && tlv->tag != TAG_EXTENSIONS))
		return false;
	*place = value;
	return true;
}

bool authentication_template_parse(struct bytes data, struct authentication_template *out)
{
	struct authentication_template template = { .has_chat = false };
	struct tlv tlv;

	while (data.len > 0)
		if (!tlv_take(&data, &tlv) || !keep(&template, &tlv))
			return false;
	*out = template;
	return true;
}

bool authentication_number(struct bytes reference, uint32_t *out)
{
	uint32_t number = 0;
	uint8_t byte;

	if (reference.len == 0 || reference.len > sizeof number ||
	    (reference.len > 1 && reference.data[0] == 0))
		return false;
	while (bytes_take_u8(&reference, &byte))
		number = number << 8 | byte;
	*out = number;
	return true;
}

bool authentication_session(struct bytes context, uint32_t *out)
{
	struct bytes number;

	return tlv_take_tag(&context, TAG_SESSION, &number) && context.len == 0 &&
	    authentication_number(number, out);
}

bool authentication_files_parse(struct bytes reference, struct authentication_files *out)
{
	static const uint8_t attribute[] = { 0x00, 0xFF };
	struct authentication_files files = { .attribute = false };
	struct bytes value;

	if (tlv_take_tag(&reference, TAG_FILES, &files.fids) &&
	    (files.fids.len == 0 || files.fids.len % 2 != 0))
		return false;
	if (tlv_take_tag(&reference, TAG_ATTRIBUTE, &value)) {
		if (!bytes_equal(value, BYTES_OF_ARRAY(attribute)))
			return false;
		files.attribute = true;
	}
	if (reference.len > 0 || (files.fids.len == 0 && !files.attribute))
		return false;
	*out = files;
	return true;
}

enum authentication_protocol authentication_protocol_of(struct bytes oid)
{
	/* bsi-de protocols(2) smartcard(2), and what follows it */
	static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02 };
	static const struct {
		enum authentication_protocol protocol;
		uint8_t n, arcs[2];
	} protocols[] = {
		{ AUTHENTICATION_TERMINAL, 1, { 2 } },
		{ AUTHENTICATION_CHIP, 1, { 3 } },
		{ AUTHENTICATION_PACE, 1, { 4 } },
		{ AUTHENTICATION_RESTRICTED_ID, 1, { 5 } },
		{ AUTHENTICATION_PSA, 2, { 11, 1 } },
		{ AUTHENTICATION_PSM, 2, { 11, 2 } },
		{ AUTHENTICATION_PSC, 2, { 11, 3 } },
	};

	if (!bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)))
		return AUTHENTICATION_UNKNOWN;
	for (size_t i = 0; i < COUNT(protocols); i++)
		if (bytes_starts_with(bytes_after(oid, sizeof prefix),
		        bytes_of(protocols[i].arcs, protocols[i].n)))
			return protocols[i].protocol;
	return AUTHENTICATION_UNKNOWN;
}
