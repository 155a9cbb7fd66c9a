/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way into a card (ISO/IEC 7816-4, 5.3 and 5.4): parse, logical channel, secure messaging, join
 * chained commands, find the instruction, check who may give it, run, cut the response to Le. The rest of
 * a response is fetched by GET RESPONSE, which belongs to the same exchange and is answered here. A command can also
 * come in parts inside ENVELOPE, of which secure messaging and chains know nothing (BSI TR-03110-3, E). */
#include "card/card.h"

#include "base/err.h"
#include "base/secret.h"
#include "card/internal.h"
#include "iso7816/ins.h"

#define CLA_CHAINING 0x10 /* of the interindustry classes */

enum sw sw_of(int err)
{
	switch (err) {
	case 0:
		return SW_OK;
	case ERR_LIMIT:
		return SW_NOT_ENOUGH_MEMORY;
	case ERR_NO_MEMORY:
		return SW_MEMORY_FAILURE;
	case ERR_EXISTS:
		return SW_FILE_EXISTS;
	case ERR_NOT_FOUND:
		return SW_FILE_NOT_FOUND;
	case ERR_FORMAT:
		return SW_WRONG_DATA;
	case ERR_UNSUPPORTED:
		return SW_FUNCTION_NOT_SUPPORTED;
	default: /* nothing that a terminal could do anything about */
		return SW_NO_DIAGNOSIS;
	}
}

bool apdu_wants_all(const struct apdu *apdu)
{
	return apdu->ne == (apdu->extended ? APDU_NE_MAX : APDU_NE_SHORT_MAX);
}

static void drop_chain(struct card *card)
{
	card->chain.active = false;
	buffer_clear(&card->chain.data);
}

static void drop_pending(struct card *card)
{
	card->pending.offset = 0;
	buffer_clear(&card->pending.data);
}

void dispatch_reset(struct card *card)
{
	drop_chain(card);
	drop_pending(card);
	buffer_clear(&card->enveloped);
}

static bool continues_chain(const struct chain *chain, const struct apdu *apdu)
{
	return (apdu->cla & ~CLA_CHAINING) == chain->cla && apdu->ins == chain->ins &&
	    apdu->p1 == chain->p1 && apdu->p2 == chain->p2;
}

/* Adds a link to the chain, or makes it the first one. */
static enum sw add_link(struct chain *chain, const struct apdu *apdu, unsigned protection)
{
	int r = buffer_append(&chain->data, apdu->data);

	if (r < 0)
		return r == ERR_LIMIT ? SW_WRONG_LENGTH : sw_of(r);
	chain->protection = chain->active ? chain->protection & protection : protection;
	chain->active = true;
	chain->cla = apdu->cla & (uint8_t)~CLA_CHAINING;
	chain->ins = apdu->ins;
	chain->p1 = apdu->p1;
	chain->p2 = apdu->p2;
	return SW_OK;
}

/* The row for the command in the type's own table, or in that of the nearest base that has one. */
static enum sw find(
    const struct card *card, const struct apdu *apdu, const struct instruction **out)
{
	bool class_known = false;

	for (size_t i = 0; i < card->depth; i++) {
		const struct card_type *type = card->line[i];

		for (size_t j = 0; j < type->n_instructions; j++) {
			const struct instruction *row = &type->instructions[j];

			if ((apdu->cla & row->mask) != row->cla)
				continue;
			class_known = true;
			if (row->ins == apdu->ins) {
				*out = row;
				return SW_OK;
			}
		}
	}
	return class_known ? SW_INS_NOT_SUPPORTED : SW_CLA_NOT_SUPPORTED;
}

/* Whether the row for the command wants each command of a chain by itself. */
static bool takes_links(const struct card *card, const struct apdu *apdu)
{
	struct apdu plain = *apdu;
	const struct instruction *row;

	plain.cla = 0x00;
	return find(card, &plain, &row) == SW_OK && (row->mask & CLA_CHAINING) == 0;
}

/* Joins chained commands: with the last one, *apdu becomes the whole command, its data a view of the
 * chain's buffer, and *complete is true; so it is for a command outside any chain. */
static enum sw join(
    struct card *card, const struct apdu_class *class, struct apdu *apdu, bool *complete)
{
	struct session *session = card_session(card);
	struct chain *chain = &card->chain;
	bool chained = class->interindustry && class->chained && !takes_links(card, apdu);
	enum sw sw;

	*complete = !chained;
	if (chain->active && !continues_chain(chain, apdu)) {
		drop_chain(card);
		return SW_LAST_OF_CHAIN_EXPECTED;
	}
	if (!chain->active && !chained)
		return SW_OK;
	sw = add_link(chain, apdu, session->protection);
	if (sw != SW_OK)
		drop_chain(card);
	else if (!chained)
		apdu->data = buffer_bytes(&chain->data);
	session->protection = chain->protection;
	return sw;
}

/* Runs the row's handler on its target. An EF that the command names is the current one from then on, unless
 * the command fails. */
