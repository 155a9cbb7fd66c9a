/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of PACE's passwords, and when they are saved. The card is real, its session and its passwords stand here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "cards/eac/password.h"

static struct {
	struct eac_session session;
	struct eac_password passwords[PACE_PUK + 1];
	int commit;                               /* what the next one answers */
	unsigned commits;                         /* how many there were */
	struct eac_password saved_pin, saved_puk; /* at the last one */
} now;

const struct eac_session *eac_session(struct card *card)
{
	return &now.session;
}

struct eac_password *eac_password(struct card *card, enum pace_password kind)
{
	return now.passwords[kind].len > 0 ? &now.passwords[kind] : NULL;
}

static int commit(void *self)
{
	now.commits++;
	now.saved_pin = now.passwords[PACE_PIN];
	now.saved_puk = now.passwords[PACE_PUK];
	return now.commit;
}

static const struct card_type type = {
	.name = "test", .summary = "test", .atr = { (const uint8_t *)"\x3B\x00", 2 }
};

static void set(enum pace_password kind, const char *value, unsigned tries)
{
	struct eac_password *password = &now.passwords[kind];

	memcpy(password->value, value, strlen(value));
	password->len = strlen(value);
	password->tries = tries;
	password->tries_max = tries;
}

static int setup(void **state)
{
	const struct card_setup setup = { .commit = commit };
	struct card *card = NULL;

	memset(&now, 0, sizeof now);
	set(PACE_MRZ, "T22000129364081252010315", 0);
	set(PACE_CAN, "222222", 0);
	set(PACE_PIN, "111111", 3);
	set(PACE_PUK, "3333333333", 0);
	now.passwords[PACE_PUK].uses = 10;
	now.passwords[PACE_PUK].uses_max = 10;
	assert_int_equal(card_new(&type, &setup, &card), 0);
	*state = card;
	return 0;
}

static int teardown(void **state)
{
	card_free(*state);
	return 0;
}

static void open_session(enum pace_password kind)
{
	now.session.access = EAC_ACCESS_PACE;
	now.session.password = kind;
}

static void close_session(void)
{
	memset(&now.session, 0, sizeof now.session);
}

/* The whole of one PACE. */
static enum sw run(struct card *card, enum pace_password kind, bool right)
{
	enum sw sw = eac_password_may_run(card, kind);

	if (sw == SW_OK)
		sw = eac_password_begin_try(card, kind);
	return sw == SW_OK ? eac_password_end_try(card, kind, right) : sw;
}

static void pin_counts_down_suspends_resumes_and_blocks(void **state)
{
	struct card *card = *state;

	assert_int_equal(eac_password_status(card, PACE_PIN), SW_OK);
	assert_int_equal(run(card, PACE_PIN, false), 0x63C2);
	assert_int_equal(eac_password_status(card, PACE_PIN), 0x63C2);
	assert_int_equal(run(card, PACE_PIN, false), 0x63C1);
	assert_int_equal(eac_password_status(card, PACE_PIN), 0x63C1);
	assert_int_equal(run(card, PACE_PIN, true), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(now.passwords[PACE_PIN].tries, 1);

	open_session(PACE_CAN);
	assert_int_equal(eac_password_status(card, PACE_PIN), 0x63C1);
	assert_int_equal(run(card, PACE_PIN, false), 0x63C0);
	assert_int_equal(eac_password_status(card, PACE_PIN), 0x63C0);
	assert_int_equal(run(card, PACE_PIN, true), SW_AUTH_BLOCKED);
	assert_int_equal(now.passwords[PACE_PIN].tries, 0);
}

static void right_pin_gives_all_tries_again(void **state)
{
	struct card *card = *state;

	assert_int_equal(run(card, PACE_PIN, false), 0x63C2);
	assert_int_equal(run(card, PACE_PIN, true), SW_OK);
	assert_int_equal(eac_password_status(card, PACE_PIN), SW_OK);
	assert_int_equal(now.passwords[PACE_PIN].tries, 3);
}

static void resumed_pin_that_is_right_has_all_tries(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PIN].tries = 1;
	open_session(PACE_CAN);
	assert_int_equal(run(card, PACE_PIN, true), SW_OK);
	assert_int_equal(now.passwords[PACE_PIN].tries, 3);
}

static void can_resumes_for_its_session_alone(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PIN].tries = 1;
	assert_int_equal(run(card, PACE_CAN, true), SW_OK);
	open_session(PACE_CAN);
	assert_int_equal(eac_password_may_run(card, PACE_PIN), SW_OK);
	close_session();
	assert_int_equal(eac_password_may_run(card, PACE_PIN), SW_CONDITIONS_NOT_SATISFIED);
}

