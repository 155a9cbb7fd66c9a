/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each failure code has a text of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void texts(void **state)
{
	assert_string_equal(err_text(0), "success");
	for (int err = ERR_UNSUPPORTED; err < 0; err++) {
		assert_string_not_equal(err_text(err), "unknown error");
		for (int other = ERR_UNSUPPORTED; other < err; other++)
			assert_string_not_equal(err_text(err), err_text(other));
	}
	assert_string_equal(err_text(1), "unknown error");
	assert_string_equal(err_text(-4711), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
