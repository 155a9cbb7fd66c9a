/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what to which file: local and global passwords and keys, life cycle, and that a handler is not
 * reached without leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card/credentials.h"
#include "card/type.h"
#include "exact.h"

static unsigned runs; /* of the handler */
static struct file *wanted;

static enum sw find_wanted(struct card *card, const struct apdu *apdu, struct target *out)
{
	out->file = wanted;
	return wanted != NULL ? SW_OK : SW_FILE_NOT_FOUND;
}

static enum sw run(struct card *card, const struct apdu *apdu, struct writer *out)
{
	assert_ptr_equal(card_target_file(card), wanted);
	runs++;
	return SW_OK;
}

static const struct instruction rows[] = {
	{ 0x00, 0xFF, 0x10, ACCESS_READ, run, find_wanted },
	{ 0x00, 0xFF, 0x12, ACCESS_UPDATE, run, find_wanted },
};
static const uint8_t atr[] = { 0x3B, 0x00 };
static const struct card_type type = { .name = "access",
	.atr = { atr, sizeof atr },
	.instructions = rows,
	.n_instructions = COUNT(rows) };

static struct card *card;
static struct file *mf;

static struct file *add(struct file *df, uint8_t descriptor, uint16_t fid, const char *rules)
{
	struct exact expanded = exact_of_hex(rules);
	struct fs_parameters parameters = {
		.descriptor = descriptor, .fid = fid, .life_cycle = FCP_LIFE_CYCLE_ACTIVATED
	};
	struct file *file = NULL;

	parameters.attributes[FILE_SECURITY_EXPANDED] = expanded.bytes;
	assert_int_equal(fs_create(card_files(card), df, &parameters, &file), 0);
	exact_free(&expanded);
	return file;
}

static void add_password(const struct file *df, uint8_t number)
{
	struct password password = { .df = df, .number = number };

	assert_int_equal(pin_init(&password.pin, bytes_of_string("1234"), 3), 0);
	assert_int_equal(credentials_add_password(card_credentials(card), &password), 0);
}

static enum sw ask(const struct file *file, enum access access)
{
	const struct apdu apdu = { .ins = 0x10 };

	return card_check_access(card, &apdu, file, access);
}

/* READ with the local password 1, as the file's DF sees it: its own, or else that of a DF above. */
#define LOCAL_1 "80 01 01 A4 06 83 01 81 95 01 08"
#define GLOBAL_1 "80 01 01 A4 06 83 01 01 95 01 08"

static void local_references_mean_the_nearest(void **state)
{
	struct file *outer = add(mf, 0x38, 0x5001, "");
	struct file *inner = add(outer, 0x38, 0x5002, "");
	struct file *plain = add(outer, 0x38, 0x5003, "");
	const struct file *in_mf = add(mf, 0x01, 1, LOCAL_1);
	const struct file *in_outer = add(outer, 0x01, 1, LOCAL_1);
	const struct file *in_plain = add(plain, 0x01, 1, LOCAL_1);
	const struct file *in_inner = add(inner, 0x01, 1, LOCAL_1);
	struct session *session = card_session(card);

	add_password(mf, 1);
	add_password(outer, 1);
	add_password(inner, 1);
	session_grant(session, CREDENTIAL_PASSWORD, mf, 1);
	session_select(session, inner);
	session_grant(session, CREDENTIAL_PASSWORD, outer, 1);
	assert_int_equal(ask(in_mf, ACCESS_READ), SW_SECURITY_STATUS);
	assert_int_equal(ask(in_outer, ACCESS_READ), SW_OK);
	assert_int_equal(ask(in_inner, ACCESS_READ), SW_SECURITY_STATUS);
	session_grant(session, CREDENTIAL_PASSWORD, inner, 1);
	assert_int_equal(ask(in_inner, ACCESS_READ), SW_OK);
	session_select(session, plain);
	assert_int_equal(ask(in_plain, ACCESS_READ), SW_OK);
	assert_int_equal(ask(in_inner, ACCESS_READ), SW_SECURITY_STATUS);
	session_select(session, mf);
	assert_int_equal(ask(in_outer, ACCESS_READ), SW_SECURITY_STATUS);
}

static void global_references_mean_the_mf(void **state)
{
	struct file *df = add(mf, 0x38, 0x5001, "");
	const struct file *file = add(df, 0x01, 1, GLOBAL_1);
	struct session *session = card_session(card);

	add_password(mf, 1);
	add_password(df, 1);
	session_select(session, df);
	session_grant(session, CREDENTIAL_PASSWORD, df, 1);
	session_grant(session, CREDENTIAL_KEY, mf, 1);
	assert_int_equal(ask(file, ACCESS_READ), SW_SECURITY_STATUS);
	session_grant(session, CREDENTIAL_PASSWORD, mf, 1);
	assert_int_equal(ask(file, ACCESS_READ), SW_OK);
	session_select(session, mf);
	assert_int_equal(ask(file, ACCESS_READ), SW_OK);
}

