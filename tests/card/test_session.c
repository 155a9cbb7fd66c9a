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
static struct file *mf, *df, *sub, *ef;

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
	session.verified = 2;
	return session;
}

static void selecting_a_df_ends_the_ef(void **state)
{
	struct session session = at_ef();

	session_select(&session, df);
	assert_ptr_equal(session.df, df);
	assert_null(session.ef);
	assert_int_equal(session.verified, 2);
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
	assert_int_equal(session.verified, 0);
}

static int set_up(void **state)
{
	if (fs_new(4096, &fs) < 0)
		return -1;
	mf = fs_mf(fs);
	df = add(mf, 0x38, 0x5001);
	sub = add(df, 0x38, 0x5002);
	ef = add(sub, 0x01, 0x0001);
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
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
