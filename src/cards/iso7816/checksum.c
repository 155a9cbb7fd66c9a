/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations COMPUTE and VERIFY CRYPTOGRAPHIC CHECKSUM (ISO/IEC 7816-8). */
#include "base/secret.h"
#include "cards/iso7816/operation.h"
#include "crypto/mac.h"
#include "iso7816/tlv.h"

#define CHECKSUM_SHORT 8 /* what can be left of one to be verified, as in secure messaging */

static enum sw compute(struct card *card, enum crt_use use, struct bytes in, struct bytes *out,
    uint8_t memory[MAC_SIZE_MAX])
{
	const struct choice_request request = { .kind = CRT_CCT, .use = use };
	struct choice choice = { 0 };
	enum sw sw = choice_make(card, &request, &choice);

	if (sw == SW_OK)
		sw = key_object_mac(&choice.key->object, in, memory);
	if (sw == SW_OK)
		*out = bytes_of(memory, cipher_block_size(key_object_cipher(&choice.key->object)));
	return sw;
}

enum sw checksum_compute(struct card *card, const struct apdu *apdu, struct writer *out)
{
	uint8_t memory[MAC_SIZE_MAX];
	struct bytes mac = { 0 };
	enum sw sw = compute(card, CRT_INTERNAL, apdu->data, &mac, memory);

	writer_put(out, mac);
	return sw;
}

/* 80: the message, 8E: its checksum. */
enum sw checksum_verify(struct card *card, const struct apdu *apdu, struct writer *out)
{
	uint8_t memory[MAC_SIZE_MAX];
	struct bytes rest = apdu->data;
	struct bytes message;
	struct bytes given;
	struct bytes mac = { 0 };
	enum sw sw;

	if (!tlv_take_tag(&rest, OBJECT_PLAIN, &message) ||
	    !tlv_take_tag(&rest, OBJECT_CHECKSUM, &given) || rest.len > 0)
		return SW_WRONG_DATA;
	sw = compute(card, CRT_EXTERNAL, message, &mac, memory);
	if (sw != SW_OK)
		return sw;
	if (given.len == CHECKSUM_SHORT)
		mac = bytes_first(mac, CHECKSUM_SHORT);
	return secret_equal(mac, given) ? SW_OK : SW_WARNING_CHANGED;
}
