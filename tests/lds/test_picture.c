/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kind and size of pictures: JPEG of each frame type, JPEG 2000 as a file and as a codestream, fields at their edges, every
 * truncation, the pictures of the specimen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/err.h"
#include "exact.h"
#include "lds/picture.h"
#include "specimen/specimen.h"

#define SOF_GREY "FFC0 000B 08 0140 00F0 01 011100"
#define SOS "FFDA 0008 01 0100 003F00"
#define END "12FFD9"
#define J2K_SIZ                                                                                    \
	"FF4F FF51 002F 0000 00000213 0000019D 00000000 00000000 00000213 0000019D 00000000 "      \
	"00000000 0003 070101 070101 070101 FF52"
#define JP2_BEGIN "0000000C 6A502020 0D0A870A 00000014 66747970 6A703220 00000000 6A703220 "
#define IHDR(height, width) "00000016 69686472 " height width " 0003 07 07 00 00 "

static const struct {
	const char *name, *in;
	int want;
	enum picture_kind kind;
	uint16_t width, height;
	uint8_t components;
} cases[] = {
	{ "JPEG, grey", "FFD8" SOF_GREY SOS END, 0, PICTURE_JPEG, 240, 320, 1 },
	{ "JPEG, three components behind JFIF",
	    "FFD8 FFE0 0010 4A46494600 0101 01 012C 012C 0000 FFC0 0011 08 0001 FFFF 03 011100 "
	    "021101 031101 FFDA" END,
	    0, PICTURE_JPEG, 65535, 1, 3 },
	{ "JPEG, progressive, fill bytes before the marker",
	    "FFD8 FFFFFF FE 0004 4869 FFC2 000B 08 0140 00F0 01 011100 FFC4" END, 0, PICTURE_JPEG,
	    240, 320, 1 },
	{ "JPEG, arithmetic coding, tables in front",
	    "FFD8 FFCC 0004 0000 FFC4 0003 00 FFC9 000B 08 0140 00F0 01 011100 FFDA" END, 0,
	    PICTURE_JPEG, 240, 320, 1 },
	{ "JPEG, bytes behind the end", "FFD8" SOF_GREY SOS END "0000", 0, PICTURE_JPEG, 240, 320,
	    1 },
	{ "JPEG, no end", "FFD8" SOF_GREY SOS "12", ERR_FORMAT },
	{ "JPEG, no height (to be defined behind the scan)",
	    "FFD8 FFC0 000B 08 0000 00F0 01 011100" SOS, ERR_FORMAT },
	{ "JPEG, no width", "FFD8 FFC0 000B 08 0140 0000 01 011100" SOS, ERR_FORMAT },
	{ "JPEG, no component", "FFD8 FFC0 0008 08 0140 00F0 00" SOS, ERR_FORMAT },
	{ "JPEG, a component missing", "FFD8 FFC0 000B 08 0140 00F0 02 011100" SOS, ERR_FORMAT },
	{ "JPEG, scan without frame", "FFD8" SOS SOF_GREY, ERR_FORMAT },
	{ "JPEG, end without frame", "FFD8 FFD9", ERR_FORMAT },
	{ "JPEG, segment shorter than its length", "FFD8 FFE0 0001 " SOF_GREY, ERR_FORMAT },
	{ "JPEG, no marker", "FFD8 00 " SOF_GREY, ERR_FORMAT },
	{ "JPEG, nothing behind the frame", "FFD8 " SOF_GREY, ERR_FORMAT },
	{ "JPEG 2000, codestream", J2K_SIZ END, 0, PICTURE_JPEG_2000, 531, 413, 3 },
	{ "JPEG 2000, image area that begins elsewhere",
	    "FF4F FF51 0029 0000 00000200 00000100 00000100 00000080 00000213 0000019D 00000000 "
	    "00000000 0001 070101 FF52" END,
	    0, PICTURE_JPEG_2000, 256, 128, 1 },
	{ "JPEG 2000, empty image area",
	    "FF4F FF51 0029 0000 00000100 00000100 00000100 00000080 00000213 0000019D 00000000 "
	    "00000000 0001 070101 FF52",
	    ERR_FORMAT },
	{ "JPEG 2000, too wide",
	    "FF4F FF51 0029 0000 00010000 00000100 00000000 00000000 00000213 0000019D 00000000 "
	    "00000000 0001 070101 FF52" END,
	    ERR_LIMIT },
	{ "JPEG 2000, as wide as can be",
	    "FF4F FF51 0029 0000 0000FFFF 00000100 00000000 00000000 00000213 0000019D 00000000 "
	    "00000000 0001 070101 FF52" END,
	    0, PICTURE_JPEG_2000, 65535, 256, 1 },
	{ "JPEG 2000, codestream without end", J2K_SIZ "12", ERR_FORMAT },
	{ "JPEG 2000, codestream without SIZ", "FF4F FF52 0029 0000", ERR_FORMAT },
	{ "JP2", JP2_BEGIN "0000001E 6A703268 " IHDR("00000213", "0000019D") END, 0,
	    PICTURE_JPEG_2000, 413, 531, 3 },
	{ "JP2, header to the end of the file",
	    JP2_BEGIN "00000000 6A703268 00000009 72657320 00 " IHDR("00000213", "0000019D") END, 0,
	    PICTURE_JPEG_2000, 413, 531, 3 },
	{ "JP2, too high", JP2_BEGIN "0000001E 6A703268 " IHDR("00010000", "0000019D") END,
	    ERR_LIMIT },
	{ "JP2, no width", JP2_BEGIN "0000001E 6A703268 " IHDR("00000213", "00000000") END,
	    ERR_FORMAT },
	{ "JP2, no header", JP2_BEGIN, ERR_FORMAT },
	{ "JP2, header without image header", JP2_BEGIN "00000011 6A703268 00000009 72657320 00",
	    ERR_FORMAT },
	{ "JP2, box shorter than its own header", JP2_BEGIN "00000007 6A703268", ERR_FORMAT },
	{ "JP2, box longer than the file",
	    JP2_BEGIN "FFFFFFFF 6A703268 " IHDR("00000213", "0000019D"), ERR_FORMAT },
	{ "PNG", "89504E470D0A1A0A0000000D49484452", ERR_FORMAT },
	{ "empty", "", ERR_FORMAT },
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact e = exact_of_hex(cases[i].in);
		struct picture picture = { .width = 99 };

		print_message("# %s\n", cases[i].name);
		assert_int_equal(picture_parse(e.bytes, &picture), cases[i].want);
		assert_int_equal(picture.width, cases[i].want == 0 ? cases[i].width : 99);
		if (cases[i].want == 0) {
			assert_int_equal(picture.kind, cases[i].kind);
			assert_int_equal(picture.height, cases[i].height);
			assert_int_equal(picture.components, cases[i].components);
			assert_true(bytes_equal(picture.file, e.bytes));
		}
		exact_free(&e);
	}
}

