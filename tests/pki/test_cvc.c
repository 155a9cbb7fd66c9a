/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CV certificates: own ones of every algorithm and kind, each field at its edges, every truncation, every rule of a chain;
 * and where they are at hand, published ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cvc_chain.h"
#include "published.h"

#define NAME_CVCA "UTCVCA00001"
#define NAME_LINK "UTCVCA00002"
#define NAME_DV "UTDV00001"
#define NAME_TERMINAL "UTTERM00001"

static const struct date day_1 = { 2026, 1, 1 };
static const struct date day_2 = { 2026, 6, 30 };
static const struct date no_day = { 0 };

/* A key and where its public part is written. */
struct party {
	struct sign_key key;
	struct cvc_public_key public;
	uint8_t memory[4096];
};

/* A certificate and what it says. */
struct made {
	uint8_t memory[CVC_SIZE_MAX];
	struct bytes bytes;
	struct cvc cvc;
};

static struct random *random_numbers;
static struct party root, next_root, verifier, terminal, rsa;

static void party_init(struct party *party, enum cvc_algorithm algorithm)
{
	struct writer w;

	if (cvc_scheme(algorithm)->ec)
		assert_int_equal(ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), random_numbers,
		                     &party->key.ec),
		    0);
	else
		assert_int_equal(
		    rsa_generate(random_numbers, 1536, bytes_of(NULL, 0), &party->key.rsa), 0);
	writer_init(&w, party->memory, sizeof party->memory);
	assert_int_equal(cvc_public_key_of(&party->key, algorithm, &w, &party->public), 0);
}

static int setup(void **state)
{
	if (random_new(bytes_of_string("cvc"), &random_numbers) < 0)
		return -1;
	party_init(&root, CVC_ECDSA_SHA256);
	party_init(&next_root, CVC_ECDSA_SHA256);
	party_init(&verifier, CVC_ECDSA_SHA256);
	party_init(&terminal, CVC_ECDSA_SHA256);
	party_init(&rsa, CVC_RSA_PSS_SHA256);
	return 0;
}

static int teardown(void **state)
{
	sign_key_done(&root.key);
	sign_key_done(&next_root.key);
	sign_key_done(&verifier.key);
	sign_key_done(&terminal.key);
	sign_key_done(&rsa.key);
	random_free(random_numbers);
	return 0;
}

static struct cvc fields(const char *car, const char *chr, const struct party *holder, uint8_t bits)
{
	struct cvc cvc = { .car = bytes_of_string(car),
		.chr = bytes_of_string(chr),
		.key = holder->public,
		.chat = { .type = CHAT_IS, .bits = { bits } },
		.effective = day_1,
		.expiration = day_2 };

	if (bits < 0xC0 && cvc.key.has_domain) {
		cvc.key.has_domain = false;
		cvc.key.domain = (struct ec_numbers){ 0 };
	}
	return cvc;
}

static void make(struct made *made, const struct cvc *cvc, const struct party *issuer)
{
	struct writer w;

	writer_init(&w, made->memory, sizeof made->memory);
	assert_int_equal(cvc_sign(cvc, &issuer->key, issuer->public.algorithm, &w), 0);
	assert_true(writer_done(&w));
	made->bytes = writer_bytes(&w);
	assert_int_equal(cvc_parse(made->bytes, &made->cvc), 0);
}

static void simple(struct made *made, const char *car, const char *chr, uint8_t bits)
{
	const struct party *issuer = strcmp(car, NAME_CVCA) == 0 ? &root
	    : strcmp(car, NAME_LINK) == 0                        ? &next_root
	                                                         : &verifier;
	const struct party *holder = strcmp(chr, NAME_CVCA) == 0 ? &root
	    : strcmp(chr, NAME_LINK) == 0                        ? &next_root
	    : strcmp(chr, NAME_DV) == 0                          ? &verifier
	                                                         : &terminal;
	struct cvc cvc = fields(car, chr, holder, bits);

	make(made, &cvc, issuer);
}

