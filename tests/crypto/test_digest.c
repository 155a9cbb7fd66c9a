/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests, by the examples of FIPS 180. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/digest.h"
#include "exact.h"

#define TWO_BLOCKS "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

static const struct {
	const char *name;
	enum digest_kind kind;
	const char *in, *want;
} cases[] = {
	{ "SHA-1, abc", DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "SHA-1, two blocks", DIGEST_SHA1, TWO_BLOCKS,
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "SHA-1, empty", DIGEST_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "SHA-224, abc", DIGEST_SHA224, "abc",
	    "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7" },
	{ "SHA-256, abc", DIGEST_SHA256, "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "SHA-256, two blocks", DIGEST_SHA256, TWO_BLOCKS,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "SHA-384, abc", DIGEST_SHA384, "abc",
	    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	    "8086072ba1e7cc2358baeca134c825a7" },
	{ "SHA-512, abc", DIGEST_SHA512, "abc",
	    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
};

static void examples(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t out[DIGEST_SIZE_MAX + 1];

		print_message("# %s\n", cases[i].name);
		out[digest_size(cases[i].kind)] = 0xA5;
		assert_int_equal(
		    digest_compute(cases[i].kind, bytes_of_string(cases[i].in), out), 0);
		assert_bytes_hex(bytes_of(out, digest_size(cases[i].kind)), cases[i].want);
		assert_int_equal(out[digest_size(cases[i].kind)], 0xA5);
	}
}

/* Cut in two at each place. */
static void parts(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bytes in = bytes_of_string(cases[i].in);

		for (size_t cut = 0; cut <= in.len; cut++) {
			uint8_t out[DIGEST_SIZE_MAX];
			struct digest *digest = NULL;

			assert_int_equal(digest_new(cases[i].kind, &digest), 0);
			assert_int_equal(digest_update(digest, bytes_first(in, cut)), 0);
			assert_int_equal(digest_update(digest, bytes_after(in, cut)), 0);
			assert_int_equal(digest_finish(digest, out), 0);
			assert_bytes_hex(bytes_of(out, digest_size(cases[i].kind)), cases[i].want);
			digest_free(digest);
		}
	}
	digest_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