/* Bits 7 and 6 of a reference mean nothing, so that such a rule holds for nobody. */
static void reserved_references_are_never_proved(void **state)
{
	const struct file *file = add(mf, 0x01, 1, "80 01 01 A4 06 83 01 41 95 01 08");

	add_password(mf, 1);
	session_grant(card_session(card), CREDENTIAL_PASSWORD, mf, 1);
	assert_int_equal(ask(file, ACCESS_READ), SW_SECURITY_STATUS);
}

/* Its own rules, or else those of its DF for what is in it. */
static void deleting(void **state)
{
	struct file *df = add(mf, 0x38, 0x5001, "80 01 01 90 00");
	struct file *other = add(mf, 0x38, 0x5002, "80 01 40 90 00");

	assert_int_equal(ask(add(df, 0x01, 1, ""), ACCESS_DELETE), SW_OK);
	assert_int_equal(
	    ask(add(df, 0x01, 2, "80 01 01 90 00"), ACCESS_DELETE), SW_SECURITY_STATUS);
	assert_int_equal(ask(df, ACCESS_DELETE), SW_SECURITY_STATUS);
	assert_int_equal(ask(add(other, 0x01, 1, ""), ACCESS_DELETE), SW_SECURITY_STATUS);
	assert_int_equal(ask(add(other, 0x01, 2, "80 01 40 90 00"), ACCESS_DELETE), SW_OK);
	assert_int_equal(ask(other, ACCESS_DELETE), SW_OK);
}

static void life_cycles(void **state)
{
	static const struct {
		uint8_t life_cycle;
		bool read, activate, deactivate, terminate, delete;
	} cases[] = {
		{ FCP_LIFE_CYCLE_CREATION, true, true, false, true, true },
		{ FCP_LIFE_CYCLE_INITIALISATION, true, true, false, true, true },
		{ FCP_LIFE_CYCLE_ACTIVATED, true, true, true, true, true },
		{ 0x07, true, true, true, true, true },
		{ FCP_LIFE_CYCLE_DEACTIVATED, false, true, true, true, true },
		{ 0x06, false, true, true, true, true },
		{ FCP_LIFE_CYCLE_TERMINATED, false, false, false, false, true },
		{ 0x0F, false, false, false, false, true },
	};
	struct file *df = add(mf, 0x38, 0x5001, "");
	struct file *file = add(df, 0x01, 1, "");

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %02X\n", cases[i].life_cycle);
		file_set_life_cycle(file, cases[i].life_cycle);
		assert_int_equal(ask(file, ACCESS_READ) == SW_OK, cases[i].read);
		assert_int_equal(ask(file, ACCESS_ACTIVATE) == SW_OK, cases[i].activate);
		assert_int_equal(ask(file, ACCESS_DEACTIVATE) == SW_OK, cases[i].deactivate);
		assert_int_equal(ask(file, ACCESS_TERMINATE) == SW_OK, cases[i].terminate);
		assert_int_equal(ask(file, ACCESS_DELETE) == SW_OK, cases[i].delete);
	}
	file_set_life_cycle(file, FCP_LIFE_CYCLE_ACTIVATED);
	file_set_life_cycle(df, FCP_LIFE_CYCLE_DEACTIVATED);
	assert_int_equal(ask(file, ACCESS_READ), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(ask(file, ACCESS_DELETE), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(ask(df, ACCESS_ACTIVATE), SW_OK);
}

static void dispatch_asks_before_it_runs(void **state)
{
	struct exact read = exact_of_hex("00 10 00 00"), update = exact_of_hex("00 12 00 00");

	runs = 0;
	wanted = NULL;
	assert_bytes_hex(card_command(card, read.bytes), "6A82");
	wanted = add(mf, 0x01, 1, "80 01 01 90 00");
	assert_bytes_hex(card_command(card, update.bytes), "6982");
	assert_int_equal(runs, 0);
	assert_bytes_hex(card_command(card, read.bytes), "9000");
	assert_int_equal(runs, 1);
	file_set_life_cycle(wanted, FCP_LIFE_CYCLE_DEACTIVATED);
	assert_bytes_hex(card_command(card, read.bytes), "6985");
	file_set_life_cycle(wanted, FCP_LIFE_CYCLE_ACTIVATED);
	file_set_life_cycle(mf, FCP_LIFE_CYCLE_TERMINATED);
	assert_bytes_hex(card_command(card, read.bytes), "6985");
	assert_int_equal(runs, 1);
	exact_free(&read);
	exact_free(&update);
}

static int set_up(void **state)
{
	if (card_new(&type, NULL, &card) < 0)
		return -1;
	mf = fs_mf(card_files(card));
	return 0;
}

static int tear_down(void **state)
{
	card_free(card);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    local_references_mean_the_nearest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(global_references_mean_the_mf, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    reserved_references_are_never_proved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(deleting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(life_cycles, set_up, tear_down),
		cmocka_unit_test_setup_teardown(dispatch_asks_before_it_runs, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