static void test_round_trip(void **state)
{
	static struct made made;
	struct cvc cvc = fields(NAME_CVCA, NAME_CVCA, &root, 0xC3);

	make(&made, &cvc, &root);
	assert_true(bytes_equal(made.cvc.car, cvc.car));
	assert_true(bytes_equal(made.cvc.chr, cvc.chr));
	assert_true(bytes_equal(made.cvc.key.point, cvc.key.point));
	assert_true(bytes_equal(made.cvc.key.domain.p, cvc.key.domain.p));
	assert_true(bytes_equal(made.cvc.key.domain.h, cvc.key.domain.h));
	assert_int_equal(made.cvc.chat.type, CHAT_IS);
	assert_int_equal(chat_role(&made.cvc.chat), CHAT_CVCA);
	assert_true(chat_has(&made.cvc.chat, 0) && chat_has(&made.cvc.chat, 1));
	assert_int_equal(made.cvc.effective.month, 1);
	assert_int_equal(made.cvc.expiration.day, 30);
	assert_int_equal(made.cvc.extensions.len, 0);
	assert_int_equal(made.cvc.signature.len, 64);
}

static void test_content_alone(void **state)
{
	static struct made made;
	struct bytes content;
	struct cvc cvc;

	simple(&made, NAME_CVCA, NAME_DV, 0x83);
	assert_true(tlv_find(made.bytes, 0x7F21, &content));
	assert_int_equal(cvc_parse_content(content, &cvc), 0);
	assert_int_equal(cvc_parse(content, &cvc), ERR_FORMAT);
	assert_int_equal(cvc_parse_content(made.bytes, &cvc), ERR_FORMAT);
}

static void test_every_truncation(void **state)
{
	static struct made made;
	static const uint8_t extension[] = { 0x73, 0x05, 0x06, 0x01, 0x2A, 0x80, 0x00 };
	struct cvc cvc = fields(NAME_CVCA, NAME_CVCA, &root, 0xC3);

	cvc.extensions = BYTES_OF_ARRAY(extension);
	make(&made, &cvc, &root);
	assert_int_equal(made.cvc.extensions.len, sizeof extension);
	for (size_t len = 0; len < made.bytes.len; len++) {
		struct exact e = exact_copy(bytes_first(made.bytes, len));

		assert_int_equal(cvc_parse(e.bytes, &cvc), ERR_FORMAT);
		exact_free(&e);
	}
}

/* No byte changes without notice: what still parses is not signed. */
static void test_every_byte(void **state)
{
	static struct made made;
	struct cvc_issuer issuer;
	struct cvc cvc;
	unsigned parsed = 0;

	simple(&made, NAME_CVCA, NAME_CVCA, 0xC3);
	assert_true(cvc_trust_point(&made.cvc, &issuer));
	for (size_t i = 0; i < made.bytes.len; i++) {
		struct exact e = exact_copy(made.bytes);

		e.memory[i] ^= 1;
		if (cvc_parse(e.bytes, &cvc) == 0) {
			parsed++;
			assert_int_equal(cvc_verify(&issuer, &cvc, random_numbers), ERR_FORMAT);
		}
		exact_free(&e);
	}
	assert_true(parsed > 300);
}

static void test_algorithms(void **state)
{
	static struct made made;

	for (enum cvc_algorithm algorithm = 0; algorithm < CVC_ALGORITHMS; algorithm++) {
		struct party *party = cvc_scheme(algorithm)->ec ? &root : &rsa;
		enum cvc_algorithm before = party->public.algorithm;
		enum cvc_algorithm found;
		struct cvc_issuer issuer;
		struct cvc_step step;
		struct cvc cvc;

		assert_true(cvc_algorithm_find(cvc_algorithm_name(algorithm), &found));
		assert_int_equal(found, algorithm);
		party->public.algorithm = algorithm;
		cvc = fields(NAME_CVCA, NAME_CVCA, party, 0xC3);
		make(&made, &cvc, party);
		assert_int_equal(made.cvc.key.algorithm, algorithm);
		assert_true(cvc_trust_point(&made.cvc, &issuer));
		assert_int_equal(
		    cvc_chain(&issuer, &made.cvc, day_1, random_numbers, &step), CVC_GOOD);
		made.memory[made.bytes.len - 1] ^= 1;
		assert_int_equal(
		    cvc_chain(&issuer, &made.cvc, day_1, random_numbers, &step), CVC_BAD_SIGNATURE);
		party->public.algorithm = before;
	}
}