static void nothing_but_the_can_resumes(void **state)
{
	struct card *card = *state;
	static const enum pace_password others[] = { PACE_MRZ, PACE_PIN, PACE_PUK };

	now.passwords[PACE_PIN].tries = 1;
	for (size_t i = 0; i < COUNT(others); i++) {
		open_session(others[i]);
		assert_int_equal(eac_password_may_run(card, PACE_PIN), SW_CONDITIONS_NOT_SATISFIED);
	}
	now.session.access = EAC_ACCESS_BAC;
	now.session.password = PACE_CAN;
	assert_int_equal(eac_password_may_run(card, PACE_PIN), SW_CONDITIONS_NOT_SATISFIED);
}

static void can_does_not_unblock(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PIN].tries = 0;
	open_session(PACE_CAN);
	assert_int_equal(eac_password_may_run(card, PACE_PIN), SW_AUTH_BLOCKED);
}

static void mrz_and_can_are_never_counted(void **state)
{
	struct card *card = *state;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(run(card, PACE_CAN, false), SW_WARNING_CHANGED);
		assert_int_equal(run(card, PACE_MRZ, false), SW_WARNING_CHANGED);
		assert_int_equal(run(card, PACE_PUK, false), SW_WARNING_CHANGED);
	}
	assert_int_equal(eac_password_status(card, PACE_CAN), SW_OK);
	assert_int_equal(eac_password_status(card, PACE_MRZ), SW_OK);
	assert_int_equal(run(card, PACE_CAN, true), SW_OK);
	assert_int_equal(run(card, PACE_MRZ, true), SW_OK);
	assert_int_equal(run(card, PACE_PUK, true), SW_OK);
	assert_int_equal(now.passwords[PACE_PUK].uses, 10);
	assert_int_equal(now.commits, 0);
}

static void counted_puk_is_suspended_and_resumed_as_well(void **state)
{
	struct card *card = *state;

	set(PACE_PUK, "3333333333", 2);
	assert_int_equal(run(card, PACE_PUK, false), 0x63C1);
	assert_int_equal(run(card, PACE_PUK, true), SW_CONDITIONS_NOT_SATISFIED);
	open_session(PACE_CAN);
	assert_int_equal(run(card, PACE_PUK, true), SW_OK);
	assert_int_equal(now.passwords[PACE_PUK].tries, 2);
}

static void try_is_saved_before_the_comparison(void **state)
{
	struct card *card = *state;

	assert_int_equal(eac_password_begin_try(card, PACE_PIN), SW_OK);
	assert_int_equal(now.commits, 1);
	assert_int_equal(now.saved_pin.tries, 2);
	assert_int_equal(eac_password_end_try(card, PACE_PIN, true), SW_OK);
	assert_int_equal(now.commits, 1);
}

static void try_that_cannot_be_saved_is_refused(void **state)
{
	struct card *card = *state;

	now.commit = ERR_IO;
	assert_int_equal(eac_password_begin_try(card, PACE_PIN), SW_MEMORY_FAILURE);
	assert_int_equal(now.passwords[PACE_PIN].tries, 2);
}

static void refused_try_costs_nothing(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PIN].tries = 1;
	assert_int_equal(eac_password_begin_try(card, PACE_PIN), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(now.passwords[PACE_PIN].tries, 1);
	assert_int_equal(now.commits, 0);
}

static void deactivated_pin_is_told_and_refused(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PIN].deactivated = true;
	assert_int_equal(eac_password_status(card, PACE_PIN), SW_FILE_DEACTIVATED_WARNING);
	assert_int_equal(run(card, PACE_PIN, true), SW_REFERENCE_DATA_UNUSABLE);
	now.passwords[PACE_PIN].tries = 0;
	assert_int_equal(eac_password_status(card, PACE_PIN), SW_FILE_DEACTIVATED_WARNING);
	now.passwords[PACE_PIN].deactivated = false;
	assert_int_equal(eac_password_status(card, PACE_PIN), 0x63C0);
}

