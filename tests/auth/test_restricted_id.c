/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restricted Identification: values of another implementation, with every hash function and both kinds of key agreement; both
 * sectors; and keys that are not the sector's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "auth/restricted_id.h"
#include "iso7816/tlv.h"
#include "pki/cvc.h"
#include "vectors.h"

#define FILE_NAME "restricted-id"
#define MESSAGE_MAX 4096

static struct random *random_source;

static int set_up(void **state)
{
	return random_new(bytes_of_string("Restricted Identification"), &random_source);
}

static int tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

/* A chip, and a terminal whose certificate has the hash of a sector's key. */
struct example {
	struct exact private, key;
	struct bytes key_value; /* of the data object 7F49 */
	struct terminal_sectors sectors;
	struct restricted_id r;
};

static struct exact value_of(const char *group, const char *name)
{
	char whole[64];

	snprintf(whole, sizeof whole, "%s_%s", group, name);
	return vectors_get(FILE_NAME, whole);
}

/* The certificate is signed with this hash function. */
static void certify(struct example *e, enum digest_kind digest, size_t sector)
{
	e->sectors = (struct terminal_sectors){ .digest = digest };
	e->sectors.sectors[sector].len = digest_size(digest);
	assert_int_equal(digest_compute(digest, e->key.bytes, e->sectors.sectors[sector].value), 0);
}

static void open_example(struct example *e, const char *group)
{
	struct bytes rest;

	*e = (struct example){ .private = value_of(group, "private"),
		.key = value_of(group, "key") };
	rest = e->key.bytes;
	assert_true(tlv_take_tag(&rest, 0x7F49, &e->key_value) && rest.len == 0);
	certify(e, DIGEST_SHA256, 0);
	e->r = (struct restricted_id){ .suite = { strcmp(group, "dh") == 0 ? RESTRICTED_ID_DH
		                                                           : RESTRICTED_ID_ECDH,
		                           DIGEST_SHA256 },
		.private = e->private.bytes,
		.sectors = &e->sectors,
		.random = random_source };
}

static void close_example(struct example *e)
{
	exact_free(&e->private);
	exact_free(&e->key);
}

/* The command with the key as first (A0) or second (A2) sector's, or both. */
static struct exact command(struct bytes first, struct bytes second)
{
	static uint8_t memory[MESSAGE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7C);
	if (first.len > 0)
		tlv_put(&w, 0xA0, first);
	if (second.len > 0)
		tlv_put(&w, 0xA2, second);
	tlv_close(&w);
	assert_true(writer_done(&w));
	return exact_copy(writer_bytes(&w));
}

static enum sw identify(
    const struct example *e, struct bytes first, struct bytes second, struct bytes *answer)
{
	static uint8_t memory[MESSAGE_MAX];
	struct exact data = command(first, second);
	struct writer w;
	enum sw sw;

	writer_init(&w, memory, sizeof memory);
	sw = restricted_id_general(&e->r, data.bytes, &w);
	*answer = writer_bytes(&w);
	exact_free(&data);
	return sw;
}

static const struct bytes none;

static void every_hash_function(void **state)
{
	static const char *const groups[] = { "p256", "bp256", "bp512", "dh" };
	static const char *const hashes[DIGEST_KINDS] = { "sha1", "sha224", "sha256", "sha384",
		"sha512" };

	for (size_t i = 0; i < COUNT(groups); i++)
		for (enum digest_kind h = 0; h < DIGEST_KINDS; h++) {
			struct bytes answer, inside, value;
			struct example e;
			char name[64];

			open_example(&e, groups[i]);
			e.r.suite.digest = h;
			assert_int_equal(identify(&e, e.key_value, none, &answer), SW_OK);
			assert_true(tlv_take_tag(&answer, 0x7C, &inside) && answer.len == 0);
			assert_true(tlv_take_tag(&inside, 0x81, &value) && inside.len == 0);
			snprintf(name, sizeof name, "%s_%s", groups[i], hashes[h]);
			assert_vector(value, FILE_NAME, name);
			close_example(&e);
		}
}