static void test_algorithm_and_key(void **state)
{
	uint8_t memory[4096];
	struct cvc_public_key public;
	struct writer w;
	struct cvc cvc = fields(NAME_CVCA, NAME_CVCA, &root, 0xC3);

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cvc_public_key_of(&rsa.key, CVC_ECDSA_SHA1, &w, &public), ERR_UNSUPPORTED);
	assert_int_equal(
	    cvc_public_key_of(&root.key, CVC_RSA_PSS_SHA1, &w, &public), ERR_UNSUPPORTED);
	assert_int_equal(cvc_sign(&cvc, &rsa.key, CVC_ECDSA_SHA256, &w), ERR_UNSUPPORTED);
	writer_init(&w, memory, 100);
	assert_int_equal(cvc_sign(&cvc, &root.key, CVC_ECDSA_SHA256, &w), ERR_LIMIT);
}

static void test_references(void **state)
{
	static const struct {
		const char *reference;
		bool valid;
	} cases[] = {
		{ "UTA00001", true },
		{ "UTABCDEFGHI00001", true },
		{ "UTABCDEFGHIJ00001", false },
		{ "UT00001", false },
		{ "", false },
		{ "U1A00001", false },
		{ "1TA00001", false },
		{ "UTA0000-", false },
		{ "UTA-0001", false },
		{ "UTA-00001", true },
		{ "UT\xC4"
		  "00001",
		    true },
		{ "UT\x80"
		  "00001",
		    false },
		{ "UT\x1F"
		  "00001",
		    false },
		{ "utaABCDE", true },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (cvc_reference_is_valid(bytes_of_string(cases[i].reference)) != cases[i].valid)
			fail_msg("%s", cases[i].reference);
}

/* Fields that are refused by the writer; the same bytes put by hand are refused by the reader, below. */
static void test_fields_refused(void **state)
{
	const struct cvc good = fields(NAME_CVCA, NAME_CVCA, &root, 0xC3);
	static const uint8_t not_an_extension[] = { 0x73, 0x01, 0x06 };
	uint8_t memory[CVC_SIZE_MAX];
	struct cvc bad[8] = { good, good, good, good, good, good, good, good };
	struct writer w;

	bad[0].car = bytes_of_string("UT00001");
	bad[1].chr = bytes_of(NULL, 0);
	bad[2].expiration = (struct date){ 2025, 12, 31 };
	bad[3].effective = (struct date){ 2026, 2, 29 };
	bad[4].key.point = bytes_of(NULL, 0);
	bad[5].key.domain.h = bytes_of(NULL, 0);
	bad[6].extensions = BYTES_OF_ARRAY(not_an_extension);
	bad[7].key.n = good.key.point;
	for (size_t i = 0; i < COUNT(bad); i++) {
		writer_init(&w, memory, sizeof memory);
		if (cvc_put_body(&bad[i], &w) != ERR_FORMAT)
			fail_msg("case %zu", i);
		assert_int_equal(w.len, 0);
	}
}

/* Certificates in hexadecimal, RSA so that they are short; the numbers are no key. */
#define HEAD "5F290100 42 08 5554413030303031"
#define KEY "7F49 12 060A 04007F00070202020101 8101C5 820103"
#define CHR "5F20 08 5554413030303031"
#define CHAT "7F4C 0E 0609 04007F000703010201 5301C3"
#define FROM "5F25 06 020600010001"
#define TO "5F24 06 020600060300"
#define SIGNATURE "5F37 01 00"

static const struct {
	const char *name;
	const char *body;
	const char *after;
	int want;
} parse_cases[] = {
	{ "as it should be", HEAD KEY CHR CHAT FROM TO, SIGNATURE, 0 },
	{ "an extension", HEAD KEY CHR CHAT FROM TO "6505 7303 06012A", SIGNATURE, 0 },
	{ "empty extensions", HEAD KEY CHR CHAT FROM TO "6500", SIGNATURE, ERR_FORMAT },
	{ "an extension without name", HEAD KEY CHR CHAT FROM TO "6502 7300", SIGNATURE,
	    ERR_FORMAT },
	{ "something after the dates", HEAD KEY CHR CHAT FROM TO "8000", SIGNATURE, ERR_FORMAT },
	{ "no signature", HEAD KEY CHR CHAT FROM TO, "", ERR_FORMAT },
	{ "an empty signature", HEAD KEY CHR CHAT FROM TO, "5F3700", ERR_FORMAT },
	{ "something after the signature", HEAD KEY CHR CHAT FROM TO, SIGNATURE "00", ERR_FORMAT },
	{ "profile 1", "5F290101 42085554413030303031" KEY CHR CHAT FROM TO, SIGNATURE,
	    ERR_UNSUPPORTED },
	{ "profile of two bytes", "5F29020000 42085554413030303031" KEY CHR CHAT FROM TO, SIGNATURE,
	    ERR_FORMAT },
	{ "dates the other way round", HEAD KEY CHR CHAT TO FROM, SIGNATURE, ERR_FORMAT },
	{ "no rights", HEAD KEY CHR FROM TO, SIGNATURE, ERR_FORMAT },
	{ "no key", HEAD CHR CHAT FROM TO, SIGNATURE, ERR_FORMAT },
	{ "no issuer", "5F290100" KEY CHR CHAT FROM TO, SIGNATURE, ERR_FORMAT },
	{ "30 February", HEAD KEY CHR CHAT "5F2506020600020300" TO, SIGNATURE, ERR_FORMAT },
	{ "a figure of 10", HEAD KEY CHR CHAT "5F250602060001000A" TO, SIGNATURE, ERR_FORMAT },
	{ "a date of five bytes", HEAD KEY CHR CHAT "5F25050206000100" TO, SIGNATURE, ERR_FORMAT },
	{ "it ends before it begins", HEAD KEY CHR CHAT "5F2506020700010001" TO, SIGNATURE,
	    ERR_FORMAT },
	{ "it ends on the day it begins", HEAD KEY CHR CHAT "5F2506020600060300" TO, SIGNATURE, 0 },
	{ "another algorithm", HEAD "7F4912060A04007F000702020201078101C5820103" CHR CHAT FROM TO,
	    SIGNATURE, ERR_UNSUPPORTED },
	{ "RSA without exponent", HEAD "7F490F060A04007F000702020201018101C5" CHR CHAT FROM TO,
	    SIGNATURE, ERR_FORMAT },
	{ "RSA, numbers the other way round",
	    HEAD "7F4912060A04007F000702020201018201038101C5" CHR CHAT FROM TO, SIGNATURE,
	    ERR_FORMAT },
	{ "RSA with a point",
	    HEAD "7F4915060A04007F000702020201018101C5820103860104" CHR CHAT FROM TO, SIGNATURE,
	    ERR_FORMAT },
	{ "a point alone", HEAD "7F490F060A04007F00070202020203860104" CHR CHAT FROM TO, SIGNATURE,
	    0 },
	{ "a point and some parameters",
	    HEAD "7F4912060A04007F00070202020203810107860104" CHR CHAT FROM TO, SIGNATURE,
	    ERR_FORMAT },
	{ "no rights of such terminals", HEAD KEY CHR "7F4C0E060904007F0007030102045301C3" FROM TO,
	    SIGNATURE, ERR_UNSUPPORTED },
	{ "rights of two bytes", HEAD KEY CHR "7F4C0F060904007F0007030102015302C300" FROM TO,
	    SIGNATURE, ERR_FORMAT },
	{ "five bytes of an authentication terminal",
	    HEAD KEY CHR "7F4C12060904007F0007030102025305FE0F01FFFF" FROM TO, SIGNATURE, 0 },
};

static void test_parse(void **state)
{
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		struct exact body = exact_of_hex(parse_cases[i].body);
		struct exact after = exact_of_hex(parse_cases[i].after);
		uint8_t memory[512];
		struct exact e;
		struct writer w;
		struct cvc cvc;

		writer_init(&w, memory, sizeof memory);
		tlv_open(&w, 0x7F21);
		tlv_put(&w, 0x7F4E, body.bytes);
		writer_put(&w, after.bytes);
		tlv_close(&w);
		assert_true(writer_done(&w));
		e = exact_copy(writer_bytes(&w));
		if (cvc_parse(e.bytes, &cvc) != parse_cases[i].want)
			fail_msg("%s", parse_cases[i].name);
		exact_free(&e);
		exact_free(&after);
		exact_free(&body);
	}
}

