/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card that docs/adding-a-card.md makes: it is compiled from the document itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cards/counter.h"
#include "exact.h"

static void expect(struct card *card, const char *command, const char *response)
{
	struct exact in = exact_of_hex(command);

	print_message("# %s\n", command);
	assert_bytes_hex(card_command(card, in.bytes), response);
	exact_free(&in);
}

static void counts_and_is_a_generic_card(void **state)
{
	struct card *card = NULL;

	assert_int_equal(card_new(&card_counter, NULL, &card), 0);
	expect(card, "80 10 00 00 02", "0001 9000");
	expect(card, "80 10 00 00", "6102");
	expect(card, "80 C0 00 00 02", "0002 9000");
	card_reset(card);
	expect(card, "80 10 00 00 00", "0003 9000");
	expect(card, "80 10 01 00 02", "6A86");
	expect(card, "80 10 00 00 01 00 02", "6700");
	expect(card, "80 12 00 00", "6D00");
	expect(card, "00 A4 00 00 00", "6F0A83023F008A0105820138 9000");
	expect(card, "00 20 00 00", "63C3");
	card_free(card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_is_a_generic_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