static void sectors(void **state)
{
	struct bytes answer, inside, first, second;
	struct example e;

	open_example(&e, "bp256");
	assert_int_equal(identify(&e, none, e.key_value, &answer), SW_WRONG_DATA);
	certify(&e, DIGEST_SHA1, 1);
	assert_int_equal(identify(&e, e.key_value, none, &answer), SW_WRONG_DATA);
	assert_int_equal(identify(&e, none, e.key_value, &answer), SW_OK);
	assert_true(tlv_take_tag(&answer, 0x7C, &inside));
	assert_true(tlv_take_tag(&inside, 0x83, &second) && inside.len == 0);
	assert_vector(second, FILE_NAME, "bp256_sha256");
	/* both in one command */
	e.sectors.sectors[0] = e.sectors.sectors[1];
	assert_int_equal(identify(&e, e.key_value, e.key_value, &answer), SW_OK);
	assert_true(tlv_take_tag(&answer, 0x7C, &inside));
	assert_true(tlv_take_tag(&inside, 0x81, &first) && tlv_take_tag(&inside, 0x83, &second));
	assert_true(bytes_equal(first, second));
	/* one good, one not */
	e.sectors.sectors[1].value[0] ^= 1;
	assert_int_equal(identify(&e, e.key_value, e.key_value, &answer), SW_WRONG_DATA);
	close_example(&e);
}

/* Each bit of the key is covered by the certificate's hash. */
static void keys_that_are_not_certified(void **state)
{
	struct bytes answer;
	struct example e;

	open_example(&e, "bp256");
	for (size_t i = e.key.bytes.len - e.key_value.len; i < e.key.bytes.len; i++) {
		e.key.memory[i] ^= 0x01;
		assert_int_equal(identify(&e, e.key_value, none, &answer), SW_WRONG_DATA);
		e.key.memory[i] ^= 0x01;
	}
	assert_int_equal(identify(&e, e.key_value, none, &answer), SW_OK);
	close_example(&e);
}

/* Keys that are certified, and no keys. */
static void keys_that_are_none(void **state)
{
	struct example e;

	for (unsigned dh = 0; dh < 2; dh++) {
		size_t n = 0;

		open_example(&e, dh ? "dh" : "bp256");
		for (size_t i = e.key.bytes.len - e.key_value.len; i < e.key.bytes.len;
		     i += dh ? 7 : 1) {
			struct bytes answer;

			e.key.memory[i] ^= 0x40;
			certify(&e, DIGEST_SHA256, 0);
			/* nothing depends on the hash function that a key names, and on its cofactor */
			n += identify(&e, e.key_value, none, &answer) == SW_OK;
			e.key.memory[i] ^= 0x40;
		}
		assert_true(n <= 2);
		close_example(&e);
	}
}

/* A sector of a curve whose order is not prime, certified: the answer would tell what the private key is modulo its factors. */
static void weak_domain_parameters(void **state)
{
	static const char weak[] =
	    "7F4981DF 060A 04007F00070202050203"
	    "8120 C7A2EA22CBC53250B814C66B2D71D09CFE6389DD32F61EB57242A561D00F90C3"
	    "820101 830100"
	    "8441 0452CB00031C89D8E27D139190E51550B196E0B5E4F561ADE7DF3F7D002E09F7C6"
	    "B56EDFC452188E4FDEFD76A0AC4A2D68BB2ACF5C0F0300E83B9E6AD376D86EFF"
	    "8520 31E8BA88B2F14C942E05319ACB5C74273F98E2774CBD87AD5C90A9587403E431"
	    "8641 0452CB00031C89D8E27D139190E51550B196E0B5E4F561ADE7DF3F7D002E09F7C6"
	    "B56EDFC452188E4FDEFD76A0AC4A2D68BB2ACF5C0F0300E83B9E6AD376D86EFF"
	    "870104";
	static const uint8_t private[] = { 0x12, 0x34, 0x56 };
	struct bytes answer, rest;
	struct example e;

	open_example(&e, "bp256");
	exact_free(&e.key);
	e.key = exact_of_hex(weak);
	rest = e.key.bytes;
	assert_true(tlv_take_tag(&rest, 0x7F49, &e.key_value) && rest.len == 0);
	certify(&e, DIGEST_SHA256, 0);
	e.r.private = BYTES_OF_ARRAY(private);
	assert_int_equal(identify(&e, e.key_value, none, &answer), SW_WRONG_DATA);
	close_example(&e);
}

static void other_kinds_of_key(void **state)
{
	static const char *const groups[] = { "bp256", "dh" };

	for (size_t i = 0; i < COUNT(groups); i++) {
		struct bytes answer;
		struct example e;

		open_example(&e, groups[i]);
		e.r.suite.variant = i == 0 ? RESTRICTED_ID_DH : RESTRICTED_ID_ECDH;
		assert_int_equal(identify(&e, e.key_value, none, &answer), SW_WRONG_DATA);
		e.r.private = none;
		assert_int_equal(identify(&e, e.key_value, none, &answer), SW_NO_DIAGNOSIS);
		close_example(&e);
	}
}

