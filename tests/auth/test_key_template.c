/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys as terminals give them to a card. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/key_object.h"
#include "auth/key_template.h"
#include "exact.h"

/* Template and value, and nothing behind. */
static enum sw take(struct bytes in, struct key_template *template, struct key_value *value)
{
	enum sw sw = key_template_take(&in, template);

	if (sw == SW_OK)
		sw = key_value_take(&in, value);
	assert_true(sw != SW_OK || in.len == 0);
	return sw;
}

static void symmetric(void **state)
{
	struct exact in = exact_of_hex("A403830102 B400 AC03800101 C00103 5F4802AABB");
	struct key_template template;
	struct key_value value;

	assert_int_equal(take(in.bytes, &template, &value), SW_OK);
	assert_int_equal(template.reference, 2);
	assert_int_equal(template.uses, KEY_USE(CRT_AT) | KEY_USE(CRT_CCT));
	assert_true(template.has_type);
	assert_int_equal(template.type, KEY_3DES);
	assert_int_equal(template.tries, 3);
	assert_bytes_hex(value.secret, "AABB");
	exact_free(&in);
}

static void private_parts_follow_their_lengths(void **state)
{
	struct exact in = exact_of_hex("B603840105 AC03800103"
	                               "7F4811 9103 92820002 938101 9401 9501 9601 9702"
	                               "5F480B 010001 A1A2 B1 C1 D1 E1 F1F2");
	struct key_template template;
	struct key_value value;

	assert_int_equal(take(in.bytes, &template, &value), SW_OK);
	assert_bytes_hex(value.exponent, "010001");
	assert_bytes_hex(value.p, "A1A2");
	assert_bytes_hex(value.q, "B1");
	assert_bytes_hex(value.qinv, "C1");
	assert_bytes_hex(value.dp, "D1");
	assert_bytes_hex(value.dq, "E1");
	assert_bytes_hex(value.modulus, "F1F2");
	exact_free(&in);
}

static void public_key_and_curve(void **state)
{
	struct exact in =
	    exact_of_hex("B6038301C6 AC0D 800104 06082A8648CE3D030107 7F4905 8603 04AABB");
	struct key_template template;
	struct key_value value;

	assert_int_equal(take(in.bytes, &template, &value), SW_OK);
	assert_int_equal(template.reference, 0xC6);
	assert_bytes_hex(template.curve, "2A8648CE3D030107");
	assert_bytes_hex(value.point, "04AABB");
	assert_int_equal(value.scalar.len, 0);
	exact_free(&in);
}

static void template_alone(void **state)
{
	struct exact in = exact_of_hex("B603840105 AC07 800103 81020800");
	struct bytes rest = in.bytes;
	struct key_template template;

	assert_int_equal(key_template_take(&rest, &template), SW_OK);
	assert_int_equal(rest.len, 0);
	assert_int_equal(template.size, 2048);
	exact_free(&in);
}

static const struct {
	const char *name, *in;
	enum sw want;
} refusals[] = {
	{ "nothing", "", SW_WRONG_DATA },
	{ "no template", "AC03800101 5F4802AABB", SW_WRONG_DATA },
	{ "template without a reference", "A400 5F4802AABB", SW_WRONG_DATA },
	{ "reference of two bytes", "A40483020102", SW_WRONG_DATA },
	{ "type that there is not", "A403830102 AC03800105", SW_FUNCTION_NOT_SUPPORTED },
	{ "type 0", "A403830102 AC03800100", SW_FUNCTION_NOT_SUPPORTED },
	{ "type of two bytes", "A403830102 AC0480020001", SW_WRONG_DATA },
	{ "size of one byte", "A403830102 AC03810108", SW_WRONG_DATA },
	{ "unknown object in AC", "A403830102 AC03850108", SW_WRONG_DATA },
	{ "more tries than can be told", "A403830102 C00110", SW_WRONG_DATA },
	{ "object behind the value", "A403830102 5F4802AABB C00103", SW_WRONG_DATA },
	{ "unknown object for a value", "A403830102 5F4902AABB", SW_WRONG_DATA },
	{ "lengths without parts", "A403830102 7F48029201", SW_WRONG_DATA },
	{ "parts that are too short", "A403830102 7F48029202 5F4801AA", SW_WRONG_DATA },
	{ "parts that are too long", "A403830102 7F48029201 5F4802AABB", SW_WRONG_DATA },
	{ "unknown part", "A403830102 7F48049201 9801 5F4802AABB", SW_WRONG_DATA },
	{ "length cut off", "A403830102 7F4803928200 5F4800", SW_WRONG_DATA },
	{ "public key without anything", "A403830102 7F4900", SW_WRONG_DATA },
	{ "unknown object in a public key", "A403830102 7F4903870101", SW_WRONG_DATA },
};

static void wrong_ones_are_refused(void **state)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct exact in = exact_of_hex(refusals[i].in);
		struct key_template template;
		struct key_value value;

		print_message("# %s\n", refusals[i].name);
		assert_int_equal(take(in.bytes, &template, &value), refusals[i].want);
		exact_free(&in);
	}
}

static void every_truncation(void **state)
{
	struct exact whole = exact_of_hex("B603840105 AC03800103 7F4804 9201 9302 5F4803 A1B1B2");

	for (size_t n = 0; n < whole.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(whole.bytes, n));
		struct key_template template;
		struct key_value value;
		bool whole_objects = n == 5 || n == 10;

		assert_int_equal(
		    take(cut.bytes, &template, &value), whole_objects ? SW_OK : SW_WRONG_DATA);
		exact_free(&cut);
	}
	exact_free(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symmetric),
		cmocka_unit_test(private_parts_follow_their_lengths),
		cmocka_unit_test(public_key_and_curve),
		cmocka_unit_test(template_alone),
		cmocka_unit_test(wrong_ones_are_refused),
		cmocka_unit_test(every_truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
