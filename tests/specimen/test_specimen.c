/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The specimen PKI: each file is what it is called, and what belongs together does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "pki/cvc.h"
#include "pki/cvc_chain.h"
#include "pki/x509.h"
#include "random_source.h"
#include "specimen/specimen.h"

static void test_no_file_is_empty(void **state)
{
	for (enum specimen_name name = 0; name < SPECIMEN_FILES; name++)
		assert_true(specimen_file(name).len > 0);
}

static const struct {
	enum specimen_name name;
	bool ec;
	size_t signature; /* bytes */
} keys[] = {
	{ SPECIMEN_SIGNER_KEY, false, 256 },
	{ SPECIMEN_ACTIVE_AUTH_RSA_KEY, false, 256 },
	{ SPECIMEN_ACTIVE_AUTH_EC_KEY, true, 64 },
	{ SPECIMEN_CHIP_AUTH_EC_KEY, true, 64 },
};

static void test_keys(void **state)
{
	for (size_t i = 0; i < COUNT(keys); i++) {
		uint8_t memory[4096];
		struct sign_key key;
		struct writer w;

		writer_init(&w, memory, sizeof memory);
		assert_int_equal(
		    sign_key_read(random_source, specimen_file(keys[i].name), &key), 0);
		assert_int_equal(key.ec != NULL, keys[i].ec);
		assert_int_equal(sign_key_signature_size(&key), keys[i].signature);
		assert_int_equal(sign_key_write_private(&key, &w), 0);
		sign_key_done(&key);
	}
}

static void test_certificates(void **state)
{
	struct x509 csca;
	struct x509 signer;

	assert_int_equal(x509_parse(specimen_file(SPECIMEN_CSCA_CERTIFICATE), &csca), 0);
	assert_int_equal(x509_parse(specimen_file(SPECIMEN_SIGNER_CERTIFICATE), &signer), 0);
	assert_true(bytes_equal(csca.subject, csca.issuer));
	assert_true(bytes_equal(signer.issuer, csca.subject));
}

static void test_trust_points(void **state)
{
	static const struct {
		enum specimen_name name;
		enum chat_type type;
	} cases[] = {
		{ SPECIMEN_CVCA_IS, CHAT_IS },
		{ SPECIMEN_CVCA_AT, CHAT_AT },
		{ SPECIMEN_CVCA_ST, CHAT_ST },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cvc_issuer root;
		struct cvc cvc;

		assert_int_equal(cvc_parse(specimen_file(cases[i].name), &cvc), 0);
		assert_true(cvc_trust_point(&cvc, &root));
		assert_int_equal(cvc.chat.type, cases[i].type);
		assert_int_equal(cvc.expiration.year, 2099);
		assert_int_equal(cvc_verify(&root, &cvc, random_source), 0);
		for (unsigned bit = 0; bit < chat_rights(cvc.chat.type); bit++)
			assert_int_equal(
			    chat_has(&cvc.chat, bit), chat_right_name(cvc.chat.type, bit) != NULL);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_file_is_empty),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_trust_points),
	};

	return cmocka_run_group_tests(tests, random_source_set_up, random_source_tear_down);
}