static void missing_password_is_not_found(void **state)
{
	static const struct chat chat = { .type = CHAT_AT };
	struct card *card = *state;

	now.passwords[PACE_PIN].len = 0;
	assert_int_equal(eac_password_status(card, PACE_PIN), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(run(card, PACE_PIN, true), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(eac_password_unblock(card, PACE_PIN, false), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(eac_password_allows_chat(card, PACE_PIN, &chat), SW_REFERENCE_NOT_FOUND);
}

static void puk_unblocks_ten_times(void **state)
{
	struct card *card = *state;

	for (unsigned i = 10; i > 0; i--) {
		now.passwords[PACE_PIN].tries = 0;
		assert_int_equal(eac_password_unblock(card, PACE_PIN, true), SW_OK);
		assert_int_equal(now.passwords[PACE_PIN].tries, 3);
		assert_int_equal(now.saved_puk.uses, i - 1);
		assert_int_equal(now.saved_pin.tries, 0);
	}
	now.passwords[PACE_PIN].tries = 0;
	assert_int_equal(eac_password_unblock(card, PACE_PIN, true), SW_SECURITY_STATUS);
	assert_int_equal(now.passwords[PACE_PIN].tries, 0);
	assert_int_equal(eac_password_unblock(card, PACE_PIN, false), SW_OK);
	assert_int_equal(now.passwords[PACE_PIN].tries, 3);
}

static void use_of_the_puk_that_cannot_be_saved_unblocks_nothing(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PIN].tries = 0;
	now.commit = ERR_IO;
	assert_int_equal(eac_password_unblock(card, PACE_PIN, true), SW_MEMORY_FAILURE);
	assert_int_equal(now.passwords[PACE_PIN].tries, 0);
}

static void puk_without_a_limit_unblocks_for_ever(void **state)
{
	struct card *card = *state;

	now.passwords[PACE_PUK].uses_max = 0;
	now.passwords[PACE_PUK].uses = 0;
	assert_int_equal(eac_password_unblock(card, PACE_PIN, true), SW_OK);
	now.passwords[PACE_PUK].len = 0;
	assert_int_equal(eac_password_unblock(card, PACE_PIN, true), SW_SECURITY_STATUS);
}

static const struct {
	const char *name;
	enum chat_type type;
	bool can_allowed;
	enum sw want[PACE_PUK + 1]; /* by password */
} chats[] = {
	{ "inspection system", CHAT_IS, false, { 0, SW_OK, SW_OK, SW_WRONG_DATA, SW_WRONG_DATA } },
	{ "authentication terminal", CHAT_AT, false,
	    { 0, SW_WRONG_DATA, SW_WRONG_DATA, SW_OK, SW_WRONG_DATA } },
	{ "authentication terminal, CAN allowed", CHAT_AT, true,
	    { 0, SW_WRONG_DATA, SW_OK, SW_OK, SW_WRONG_DATA } },
	{ "signature terminal", CHAT_ST, false, { 0, SW_WRONG_DATA, SW_OK, SW_OK, SW_OK } },
};

static void terminals_have_their_passwords(void **state)
{
	struct card *card = *state;

	for (size_t i = 0; i < COUNT(chats); i++) {
		struct chat chat = { .type = chats[i].type };

		print_message("# %s\n", chats[i].name);
		if (chats[i].can_allowed)
			chat_set(&chat, EAC_AT_CAN_ALLOWED, true);
		for (enum pace_password kind = PACE_MRZ; kind <= PACE_PUK; kind++)
			assert_int_equal(
			    eac_password_allows_chat(card, kind, &chat), chats[i].want[kind]);
	}
}

static void transport_pin_is_for_no_terminal(void **state)
{
	static const struct chat chat = { .type = CHAT_AT };
	struct card *card = *state;

	now.passwords[PACE_PIN].transport = true;
	assert_int_equal(eac_password_allows_chat(card, PACE_PIN, &chat), SW_WRONG_DATA);
	assert_int_equal(run(card, PACE_PIN, true), SW_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pin_counts_down_suspends_resumes_and_blocks),
		TEST(right_pin_gives_all_tries_again),
		TEST(resumed_pin_that_is_right_has_all_tries),
		TEST(can_resumes_for_its_session_alone),
		TEST(nothing_but_the_can_resumes),
		TEST(can_does_not_unblock),
		TEST(mrz_and_can_are_never_counted),
		TEST(counted_puk_is_suspended_and_resumed_as_well),
		TEST(try_is_saved_before_the_comparison),
		TEST(try_that_cannot_be_saved_is_refused),
		TEST(refused_try_costs_nothing),
		TEST(deactivated_pin_is_told_and_refused),
		TEST(missing_password_is_not_found),
		TEST(puk_unblocks_ten_times),
		TEST(use_of_the_puk_that_cannot_be_saved_unblocks_nothing),
		TEST(puk_without_a_limit_unblocks_for_ever),
		TEST(terminals_have_their_passwords),
		TEST(transport_pin_is_for_no_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
