/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates of document verifiers that are signed, later than the card's day, and wrong in one thing: refused, and the card
 * knows no more than before. After BSI TR-03105-3.3, unit EAC2_ISO7816_J, whose cases the names tell where there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/terminal_auth.h"
#include "cvc_maker.h"
#include "exact.h"

#define ROOT "UTCVCA00001"
#define DV "UTDV00001"
#define BODY_MAX 2048

static struct random *random_source;
static struct party root, verifier, rsa_root, rsa_verifier;

static int set_up(void **state)
{
	if (random_new(bytes_of_string("defects"), &random_source) < 0)
		return -1;
	party_init(&root, CVC_ECDSA_SHA256, random_source);
	party_init(&verifier, CVC_ECDSA_SHA256, random_source);
	party_init(&rsa_root, CVC_RSA_V1_5_SHA256, random_source);
	party_init(&rsa_verifier, CVC_RSA_V1_5_SHA256, random_source);
	return 0;
}

static int tear_down(void **state)
{
	party_done(&root);
	party_done(&verifier);
	party_done(&rsa_root);
	party_done(&rsa_verifier);
	random_free(random_source);
	return 0;
}

/* What is done to an object of the body, or if inner is not 0 to one of the objects in it. */
struct defect {
	const char *name;
	uint32_t tag, inner;
	const char *instead; /* other objects, or NULL: none */
};

static void put_edited(
    const struct defect *defect, bool is_inner, struct bytes objects, struct writer *w)
{
	struct tlv tlv;

	while (objects.len > 0) {
		uint32_t target = is_inner ? defect->inner : defect->tag;

		assert_true(tlv_take(&objects, &tlv));
		if (tlv.tag != target) {
			writer_put(w, tlv.whole);
		} else if (!is_inner && defect->inner != 0) {
			tlv_open(w, tlv.tag);
			put_edited(defect, true, tlv.value, w);
			tlv_close(w);
		} else if (defect->instead != NULL) {
			struct exact instead = exact_of_hex(defect->instead);

			writer_put(w, instead.bytes);
			exact_free(&instead);
		}
	}
}

/* The content of the certificate with that defect, signed anew. */
static struct exact edited(
    const struct defect *defect, struct bytes content, const struct party *issuer)
{
	uint8_t body[BODY_MAX], signature[SIGN_KEY_SIGNATURE_MAX];
	struct bytes objects;
	struct writer w;

	assert_true(tlv_take_tag(&content, 0x7F4E, &objects));
	writer_init(&w, body, sizeof body);
	tlv_open(&w, 0x7F4E);
	put_edited(defect, false, objects, &w);
	tlv_close(&w);
	assert_true(writer_done(&w));
	assert_int_equal(sign_key_sign(&issuer->key, cvc_scheme(issuer->public.algorithm),
	                     writer_bytes(&w), signature),
	    0);
	tlv_put(&w, 0x5F37, bytes_of(signature, sign_key_signature_size(&issuer->key)));
	assert_true(writer_done(&w));
	return exact_copy(writer_bytes(&w));
}

static struct wish wish(const char *car, const char *chr, enum chat_role role)
{
	return (struct wish){ .car = car,
		.chr = chr,
		.type = CHAT_AT,
		.role = role,
		.rights = 1,
		.from = "2026-05-01",
		.to = "2026-12-31" };
}

/* What the card is left with by a certificate. */
static void present(
    const struct party *cvca, const struct party *dv, const struct defect *defect, bool is_good)
{
	static struct trust_points trust;
	static struct made made;
	struct date today = { 2026, 2, 1 };
	const struct terminal_auth_setup setup = {
		.trust = &trust, .today = &today, .random = random_source
	};
	struct wish self = wish(ROOT, ROOT, CHAT_CVCA);
	const struct wish other = wish(ROOT, DV, CHAT_DV_DOMESTIC);
	struct terminal_auth *auth;
	struct exact content;
	bool changed = false;
	enum sw sw;

	trust.n = 0;
	self.from = "2026-01-01";
	make_cvc(&made, &self, cvca, cvca);
	assert_int_equal(trust_points_add(&trust, made.bytes), 0);
	assert_int_equal(terminal_auth_new(&setup, &auth), 0);
	make_cvc(&made, &other, dv, cvca);
	content = edited(defect, made.content, cvca);
	assert_int_equal(terminal_auth_set_issuer(auth, bytes_of_string(ROOT)), SW_OK);
	sw = terminal_auth_verify_certificate(auth, content.bytes, &changed);
	if ((sw == SW_OK) != is_good)
		fail_msg("%s: %04X", defect->name, sw);
	assert_true(is_good || sw == SW_WRONG_DATA || sw == SW_WARNING_CHANGED);
	assert_int_equal(changed, is_good);
	assert_int_equal(today.month, is_good ? 5 : 2);
	assert_int_equal(terminal_auth_set_issuer(auth, bytes_of_string(DV)),
	    is_good ? SW_OK : SW_REFERENCE_NOT_FOUND);
	assert_int_equal(trust.n, 1);
	exact_free(&content);
	terminal_auth_free(auth);
}

