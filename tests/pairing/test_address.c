/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses under which other machines reach this one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "pairing/address.h"

static struct address address(const char *text)
{
	struct address a = { .v6 = strchr(text, ':') != NULL, .running = true };

	assert_int_equal(inet_pton(a.v6 ? AF_INET6 : AF_INET, text, a.raw), 1);
	return a;
}

static void what_nobody_else_can_use(void **state)
{
	static const char *const texts[] = { "127.0.0.1", "127.255.0.1", "0.0.0.0", "0.1.2.3",
		"224.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1",
		"fe80::1", "febf::1", "ff02::1" };

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct address a = address(texts[i]);

		if (address_rank(&a) >= 0)
			fail_msg("%s is no address for a phone", texts[i]);
	}
}

static void order_of_preference(void **state)
{
	static const char *const texts[] = { "192.168.1.2", "2001:db8::1", "fd00::1",
		"169.254.1.1" };
	int last = -1;

	/* Three times over: on the default route, not on it, and in a tunnel. */
	for (size_t i = 0; i < 3 * COUNT(texts); i++) {
		struct address a = address(texts[i % COUNT(texts)]);

		a.routed = i < COUNT(texts);
		a.point_to_point = i >= 2 * COUNT(texts);
		assert_true(address_rank(&a) > last);
		last = address_rank(&a);
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct address a = address(texts[i]);

		a.running = false;
		assert_true(address_rank(&a) > last);
	}
}

static void all_private_networks_are_equal(void **state)
{
	struct address a = address("10.0.0.1"), b = address("172.16.0.1"),
	               c = address("203.0.113.5");

	assert_int_equal(address_rank(&a), address_rank(&b));
	assert_int_equal(address_rank(&a), address_rank(&c));
}

static void this_machine(void **state)
{
	static struct address list[ADDRESS_LIST_MAX];
	size_t n = address_list(list);

	assert_true(n <= ADDRESS_LIST_MAX);
	for (size_t i = 0; i < n; i++) {
		uint8_t raw[16];

		assert_true(address_rank(&list[i]) >= 0);
		assert_true(i == 0 || address_rank(&list[i - 1]) <= address_rank(&list[i]));
		assert_int_equal(inet_pton(list[i].v6 ? AF_INET6 : AF_INET, list[i].text, raw), 1);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(list[i].text, list[j].text);
	}
}

static void names_and_numbers(void **state)
{
	static const struct {
		const char *host;
		bool found, loopback, any;
		const char *text;
	} cases[] = {
		{ "127.0.0.1", true, true, false, "127.0.0.1" },
		{ "127.9.9.9", true, true, false, "127.9.9.9" },
		{ "::1", true, true, false, "::1" },
		{ "0.0.0.0", true, false, true, "0.0.0.0" },
		{ "::", true, false, true, "::" },
		{ "192.0.2.7", true, false, false, "192.0.2.7" },
		{ "2001:DB8:0::7", true, false, false, "2001:db8::7" },
		{ "no-such-host.invalid", false, false, false, NULL },
		{ "256.0.0.1.invalid", false, false, false, NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct address a;

		assert_int_equal(address_resolve(cases[i].host, &a), cases[i].found);
		if (!cases[i].found)
			continue;
		assert_string_equal(a.text, cases[i].text);
		assert_int_equal(address_is_loopback(&a), cases[i].loopback);
		assert_int_equal(address_is_any(&a), cases[i].any);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_nobody_else_can_use),
		cmocka_unit_test(order_of_preference),
		cmocka_unit_test(all_private_networks_are_equal),
		cmocka_unit_test(this_machine),
		cmocka_unit_test(names_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
