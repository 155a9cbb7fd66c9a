/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mutual authentication: the worked example of BAC (ICAO 9303-11, appendix D.3). The other ciphers are held against
 * a terminal that is not ours in tests/cli/test_card_authentication.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/mutual.h"
#include "exact.h"

#define K_SEED "239AB9CB282DAF66231DC5A4DF6BFBAE"
#define RND_IC "4608F91988702212"
#define K_IC "0B4F80323EB3191CB04970CB4052790B"
#define MESSAGE "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7"
#define ANSWER "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"

struct example {
	struct exact key, challenge, card_key;
	struct mutual mutual;
};

static void setup(struct example *e)
{
	e->key = exact_of_hex(K_SEED);
	e->challenge = exact_of_hex(RND_IC);
	e->card_key = exact_of_hex(K_IC);
	e->mutual = (struct mutual){ CIPHER_3DES, e->key.bytes, e->challenge.bytes,
		e->card_key.bytes.data };
}

static void teardown(struct example *e)
{
	exact_free(&e->key);
	exact_free(&e->challenge);
	exact_free(&e->card_key);
}

static void worked_example(void **state)
{
	struct exact message = exact_of_hex(MESSAGE);
	uint8_t answer[MUTUAL_MESSAGE_MAX];
	struct mutual_keys keys;
	struct example e;

	setup(&e);
	assert_int_equal(mutual_message_size(CIPHER_3DES), message.bytes.len);
	assert_int_equal(mutual_answer(&e.mutual, message.bytes, answer, &keys), SW_OK);
	assert_bytes_hex(bytes_of(answer, 40), ANSWER);
	assert_bytes_hex(key_bytes(&keys.enc), "979EC13B1CBFE9DCD01AB0FED307EAE5");
	assert_bytes_hex(key_bytes(&keys.mac), "F1CB1F1FB5ADF208806B89DC579DC1F8");
	assert_bytes_hex(bytes_of(keys.counter, 8), "887022120C06C226");
	exact_free(&message);
	teardown(&e);
}

/* Each bit of the message, and the challenge. */
static void anything_else_is_refused(void **state)
{
	uint8_t answer[MUTUAL_MESSAGE_MAX];
	struct mutual_keys keys;
	struct example e;

	setup(&e);
	for (unsigned bit = 0; bit < 40 * 8; bit++) {
		struct exact message = exact_of_hex(MESSAGE);

		message.memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(
		    mutual_answer(&e.mutual, message.bytes, answer, &keys), SW_WARNING_CHANGED);
		exact_free(&message);
	}
	for (unsigned bit = 0; bit < 8 * 8; bit++) {
		struct exact message = exact_of_hex(MESSAGE);

		e.challenge.memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(
		    mutual_answer(&e.mutual, message.bytes, answer, &keys), SW_WARNING_CHANGED);
		e.challenge.memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
		exact_free(&message);
	}
	teardown(&e);
}

static void other_lengths_are_refused(void **state)
{
	static const size_t sizes[CIPHER_KINDS] = { 40, 56, 72, 72 };
	uint8_t message[MUTUAL_MESSAGE_MAX + 1] = { 0 };
	uint8_t answer[MUTUAL_MESSAGE_MAX];
	struct mutual_keys keys;
	struct example e;

	setup(&e);
	for (unsigned kind = 0; kind < CIPHER_KINDS; kind++)
		assert_int_equal(mutual_message_size((enum cipher_kind)kind), sizes[kind]);
	for (size_t n = 0; n <= sizeof message; n++) {
		struct exact exact = exact_copy(bytes_of(message, n));

		assert_int_equal(mutual_answer(&e.mutual, exact.bytes, answer, &keys),
		    n == 40 ? SW_WARNING_CHANGED : SW_WRONG_LENGTH);
		exact_free(&exact);
	}
	teardown(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_example),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(other_lengths_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