static const struct defect defects[] = {
	{ "no profile", 0x5F29, 0, NULL },
	{ "profile of another version", 0x5F29, 0, "5F290101" },
	{ "no issuer", 0x42, 0, NULL },
	{ "another issuer", 0x42, 0, "420B 5554435643413030303032" },
	{ "no key", 0x7F49, 0, NULL },
	{ "no holder", 0x5F20, 0, NULL },
	{ "a holder with a short name", 0x5F20, 0, "5F2007 55543030303031" },
	{ "a holder with a long name", 0x5F20, 0, "5F2011 5554444444444444444444443030303031" },
	{ "the CVCA's name", 0x5F20, 0, "5F200B 5554435643413030303031" },
	{ "no rights", 0x7F4C, 0, NULL },
	{ "rights without kind of terminal", 0x7F4C, 0x06, NULL },
	{ "rights of no kind of terminal", 0x7F4C, 0x06, "0609 04007F000703010209" },
	{ "rights of another kind of terminal", 0x7F4C, 0,
	    "7F4C0E 0609 04007F000703010201 530183" },
	{ "rights without bits", 0x7F4C, 0x53, NULL },
	{ "rights with too few bits", 0x7F4C, 0x53, "5304 80000000" },
	{ "rights with too many bits", 0x7F4C, 0x53, "5306 800000000000" },
	{ "no day of beginning", 0x5F25, 0, NULL },
	{ "a day of beginning that is none", 0x5F25, 0, "5F2506 020600050302" },
	{ "a day of beginning with a figure of 10", 0x5F25, 0, "5F2506 02060005000A" },
	{ "a day of beginning in characters", 0x5F25, 0, "5F2506 323630353031" },
	{ "a day of beginning of five figures", 0x5F25, 0, "5F2505 0206000500" },
	{ "no day of end", 0x5F24, 0, NULL },
	{ "an end before the card's day", 0x5F24, 0, "5F2406 020600010301" },
	{ "an end before the beginning", 0x5F24, 0, "5F2406 020600040300" },
	{ "something unknown at the end", 0x5F24, 0, "5F2406 020601020301 770101" },
	{ "extensions that are none", 0x5F24, 0, "5F2406 020601020301 6500" },
	{ "days the other way round", 0x5F25, 0, "5F2406 020601020301 5F2506 020600050001" },
	{ "J_34: another protocol's key", 0x7F49, 0x06, "060A 04007F00070202030203" },
	{ "J_34: a key of no algorithm", 0x7F49, 0x06, "060A 04007F00070202020209" },
	{ "J_35: a key without algorithm", 0x7F49, 0x06, NULL },
	{ "J_39: a key with something unknown", 0x7F49, 0x06, "060A 04007F00070202020203 770101" },
	{ "a key of another algorithm", 0x7F49, 0x06, "060A 04007F00070202020204" },
};

static void wrong_in_one_thing(void **state)
{
	static const struct defect none = { "nothing", 0, 0, NULL };

	present(&root, &verifier, &none, true);
	for (size_t i = 0; i < COUNT(defects); i++)
		present(&root, &verifier, &defects[i], false);
}

static void ec_keys(void **state)
{
	static const struct defect cases[] = {
		{ "J_36: no point", 0x7F49, 0x86, NULL },
		{ "an empty point", 0x7F49, 0x86, "8600" },
		{ "J_51: a point of a smaller curve", 0x7F49, 0x86, "8603 040102" },
		{ "parameters of its own, and not all", 0x7F49, 0x06,
		    "060A 04007F00070202020203 810101" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		present(&root, &verifier, &cases[i], false);
}

static void rsa_keys(void **state)
{
	static const struct defect none = { "nothing", 0, 0, NULL };
	static const struct defect cases[] = {
		{ "J_37: no modulus", 0x7F49, 0x81, NULL },
		{ "an empty modulus", 0x7F49, 0x81, "8100" },
		{ "J_51: a shorter modulus", 0x7F49, 0x81, "8103 C00001" },
		{ "J_38: no exponent", 0x7F49, 0x82, NULL },
		{ "an empty exponent", 0x7F49, 0x82, "8200" },
		{ "something behind", 0x7F49, 0x82, "8203010001 830101" },
		{ "another padding", 0x7F49, 0x06, "060A 04007F00070202020104" },
	};

	present(&rsa_root, &rsa_verifier, &none, true);
	for (size_t i = 0; i < COUNT(cases); i++)
		present(&rsa_root, &rsa_verifier, &cases[i], false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_in_one_thing),
		cmocka_unit_test(ec_keys),
		cmocka_unit_test(rsa_keys),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
