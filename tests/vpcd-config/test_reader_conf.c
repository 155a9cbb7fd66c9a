/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.conf(5), as pcscd reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "vpcd-config/reader_conf.h"

#define REST "LIBPATH /lib/libifdvpcd.so\nCHANNELID 0x8C7B\n"

/* Reads a file to its end and writes the readers as "name|device;" and an error as "!line". */
static void read_all(struct bytes text, char *out, size_t size)
{
	struct reader_conf_entry entry;
	struct reader_conf file;
	size_t used = 0;
	int r;

	reader_conf_init(&file, text);
	out[0] = '\0';
	while ((r = reader_conf_next(&file, &entry)) == 0)
		used += (size_t)snprintf(out + used, size - used, "%.*s|%.*s;",
		    (int)entry.friendly_name.len, (const char *)entry.friendly_name.data,
		    (int)entry.device_name.len, (const char *)entry.device_name.data);
	if (r == ERR_FORMAT) {
		assert_non_null(file.why);
		(void)snprintf(out + used, size - used, "!%u", file.line);
	} else {
		assert_int_equal(r, ERR_NOT_FOUND);
	}
}

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "nothing", "", "" },
	{ "comments alone", "# FRIENDLYNAME x\n\n   #\n", "" },
	{ "a reader", "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x8C7B\n" REST,
	    "Virtual PCD|/dev/null:0x8C7B;" },
	{ "another order, single quotation marks, no line end",
	    "CHANNELID 1\nLIBPATH 'a b'\nDEVICENAME\t'*:1'\nFRIENDLYNAME x", "x|*:1;" },
	{ "two readers",
	    "FRIENDLYNAME a\nDEVICENAME h:1\n" REST "FRIENDLYNAME b\nDEVICENAME i:2\n" REST,
	    "a|h:1;b|i:2;" },
	{ "two keys on one line", "FRIENDLYNAME a DEVICENAME b\n" REST, "a|b;" },
	{ "comment behind a value", "FRIENDLYNAME a # b\nDEVICENAME c#d\n" REST, "a|c;" },
	{ "number sign in quotation marks", "FRIENDLYNAME \"a # b\"\nDEVICENAME c\n" REST,
	    "a # b|c;" },
	{ "empty value", "FRIENDLYNAME \"\"\nDEVICENAME c\n" REST, "|c;" },
	{ "incomplete reader at the end", "FRIENDLYNAME a\nDEVICENAME b\nLIBPATH c\n", "" },
	{ "incomplete reader before another", "FRIENDLYNAME a\nFRIENDLYNAME b\n", "!2" },
	{ "key without value", "FRIENDLYNAME\nDEVICENAME a\n", "!1" },
	{ "key at the end", "\n\nFRIENDLYNAME", "!3" },
	{ "comment in place of the value", "FRIENDLYNAME # x\n", "!1" },
	{ "unknown key", "# x\nNAME a\n", "!2" },
	{ "key in lower case", "friendlyname a\n", "!1" },
	{ "star without quotation marks", "FRIENDLYNAME a\nDEVICENAME *:35963\n" REST, "!2" },
	{ "brackets without quotation marks", "FRIENDLYNAME a\nDEVICENAME [::1]:35963\n" REST,
	    "!2" },
	{ "quotation mark that stays open", "FRIENDLYNAME \"a\nDEVICENAME b\n", "!1" },
	{ "quotation mark at the end", "FRIENDLYNAME \"", "!1" },
	{ "carriage return", "FRIENDLYNAME a\r\n", "!1" },
	{ "error behind a good reader", "FRIENDLYNAME a\nDEVICENAME b\n" REST "=\n", "a|b;!5" },
};

static void files(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char got[256];

		read_all(bytes_of_string(cases[i].text), got, sizeof got);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, got, cases[i].want);
	}
}

static void any_byte_and_every_truncation(void **state)
{
	static const char whole[] = "FRIENDLYNAME \"a\"\nDEVICENAME 'b'\n" REST;
	char got[256], text[sizeof whole];

	for (size_t i = 0; i + 1 < sizeof whole - 1; i++) {
		read_all(bytes_of((const uint8_t *)whole, i), got, sizeof got);
		assert_true(got[0] == '\0' || got[0] == '!' || i > sizeof whole - 10);
		for (unsigned c = 0; c < 256; c++) {
			memcpy(text, whole, sizeof text);
			text[i] = (char)c;
			read_all(bytes_of((const uint8_t *)text, sizeof text - 1), got, sizeof got);
		}
	}
}

static void the_driver_is_known_by_its_name(void **state)
{
	static const struct {
		const char *path;
		bool want;
	} paths[] = {
		{ "/usr/lib/pcsc/drivers/serial/libifdvpcd.so", true },
		{ "/usr/lib/pcsc/drivers/serial/libifdvpcd.so.0.8", true },
		{ "libifdvpcd.so", true },
		{ "/usr/lib/libifdvpcd/libccid.so", false },
		{ "/usr/lib/pcsc/drivers/serial/libccidtwin.so", false },
		{ "libifdvpcd.so/", false },
		{ "", false },
	};

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct reader_conf_entry entry = { .lib_path = bytes_of_string(paths[i].path) };

		assert_int_equal(reader_conf_is_vpcd(&entry), paths[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(any_byte_and_every_truncation),
		cmocka_unit_test(the_driver_is_known_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
