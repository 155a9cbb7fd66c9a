/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which password a reference means; when they go; and that a counter is saved before a value is compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/err.h"
#include "card/type.h"

struct fixture {
	struct card *card;
	struct file *mf, *df, *sub;
	int commits;
	unsigned tries_then; /* of the PIN of the MF, when it was saved last */
	int answer;          /* of the commit */
};

static int commit(void *self)
{
	struct fixture *f = self;

	f->commits++;
	f->tries_then = credentials_password(card_credentials(f->card), f->mf, 1)->pin.tries;
	return f->answer;
}

static enum sw verify(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct password *password =
	    credentials_find_password(card_credentials(card), card_session(card)->df, apdu->p2);

	return password == NULL ? SW_REFERENCE_NOT_FOUND
	                        : card_try_password(card, password, apdu->data);
}

static const struct instruction instructions[] = { { 0x00, 0xFF, 0x20, ACCESS_ALWAYS, verify } };
static const uint8_t atr[] = { 0x3B, 0x00 };
static const struct card_type type = {
	.name = "test",
	.atr = { atr, sizeof atr },
	.instructions = instructions,
	.n_instructions = 1,
};

static struct file *add_df(struct fixture *f, struct file *parent, uint16_t fid)
{
	struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_DF, .fid = fid };
	struct file *file = NULL;

	assert_int_equal(fs_create(card_files(f->card), parent, &parameters, &file), 0);
	return file;
}

static int add_password(struct fixture *f, const struct file *df, uint8_t number, const char *value)
{
	struct password password = { .df = df, .number = number };

	assert_int_equal(pin_init(&password.pin, bytes_of_string(value), 3), 0);
	return credentials_add_password(card_credentials(f->card), &password);
}

static int setup(void **state)
{
	static struct fixture f;
	const struct card_setup settings = { .commit = commit, .commit_self = &f };

	f = (struct fixture){ 0 };
	assert_int_equal(card_new(&type, &settings, &f.card), 0);
	f.mf = fs_mf(card_files(f.card));
	f.df = add_df(&f, f.mf, 0x5001);
	f.sub = add_df(&f, f.df, 0x5002);
	assert_int_equal(add_password(&f, f.mf, 1, "global"), 0);
	assert_int_equal(add_password(&f, f.df, 1, "local"), 0);
	assert_int_equal(add_password(&f, f.df, 2, "other"), 0);
	assert_int_equal(add_password(&f, f.sub, 1, "inner"), 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	card_free(f->card);
	return 0;
}

static uint16_t try(struct fixture *f, uint8_t reference, const char *value)
{
	uint8_t command[32] = { 0x00, 0x20, 0x00, reference, (uint8_t)strlen(value) };
	struct bytes response;

	memcpy(command + 5, value, strlen(value));
	response = card_command(f->card, bytes_of(command, 5 + strlen(value)));
	assert_int_equal(response.len, 2);
	return (uint16_t)(response.data[0] << 8 | response.data[1]);
}

static void references_mean_what_is_near(void **state)
{
	struct fixture *f = *state;
	struct session *session = card_session(f->card);

	assert_int_equal(try(f, 0x81, "local"), 0x6A88); /* the MF has none that is not global */
	session_select(session, f->df);
	assert_int_equal(try(f, 0x81, "local"), 0x9000);
	assert_int_equal(try(f, 0x01, "global"), 0x9000);
	session_select(session, f->sub);
	assert_int_equal(try(f, 0x81, "local"), 0x63C2);
	assert_int_equal(try(f, 0x81, "inner"), 0x9000);
	assert_int_equal(try(f, 0x82, "other"), 0x9000);
	assert_int_equal(try(f, 0x00, "global"), 0x9000);
	assert_int_equal(try(f, 0x02, "other"), 0x6A88);
	assert_int_equal(try(f, 0x80, "other"), 0x6A88);
}

static void what_is_proved_belongs_to_the_df(void **state)
{
	struct fixture *f = *state;
	struct session *session = card_session(f->card);

	session_select(session, f->sub);
	assert_int_equal(try(f, 0x81, "inner"), 0x9000);
	assert_true(session_has(session, CREDENTIAL_PASSWORD, f->sub, 1));
	assert_false(session_has(session, CREDENTIAL_PASSWORD, f->df, 1));
	session_select(session, f->df);
	session_select(session, f->sub);
	assert_false(session_has(session, CREDENTIAL_PASSWORD, f->sub, 1));
}

static void numbers_are_unique_in_a_df(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(add_password(f, f->df, 1, "again"), ERR_EXISTS);
	assert_int_equal(add_password(f, f->df, 0, "none"), ERR_LIMIT);
	assert_int_equal(add_password(f, f->df, 32, "too high"), ERR_LIMIT);
	assert_int_equal(add_password(f, f->df, 31, "highest"), 0);
}

static void there_is_an_end(void **state)
{
	struct fixture *f = *state;
	size_t added = 4;

	for (uint16_t i = 0; added < CREDENTIALS_MAX; i++) {
		struct file *df = add_df(f, f->mf, (uint16_t)(0x6000 + i));

		for (uint8_t n = 1; n < 32 && added < CREDENTIALS_MAX; n++, added++)
			assert_int_equal(add_password(f, df, n, "1234"), 0);
	}
	assert_int_equal(add_password(f, f->mf, 9, "1234"), ERR_LIMIT);
}

static void go_with_their_df(void **state)
{
	struct fixture *f = *state;
	const struct credentials *credentials = card_credentials(f->card);

	card_delete_file(f->card, f->df);
	assert_int_equal(credentials->n[CREDENTIAL_PASSWORD], 1);
	assert_non_null(credentials_password(credentials, f->mf, 1));
	assert_null(credentials->first->next);
}

static void counter_is_saved_before_the_comparison(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(try(f, 1, "wrong"), 0x63C2);
	assert_int_equal(f->commits, 1);
	assert_int_equal(f->tries_then, 2);
	/* A right one: once fallen, and once before the answer with all tries again. */
	assert_int_equal(try(f, 1, "global"), 0x9000);
	assert_int_equal(f->commits, 3);
	assert_int_equal(f->tries_then, 3);
}

static void nothing_is_compared_if_it_cannot_be_saved(void **state)
{
	struct fixture *f = *state;

	f->answer = ERR_IO;
	assert_int_equal(try(f, 1, "global"), 0x6581);
	assert_false(session_has(card_session(f->card), CREDENTIAL_PASSWORD, f->mf, 1));
	assert_int_equal(f->tries_then, 2);
	f->answer = 0;
	assert_int_equal(try(f, 1, "wrong"), 0x63C1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(references_mean_what_is_near),
		TEST(what_is_proved_belongs_to_the_df),
		TEST(numbers_are_unique_in_a_df),
		TEST(there_is_an_end),
		TEST(go_with_their_df),
		TEST(counter_is_saved_before_the_comparison),
		TEST(nothing_is_compared_if_it_cannot_be_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
