/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The selected files, and what becomes of them when files go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card/session.h"

static struct fs *fs;
static struct file *mf, *df, *sub, *ef, *other;

static struct file *add(struct file *parent, uint8_t descriptor, uint16_t fid)
{
	struct fs_parameters parameters = { .descriptor = descriptor, .fid = fid };
	struct file *file = NULL;

	assert_int_equal(fs_create(fs, parent, &parameters, &file), 0);
	return file;
}

/* MF, below it df, below it sub and in sub an EF, which is selected. */
static struct session at_ef(void)
{
	struct session session;

	session_reset(&session, mf);
	assert_ptr_equal(session.df, mf);
	assert_null(session.ef);
	session_select(&session, ef);
	assert_ptr_equal(session.df, sub);
	assert_ptr_equal(session.ef, ef);
	session_grant(&session, CREDENTIAL_PASSWORD, mf, 1);
	return session;
}

static void selecting_a_df_ends_the_ef(void **state)
{
	struct session session = at_ef();

	session_select(&session, df);
	assert_ptr_equal(session.df, df);
	assert_null(session.ef);
	assert_true(session_has(&session, CREDENTIAL_PASSWORD, mf, 1));
}

static void leaving(void **state)
{
	struct session session = at_ef();

	session_leave(&session, ef);
	assert_ptr_equal(session.df, sub);
	assert_null(session.ef);

	session = at_ef();
	session_leave(&session, sub);
	assert_ptr_equal(session.df, df);
	assert_null(session.ef);

	session = at_ef();
	session_leave(&session, df);
	assert_ptr_equal(session.df, mf);
	assert_null(session.ef);

	session = at_ef();
	session_select(&session, df);
	session_leave(&session, sub); /* not where we are */
	assert_ptr_equal(session.df, df);
}

static void reset_ends_all(void **state)
{
	struct session session = at_ef();

	session_reset(&session, mf);
	assert_ptr_equal(session.df, mf);
	assert_null(session.ef);
	assert_false(session_has_any(&session, CREDENTIAL_PASSWORD));
}

/* Global credentials stay, those of a DF end when one outside it is selected (7816-4, 5.4.2). */
static void proofs_end_with_their_df(void **state)
{
	struct session session = at_ef();

	session_grant(&session, CREDENTIAL_KEY, df, 31);
	session_grant(&session, CREDENTIAL_PASSWORD, sub, 0);
	session_select(&session, df);
	assert_true(session_has(&session, CREDENTIAL_KEY, df, 31));
	assert_false(session_has(&session, CREDENTIAL_PASSWORD, df, 31));
	assert_false(session_has(&session, CREDENTIAL_KEY, df, 30));
	assert_false(session_has(&session, CREDENTIAL_KEY, mf, 31));
	assert_false(session_has(&session, CREDENTIAL_PASSWORD, sub, 0));
	session_select(&session, sub);
	assert_true(session_has(&session, CREDENTIAL_KEY, df, 31));
	assert_false(session_has(&session, CREDENTIAL_PASSWORD, sub, 0));
	session_select(&session, other); /* beside df */
	assert_false(session_has_any(&session, CREDENTIAL_KEY));
	session_select(&session, df);
	assert_false(session_has(&session, CREDENTIAL_KEY, df, 31));
	assert_true(session_has(&session, CREDENTIAL_PASSWORD, mf, 1));
	session_revoke(&session, CREDENTIAL_PASSWORD, mf, 1);
	assert_false(session_has_any(&session, CREDENTIAL_PASSWORD));
}

/* Nothing can be proved to a DF that is not on the way to the current one. */
static void proofs_belong_to_dfs_above(void **state)
{
	struct session session = at_ef();

	session_grant(&session, CREDENTIAL_KEY, other, 3);
	assert_false(session_has_any(&session, CREDENTIAL_KEY));
	session_revoke(&session, CREDENTIAL_PASSWORD, other, 1);
	assert_true(session_has(&session, CREDENTIAL_PASSWORD, mf, 1));
}

static void deleting_the_df_ends_its_proofs(void **state)
{
	struct session session = at_ef();

	session_grant(&session, CREDENTIAL_KEY, sub, 3);
	session_grant(&session, CREDENTIAL_KEY, df, 4);
	session_leave(&session, sub);
	assert_true(session_has(&session, CREDENTIAL_KEY, df, 4));
	session_select(&session, sub);
	assert_false(session_has(&session, CREDENTIAL_KEY, sub, 3));
}

/* A security environment is of the DF where it was set, and of those below. */
static void environment_ends_with_its_df(void **state)
{
	struct session session = at_ef();

	assert_int_equal(session.se, SESSION_SE_DEFAULT);
	session_select(&session, df);
	session.se = 3;
	session_select(&session, sub);
	assert_int_equal(session.se, 3);
	session_select(&session, df);
	assert_int_equal(session.se, SESSION_SE_DEFAULT);
}

static void record_pointer_ends_with_selection(void **state)
{
	struct session session = at_ef();

	session.record = 4;
	session_select(&session, ef);
	assert_int_equal(session.record, 0);
	session.record = 4;
	session_leave(&session, ef);
	assert_int_equal(session.record, 0);
}

static int set_up(void **state)
{
	if (fs_new(4096, &fs) < 0)
		return -1;
	mf = fs_mf(fs);
	df = add(mf, 0x38, 0x5001);
	sub = add(df, 0x38, 0x5002);
	ef = add(sub, 0x01, 0x0001);
	other = add(mf, 0x38, 0x5003);
	return 0;
}

static int tear_down(void **state)
{
	fs_free(fs);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selecting_a_df_ends_the_ef),
		cmocka_unit_test(leaving),
		cmocka_unit_test(reset_ends_all),
		cmocka_unit_test(proofs_end_with_their_df),
		cmocka_unit_test(proofs_belong_to_dfs_above),
		cmocka_unit_test(deleting_the_df_ends_its_proofs),
		cmocka_unit_test(environment_ends_with_its_df),
		cmocka_unit_test(record_pointer_ends_with_selection),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
