/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures of all three kinds: values of another implementation, with one and both pseudonyms; what a terminal is
 * not told, and what it must not ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "auth/agreement.h"
#include "auth/pseudonymous.h"
#include "base/err.h"
#include "iso7816/tlv.h"
#include "vectors.h"

#define FILE_NAME "pseudonymous"
#define MESSAGE_MAX 1024

static struct random *random_source;

static int set_up(void **state)
{
	return random_new(bytes_of_string("pseudonymous"), &random_source);
}

static int tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

static const struct {
	const char *name;
	uint8_t digest; /* arc */
} cases[] = { { "bp256_sha256", 3 }, { "bp384_sha384", 4 }, { "bp512_sha512", 5 },
	{ "p256_sha512", 5 }, { "bp512_sha256", 3 } };

static const char *const variants[] = { NULL, "psa", "psm", "psc" };

static struct exact value_of(const char *name, const char *what)
{
	char whole[64];

	snprintf(whole, sizeof whole, "%s_%s", name, what);
	return vectors_get(FILE_NAME, whole);
}

/* A chip and a terminal that knows what it does. */
struct example {
	const char *name;
	struct exact manager, private[2], nonce[2], sector, message;
	struct pseudonym_key *key;
	struct terminal_sectors sectors;
	uint8_t auxiliary[128];
	struct pseudonymous_commitment commitment;
	struct pseudonymous p;
};

/* The terminal commits itself to the hash of a message. */
static void commit(struct example *e, struct bytes message, enum digest_kind digest)
{
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x04, 0x04 };
	uint8_t hash[DIGEST_SIZE_MAX];
	struct writer w;

	assert_int_equal(digest_compute(digest, message, hash), 0);
	writer_init(&w, e->auxiliary, sizeof e->auxiliary);
	tlv_open(&w, 0x67);
	tlv_open(&w, 0x73);
	tlv_put(&w, 0x06, BYTES_OF_ARRAY(oid));
	tlv_put(&w, 0x53, bytes_of(hash, digest_size(digest)));
	tlv_close(&w);
	tlv_close(&w);
	assert_true(writer_done(&w));
	e->commitment = (struct pseudonymous_commitment){ writer_bytes(&w), digest };
}

static void open_example(struct example *e, size_t number, enum pseudonymous_variant variant)
{
	const char *name = cases[number].name;
	const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0B, (uint8_t)variant, 2,
		cases[number].digest };
	struct exact domain_id = value_of(name, "domain");
	struct domain domain;

	*e = (struct example){ .name = name,
		.manager = value_of(name, "manager"),
		.private = { value_of(name, "private_1"), value_of(name, "private_2") },
		.nonce = { value_of(name, "k_1"), value_of(name, "k_2") },
		.sector = value_of(name, "sector"),
		.message = vectors_get(FILE_NAME, "message") };
	assert_int_equal(domain_standardized(domain_id.memory[0], &domain), 0);
	assert_int_equal(
	    pseudonym_import(domain.ec, random_source, e->manager.bytes,
	        (const struct bytes[]){ e->private[0].bytes, e->private[1].bytes }, &e->key),
	    0);
	assert_true(pseudonymous_suite_parse(BYTES_OF_ARRAY(oid), &e->p.suite));
	e->p.key = e->key;
	e->p.domain = domain_id.memory[0];
	e->p.granted[0] = e->p.granted[1] = true;
	e->p.sectors = &e->sectors;
	e->p.nonce[0] = e->nonce[0].bytes;
	e->p.nonce[1] = e->nonce[1].bytes;
	e->sectors = (struct terminal_sectors){ .digest = DIGEST_SHA256, .n_ps = 1 };
	e->sectors.ps[0].domain = domain_id.memory[0];
	e->sectors.ps[0].hash.len = 32;
	assert_int_equal(
	    digest_compute(DIGEST_SHA256, e->sector.bytes, e->sectors.ps[0].hash.value), 0);
	commit(e, e->message.bytes, DIGEST_SHA256);
	exact_free(&domain_id);
}

