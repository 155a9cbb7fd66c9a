/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes through a card handle to the card and the reader: APDUs, control codes, attributes. */
#include "base/err.h"
#include "pcsc/internal.h"
#include "reader/attributes.h"

/* PCSC_* for what the slot says. */
static uint32_t result_of(int r)
{
	switch (r) {
	case 0:
		return PCSC_OK;
	case ERR_NO_CARD:
		return PCSC_E_NO_SMARTCARD;
	case ERR_LIMIT:
		return PCSC_E_INSUFFICIENT_BUFFER;
	case ERR_UNSUPPORTED:
	case ERR_NOT_FOUND:
		return PCSC_E_UNSUPPORTED_FEATURE;
	case ERR_NO_MEMORY:
		return PCSC_E_NO_MEMORY;
	default:
		return PCSC_E_NOT_TRANSACTED;
	}
}

/* Whether an APDU may go to the card now, with this protocol. Waits for its turn. */
static uint32_t check_transmit(
    struct pcsc_context *context, const struct pcsc_card *card, uint32_t protocol)
{
	struct pcsc_reader *reader = card->reader;
	uint32_t result = reader_wait_idle(context, reader, card->id, context->waiting.call_ms);

	if (result == PCSC_OK)
		result = card->event;
	if (result != PCSC_OK || protocol == PCSC_PROTOCOL_RAW)
		return result;
	if (reader->state.state & PCSC_ABSENT)
		return PCSC_E_NO_SMARTCARD;
	if (protocol != PCSC_PROTOCOL_ANY_OLD && protocol != reader->state.protocol)
		return PCSC_E_PROTO_MISMATCH;
	return PCSC_OK;
}

static uint32_t transmit_locked(
    struct pcsc_reader *reader, struct bytes command, struct writer *response)
{
	size_t before = response->len;
	int r;

	if (command.len > SLOT_MESSAGE_MAX)
		return PCSC_E_NOT_TRANSACTED;
	reader_claim(reader);
	r = slot_transmit(reader->slot, command, response);
	reader_unclaim(reader);
	if (r < 0)
		response->len = before;
	return result_of(r);
}

uint32_t pcsc_transmit(struct pcsc_context *context, int32_t card_id, uint32_t protocol,
    struct bytes command, struct writer *response)
{
	const struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = check_transmit(context, card, protocol);
	if (result == PCSC_OK)
		result = transmit_locked(card->reader, command, response);
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

uint32_t pcsc_control(struct pcsc_context *context, int32_t card_id, uint32_t code, struct bytes in,
    struct writer *out)
{
	const struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = reader_wait_turn(context, card->reader, card_id, 0);
	if (result == PCSC_OK)
		result = result_of(attributes_control(code, out));
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

/* Attributes that PC/SC itself knows: the reader's name, as SCARD_ATTR_DEVICE_FRIENDLY_NAME_A and
 * SCARD_ATTR_DEVICE_SYSTEM_NAME_A. */
#define ATTRIBUTE_FRIENDLY_NAME 0x7FFF0003u
#define ATTRIBUTE_SYSTEM_NAME 0x7FFF0004u

static int get_attribute(const struct pcsc_reader *reader, uint32_t attribute, struct writer *out)
{
	const struct attributes of = {
		.slot = reader->slot,
		.number = reader->number,
		.powered = reader->power != POWER_UNPOWERED,
		.protocols = reader->state.protocol == PCSC_PROTOCOL_T1 ? 1u << 1
		    : reader->state.protocol == PCSC_PROTOCOL_T0        ? 1u << 0
		                                                        : 0,
	};
	int r = 0;

	if (attribute == ATTRIBUTE_FRIENDLY_NAME || attribute == ATTRIBUTE_SYSTEM_NAME) {
		writer_put(out, bytes_of_string(reader->state.name));
		writer_put_u8(out, 0);
	} else {
		r = attributes_get(&of, attribute, out);
	}
	return r == 0 && !writer_done(out) ? ERR_LIMIT : r;
}

uint32_t pcsc_get_attribute(
    struct pcsc_context *context, int32_t card_id, uint32_t attribute, struct writer *out)
{
	const struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = reader_wait_turn(context, card->reader, card_id, 0);
	if (result == PCSC_OK)
		result = card->event;
	if (result == PCSC_OK)
		result = result_of(get_attribute(card->reader, attribute, out));
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}

/* A virtual reader has nothing to be set. */
uint32_t pcsc_set_attribute(
    struct pcsc_context *context, int32_t card_id, uint32_t attribute, struct bytes value)
{
	const struct pcsc_card *card;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	(void)pthread_mutex_lock(&context->pcsc->lock);
	card = pcsc_find_card(context, card_id);
	if (card != NULL)
		result = reader_wait_turn(context, card->reader, card_id, 0);
	if (result == PCSC_OK)
		result = card->event != 0 ? card->event : PCSC_E_UNSUPPORTED_FEATURE;
	(void)pthread_mutex_unlock(&context->pcsc->lock);
	return result;
}