/* What is left of each right one when something of it is missing is wrong, up to its end. */
static void test_every_truncation(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact whole = exact_of_hex(cases[i].in);
		struct picture picture;

		size_t end = whole.bytes.len;

		while (end > 0 && whole.bytes.data[end - 1] != 0xD9)
			end--;
		for (size_t len = 0; cases[i].want == 0 && len < end; len++) {
			struct exact e = exact_copy(bytes_first(whole.bytes, len));

			assert_int_equal(picture_parse(e.bytes, &picture), ERR_FORMAT);
			exact_free(&e);
		}
		exact_free(&whole);
	}
}

static void test_specimen(void **state)
{
	struct picture picture;

	assert_int_equal(picture_parse(specimen_file(SPECIMEN_PORTRAIT), &picture), 0);
	assert_int_equal(picture.kind, PICTURE_JPEG);
	assert_int_equal(picture.width, 240);
	assert_int_equal(picture.height, 320);
	assert_int_equal(picture.components, 3);
	assert_int_equal(picture_parse(specimen_file(SPECIMEN_FINGER), &picture), 0);
	assert_int_equal(picture.width, 160);
	assert_int_equal(picture.height, 208);
	assert_int_equal(picture.components, 1);
	assert_int_equal(picture_parse(specimen_file(SPECIMEN_IRIS), &picture), 0);
	assert_int_equal(picture.width, 160);
	assert_int_equal(picture.height, 120);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_specimen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
