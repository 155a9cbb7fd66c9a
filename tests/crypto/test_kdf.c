/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key derivation, by worked examples for ICAO 9303-11 and BSI TR-03110. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/kdf.h"
#include "exact.h"
#include "vectors.h"

static const struct {
	const char *file, *secret, *nonce; /* names of values; NULL: no nonce */
	enum cipher_kind kind;
	enum kdf_counter counter;
	const char *want;
} cases[] = {
	{ "kdf", "can", NULL, CIPHER_3DES, KDF_PI, "can_kpi_3des" },
	{ "kdf", "can", NULL, CIPHER_AES_128, KDF_PI, "can_kpi_aes128" },
	{ "kdf", "can", NULL, CIPHER_AES_192, KDF_PI, "can_kpi_aes192" },
	{ "kdf", "can", NULL, CIPHER_AES_256, KDF_PI, "can_kpi_aes256" },
	{ "kdf", "seed", NULL, CIPHER_AES_128, KDF_ENC, "seed_c1_aes128" },
	{ "kdf", "seed", NULL, CIPHER_AES_128, KDF_MAC, "seed_c2_aes128" },
	{ "kdf", "seed", NULL, CIPHER_AES_128, KDF_PI, "seed_c3_aes128" },
	{ "icao-bac", "k_seed", NULL, CIPHER_3DES, KDF_ENC, "k_enc" },
	{ "icao-bac", "k_seed", NULL, CIPHER_3DES, KDF_MAC, "k_mac" },
	{ "icao-bac", "session_k_seed", NULL, CIPHER_3DES, KDF_ENC, "ks_enc" },
	{ "icao-bac", "session_k_seed", NULL, CIPHER_3DES, KDF_MAC, "ks_mac" },
	{ "bsi-eac2-ecdh", "pace_shared_k", NULL, CIPHER_AES_128, KDF_ENC, "pace_ks_enc" },
	{ "bsi-eac2-ecdh", "pace_shared_k", NULL, CIPHER_AES_128, KDF_MAC, "pace_ks_mac" },
	{ "bsi-eac2-ecdh", "ca_shared_k", "ca_nonce", CIPHER_AES_128, KDF_ENC, "ca_ks_enc" },
	{ "bsi-eac2-ecdh", "ca_shared_k", "ca_nonce", CIPHER_AES_128, KDF_MAC, "ca_ks_mac" },
	{ "bsi-eac2-dh", "ca_shared_k", "ca_nonce", CIPHER_AES_128, KDF_ENC, "ca_ks_enc" },
};

static void examples(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact secret = vectors_get(cases[i].file, cases[i].secret);
		struct exact nonce = { 0 };
		struct symmetric_key key = { 0 };

		if (cases[i].nonce != NULL)
			nonce = vectors_get(cases[i].file, cases[i].nonce);
		print_message("# %s: %s\n", cases[i].file, cases[i].want);
		assert_int_equal(
		    kdf_derive(cases[i].kind, secret.bytes, nonce.bytes, cases[i].counter, &key),
		    0);
		assert_vector(key_bytes(&key), cases[i].file, cases[i].want);
		key_wipe(&key);
		assert_int_equal(key.len, 0);
		assert_int_equal(key.data[0], 0);
		exact_free(&secret);
		exact_free(&nonce);
	}
}

static void parity_is_odd(void **state)
{
	for (unsigned value = 0; value < 256; value++) {
		uint8_t key = (uint8_t)value;
		unsigned ones = 0;

		kdf_set_parity(&key, 1);
		assert_int_equal(key & 0xFE, value & 0xFE);
		for (unsigned bit = 0; bit < 8; bit++)
			ones += key >> bit & 1;
		assert_int_equal(ones % 2, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(parity_is_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
