/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of card types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cards/cards.h"
#include "iso7816/atr.h"

/* As the first type that has an option of this name. */
static bool takes_value(const char *name)
{
	for (size_t i = 0; i < cards_count; i++)
		for (size_t j = 0; j < cards[i]->n_options; j++)
			if (strcmp(cards[i]->options[j].option.name, name) == 0)
				return cards[i]->options[j].option.argument != NULL;
	return false;
}

static void types_are_found_by_their_names(void **state)
{
	assert_true(cards_count >= 2);
	for (size_t i = 0; i < cards_count; i++)
		assert_ptr_equal(cards_find(cards[i]->name), cards[i]);
	assert_null(cards_find("ISO7816"));
	assert_null(cards_find("iso"));
	assert_null(cards_find(""));
}

static void every_type_is_complete(void **state)
{
	for (size_t i = 0; i < cards_count; i++) {
		const struct card_type *type = cards[i];
		struct card *card = NULL;
		struct bytes atr;

		print_message("# %s\n", type->name);
		assert_true(strlen(type->summary) > 0);
		for (size_t j = 0; j < type->n_instructions; j++) {
			const struct instruction *row = &type->instructions[j];

			assert_non_null(row->run);
			assert_int_equal(
			    row->cla & row->mask, row->cla); /* else it is never found */
		}
		assert_int_equal(card_new(type, NULL, &card), 0);
		atr = card_atr(card);
		assert_in_range(atr.len, 2, ATR_SIZE_MAX);
		assert_true(atr.data[0] == 0x3B || atr.data[0] == 0x3F);
		card_free(card);
	}
}

/* The command line takes the word behind a name, or not, before it knows the type. */
static void options_of_one_name_all_take_a_value_or_none(void **state)
{
	for (size_t i = 0; i < cards_count; i++) {
		for (size_t j = 0; j < cards[i]->n_options; j++) {
			const struct cmdline_option *option = &cards[i]->options[j].option;

			assert_int_equal(option->id, CARD_OPTION_ID);
			assert_int_equal(takes_value(option->name), option->argument != NULL);
		}
	}
}

/* Whoever matches on an ATR relies on every byte of it. */
static void atrs_are_those_that_users_know(void **state)
{
	static const uint8_t iso7816[] = { 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01,
		0x00, 0x0B };
	static const uint8_t handler_test[] = { 0x3B, 0xD6, 0x18, 0x00, 0x80, 0xB1, 0x80, 0x6D,
		0x1F, 0x03, 0x80, 0x51, 0x00, 0x61, 0x10, 0x30, 0x9E };
	static const uint8_t cryptoflex[] = { 0x3B, 0xE2, 0x00, 0x00, 0x40, 0x20, 0x49, 0x06 };

	assert_true(bytes_equal(cards_find("cryptoflex")->atr, BYTES_OF_ARRAY(cryptoflex)));
	assert_true(bytes_equal(cards_find("iso7816")->atr, BYTES_OF_ARRAY(iso7816)));
	assert_true(bytes_equal(cards_find("handler_test")->atr, BYTES_OF_ARRAY(handler_test)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_found_by_their_names),
		cmocka_unit_test(every_type_is_complete),
		cmocka_unit_test(options_of_one_name_all_take_a_value_or_none),
		cmocka_unit_test(atrs_are_those_that_users_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