static void close_example(struct example *e)
{
	pseudonym_free(e->key);
	exact_free(&e->manager);
	for (size_t i = 0; i < 2; i++) {
		exact_free(&e->private[i]);
		exact_free(&e->nonce[i]);
	}
	exact_free(&e->sector);
	exact_free(&e->message);
}

/* The command's data field. */
static struct exact command(const struct example *e)
{
	uint8_t memory[MESSAGE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, e->p.suite.variant == PSEUDONYMOUS_PSA ? 0x7C : 0x73);
	tlv_put(&w, 0x80, e->sector.bytes);
	if (e->p.suite.variant == PSEUDONYMOUS_PSM)
		tlv_put(&w, 0x81, e->message.bytes);
	tlv_close(&w);
	assert_true(writer_done(&w));
	return exact_copy(writer_bytes(&w));
}

static enum sw run(const struct example *e, struct bytes data, struct bytes *answer)
{
	static uint8_t memory[MESSAGE_MAX];
	struct writer w;
	enum sw sw = SW_NO_DIAGNOSIS;

	writer_init(&w, memory, sizeof memory);
	switch (e->p.suite.variant) {
	case PSEUDONYMOUS_PSA:
		sw = pseudonymous_general(&e->p, data, e->message.bytes, &w);
		break;
	case PSEUDONYMOUS_PSM:
		sw = pseudonymous_message(&e->p, data, &e->commitment, &w);
		break;
	case PSEUDONYMOUS_PSC:
		sw = pseudonymous_credentials(&e->p, data, e->message.bytes, &w);
		break;
	}
	*answer = writer_bytes(&w);
	return sw;
}

static enum sw ask(const struct example *e, struct bytes *answer)
{
	struct exact data = command(e);
	enum sw sw = run(e, data.bytes, answer);

	exact_free(&data);
	return sw;
}

static void check_answer(const struct example *e, unsigned granted, struct bytes answer)
{
	struct bytes inside, value;
	char name[64];

	assert_true(
	    tlv_take_tag(&answer, e->p.suite.variant == PSEUDONYMOUS_PSA ? 0x7C : 0x73, &inside));
	assert_int_equal(answer.len, 0);
	for (unsigned i = 0; i < 2; i++) {
		if ((granted >> i & 1) == 0)
			continue;
		assert_true(tlv_take_tag(&inside, 0x82 + i, &value));
		snprintf(name, sizeof name, "%s_pseudonym_%u", e->name, i + 1);
		assert_vector(value, FILE_NAME, name);
	}
	assert_true(tlv_take_tag(&inside, 0x84, &value) && inside.len == 0);
	snprintf(name, sizeof name, "%s_%s_%u", e->name, variants[e->p.suite.variant], granted);
	assert_vector(value, FILE_NAME, name);
}

static void values(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		for (unsigned variant = PSEUDONYMOUS_PSA; variant <= PSEUDONYMOUS_PSC; variant++)
			for (unsigned granted = 1; granted <= 3; granted++) {
				struct bytes answer;
				struct example e;

				open_example(&e, i, (enum pseudonymous_variant)variant);
				e.p.granted[0] = (granted & 1) != 0;
				e.p.granted[1] = (granted & 2) != 0;
				assert_int_equal(ask(&e, &answer), SW_OK);
				check_answer(&e, granted, answer);
				close_example(&e);
			}
}

/* Without given nonces each signature is another one, of the same pseudonyms. */
static void signatures_differ(void **state)
{
	struct exact first;
	struct bytes answer;
	struct example e;
	size_t names = 4 + 2 * 67; /* 7C 81 xx, 82 41 .., 83 41 .. */

	open_example(&e, 0, PSEUDONYMOUS_PSA);
	e.p.nonce[0] = e.p.nonce[1] = bytes_of(NULL, 0);
	assert_int_equal(ask(&e, &answer), SW_OK);
	first = exact_copy(answer);
	assert_int_equal(ask(&e, &answer), SW_OK);
	assert_int_equal(answer.len, first.bytes.len);
	assert_memory_equal(answer.data, first.memory, names - 1);
	assert_memory_not_equal(answer.data + names + 1, first.memory + names + 1, 96);
	exact_free(&first);
	close_example(&e);
}