static void test_chain(void **state)
{
	static struct made made[3];
	struct cvc_issuer issuer;
	struct cvc_step step;

	simple(&made[0], NAME_CVCA, NAME_CVCA, 0xC3);
	simple(&made[1], NAME_CVCA, NAME_DV, 0x81);
	simple(&made[2], NAME_DV, NAME_TERMINAL, 0x03);
	assert_true(cvc_trust_point(&made[0].cvc, &issuer));
	assert_int_equal(cvc_chain(&issuer, &made[1].cvc, no_day, random_numbers, &step), CVC_GOOD);
	assert_false(step.is_link);
	assert_int_equal(step.today.year, 2026);
	issuer = step.holder;
	assert_int_equal(
	    cvc_chain(&issuer, &made[2].cvc, step.today, random_numbers, &step), CVC_GOOD);
	assert_int_equal(step.holder.rights.bits[0], 0x01); /* what all three have */
	assert_true(bytes_equal(step.holder.name, bytes_of_string(NAME_TERMINAL)));
	issuer = step.holder;
	simple(&made[1], NAME_DV, NAME_TERMINAL, 0x03);
	assert_int_equal(
	    cvc_chain(&issuer, &made[1].cvc, day_1, random_numbers, &step), CVC_OTHER_ISSUER);
}