static void truncations(void **state)
{
	struct exact data;
	struct example e;

	open_example(&e, "p256");
	data = command(e.key_value, none);
	for (size_t n = 0; n < data.bytes.len; n++) {
		uint8_t memory[MESSAGE_MAX];
		struct exact cut = exact_copy(bytes_first(data.bytes, n));
		struct writer w;

		writer_init(&w, memory, sizeof memory);
		assert_int_equal(restricted_id_general(&e.r, cut.bytes, &w), SW_WRONG_DATA);
		exact_free(&cut);
	}
	exact_free(&data);
	close_example(&e);
}

static void malformed(void **state)
{
	static const char *const cases[] = { "7C00", "7C02A000", "7C02A200", "7C028000",
		"7C04A0000000", "7D00", "7C0000", "7C05A003060100" };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact data = exact_of_hex(cases[i]);
		uint8_t memory[64];
		struct example e;
		struct writer w;

		open_example(&e, "p256");
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(restricted_id_general(&e.r, data.bytes, &w), SW_WRONG_DATA);
		close_example(&e);
		exact_free(&data);
	}
}

static struct exact specimen(const char *name)
{
	static uint8_t memory[MESSAGE_MAX];
	const char *root = getenv("SOURCE_ROOT");
	char path[4096];
	size_t len;
	FILE *file;

	snprintf(path, sizeof path, "%s/data/specimen/%s", root != NULL ? root : ".", name);
	file = fopen(path, "rb");
	if (file == NULL)
		fail_msg("cannot open %s", path);
	len = fread(memory, 1, sizeof memory, file);
	fclose(file);
	return exact_copy(bytes_of(memory, len));
}

/* The key that vicc-pki has made for the specimen terminal's sector, of both kinds. */
static void specimen_sector(void **state)
{
	struct exact certificate = specimen("terminal-at.cvcert");
	struct exact key = specimen("sector-at.bin");
	struct bytes rest = key.bytes, value, answer, inside, point = { NULL, 0 };
	struct example e;
	struct cvc cvc;

	open_example(&e, "bp256");
	assert_int_equal(cvc_parse(certificate.bytes, &cvc), 0);
	terminal_sectors_read(cvc.extensions, DIGEST_SHA256, &e.sectors);
	assert_true(tlv_take_tag(&rest, 0x7F49, &value) && tlv_find(value, 0x86, &point));
	assert_int_equal(terminal_sector_check_ps(&e.sectors, 13, point), 0);
	assert_int_equal(identify(&e, value, none, &answer), SW_OK);
	assert_true(tlv_take_tag(&answer, 0x7C, &inside) && tlv_take_tag(&inside, 0x81, &value));
	assert_int_equal(value.len, 32);
	close_example(&e);
	exact_free(&certificate);
	exact_free(&key);
}

/* Without memory it fails, and the next time it does not. */
static void no_memory(void **state)
{
	static const char *const groups[] = { "bp256", "dh" };
	static uint8_t memory[MESSAGE_MAX];

	for (size_t i = 0; i < COUNT(groups); i++) {
		struct bytes answer;
		struct exact data;
		struct example e;
		size_t n = 0;
		bool failed;

		open_example(&e, groups[i]);
		data = command(e.key_value, none);
		assert_int_equal(identify(&e, e.key_value, none, &answer), SW_OK);
		do {
			struct writer w;
			enum sw sw;

			writer_init(&w, memory, sizeof memory);
			alloc_fail_at(++n);
			sw = restricted_id_general(&e.r, data.bytes, &w);
			failed = alloc_stop();
			assert_int_equal(sw, failed ? SW_NO_DIAGNOSIS : SW_OK);
		} while (failed);
		assert_true(n > 1);
		exact_free(&data);
		close_example(&e);
	}
}

static void object_identifiers(void **state)
{
	static const struct {
		const char *hex;
		bool good;
	} cases[] = {
		{ "04007F00070202050101", true },
		{ "04007F00070202050205", true },
		{ "04007F00070202050200", false },
		{ "04007F00070202050206", false },
		{ "04007F00070202050001", false },
		{ "04007F00070202050301", false },
		{ "04007F000702020502", false },
		{ "04007F0007020205020300", false },
		{ "04007F00070202040203", false },
		{ "", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact oid = exact_of_hex(cases[i].hex);
		struct restricted_id_suite suite;

		assert_int_equal(restricted_id_suite_parse(oid.bytes, &suite), cases[i].good);
		exact_free(&oid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hash_function),
		cmocka_unit_test(sectors),
		cmocka_unit_test(keys_that_are_not_certified),
		cmocka_unit_test(keys_that_are_none),
		cmocka_unit_test(weak_domain_parameters),
		cmocka_unit_test(other_kinds_of_key),
		cmocka_unit_test(truncations),
		cmocka_unit_test(malformed),
		cmocka_unit_test(specimen_sector),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(object_identifiers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
