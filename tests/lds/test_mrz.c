/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machine readable zones: the examples of ICAO 9303-4, 9303-5, 9303-6 and 9303-11 (appendix D), each check digit wrong and asked
 * for, each field at its edges, every truncation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "exact.h"
#include "lds/mrz.h"
#include "vectors.h"

#define TD3_NAME "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_DATA "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD3 TD3_NAME TD3_DATA
#define TD1                                                                                        \
	"I<UTOD231458907<<<<<<<<<<<<<<<"                                                           \
	"7408122F1204159UTO<<<<<<<<<<<6"                                                           \
	"ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define TD1_LONG                                                                                   \
	"I<UTOD23145890<7349<<<<<<<<<<<"                                                           \
	"3407127M9507122UTO<<<<<<<<<<<2"                                                           \
	"STEVENSON<<PETER<JOHN<<<<<<<<<"
#define TD2                                                                                        \
	"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"                                                     \
	"D231458907UTO7408122F1204159<<<<<<<6"

static const struct {
	const char *name, *in;
	enum mrz_format format;
	const char *information, *holder;
} good[] = {
	{ "9303-4, the passport of Utopia", TD3, MRZ_TD3, "L898902C3674081221204159",
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" },
	{ "9303-5, the card of Utopia", TD1, MRZ_TD1, "D23145890774081221204159",
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" },
	{ "9303-6, the larger card of Utopia", TD2, MRZ_TD2, "D23145890774081221204159",
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<<" },
	{ "9303-11, D.2: a number of 12 characters", TD1_LONG, MRZ_TD1,
	    "D23145890734934071279507122", "STEVENSON<<PETER<JOHN<<<<<<<<<" },
	{ "9303-11, D.2: TD2, nine characters",
	    "I<UTOSTEVENSON<<PETER<<<<<<<<<<<<<<<"
	    "D23145890<UTO3407127M95071227349<<<8",
	    MRZ_TD2, "D23145890734934071279507122", "STEVENSON<<PETER<<<<<<<<<<<<<<<" },
	{ "an empty personal number with its digit",
	    TD3_NAME "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<08", MRZ_TD3,
	    "L898902C3674081221204159", NULL },
	{ "an empty personal number without",
	    TD3_NAME "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<8", MRZ_TD3,
	    "L898902C3674081221204159", NULL },
	{ "sex not specified", TD3_NAME "L898902C36UTO7408122<1204159ZE184226B<<<<<10", MRZ_TD3,
	    "L898902C3674081221204159", NULL },
	{ "day of birth unknown", TD3_NAME "L898902C36UTO7408<<?F1204159ZE184226B<<<<<1?", MRZ_TD3,
	    "L898902C367408<<71204159", NULL },
	{ "all check digits asked for", TD3_NAME "L898902C3?UTO740812?F120415?ZE184226B<<<<<??",
	    MRZ_TD3, "L898902C3674081221204159", NULL },
	{ "TD1, all check digits asked for",
	    "I<UTOD23145890<734?<<<<<<<<<<<"
	    "340712?M950712?UTO<<<<<<<<<<<?"
	    "STEVENSON<<PETER<JOHN<<<<<<<<<",
	    MRZ_TD1, "D23145890734934071279507122", NULL },
	{ "lines apart, as a file has them", TD3_NAME "\r\n" TD3_DATA "\r\n", MRZ_TD3,
	    "L898902C3674081221204159", NULL },
	{ "lines apart by a blank", TD3_NAME " " TD3_DATA, MRZ_TD3, "L898902C3674081221204159",
	    NULL },
};

static void assert_text(struct bytes got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.data, want, got.len);
}

static void test_good(void **state)
{
	char error[MRZ_ERROR_SIZE] = "";
	uint8_t memory[MRZ_INFORMATION_MAX];
	struct writer w;
	struct mrz mrz;

	for (size_t i = 0; i < COUNT(good); i++) {
		struct exact e = exact_copy(bytes_of_string(good[i].in));

		print_message("# %s\n", good[i].name);
		if (mrz_parse(e.bytes, &mrz, error) != 0)
			fail_msg("%s: %s", good[i].name, error);
		assert_int_equal(mrz.format, good[i].format);
		writer_init(&w, memory, sizeof memory);
		mrz_put_information(&mrz, &w);
		assert_true(writer_done(&w));
		assert_text(writer_bytes(&w), good[i].information);
		if (good[i].holder != NULL)
			assert_text(mrz_field(&mrz, MRZ_NAME), good[i].holder);
		exact_free(&e);
	}
}

static void test_fields(void **state)
{
	char error[MRZ_ERROR_SIZE];
	struct mrz mrz;

	assert_int_equal(mrz_parse(bytes_of_string(TD3), &mrz, error), 0);
	assert_text(mrz_text(&mrz), TD3);
	assert_text(mrz_field(&mrz, MRZ_DOCUMENT_CODE), "P<");
	assert_text(mrz_field(&mrz, MRZ_ISSUER), "UTO");
	assert_text(mrz_field(&mrz, MRZ_NUMBER), "L898902C3");
	assert_text(mrz_field(&mrz, MRZ_NATIONALITY), "UTO");
	assert_text(mrz_field(&mrz, MRZ_BIRTH), "740812");
	assert_text(mrz_field(&mrz, MRZ_SEX), "F");
	assert_text(mrz_field(&mrz, MRZ_EXPIRY), "120415");
	assert_text(mrz_field(&mrz, MRZ_OPTIONAL), "ZE184226B<<<<<");
	assert_text(mrz_field(&mrz, MRZ_OPTIONAL_2), "");
	assert_string_equal(mrz.number, "L898902C3");
	assert_int_equal(mrz.number_digit, '6');
	assert_int_equal(mrz_parse(bytes_of_string(TD1_LONG), &mrz, error), 0);
	assert_string_equal(mrz.number, "D23145890734");
	assert_int_equal(mrz.number_digit, '9');
	assert_text(mrz_field(&mrz, MRZ_OPTIONAL_DIGIT), "");
}

/* The examples of BAC in 9303-11, D.2, from the lines that they are made of. The composite check digit published with
 * the first one is not right. */
static void test_published_information(void **state)
{
	char text[MRZ_TEXT_MAX], error[MRZ_ERROR_SIZE];
	struct exact line = vectors_get("icao-bac", "mrz_td2_line2");
	uint8_t memory[MRZ_INFORMATION_MAX];
	struct writer w;
	struct mrz mrz;

	(void)snprintf(text, sizeof text, "I<UTOSTEVENSON<<PETER<<<<<<<<<<<<<<<%.*s?",
	    (int)line.bytes.len - 1, (const char *)line.bytes.data);
	if (mrz_parse(bytes_of_string(text), &mrz, error) != 0)
		fail_msg("%s", error);
	writer_init(&w, memory, sizeof memory);
	mrz_put_information(&mrz, &w);
	assert_vector(writer_bytes(&w), "icao-bac", "mrz_information");
	assert_int_equal(mrz_parse(bytes_of_string(TD1_LONG), &mrz, error), 0);
	writer_init(&w, memory, sizeof memory);
	mrz_put_information(&mrz, &w);
	assert_vector(writer_bytes(&w), "icao-bac", "mrz_td1_information");
	exact_free(&line);
}

static const struct {
	const char *name, *in, *error;
} bad[] = {
	{ "empty", "", "the zone has 0 characters: it must have 90 (TD1), 72 (TD2) or 88 (TD3)" },
	{ "small letter", "P<UTOerIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" TD3_DATA,
	    "line 1, column 6: the characters are A to Z, 0 to 9 and <" },
	{ "number's digit", TD3_NAME "L898902C35UTO7408122F1204159ZE184226B<<<<<10",
	    "check digit of the document number (line 2, column 10): it is 5, but must be 6" },
	{ "birth's digit", TD3_NAME "L898902C36UTO7408123F1204159ZE184226B<<<<<10",
	    "check digit of the date of birth (line 2, column 20): it is 3, but must be 2" },
	{ "expiry's digit", TD3_NAME "L898902C36UTO7408122F1204150ZE184226B<<<<<10",
	    "check digit of the date of expiry (line 2, column 28): it is 0, but must be 9" },
	{ "personal number's digit", TD3_NAME "L898902C36UTO7408122F1204159ZE184226B<<<<<20",
	    "check digit of the optional data (line 2, column 43): it is 2, but must be 1" },
	{ "composite digit", TD3_NAME "L898902C36UTO7408122F1204159ZE184226B<<<<<11",
	    "composite check digit (line 2, column 44): it is 1, but must be 0" },
	{ "a filler for a digit", TD3_NAME "L898902C3<UTO7408122F1204159ZE184226B<<<<<10",
	    "check digit of the document number (line 2, column 10): it is <, but must be 6" },
	{ "month of birth", TD3_NAME "L898902C36UTO7413122F1204159ZE184226B<<<<<10",
	    "date of birth (line 2, column 16): the month is 01 to 12" },
	{ "day of expiry", TD3_NAME "L898902C36UTO7408122F1204329ZE184226B<<<<<10",
	    "date of expiry (line 2, column 26): the day is 01 to 31" },
	{ "expiry unknown", TD3_NAME "L898902C36UTO7408122F12<<159ZE184226B<<<<<10",
	    "date of expiry (line 2, column 24): the month is 01 to 12" },
	{ "half a day", TD3_NAME "L898902C36UTO74081<2F1204159ZE184226B<<<<<10",
	    "date of birth (line 2, column 18): the day is 01 to 31" },
	{ "sex", TD3_NAME "L898902C36UTO7408122X1204159ZE184226B<<<<<10",
	    "sex (line 2, column 21): it is M, F or <" },
	{ "no document number", TD3_NAME "<<<<<<<<<0UTO7408122F1204159ZE184226B<<<<<10",
	    "document number (line 2, column 1): it must not begin with <" },
	{ "figure in the name", "P<UTOERIK5SON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" TD3_DATA,
	    "name (line 1, column 10): it has letters and < alone" },
	{ "? in the number", TD3_NAME "L898902C?6UTO7408122F1204159ZE184226B<<<<<10",
	    "document number (line 2, column 9): ? stands for check digits alone" },
	{ "? in the optional data", TD3_NAME "L898902C36UTO7408122F1204159ZE1842?6B<<<<<10",
	    "optional data (line 2, column 35): ? stands for check digits alone" },
	{ "TD1: the long number's digit",
	    "I<UTOD23145890<7348<<<<<<<<<<<"
	    "3407127M9507122UTO<<<<<<<<<<<2"
	    "STEVENSON<<PETER<JOHN<<<<<<<<<",
	    "check digit of the document number (line 1, column 19): it is 8, but must be 9" },
	{ "TD1: nothing follows a number without digit",
	    "I<UTOD23145890<<<<<<<<<<<<<<<<"
	    "3407127M9507122UTO<<<<<<<<<<<2"
	    "STEVENSON<<PETER<JOHN<<<<<<<<<",
	    "optional data (line 1, column 16): behind a document number without check digit it "
	    "must "
	    "have the rest of the number, its check digit and <" },
	{ "TD1: composite digit",
	    "I<UTOD231458907<<<<<<<<<<<<<<<"
	    "7408122F1204159UTO<<<<<<<<<<<5"
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	    "composite check digit (line 2, column 30): it is 5, but must be 6" },
};

static void test_bad(void **state)
{
	char error[MRZ_ERROR_SIZE];
	struct mrz mrz = { .number_digit = 'x' };

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct exact e = exact_copy(bytes_of_string(bad[i].in));

		print_message("# %s\n", bad[i].name);
		assert_int_equal(mrz_parse(e.bytes, &mrz, error), ERR_FORMAT);
		assert_string_equal(error, bad[i].error);
		assert_int_equal(mrz.number_digit, 'x');
		exact_free(&e);
	}
}

/* No part of a zone is another zone. */
static void test_every_truncation(void **state)
{
	static const char *const zones[] = { TD1, TD2, TD3 };
	char error[MRZ_ERROR_SIZE];
	struct mrz mrz;

	for (size_t i = 0; i < COUNT(zones); i++)
		for (size_t len = 0; len < strlen(zones[i]); len++) {
			struct exact e = exact_copy(bytes_first(bytes_of_string(zones[i]), len));

			assert_int_equal(mrz_parse(e.bytes, &mrz, error), ERR_FORMAT);
			exact_free(&e);
		}
}

/* Any one figure of the second line that becomes another is noticed. */
static void test_each_figure(void **state)
{
	char error[MRZ_ERROR_SIZE];
	struct mrz mrz;

	for (size_t i = strlen(TD3_NAME); i < strlen(TD3); i++) {
		char text[] = TD3;

		if (text[i] < '0' || text[i] > '9')
			continue;
		text[i] = text[i] == '9' ? '0' : (char)(text[i] + 1);
		assert_int_equal(mrz_parse(bytes_of_string(text), &mrz, error), ERR_FORMAT);
	}
}

/* A NUL does not end a zone. */
static void test_nul(void **state)
{
	char text[] = TD3, error[MRZ_ERROR_SIZE];
	struct mrz mrz;

	for (size_t i = 0; i < strlen(TD3); i++) {
		text[i] = '\0';
		assert_int_equal(
		    mrz_parse(bytes_of((const uint8_t *)text, strlen(TD3)), &mrz, error),
		    ERR_FORMAT);
		assert_non_null(strstr(error, "the characters are A to Z"));
		text[i] = TD3[i];
	}
}

static void test_too_long(void **state)
{
	uint8_t text[MRZ_TEXT_MAX + 1];
	char error[MRZ_ERROR_SIZE];
	struct mrz mrz;

	memset(text, ' ', sizeof text);
	memcpy(text, TD3, strlen(TD3));
	assert_int_equal(mrz_parse(bytes_of(text, sizeof text - 1), &mrz, error), 0);
	assert_int_equal(mrz_parse(bytes_of(text, sizeof text), &mrz, error), ERR_FORMAT);
	memset(text, 'A', sizeof text);
	assert_int_equal(mrz_parse(bytes_of(text, 91), &mrz, error), ERR_FORMAT);
}

/* 9303-3, 4.9: examples of check digits. */
static void test_check_digits(void **state)
{
	assert_int_equal(mrz_check_digit(bytes_of_string("520727")), '3');
	assert_int_equal(mrz_check_digit(bytes_of_string("AB2134<<<")), '5');
	assert_int_equal(mrz_check_digit(bytes_of_string("HA672242<658022549601086<<<<<<<")), '8');
	assert_int_equal(mrz_check_digit(bytes_of_string("")), '0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_published_information),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_each_figure),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_check_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
