/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conversation with a card. The first byte says of which type; then come steps: two bytes of length and a
 * command of that many bytes, or as the length FFFF, FFFE, FFFD: reset, power off, power on. Whatever the
 * commands are, there is an answer of the right length with a status word of ISO/IEC 7816-4. */
#include "cards/cards.h"
#include "check.h"
#include "fuzz.h"
#include "transmit.h"

#define STEPS_MAX 300 /* keeps a run short */
#define STEP_RESET 0xFFFF
#define STEP_POWER_OFF 0xFFFE
#define STEP_POWER_ON 0xFFFD
#define RESPONSE_MAX 65535

static void no_sleep(void *self, unsigned milliseconds)
{
}

static void exchange(struct card *card, struct bytes command)
{
	struct apdu_response response = { 0 };
	struct bytes raw = transmit(card, command, &response);

	CHECK(raw.len >= 2 && raw.len <= RESPONSE_MAX);
	CHECK(response.sw >> 8 != 0x60);
	CHECK(sw_is_normal(response.sw) || response.data.len == 0);
}

static void step(struct card *card, uint16_t len, struct bytes *rest)
{
	struct bytes command = bytes_first(*rest, len);

	if (len == STEP_RESET) {
		card_reset(card);
	} else if (len == STEP_POWER_OFF) {
		card_power_off(card);
	} else if (len == STEP_POWER_ON) {
		card_power_on(card);
	} else {
		exchange(card, command);
		*rest = bytes_after(*rest, len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct card_setup setup = { .seed = bytes_of_string("fuzz"), .sleep = no_sleep };
	struct bytes rest = bytes_of(data, len);
	struct card *card = NULL;
	uint8_t type;
	uint16_t n;

	if (!bytes_take_u8(&rest, &type))
		return 0;
	CHECK(card_new(cards[type % cards_count], &setup, &card) == 0);
	for (int i = 0; i < STEPS_MAX && bytes_take_u16(&rest, &n); i++)
		step(card, n, &rest);
	card_free(card);
	return 0;
}