static void nothing_granted(void **state)
{
	struct bytes answer;
	struct example e;

	for (unsigned variant = PSEUDONYMOUS_PSA; variant <= PSEUDONYMOUS_PSC; variant++) {
		open_example(&e, 0, (enum pseudonymous_variant)variant);
		e.p.granted[0] = e.p.granted[1] = false;
		assert_int_equal(ask(&e, &answer), SW_SECURITY_STATUS);
		close_example(&e);
	}
}

static void grants(void **state)
{
	for (uint32_t info = 0; info < 5; info++) {
		assert_int_equal(pseudonymous_grants(info, false), info == 0);
		assert_int_equal(pseudonymous_grants(info, true), info <= 1);
	}
}

static void credentials(void **state)
{
	const struct bytes contents[] = { bytes_of_string("ab"), bytes_of(NULL, 0),
		bytes_of_string("c") };
	uint8_t memory[32];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	pseudonymous_put_credentials(contents, COUNT(contents), &w);
	assert_true(writer_done(&w));
	assert_bytes_hex(writer_bytes(&w), "7309 53026162 5300 530163");
	writer_reset(&w);
	pseudonymous_put_credentials(contents, 0, &w);
	assert_true(writer_done(&w));
	assert_bytes_hex(writer_bytes(&w), "7300");
}

static void other_sectors(void **state)
{
	for (unsigned variant = PSEUDONYMOUS_PSA; variant <= PSEUDONYMOUS_PSC; variant++) {
		struct bytes answer;
		struct example e;

		open_example(&e, 0, (enum pseudonymous_variant)variant);
		e.sectors.ps[0].hash.value[7] ^= 1;
		assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
		e.sectors.ps[0].hash.value[7] ^= 1;
		e.p.domain++;
		assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
		e.p.domain--;
		e.sectors.n_ps = 0;
		assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
		e.sectors.n_ps = 1;
		/* certified, but not on the curve */
		e.sector.memory[20] ^= 1;
		assert_int_equal(
		    digest_compute(DIGEST_SHA256, e.sector.bytes, e.sectors.ps[0].hash.value), 0);
		assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
		close_example(&e);
	}
}

/* A message that the terminal has not committed itself to, by that hash function. */
static void other_messages(void **state)
{
	struct bytes answer;
	struct example e;

	open_example(&e, 0, PSEUDONYMOUS_PSM);
	commit(&e, e.message.bytes, DIGEST_SHA512);
	assert_int_equal(ask(&e, &answer), SW_OK);
	e.commitment.digest = DIGEST_SHA256;
	assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
	commit(&e, e.message.bytes, DIGEST_SHA256);
	e.message.memory[0] ^= 1;
	assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
	e.message.memory[0] ^= 1;
	e.commitment.auxiliary = bytes_of(NULL, 0);
	assert_int_equal(ask(&e, &answer), SW_WRONG_DATA);
	close_example(&e);
}

static void truncations(void **state)
{
	for (unsigned variant = PSEUDONYMOUS_PSA; variant <= PSEUDONYMOUS_PSC; variant++) {
		struct bytes answer;
		struct exact data;
		struct example e;

		open_example(&e, 0, (enum pseudonymous_variant)variant);
		data = command(&e);
		for (size_t n = 0; n < data.bytes.len; n++) {
			struct exact cut = exact_copy(bytes_first(data.bytes, n));

			assert_int_equal(run(&e, cut.bytes, &answer), SW_WRONG_DATA);
			exact_free(&cut);
		}
		exact_free(&data);
		close_example(&e);
	}
}

