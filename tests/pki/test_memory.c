/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, certificates and signed data while memory runs out: an error each time, and nothing left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "pki/cms_read.h"
#include "pki/cvc_chain.h"
#include "pki/x509.h"
#include "specimen/specimen.h"

static struct random *random_numbers;

static int setup(void **state)
{
	return random_new(bytes_of_string("memory"), &random_numbers);
}

static int teardown(void **state)
{
	random_free(random_numbers);
	return 0;
}

static int read_keys(void *context)
{
	static const enum specimen_name names[] = { SPECIMEN_SIGNER_KEY,
		SPECIMEN_CHIP_AUTH_EC_KEY };

	for (size_t i = 0; i < COUNT(names); i++) {
		uint8_t memory[4096];
		struct sign_key key;
		struct writer w;
		int r = sign_key_read(random_numbers, specimen_file(names[i]), &key);

		if (r < 0)
			return r;
		writer_init(&w, memory, sizeof memory);
		r = public_key_put(&w, &key, CURVE_NAMED);
		sign_key_done(&key);
		if (r < 0)
			return r;
	}
	return 0;
}

/* An EC group by numbers, as certificates and chips have it. */
static int verify_cv_certificate(void *context)
{
	struct cvc_issuer root;
	struct cvc cvc;

	assert_int_equal(cvc_parse(specimen_file(SPECIMEN_CVCA_IS), &cvc), 0);
	assert_true(cvc_trust_point(&cvc, &root));
	return cvc_verify(&root, &cvc, random_numbers);
}

static int sign_and_verify(void *context)
{
	struct cms_signer signer = { .scheme = { .digest = DIGEST_SHA256 },
		.certificate = specimen_file(SPECIMEN_SIGNER_CERTIFICATE) };
	uint8_t memory[4096];
	struct sign_key key;
	struct writer w;
	struct cms cms;
	int r = sign_key_read(random_numbers, specimen_file(SPECIMEN_SIGNER_KEY), &key);

	if (r < 0)
		return r;
	writer_init(&w, memory, sizeof memory);
	signer.key = &key;
	r = cms_sign(CMS_SECURITY_OBJECT, bytes_of_string("1"), &signer, &w);
	if (r == 0)
		r = cms_parse(writer_bytes(&w), &cms);
	if (r == 0)
		r = cms_verify(&cms, &key);
	sign_key_done(&key);
	return r;
}

static void test_out_of_memory(void **state)
{
	static int (*const work[])(void *) = { read_keys, verify_cv_certificate, sign_and_verify };

	for (size_t i = 0; i < COUNT(work); i++) {
		size_t n = 0;
		bool failed;

		assert_int_equal(work[i](NULL), 0);
		do {
			int r;

			alloc_fail_at(++n);
			r = work[i](NULL);
			failed = alloc_stop();
			if ((r < 0) != failed || (failed && r != ERR_NO_MEMORY && r != ERR_CRYPTO))
				fail_msg("work %zu, allocation %zu: %d", i, n, r);
		} while (failed);
		assert_true(n > 1);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_out_of_memory) };

	return cmocka_run_group_tests(tests, setup, teardown);
}
