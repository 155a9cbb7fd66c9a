/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses that phone applications scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "pairing/url.h"

static void hosts(void **state)
{
	static const struct {
		const char *scheme, *host;
		uint16_t port;
		const char *want;
	} cases[] = {
		{ "vpcd", "192.168.0.4", 35963, "vpcd://192.168.0.4:35963" },
		{ "vicc", "phone.example", 1, "vicc://phone.example:1" },
		{ "vpcd", "2001:db8::1", 65535, "vpcd://[2001:db8::1]:65535" },
		{ "vpcd", "[2001:db8::1]", 35963, "vpcd://[2001:db8::1]:35963" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char url[URL_SIZE];

		assert_true(url_make(cases[i].scheme, cases[i].host, cases[i].port, url));
		assert_string_equal(url, cases[i].want);
	}
}

static void the_longest_host_fits_and_a_longer_one_is_refused(void **state)
{
	char host[400] = { 0 };
	char url[URL_SIZE];

	memset(host, 'h', 255);
	assert_true(url_make("vpcd", host, 65535, url));
	memset(host, 'h', 399);
	assert_false(url_make("vpcd", host, 65535, url));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts),
		cmocka_unit_test(the_longest_host_fits_and_a_longer_one_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
