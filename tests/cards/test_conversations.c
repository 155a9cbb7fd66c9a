/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every conversation of this folder, with cards in this process; and that a wrong one is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cards/cards.h"
#include "conversation.h"

struct in_process {
	struct card *card;
	unsigned slept; /* milliseconds that the card would have let pass */
};

static void count_sleep(void *self, unsigned milliseconds)
{
	struct in_process *way = self;

	way->slept += milliseconds;
}

static bool new_card(void *self, const char *name)
{
	struct in_process *way = self;
	const struct card_setup setup = { .sleep = count_sleep, .sleep_self = way };
	const struct card_type *type = cards_find(name);

	card_free(way->card);
	way->card = NULL;
	return type != NULL && card_new(type, &setup, &way->card) == 0;
}

static bool reset(void *self)
{
	const struct in_process *way = self;

	if (way->card != NULL)
		card_reset(way->card);
	return way->card != NULL;
}

static bool power(void *self)
{
	const struct in_process *way = self;

	if (way->card == NULL)
		return false;
	card_power_off(way->card);
	card_power_on(way->card);
	return true;
}

/* The command in a heap block of its exact size. */
static bool transmit(void *self, struct bytes command, struct bytes *response)
{
	const struct in_process *way = self;
	uint8_t *exact = malloc(command.len > 0 ? command.len : 1);

	if (way->card == NULL || exact == NULL) {
		free(exact);
		return false;
	}
	memcpy(exact, command.data, command.len);
	*response = card_command(way->card, bytes_of(exact, command.len));
	free(exact);
	return true;
}

static int run(const char *path)
{
	struct in_process self = { 0 };
	const struct conversation_way way = { &self, new_card, reset, power, transmit };
	int matched = conversation_run(path, &way);

	card_free(self.card);
	return matched;
}

static void all_conversations(void **state)
{
	assert_true(conversation_run_all(run));
}

static int run_text(const char *text)
{
	char path[] = "/tmp/conversation-XXXXXX";
	int fd = mkstemp(path);
	ssize_t written;
	int matched;

	assert_true(fd >= 0);
	written = write(fd, text, strlen(text));
	assert_int_equal(written, strlen(text));
	(void)close(fd);
	matched = run(path);
	(void)unlink(path);
	return matched;
}

static void right_ones_are_counted(void **state)
{
	static const char *const right[] = {
		"card iso7816\n> 00A4000C\n< 9000\n",
		"# comment\n\ncard iso7816\r\n> 00 A4 00 0C\r\n< ?? 00\r\n",
		"card iso7816\n> 0084000008\n< ??*8 90 00\n",
		"card handler_test\n> 8034010000\n< count*256 9000\n",
		"card handler_test\n> 80 32 00 00 03 AA*3\n< 9000\n",
		"card iso7816\nreset\npower\n> 00A4000C\n< 9000\n",
	};

	for (size_t i = 0; i < COUNT(right); i++)
		assert_int_equal(run_text(right[i]), 1);
	assert_int_equal(run_text("# nothing\n"), 0);
}

static void wrong_ones_are_noticed(void **state)
{
	static const char *const wrong[] = {
		"card iso7816\n> 00A4000C\n< 9001\n",     /* another status */
		"card iso7816\n> 00A4000C\n< 90\n",       /* too short */
		"card iso7816\n> 00A4000C\n< 900000\n",   /* too long */
		"card iso7816\n> 00A4000C\n< ??\n",       /* one byte is not two */
		"card iso7816\n> 00A4000C\n",             /* no expectation */
		"card iso7816\n> 00A4000C\n> 00A4000C\n", /* */
		"card iso7816\n> 00A4000C\nreset\n",      /* */
		"card iso7816\n< 9000\n",                 /* no command */
		"card iso7816\n> 00A4000C\n< 9000\n< 9000\n",
		"> 00A4000C\n< 9000\n", /* no card */
		"reset\n",
		"power\n",
		"card unheard-of\n",
		"card\n",
		"frobnicate\n",
		"card iso7816\n> 00A4000\n< 9000\n", /* half a byte */
		"card iso7816\n> 00A4000G\n< 9000\n",
		"card iso7816\n> 00A4000C\n< 9000*\n",
		"card iso7816\n> 00A4000C\n< 90*1 00*99999\n",
	};

	for (size_t i = 0; i < COUNT(wrong); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(run_text(wrong[i]), -1);
	}
	assert_int_equal(run("/nonexistent.apdu"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_conversations),
		cmocka_unit_test(right_ones_are_counted),
		cmocka_unit_test(wrong_ones_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