static enum sw run_on(struct card *card, const struct instruction *row, const struct target *target,
    const struct apdu *apdu, struct writer *out)
{
	struct session *session = card_session(card);
	struct file *ef = session->ef;
	unsigned record = session->record;
	enum sw sw;

	card->target = target->file;
	if (target->make_current) {
		session->ef = target->file;
		session->record = 0;
	}
	sw = row->run(card, apdu, out);
	if (target->make_current && !sw_is_normal((uint16_t)sw)) {
		session->ef = ef;
		session->record = record;
	}
	card->target = NULL;
	return sw;
}

/* Finds the command's row, checks access and runs it. */
static enum sw run(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct target target = { 0 };
	const struct instruction *row;
	enum sw sw = find(card, apdu, &row);

	if (sw == SW_OK)
		sw = access_check(card, row, apdu, &target);
	if (sw == SW_OK)
		sw = run_on(card, row, &target, apdu, out);
	if (card_commit(card) < 0)
		sw = SW_MEMORY_FAILURE;
	if (!writer_done(out) && sw_is_normal((uint16_t)sw))
		sw = SW_NO_DIAGNOSIS;
	if (!sw_is_normal((uint16_t)sw))
		writer_reset(out);
	return sw;
}

/* Keeps back what the terminal did not ask for or a message cannot hold, for GET RESPONSE. */
static enum sw cut(struct card *card, const struct apdu *apdu, enum sw sw, struct writer *out)
{
	struct bytes data = writer_bytes(out);
	size_t n = apdu->ne < CARD_RESPONSE_DATA_MAX ? apdu->ne : CARD_RESPONSE_DATA_MAX;
	int r;

	if (card->line[0]->t0 && apdu->data.len > 0)
		n = 0;
	if (data.len <= n)
		return sw;
	r = buffer_set(&card->pending.data, bytes_after(data, n));
	if (r < 0) {
		writer_reset(out);
		return sw_of(r);
	}
	card->pending.sw = sw;
	card->pending.cla = apdu->cla;
	card->pending.channel = card->channel;
	out->len = n;
	return sw_more_data(data.len - n);
}

/* Le as T=0 wants it: a terminal that names a length there must name one that is available. */
static bool le_is_wrong(const struct card *card, const struct apdu *apdu, size_t left)
{
	if (apdu->ne == 0)
		return true;
	if (card->line[0]->t0)
		return apdu->ne > left;
	return apdu->ne > left && left <= APDU_NE_SHORT_MAX && !apdu_wants_all(apdu);
}

/* GET RESPONSE (7816-4, 5.3.4): the next part of what the last command left. What is refused can be
 * asked for again. */
static enum sw get_response(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct pending *pending = &card->pending;
	struct bytes left = bytes_after(buffer_bytes(&pending->data), pending->offset);
	size_t max = apdu->ne < CARD_RESPONSE_DATA_MAX ? apdu->ne : CARD_RESPONSE_DATA_MAX;
	struct bytes part = bytes_first(left, max);
	enum sw sw = pending->sw;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	if (left.len == 0 || pending->channel != card->channel)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (le_is_wrong(card, apdu, left.len))
		return (enum sw)((card->line[0]->t0 ? SW_WRONG_LENGTH : SW_WRONG_LE) |
		    (sw_more_data(left.len) & 0xFF));
	writer_put(out, part);
	pending->offset += part.len;
	if (part.len < left.len)
		return sw_more_data(left.len - part.len);
	drop_pending(card);
	return sw;
}

/* GET RESPONSE has an interindustry class, or that of the proprietary command whose response it fetches.
 * Some interfaces repeat the class of the command with its bits for chaining and secure messaging; without
 * data it is neither a link nor protected. */
static bool is_get_response(
    const struct card *card, const struct apdu_class *class, const struct apdu *apdu)
{
	bool fetches = card->pending.data.len > 0;

	if (apdu->ins != INS_GET_RESPONSE || (card->chain.active && !fetches))
		return false;
	if (class->interindustry)
		return (!class->chained && class->sm == APDU_SM_NONE) ||
		    (fetches && apdu->data.len == 0);
	return fetches && (card->line[0]->t0 || apdu->cla == card->pending.cla);
}

/* The class byte, as far as it says who speaks and how (7816-4, 5.4.1). */
static enum sw check_class(
    const struct card *card, const struct apdu *apdu, struct apdu_class *class)
{
	if (!apdu_class_parse(apdu->cla, class))
		return SW_CLA_NOT_SUPPORTED;
	if (class->interindustry && !card->open[class->channel])
		return SW_CHANNEL_NOT_SUPPORTED;
	return SW_OK;
}

static void tell_types(struct card *card, const struct apdu *apdu)
{
	for (size_t i = card->depth; i-- > 0;) {
		if (card->line[i]->before != NULL)
			card->line[i]->before(card, card->state[i], apdu);
	}
}

/* Joins and runs a command that is not, or no longer, protected. */
static enum sw carry_out(
    struct card *card, const struct apdu_class *class, struct apdu *apdu, struct writer *out)
{
	bool complete = false;
	enum sw sw;