static void test_link(void **state)
{
	static struct made made[3];
	struct cvc_issuer issuer;
	struct cvc_step step;

	simple(&made[0], NAME_CVCA, NAME_CVCA, 0xC1);
	simple(&made[1], NAME_CVCA, NAME_LINK, 0xC3);
	simple(&made[2], NAME_LINK, NAME_DV, 0x43);
	assert_true(cvc_trust_point(&made[0].cvc, &issuer));
	/* Long after both have expired. */
	assert_int_equal(
	    cvc_chain(&issuer, &made[1].cvc, (struct date){ 2040, 1, 1 }, random_numbers, &step),
	    CVC_GOOD);
	assert_true(step.is_link);
	assert_int_equal(step.today.year, 2040);
	assert_int_equal(step.holder.rights.bits[0], 0xC3);
	issuer = step.holder;
	assert_int_equal(cvc_chain(&issuer, &made[2].cvc, day_1, random_numbers, &step), CVC_GOOD);
	assert_int_equal(step.holder.rights.bits[0], 0x43);
}

static void test_roles(void **state)
{
	/* By the two bits of issuer and holder. */
	static const bool may[4][4] = {
		[CHAT_CVCA] = { false, true, true, true },
		[CHAT_DV_DOMESTIC] = { true, false, false, false },
		[CHAT_DV_FOREIGN] = { true, false, false, false },
		[CHAT_TERMINAL] = { false, false, false, false },
	};
	static struct made trusted;
	static struct made made;
	struct cvc_issuer issuer;
	struct cvc_step step;

	simple(&trusted, NAME_CVCA, NAME_CVCA, 0xC3);
	assert_true(cvc_trust_point(&trusted.cvc, &issuer));
	for (unsigned i = 0; i < 16; i++) {
		simple(&made, NAME_CVCA, NAME_DV, (uint8_t)((i & 3) << 6));
		chat_set_role(&issuer.rights, (enum chat_role)(i >> 2));
		assert_int_equal(cvc_chain(&issuer, &made.cvc, day_1, random_numbers, &step),
		    may[i >> 2][i & 3] ? CVC_GOOD : CVC_ROLE);
	}
	chat_set_role(&issuer.rights, CHAT_CVCA);
	issuer.rights.type = CHAT_ST;
	assert_int_equal(cvc_chain(&issuer, &made.cvc, day_1, random_numbers, &step), CVC_ROLE);
	simple(&made, NAME_CVCA, NAME_DV, 0x83);
	assert_false(cvc_trust_point(&made.cvc, &issuer));
}

static void test_days(void **state)
{
	static const struct {
		struct date today;
		enum cvc_verdict want;
		struct date after;
	} cases[] = {
		{ { 2025, 12, 31 }, CVC_GOOD, { 2026, 1, 1 } },
		{ { 2026, 1, 1 }, CVC_GOOD, { 2026, 1, 1 } },
		{ { 2026, 6, 29 }, CVC_GOOD, { 2026, 6, 29 } },
		{ { 2026, 6, 30 }, CVC_GOOD, { 2026, 6, 30 } },
		{ { 2026, 7, 1 }, CVC_EXPIRED, { 0 } },
		{ { 2027, 1, 1 }, CVC_EXPIRED, { 0 } },
	};
	static struct made trusted;
	static struct made made;
	struct cvc_issuer issuer;

	simple(&trusted, NAME_CVCA, NAME_CVCA, 0xC3);
	simple(&made, NAME_CVCA, NAME_DV, 0x83);
	assert_true(cvc_trust_point(&trusted.cvc, &issuer));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cvc_step step = { 0 };

		assert_int_equal(
		    cvc_chain(&issuer, &made.cvc, cases[i].today, random_numbers, &step),
		    cases[i].want);
		assert_memory_equal(&step.today, &cases[i].after, sizeof step.today);
	}
}

