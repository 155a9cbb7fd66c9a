/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Basic Access Control: the worked example of ICAO 9303-11, appendix D, from the MRZ to the protected commands, and
 * what is no part of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/bac.h"
#include "base/err.h"
#include "exact.h"
#include "vectors.h"

#define FILE_NAME "icao-bac"

static struct bac start(void)
{
	struct exact mrz = vectors_get(FILE_NAME, "mrz_information");
	struct bac bac;

	assert_int_equal(bac_init(&bac, mrz.bytes), 0);
	exact_free(&mrz);
	return bac;
}

static void challenge(struct bac *bac)
{
	struct exact rnd = vectors_get(FILE_NAME, "rnd_ic");

	bac_set_challenge(bac, rnd.bytes.data);
	exact_free(&rnd);
}

/* The data field of the terminal's command. */
static struct exact terminal_message(void)
{
	struct exact command = vectors_get(FILE_NAME, "apdu_external_authenticate");
	struct exact data = exact_copy(bytes_of(command.bytes.data + 5, BAC_MESSAGE_SIZE));

	exact_free(&command);
	return data;
}

static enum sw answer_to(struct bac *bac, struct bytes message, struct session_keys *keys)
{
	struct exact card_key = vectors_get(FILE_NAME, "k_ic");
	struct exact response = vectors_get(FILE_NAME, "rapdu_external_authenticate");
	uint8_t answer[BAC_MESSAGE_SIZE];
	enum sw sw = bac_authenticate(bac, card_key.bytes.data, message, answer, keys);

	if (sw == SW_OK)
		assert_memory_equal(answer, response.bytes.data, sizeof answer);
	exact_free(&card_key);
	exact_free(&response);
	return sw;
}

static void keys_of_the_mrz(void **state)
{
	struct exact td1 = vectors_get(FILE_NAME, "mrz_td1_information");
	struct bac bac = start();

	assert_vector(BYTES_OF_ARRAY(bac.seed), FILE_NAME, "k_seed");
	assert_int_equal(bac_init(&bac, td1.bytes), 0);
	assert_vector(BYTES_OF_ARRAY(bac.seed), FILE_NAME, "mrz_td1_k_seed");
	assert_int_equal(bac_init(&bac, bytes_of(NULL, 0)), ERR_FORMAT);
	bac_wipe(&bac);
	exact_free(&td1);
}

/* One protected exchange of the example: the command as it was plain, the response with this data. */
static void exchange(struct sm *sm, const char *number, const char *data)
{
	char name[32];
	uint8_t memory[256], plain[256], out[256];
	struct exact wrapped, response, value = { 0 };
	unsigned protection;
	struct apdu apdu;
	struct writer w;

	snprintf(name, sizeof name, "sm%s_command", number);
	wrapped = vectors_get(FILE_NAME, name);
	assert_true(apdu_parse(wrapped.bytes, &apdu));
	assert_int_equal(sm_unwrap(sm, &apdu, memory, &protection), SW_OK);
	apdu.cla = 0;
	writer_init(&w, plain, sizeof plain);
	assert_true(apdu_encode(&apdu, &w));
	snprintf(name, sizeof name, "sm%s_plain", number);
	assert_vector(writer_bytes(&w), FILE_NAME, name);
	writer_init(&w, out, sizeof out);
	if (data != NULL) {
		value = vectors_get(FILE_NAME, data);
		writer_put(&w, value.bytes);
		exact_free(&value);
	}
	assert_int_equal(sm_wrap(sm, apdu.ins, SW_OK, &w), 0);
	writer_put_u16(&w, SW_OK);
	snprintf(name, sizeof name, "sm%s_response", number);
	response = vectors_get(FILE_NAME, name);
	assert_true(bytes_equal(writer_bytes(&w), response.bytes));
	exact_free(&response);
	exact_free(&wrapped);
}

static void worked_example(void **state)
{
	struct exact message = terminal_message();
	struct bac bac = start();
	struct session_keys keys;
	struct sm_setup setup;
	struct sm *sm = NULL;

	challenge(&bac);
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_OK);
	assert_vector(key_bytes(&keys.enc), FILE_NAME, "ks_enc");
	assert_vector(key_bytes(&keys.mac), FILE_NAME, "ks_mac");
	assert_vector(bytes_of(keys.counter, 8), FILE_NAME, "ssc");
	setup = session_keys_setup(&keys);
	assert_int_equal(sm_new(&setup, &sm), 0);
	exchange(sm, "1", NULL);
	exchange(sm, "2", "sm2_data");
	exchange(sm, "3", "sm3_data");
	sm_free(sm);
	session_keys_wipe(&keys);
	exact_free(&message);
}

/* A challenge is good for one attempt, good or bad. */
static void a_challenge_serves_once(void **state)
{
	struct exact message = terminal_message();
	struct bac bac = start();
	struct session_keys keys;

	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_CONDITIONS_NOT_SATISFIED);
	challenge(&bac);
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_OK);
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_CONDITIONS_NOT_SATISFIED);
	challenge(&bac);
	message.memory[39] ^= 1;
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_WARNING_CHANGED);
	message.memory[39] ^= 1;
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_CONDITIONS_NOT_SATISFIED);
	challenge(&bac);
	bac_forget_challenge(&bac);
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_CONDITIONS_NOT_SATISFIED);
	exact_free(&message);
}

/* Each bit of the message, each length but the right one, another MRZ: refused, and no keys. */
static void mistakes_are_refused(void **state)
{
	struct session_keys keys, before;
	struct bac bac = start();

	memset(&keys, 0x5A, sizeof keys);
	before = keys;
	for (unsigned bit = 0; bit < BAC_MESSAGE_SIZE * 8; bit++) {
		struct exact message = terminal_message();

		challenge(&bac);
		message.memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_WARNING_CHANGED);
		exact_free(&message);
	}
	for (size_t n = 0; n < BAC_MESSAGE_SIZE; n++) {
		struct exact message = terminal_message();
		struct exact cut = exact_copy(bytes_first(message.bytes, n));

		challenge(&bac);
		assert_int_equal(answer_to(&bac, cut.bytes, &keys), SW_WRONG_LENGTH);
		exact_free(&message);
		exact_free(&cut);
	}
	assert_int_equal(bac_init(&bac, bytes_of_string("L898902C<369080619406237")), 0);
	challenge(&bac);
	struct exact message = terminal_message();
	assert_int_equal(answer_to(&bac, message.bytes, &keys), SW_WARNING_CHANGED);
	exact_free(&message);
	assert_memory_equal(&keys, &before, sizeof keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_the_mrz),
		cmocka_unit_test(worked_example),
		cmocka_unit_test(a_challenge_serves_once),
		cmocka_unit_test(mistakes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
