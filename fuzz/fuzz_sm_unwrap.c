/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protected commands. The first byte says of which session; then come CLA, INS, P1, P2 and the data field. With
 * bit 8 of the first byte the field gets the checksum that it needs, so that what is behind the checksum is
 * tried too. Whatever comes: one of four answers; plain data that is no longer than the field; and the
 * response to it is one that the terminal's side understands. */
#include <stdlib.h>
#include <string.h>

#include "../tests/sm_terminal.h"
#include "check.h"
#include "fuzz.h"
#include "sm/sm.h"

#define FIELD_MAX 2048
#define WITH_CHECKSUM 0x80
#define WITH_COUNTER 0x40
#define ICAO 0x20

static const uint8_t key[32] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t counter[CIPHER_BLOCK_MAX];
static struct sm_terminal terminal;

/* The same input for the card's side, from a heap block of its size. */
static struct bytes exact(struct bytes in)
{
	uint8_t *copy = malloc(in.len > 0 ? in.len : 1);

	CHECK(copy != NULL);
	if (in.len > 0)
		memcpy(copy, in.data, in.len);
	return bytes_of(copy, in.len);
}

static struct sm *start(uint8_t flags)
{
	enum cipher_kind kind = (enum cipher_kind)(flags % CIPHER_KINDS);
	struct bytes secret = bytes_of(key, cipher_key_size(kind));
	const struct sm_setup setup = { .profile = (flags & ICAO) != 0 ? SM_ICAO : SM_ISO,
		.kind = kind,
		.enc = secret,
		.mac = secret,
		.counter =
		    bytes_of(counter, (flags & WITH_COUNTER) != 0 ? cipher_block_size(kind) : 0) };
	struct sm *sm = NULL;

	CHECK(sm_new(&setup, &sm) == 0);
	sm_terminal_init(&terminal, kind, secret, secret, setup.counter);
	return sm;
}

static void respond(struct sm *sm, const struct apdu *apdu, unsigned protection)
{
	static uint8_t memory[FIELD_MAX + SM_RESPONSE_OVERHEAD_MAX + 2];
	const unsigned usual = SM_RESPONSE_AUTHENTIC | SM_RESPONSE_CONFIDENTIAL;
	struct apdu_response answer;
	struct writer out;

	writer_init(&out, memory, sizeof memory);
	writer_put(&out, apdu->data);
	CHECK(sm_wrap(sm, apdu->ins, SW_WARNING_CHANGED, &out) == 0);
	if ((protection & usual) != usual)
		return;
	writer_put_u16(&out, SW_WARNING_CHANGED);
	CHECK(writer_done(&out));
	CHECK(sm_terminal_unwrap(&terminal, writer_bytes(&out), &answer));
	CHECK(answer.sw == SW_WARNING_CHANGED && bytes_equal(answer.data, apdu->data));
}

static void check_plain(struct sm *sm, struct apdu apdu, size_t room)
{
	uint8_t *memory = malloc(room > 0 ? room : 1);
	const struct apdu before = apdu;
	unsigned protection = 0;
	enum sw sw;

	CHECK(memory != NULL);
	sw = sm_unwrap(sm, &apdu, memory, &protection);
	if (sw == SW_OK) {
		CHECK(apdu.data.len <= room);
		CHECK(check_inside(bytes_of(memory, room), apdu.data));
		CHECK(apdu.ne <= APDU_NE_MAX);
		respond(sm, &apdu, protection);
	} else {
		CHECK(sw == SW_SM_OBJECT_MISSING || sw == SW_SM_OBJECT_WRONG);
		CHECK(apdu.data.data == before.data.data && apdu.data.len == before.data.len);
		CHECK(apdu.ne == before.ne && apdu.extended == before.extended);
	}
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes rest = bytes_of(data, len);
	struct apdu apdu = { 0 };
	struct bytes command;
	struct sm *sm;
	uint8_t flags;

	if (len > FIELD_MAX || !bytes_take_u8(&rest, &flags) || !bytes_take_u8(&rest, &apdu.cla) ||
	    !bytes_take_u8(&rest, &apdu.ins) || !bytes_take_u8(&rest, &apdu.p1) ||
	    !bytes_take_u8(&rest, &apdu.p2))
		return 0;
	sm = start(flags);
	sm_terminal_count(&terminal);
	if ((flags & WITH_CHECKSUM) != 0) {
		command = exact(sm_terminal_send(&terminal, &apdu, rest));
		CHECK(apdu_parse(command, &apdu));
	} else {
		command = exact(rest);
		apdu.data = command;
	}
	check_plain(sm, apdu, apdu.data.len);
	free((void *)(uintptr_t)command.data);
	sm_free(sm);
	return 0;
}