/* Of terminals only those of official domestic verifiers are believed. */
static void test_who_sets_the_day(void **state)
{
	static const struct {
		uint8_t verifier;
		uint16_t year;
	} cases[] = { { 0x83, 2026 }, { 0x43, 2025 } };
	static struct made made[3];
	struct cvc_issuer issuer;
	struct cvc_step step;

	for (size_t i = 0; i < COUNT(cases); i++) {
		simple(&made[0], NAME_CVCA, NAME_CVCA, 0xC3);
		simple(&made[1], NAME_CVCA, NAME_DV, cases[i].verifier);
		simple(&made[2], NAME_DV, NAME_TERMINAL, 0x03);
		assert_true(cvc_trust_point(&made[0].cvc, &issuer));
		assert_int_equal(
		    cvc_chain(&issuer, &made[1].cvc, day_1, random_numbers, &step), CVC_GOOD);
		issuer = step.holder;
		assert_int_equal(cvc_chain(&issuer, &made[2].cvc, (struct date){ 2025, 1, 1 },
		                     random_numbers, &step),
		    CVC_GOOD);
		assert_int_equal(step.today.year, cases[i].year);
	}
}

static void test_domain(void **state)
{
	static struct made trusted;
	static struct made made;
	struct cvc cvc = fields(NAME_CVCA, NAME_DV, &verifier, 0x83);
	struct cvc_issuer issuer;
	struct cvc_step step;

	simple(&trusted, NAME_CVCA, NAME_CVCA, 0xC3);
	assert_true(cvc_trust_point(&trusted.cvc, &issuer));
	cvc.key = verifier.public;
	make(&made, &cvc, &root);
	assert_int_equal(cvc_chain(&issuer, &made.cvc, day_1, random_numbers, &step), CVC_DOMAIN);
	/* A link without parameters goes on with the old ones. */
	cvc = fields(NAME_CVCA, NAME_LINK, &next_root, 0xC3);
	cvc.key.has_domain = false;
	cvc.key.domain = (struct ec_numbers){ 0 };
	make(&made, &cvc, &root);
	assert_false(cvc_trust_point(&made.cvc, &issuer));
	assert_int_equal(cvc_chain(&issuer, &made.cvc, day_1, random_numbers, &step), CVC_GOOD);
	assert_true(bytes_equal(step.holder.domain.p, issuer.domain.p));
}

/* A country changes from RSA to elliptic curves and back. */
static void test_link_to_another_algorithm(void **state)
{
	static struct made made[2];
	struct cvc_issuer issuer;
	struct cvc_step step;
	struct cvc cvc = fields(NAME_CVCA, NAME_CVCA, &rsa, 0xC3);

	make(&made[0], &cvc, &rsa);
	assert_true(cvc_trust_point(&made[0].cvc, &issuer));
	cvc = fields(NAME_CVCA, NAME_LINK, &next_root, 0xC3);
	make(&made[1], &cvc, &rsa);
	assert_int_equal(cvc_chain(&issuer, &made[1].cvc, day_1, random_numbers, &step), CVC_GOOD);
	issuer = step.holder;
	simple(&made[0], NAME_LINK, NAME_DV, 0x83);
	assert_int_equal(cvc_chain(&issuer, &made[0].cvc, day_1, random_numbers, &step), CVC_GOOD);
	cvc.car = bytes_of_string(NAME_LINK);
	cvc.chr = bytes_of_string(NAME_CVCA);
	cvc.key = rsa.public;
	make(&made[0], &cvc, &next_root);
	assert_int_equal(cvc_chain(&issuer, &made[0].cvc, day_1, random_numbers, &step), CVC_GOOD);
	assert_int_equal(step.holder.domain.p.len, 0);
}

