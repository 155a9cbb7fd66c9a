/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the readers in Info.plist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "vpcd-config/info_plist.h"

static void read_all(struct bytes text, char *out, size_t size)
{
	struct info_plist file;
	struct bytes name;
	size_t used = 0;

	info_plist_init(&file, text);
	out[0] = '\0';
	while (info_plist_next(&file, &name) && used < size)
		used += (size_t)snprintf(
		    out + used, size - used, "%.*s;", (int)name.len, (const char *)name.data);
}

#define KEY "<key>ifdFriendlyName</key>"
#define OTHER "<key>ifdVendorID</key><array><string>0x18d1</string></array>"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "nothing", "", "" },
	{ "another key", "<dict>" OTHER "</dict>", "" },
	{ "an array", OTHER KEY "\n<array>\n\t<string>*:1</string>\n</array>" OTHER, "*:1;" },
	{ "two readers", KEY "<array><string>a</string> <string>b</string></array>" OTHER, "a;b;" },
	{ "a string", KEY "<string>[::1]:5</string>" OTHER, "[::1]:5;" },
	{ "a string at the end", KEY "<string>a</string></dict><string>b</string>", "a;" },
	{ "an empty array", KEY "<array></array>" OTHER, "" },
	{ "an empty name", KEY "<array><string></string></array>", ";" },
	{ "in a comment", "<!-- " KEY "<string>a</string> -->" KEY "<string>b</string>", "b;" },
	{ "comment before the name",
	    KEY "<!-- > --><array><!--<string>a</string>--><string>b</string></array>", "b;" },
	{ "comment that stays open", "<!-- " KEY "<string>a</string>", "" },
	{ "the key alone", KEY, "" },
	{ "tag that stays open", KEY "<string>a</string", "" },
	{ "name of the key as a value", "<string>ifdFriendlyName</string><string>a</string>", "" },
};

static void files(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char got[128];

		read_all(bytes_of_string(cases[i].text), got, sizeof got);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, got, cases[i].want);
		for (size_t n = 0; n < strlen(cases[i].text); n++)
			read_all(bytes_first(bytes_of_string(cases[i].text), n), got, sizeof got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
