/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's life: the parts that its types make, in which order, and what happens when one cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "card/type.h"
#include "exact.h"

static char events[64]; /* one letter each */
static int create_result;

static void note(char event)
{
	size_t len = strlen(events);

	assert_true(len + 1 < sizeof events);
	events[len] = event;
}

static int base_create(struct card *card, const struct card_setup *setup, void **state)
{
	static int part;

	note('B');
	*state = &part;
	return 0;
}

static void base_reset(struct card *card, void *state)
{
	note('r');
}

static void base_destroy(struct card *card, void *state)
{
	note(state != NULL ? 'b' : '0');
}

static int own_create(struct card *card, const struct card_setup *setup, void **state)
{
	note('O');
	assert_ptr_equal(setup->own, events); /* what the options were parsed into */
	if (create_result == 0)
		*state = events;
	return create_result;
}

static void own_reset(struct card *card, void *state)
{
	note('R');
}

static void own_destroy(struct card *card, void *state)
{
	note(state != NULL ? 'o' : '0');
}

static const uint8_t atr[] = { 0x3B, 0x00 };
static const struct card_type base_type = { .name = "base",
	.atr = { atr, sizeof atr },
	.create = base_create,
	.reset = base_reset,
	.destroy = base_destroy };
static const struct card_type own_type = { .name = "own",
	.base = &base_type,
	.create = own_create,
	.reset = own_reset,
	.destroy = own_destroy };
static const struct card_setup with_options = { .own = events };

static int forget(void **state)
{
	memset(events, 0, sizeof events);
	create_result = 0;
	return 0;
}

static void base_comes_first_and_goes_last(void **state)
{
	struct card *card = NULL;

	assert_int_equal(card_new(&own_type, &with_options, &card), 0);
	assert_string_equal(events, "BOrR");
	assert_ptr_equal(card_state(card, &own_type), events);
	assert_ptr_not_equal(card_state(card, &base_type), events);
	card_reset(card);
	card_power_off(card);
	card_power_on(card);
	assert_string_equal(events, "BOrRrRrRrR");
	card_free(card);
	assert_string_equal(events, "BOrRrRrRrRob");
	card_free(NULL);
}

static void half_made_card_is_destroyed(void **state)
{
	struct card *card = NULL;

	create_result = ERR_FORMAT;
	assert_int_equal(card_new(&own_type, &with_options, &card), ERR_FORMAT);
	assert_null(card);
	assert_string_equal(events, "BO0b");
}

static void atr_can_be_set(void **state)
{
	const uint8_t longest[34] = { 0x3B };
	struct card_setup setup = { .atr = bytes_of(longest, 33) };
	struct card *card = NULL;

	assert_int_equal(card_new(&base_type, &setup, &card), 0);
	assert_true(bytes_equal(card_atr(card), bytes_of(longest, 33)));
	card_free(card);
	card = NULL;
	setup.atr.len = 34;
	assert_int_equal(card_new(&base_type, &setup, &card), ERR_LIMIT);
	setup.atr.len = 1;
	assert_int_equal(card_new(&base_type, &setup, &card), ERR_LIMIT);
	assert_null(card);
}

static void memory_can_be_set(void **state)
{
	struct card_setup setup = { .memory = 1000 };
	struct card *card = NULL;

	assert_int_equal(card_new(&base_type, &setup, &card), 0);
	assert_int_equal(fs_memory_left(card_files(card)), 1000);
	card_free(card);
	assert_int_equal(card_new(&base_type, NULL, &card), 0);
	assert_int_equal(fs_memory_left(card_files(card)), FS_MEMORY_DEFAULT);
	card_free(card);
	setup.memory = FS_MEMORY_MAX + 1;
	assert_int_equal(card_new(&base_type, &setup, &card), ERR_LIMIT);
}

static void seeded_cards_are_alike(void **state)
{
	const struct card_setup setup = { .seed = bytes_of_string("seed") };
	struct card *one = NULL;
	struct card *two = NULL;
	uint8_t a[16];
	uint8_t b[16];

	assert_int_equal(card_new(&base_type, &setup, &one), 0);
	assert_int_equal(card_new(&base_type, &setup, &two), 0);
	assert_int_equal(card_random(one, a, sizeof a), 0);
	assert_int_equal(card_random(two, b, sizeof b), 0);
	assert_memory_equal(a, b, sizeof a);
	card_free(one);
	card_free(two);
}

static void line_of_types_is_limited(void **state)
{
	static struct card_type types[CARD_TYPE_DEPTH_MAX + 1];
	struct card *card = NULL;

	for (size_t i = 0; i < COUNT(types); i++) {
		types[i].atr = bytes_of(atr, sizeof atr);
		types[i].base = i > 0 ? &types[i - 1] : NULL;
	}
	assert_int_equal(card_new(&types[CARD_TYPE_DEPTH_MAX - 1], NULL, &card), 0);
	card_free(card);
	card = NULL;
	assert_int_equal(card_new(&types[CARD_TYPE_DEPTH_MAX], NULL, &card), ERR_LIMIT);
	assert_null(card);
}

static void lack_of_memory_is_told(void **state)
{
	const struct card_setup setup = { .seed = bytes_of_string("seed") };
	unsigned n = 0;

	for (;; n++) {
		struct card *card = NULL;
		int r;

		alloc_fail_at(n + 1);
		r = card_new(&base_type, &setup, &card);
		if (!alloc_stop()) {
			assert_int_equal(r, 0);
			card_free(card);
			break;
		}
		assert_int_equal(r, ERR_NO_MEMORY);
		assert_null(card);
		(void)forget(state);
	}
	assert_true(n >= 5); /* card, response, generator, seed, tree, MF */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(base_comes_first_and_goes_last, forget),
		cmocka_unit_test_setup(half_made_card_is_destroyed, forget),
		cmocka_unit_test_setup(atr_can_be_set, forget),
		cmocka_unit_test_setup(memory_can_be_set, forget),
		cmocka_unit_test_setup(seeded_cards_are_alike, forget),
		cmocka_unit_test_setup(line_of_types_is_limited, forget),
		cmocka_unit_test_setup(lack_of_memory_is_told, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