/* Room for more rights than there are is no error as long as it is not used (BSI TR-03105-3.3, EAC2_ISO7816_L_40). */
static void test_chat_with_room(void **state)
{
	static const struct {
		const char *hex;
		int want;
	} cases[] = {
		{ "0609 04007F000703010202 5305 407FFFFFFF", 0 },
		{ "0609 04007F000703010202 5307 0000 407FFFFFFF", 0 },
		{ "0609 04007F000703010202 5306 00 00FFFFFFFF", 0 },
		{ "0609 04007F000703010201 5303 0000 43", 0 },
		{ "0609 04007F000703010202 5307 0001 407FFFFFFF", ERR_FORMAT },
		{ "0609 04007F000703010202 5304 7FFFFFFF", ERR_FORMAT },
		{ "0609 04007F000703010202 5304 00000000", ERR_FORMAT },
		{ "0609 04007F000703010202 5300", ERR_FORMAT },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact in = exact_of_hex(cases[i].hex);
		struct chat chat;

		print_message("# %s\n", cases[i].hex);
		assert_int_equal(chat_parse(in.bytes, &chat), cases[i].want);
		if (i < 2) {
			assert_int_equal(chat_role(&chat), CHAT_DV_FOREIGN);
			assert_true(
			    chat_has(&chat, 0) && chat_has(&chat, 30) && !chat_has(&chat, 31));
		}
		exact_free(&in);
	}
}

static void test_chat(void **state)
{
	for (enum chat_type type = 0; type < CHAT_TYPES; type++) {
		struct chat chat = { .type = type };
		enum chat_type found;

		assert_true(chat_type_find(chat_type_name(type), &found) && found == type);
		chat_set_role(&chat, CHAT_DV_FOREIGN);
		for (unsigned bit = 0; bit < chat_rights(type); bit++) {
			const char *name = chat_right_name(type, bit);
			unsigned same;

			assert_false(chat_has(&chat, bit));
			chat_set(&chat, bit, true);
			assert_true(chat_has(&chat, bit));
			if (name != NULL)
				assert_true(chat_right_find(type, name, &same) && same == bit);
			assert_int_equal(chat_role(&chat), CHAT_DV_FOREIGN);
			chat_set(&chat, bit, false);
		}
		assert_false(chat_has(&chat, chat_rights(type)));
	}
	assert_int_equal(chat_rights(CHAT_AT), 38);
}

/* The chains of three kinds of terminals, and one of a signature terminal with another curve. */
static void test_published(void **state)
{
	static const char *const chains[][3] = {
		{ "cvc-utopia/UTISCVCA/UTISCVCA00001.selfsigned.cvcert",
		    "cvc-utopia/UTISCVCA/UTISDVCAOD/UTISDVCAOD00001.cvcert",
		    "cvc-utopia/UTISCVCA/UTISDVCAOD/UTTERM/UTTERM00001.cvcert" },
		{ "cvc-utopia/UTATCVCA/UTATCVCA00001.selfsigned.cvcert",
		    "cvc-utopia/UTATCVCA/UTATDVCANO/UTATDVCANO00001.cvcert",
		    "cvc-utopia/UTATCVCA/UTATDVCANO/UTTERM/UTTERM00001.cvcert" },
		{ "cvc-utopia/UTSTCVCA/UTSTCVCA00001.selfsigned.cvcert",
		    "cvc-utopia/UTSTCVCA/UTSTDVCAAB/UTSTDVCAAB00001.cvcert",
		    "cvc-utopia/UTSTCVCA/UTSTDVCAAB/UTTERM/UTTERM00001.cvcert" },
		{ "npa-example-data/ZZSTCVCA00001.cvcert", "npa-example-data/ZZSTDVCA00001.cvcert",
		    "npa-example-data/ZZSTTERM00001.cvcert" },
	};

	for (size_t i = 0; i < COUNT(chains); i++) {
		struct exact e[3] = { { 0 } };
		struct cvc_issuer issuer;
		struct cvc_step step;
		struct cvc cvc;

		for (size_t j = 0; j < 3; j++) {
			if (!published_file(chains[i][j], &e[j]))
				return;
			assert_int_equal(cvc_parse(e[j].bytes, &cvc), 0);
			if (j == 0)
				assert_true(cvc_trust_point(&cvc, &issuer));
			assert_int_equal(
			    cvc_chain(&issuer, &cvc, no_day, random_numbers, &step), CVC_GOOD);
			assert_int_equal(step.is_link, j == 0);
			issuer = step.holder;
		}
		assert_int_equal(chat_role(&step.holder.rights), CHAT_TERMINAL);
		for (size_t j = 0; j < 3; j++)
			exact_free(&e[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_content_alone),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_algorithm_and_key),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_fields_refused),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_who_sets_the_day),
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_link_to_another_algorithm),
		cmocka_unit_test(test_chat),
		cmocka_unit_test(test_chat_with_room),
		cmocka_unit_test(test_published),
	};

	return cmocka_run_group_tests_name("cvc", tests, setup, teardown);
}