	tell_types(card, apdu);
	sw = join(card, class, apdu, &complete);
	if (sw != SW_OK || !complete)
		return sw;
	if (class->interindustry)
		apdu->cla = class->chained ? CLA_CHAINING : 0x00;
	sw = run(card, apdu, out);
	drop_chain(card); /* its data was the command's */
	return sw;
}

/* A command other than GET RESPONSE, from its protection to its response. */
static enum sw exchange(
    struct card *card, const struct apdu_class *class, struct apdu *apdu, struct writer *out)
{
	struct apdu outer = *apdu; /* whose Le counts in the end */
	bool protected = false;
	enum sw sw = secure_unwrap(card, class, apdu, &protected);

	if (sw != SW_OK)
		return sw;
	if (class->interindustry)
		outer.cla = 0x00;
	sw = carry_out(card, class, apdu, out);
	if (protected) {
		secret_wipe(card->plain, outer.data.len);
		sw = secure_wrap(card, apdu, sw, out);
	}
	secure_switch(card);
	return cut(card, &outer, sw, out);
}

/* A command other than ENVELOPE. */
static enum sw answer_apdu(struct card *card, struct apdu *apdu, struct writer *out)
{
	struct apdu_class class = { 0 };
	enum sw sw = check_class(card, apdu, &class);

	card->channel = sw == SW_OK ? class.channel : 0;
	if (sw == SW_OK && is_get_response(card, &class, apdu))
		return get_response(card, apdu, out);
	drop_pending(card);
	if (sw == SW_OK)
		sw = exchange(card, &class, apdu, out);
	if (!sw_is_normal((uint16_t)sw))
		drop_chain(card);
	return sw;
}

/* Whether the command is ENVELOPE. Under secure messaging there is no such command. */
static bool is_envelope(const struct card *card, const struct apdu *apdu, struct apdu_class *class)
{
	return card->line[0]->envelopes && apdu->ins == INS_ENVELOPE &&
	    check_class(card, apdu, class) == SW_OK && class->interindustry &&
	    class->sm == APDU_SM_NONE;
}

/* What was inside is answered whole, status word and all, by GET RESPONSE. */
static enum sw open_envelope(struct card *card, uint8_t channel, struct writer *out)
{
	struct pending *pending = &card->pending;
	struct apdu apdu;
	enum sw sw = SW_WRONG_LENGTH;
	int r = ERR_LIMIT;

	if (apdu_parse(buffer_bytes(&card->enveloped), &apdu))
		sw = answer_apdu(card, &apdu, out);
	buffer_clear(&card->enveloped);
	if (pending->data.len > 0) {
		writer_put(out, buffer_bytes(&pending->data));
		sw = pending->sw;
	}
	writer_put_u16(out, (uint16_t)sw);
	drop_pending(card);
	if (writer_done(out))
		r = buffer_set(&pending->data, writer_bytes(out));
	writer_reset(out);
	if (r < 0)
		return sw_of(r);
	pending->sw = SW_OK;
	pending->cla = 0x00;
	pending->channel = channel;
	return sw_more_data(pending->data.len);
}

/* A part of a command; with the last one it is carried out. What is refused ends chains, as any other refusal does. */
static enum sw take_envelope(
    struct card *card, const struct apdu_class *class, const struct apdu *apdu, struct writer *out)
{
	int r;

	drop_pending(card);
	if (apdu->p1 != 0 || apdu->p2 != 0) {
		dispatch_reset(card);
		return SW_WRONG_P1P2;
	}
	r = apdu->data.len > 0 ? buffer_append(&card->enveloped, apdu->data) : ERR_LIMIT;
	if (r < 0) {
		dispatch_reset(card);
		return r == ERR_LIMIT ? SW_WRONG_LENGTH : sw_of(r);
	}
	return class->chained ? SW_OK : open_envelope(card, class->channel, out);
}

static enum sw answer(struct card *card, struct bytes command, struct writer *out)
{
	struct apdu_class class = { 0 };
	struct apdu apdu;

	if (!apdu_parse(command, &apdu)) {
		dispatch_reset(card);
		return SW_WRONG_LENGTH;
	}
	if (is_envelope(card, &apdu, &class))
		return take_envelope(card, &class, &apdu, out);
	if (card->enveloped.len > 0) {
		dispatch_reset(card);
		return SW_LAST_OF_CHAIN_EXPECTED;
	}
	return answer_apdu(card, &apdu, out);
}

struct bytes card_command(struct card *card, struct bytes command)
{
	struct writer out;
	size_t len;
	enum sw sw;

	writer_init(&out, card->response, APDU_NE_MAX);
	sw = answer(card, command, &out);
	random_rest(card->random);
	len = out.len; /* at most CARD_RESPONSE_DATA_MAX: there is room for two more */
	card->response[len] = (uint8_t)(sw >> 8);
	card->response[len + 1] = (uint8_t)sw;
	return bytes_of(card->response, len + 2);
}