/* One protocol's command with another one's object identifier, and nothing to be signed. */
static void other_protocols(void **state)
{
	uint8_t memory[MESSAGE_MAX];
	struct exact data;
	struct example e;
	struct writer w;

	open_example(&e, 0, PSEUDONYMOUS_PSC);
	data = command(&e);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(pseudonymous_general(&e.p, data.bytes, e.message.bytes, &w),
	    SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(
	    pseudonymous_message(&e.p, data.bytes, &e.commitment, &w), SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(pseudonymous_credentials(&e.p, data.bytes, bytes_of(NULL, 0), &w),
	    SW_CONDITIONS_NOT_SATISFIED);
	e.p.suite.variant = PSEUDONYMOUS_PSA;
	assert_int_equal(pseudonymous_credentials(&e.p, data.bytes, e.message.bytes, &w),
	    SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(pseudonymous_general(&e.p, data.bytes, bytes_of(NULL, 0), &w),
	    SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(
	    pseudonymous_general(&e.p, data.bytes, e.message.bytes, &w), SW_WRONG_DATA);
	exact_free(&data);
	close_example(&e);
}

static void keys_that_are_none(void **state)
{
	struct exact manager = value_of("bp256_sha256", "manager");
	struct exact good = value_of("bp256_sha256", "private_1");
	const struct ec_group *group = ec_group_named(EC_BRAINPOOL_P256R1);
	static const uint8_t zero[32];
	struct pseudonym_key *key = NULL;
	struct bytes private[PSEUDONYMS] = { good.bytes, BYTES_OF_ARRAY(zero) };

	assert_int_equal(
	    pseudonym_import(group, random_source, manager.bytes, private, &key), ERR_FORMAT);
	private[1] = manager.bytes;
	assert_int_equal(
	    pseudonym_import(group, random_source, manager.bytes, private, &key), ERR_FORMAT);
	private[1] = good.bytes;
	manager.memory[40] ^= 1;
	assert_int_equal(
	    pseudonym_import(group, random_source, manager.bytes, private, &key), ERR_FORMAT);
	assert_null(key);
	exact_free(&manager);
	exact_free(&good);
}

/* Without memory there is no key. */
static void no_memory(void **state)
{
	struct pseudonym_key *key = NULL;
	struct example e;
	size_t n = 0;
	bool failed;

	open_example(&e, 0, PSEUDONYMOUS_PSM);
	do {
		const struct bytes private[] = { e.private[0].bytes, e.private[1].bytes };
		int r;

		alloc_fail_at(++n);
		r = pseudonym_import(ec_group_named(EC_BRAINPOOL_P256R1), random_source,
		    e.manager.bytes, private, &key);
		failed = alloc_stop();
		assert_int_equal(failed, r < 0);
		assert_int_equal(failed, key == NULL);
	} while (failed);
	assert_true(n > 1);
	pseudonym_free(key);
	close_example(&e);
}

static void object_identifiers(void **state)
{
	static const struct {
		const char *hex;
		bool good;
	} oids[] = {
		{ "04007F000702020B010203", true },
		{ "04007F000702020B030205", true },
		{ "04007F000702020B000203", false },
		{ "04007F000702020B040203", false },
		{ "04007F000702020B010103", false },
		{ "04007F000702020B010202", false },
		{ "04007F000702020B010206", false },
		{ "04007F000702020B0102", false },
		{ "04007F000702020B01020300", false },
		{ "04007F0007020205010203", false },
	};

	for (size_t i = 0; i < COUNT(oids); i++) {
		struct exact oid = exact_of_hex(oids[i].hex);
		struct pseudonymous_suite suite;

		assert_int_equal(pseudonymous_suite_parse(oid.bytes, &suite), oids[i].good);
		exact_free(&oid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(signatures_differ),
		cmocka_unit_test(nothing_granted),
		cmocka_unit_test(grants),
		cmocka_unit_test(credentials),
		cmocka_unit_test(other_sectors),
		cmocka_unit_test(other_messages),
		cmocka_unit_test(truncations),
		cmocka_unit_test(other_protocols),
		cmocka_unit_test(keys_that_are_none),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(object_identifiers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
