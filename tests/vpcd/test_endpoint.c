/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DEVICENAME: every form, every edge, and what is said of wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "vpcd/endpoint.h"

static const struct {
	const char *name;
	unsigned n_slots;
	struct endpoint want;
} good[] = {
	{ "/dev/null:0x8C7B", 2, { true, "", 35963, 0, false } },
	{ "/dev/null:35963", 2, { true, "", 35963, 0, false } },
	{ "/dev/null:0105", 1, { true, "", 69, 0, false } },
	{ "/dev/null:1", 1, { true, "", 1, 0, false } },
	{ "/dev/null:65535", 1, { true, "", 65535, 0, false } },
	{ "/dev/null:65534", 2, { true, "", 65534, 0, false } },
	{ "/dev/null:65520", 16, { true, "", 65520, 0, false } },
	{ "*:35963", 2, { true, "*", 35963, 0, false } },
	{ "*:35963?timeout=90", 2, { true, "*", 35963, 90, false } },
	{ "\"*:35963?timeout=90\"", 2, { true, "*", 35963, 90, false } },
	{ "'[::1]:35963'", 2, { false, "::1", 35963, 0, false } },
	{ "\"Virtual PCD\"", 2, { true, "", 35963, 0, true } },
	{ "192.168.0.4:0x8C7B", 2, { false, "192.168.0.4", 35963, 0, false } },
	{ "phone.example:35963?timeout=86400", 1, { false, "phone.example", 35963, 86400, false } },
	{ "a-b_c.example:1", 1, { false, "a-b_c.example", 1, 0, false } },
	{ "[::1]:35963", 2, { false, "::1", 35963, 0, false } },
	{ "[2001:db8::192.0.2.1]:35963?timeout=1", 2,
	    { false, "2001:db8::192.0.2.1", 35963, 1, false } },
	{ "[fe80::1%eth0]:35963", 2, { false, "fe80::1%eth0", 35963, 0, false } },
	{ "Virtual PCD", 2, { true, "", 35963, 0, true } },
	{ "Virtual PCD?timeout=0x10", 2, { true, "", 35963, 16, true } },
	{ "", 2, { true, "", 35963, 0, true } },
};

static void good_names_are_read(void **state)
{
	for (size_t i = 0; i < COUNT(good); i++) {
		struct endpoint out;
		const char *why = NULL;

		if (endpoint_parse(good[i].name, good[i].n_slots, &out, &why) < 0)
			fail_msg("%s: %s", good[i].name, why);
		assert_int_equal(out.listen, good[i].want.listen);
		assert_string_equal(out.host, good[i].want.host);
		assert_int_equal(out.port, good[i].want.port);
		assert_int_equal(out.timeout_s, good[i].want.timeout_s);
		assert_int_equal(out.default_port, good[i].want.default_port);
	}
}

/* The sentence must speak of what is wrong: it holds this word. */
static const struct {
	const char *name;
	unsigned n_slots;
	const char *word;
} bad[] = {
	{ "\"*:35963", 2, "host" },
	{ "\"*:35963'", 2, "host" },
	{ "/dev/null:abc", 1, "number from 1 to 65535" },
	{ "/dev/null:", 1, "port is missing" },
	{ "/dev/null:0", 1, "number from 1 to 65535" },
	{ "/dev/null:70000", 1, "number from 1 to 65535" },
	{ "/dev/null:65536", 1, "number from 1 to 65535" },
	{ "/dev/null:99999999999999999999999999", 1, "number from 1 to 65535" },
	{ "/dev/null:000000000000000000000000000000000105", 1, "number from 1 to 65535" },
	{ "/dev/null:-1", 1, "number from 1 to 65535" },
	{ "/dev/null:+1", 1, "number from 1 to 65535" },
	{ "/dev/null: 1", 1, "number from 1 to 65535" },
	{ "/dev/null:1 ", 1, "number from 1 to 65535" },
	{ "/dev/null:0x", 1, "number from 1 to 65535" },
	{ "/dev/null:089", 1, "number from 1 to 65535" },
	{ "/dev/null:65535", 2, "too high" },
	{ "/dev/null:65521", 16, "too high" },
	{ ":35963", 1, "host is missing" },
	{ "*", 1, "port is missing" },
	{ "2001:db8::1:35963", 1, "brackets" },
	{ "::1", 1, "brackets" },
	{ "[::1]", 1, "port is missing" },
	{ "[::1]:", 1, "port is missing" },
	{ "[::1:35963", 1, "bracket" },
	{ "[]:35963", 1, "bracket" },
	{ "[:35963", 1, "bracket" },
	{ "[localhost]:35963", 1, "IPv6" },
	{ "[127.0.0.1]:35963", 1, "IPv6" },
	{ "[::1%]:35963", 1, "IPv6" },
	{ "::1]:35963", 1, "brackets" },
	{ "/dev/ttyS0:35963", 1, "/dev/null" },
	{ "two words:35963", 1, "host to connect to" },
	{ "tab\t:35963", 1, "host to connect to" },
	{ "/dev/null:35963?", 1, "timeout=SECONDS" },
	{ "/dev/null:35963?time=1", 1, "timeout=SECONDS" },
	{ "/dev/null:35963?timeout", 1, "timeout=SECONDS" },
	{ "/dev/null:35963?timeout=", 1, "1 to 86400" },
	{ "/dev/null:35963?timeout=0", 1, "1 to 86400" },
	{ "/dev/null:35963?timeout=86401", 1, "1 to 86400" },
	{ "/dev/null:35963?timeout=5s", 1, "1 to 86400" },
	{ "/dev/null:35963?timeout=5?timeout=6", 1, "1 to 86400" },
};

static void bad_names_are_explained(void **state)
{
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct endpoint out = { .port = 4711 };
		const char *why = NULL;

		if (endpoint_parse(bad[i].name, bad[i].n_slots, &out, &why) != ERR_FORMAT)
			fail_msg("%s: taken", bad[i].name);
		assert_non_null(why);
		if (strstr(why, bad[i].word) == NULL)
			fail_msg(
			    "%s: \"%s\" says nothing of \"%s\"", bad[i].name, why, bad[i].word);
		assert_int_equal(out.port, 4711);
	}
}

/* A name whose host has len characters. */
static int parse_long(size_t len, struct endpoint *out, const char **why)
{
	char name[ENDPOINT_HOST_MAX + 64];

	memset(name, 'h', len);
	memcpy(name + len, ":35963", sizeof ":35963");
	return endpoint_parse(name, 1, out, why);
}

static void long_hosts_are_bounded(void **state)
{
	struct endpoint out;
	const char *why = NULL;

	assert_int_equal(parse_long(ENDPOINT_HOST_MAX, &out, &why), 0);
	assert_int_equal(strlen(out.host), ENDPOINT_HOST_MAX);
	assert_int_equal(parse_long(ENDPOINT_HOST_MAX + 1, &out, &why), ERR_FORMAT);
	assert_non_null(strstr(why, "255"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_names_are_read),
		cmocka_unit_test(bad_names_are_explained),
		cmocka_unit_test(long_hosts_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
