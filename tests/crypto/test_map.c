/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mappings of PACE, by the worked examples of ICAO 9303-11, appendices G to I, and of BSI TR-03110: from the
 * nonce to the shared secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/cipher.h"
#include "crypto/map.h"
#include "exact.h"
#include "random_source.h"
#include "vectors.h"

static struct ec_key *ec_private(const struct ec_group *group, const char *file, const char *name)
{
	struct exact d = vectors_get(file, name);
	struct ec_key *key = NULL;

	assert_int_equal(ec_import_private(group, random_source, d.bytes, &key), 0);
	exact_free(&d);
	return key;
}

static void check_generator(const struct ec_group *group, const char *file)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;
	struct exact whole = { 0 };

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_group_put(group, EC_PART_G, &w), 0);
	if (vectors_find(file, "g_map", &whole)) {
		assert_true(bytes_equal(writer_bytes(&w), whole.bytes));
		exact_free(&whole);
		return;
	}
	assert_vector(bytes_of(memory + 1, 32), file, "g_map_x");
	assert_vector(bytes_of(memory + 33, 32), file, "g_map_y");
}

/* The second Diffie-Hellman, in the mapped group: own private key and its public one, the other's, the secret. */
static void check_agreement(
    const struct ec_group *group, const char *file, const char *const names[4])
{
	struct ec_key *key = ec_private(group, file, names[0]);
	struct exact other = vectors_get(file, names[2]);
	uint8_t memory[EC_POINT_SIZE_MAX];
	uint8_t x[32];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_put_public(key, &w), 0);
	assert_vector(writer_bytes(&w), file, names[1]);
	assert_int_equal(ec_shared_x(key, other.bytes, x), 0);
	assert_vector(BYTES_OF_ARRAY(x), file, names[3]);
	ec_free(key);
	exact_free(&other);
}

static void generic_ec(void **state)
{
	static const struct {
		const char *file, *d, *other;
		const char *agreement[4];
	} cases[] = {
		{ "icao-pace-gm-ecdh", "sk_map_ic", "pk_map_ifd",
		    { "sk_dh_ic", "pk_dh_ic", "pk_dh_ifd", "shared_k" } },
		{ "icao-pace-cam-ecdh", "sk_map_ic", "pk_map_ifd",
		    { "sk_dh_ifd", "pk_dh_ifd", "pk_dh_ic", "shared_k" } },
		{ "bsi-eac2-ecdh", "sk_map_picc", "pk_map_pcd",
		    { "sk_pace_picc", "pk_pace_picc", "pk_pace_pcd", "pace_shared_k" } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct ec_group *base = ec_group_named(EC_BRAINPOOL_P256R1);
		struct ec_key *key = ec_private(base, cases[i].file, cases[i].d);
		struct exact other = vectors_get(cases[i].file, cases[i].other);
		struct exact nonce = vectors_get(cases[i].file, "nonce_s");
		struct ec_group *group = NULL;
		uint8_t memory[EC_POINT_SIZE_MAX];
		struct writer h;

		print_message("# %s\n", cases[i].file);
		writer_init(&h, memory, sizeof memory);
		assert_int_equal(ec_shared_point(key, other.bytes, &h), 0);
		assert_int_equal(map_generic_ec(base, nonce.bytes, writer_bytes(&h), &group), 0);
		check_generator(group, cases[i].file);
		check_agreement(group, cases[i].file, cases[i].agreement);
		ec_group_free(group);
		ec_free(key);
		exact_free(&other);
		exact_free(&nonce);
	}
}

/* With every named curve both sides come to the same secret: the card with its own key, the terminal too. */
static void generic_ec_on_every_curve(void **state)
{
	static const uint8_t nonce[16] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	for (unsigned curve = 0; curve < EC_CURVES; curve++) {
		const struct ec_group *base = ec_group_named((enum ec_curve)curve);
		uint8_t point[2][EC_POINT_SIZE_MAX], x[2][EC_FIELD_SIZE_MAX];
		struct ec_group *group = NULL;
		struct ec_key *key[2] = { NULL, NULL };
		struct writer w;

		writer_init(&w, point[0], sizeof point[0]);
		assert_int_equal(ec_group_put(base, EC_PART_G, &w), 0); /* any point will do */
		assert_int_equal(
		    map_generic_ec(base, BYTES_OF_ARRAY(nonce), writer_bytes(&w), &group), 0);
		for (size_t i = 0; i < 2; i++) {
			assert_int_equal(ec_generate(group, random_source, &key[i]), 0);
			writer_init(&w, point[i], sizeof point[i]);
			assert_int_equal(ec_put_public(key[i], &w), 0);
		}
		for (size_t i = 0; i < 2; i++)
			assert_int_equal(
			    ec_shared_x(key[i], bytes_of(point[1 - i], ec_point_size(base)), x[i]),
			    0);
		assert_memory_equal(x[0], x[1], ec_field_size(base));
		ec_free(key[0]);
		ec_free(key[1]);
		ec_group_free(group);
	}
}

static struct dh_key *dh_private(const struct dh_group *group, const char *file, const char *name)
{
	struct exact x = vectors_get(file, name);
	struct dh_key *key = NULL;

	assert_int_equal(dh_import_private(group, random_source, x.bytes, &key), 0);
	exact_free(&x);
	return key;
}

/* own private key, its public one, the other's, the secret (NULL: not published) */
static void check_dh_agreement(
    const struct dh_group *group, const char *file, const char *const names[4])
{
	struct dh_key *key = dh_private(group, file, names[0]);
	struct exact other = vectors_get(file, names[2]);
	uint8_t memory[128];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(dh_group_put(group, DH_PART_G, &w), 0);
	assert_vector(writer_bytes(&w), file, "g_map");
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(dh_put_public(key, &w), 0);
	assert_vector(writer_bytes(&w), file, names[1]);
	/* one of BSI's values has a zero in front */
	assert_int_equal(
	    dh_shared(key, bytes_after(other.bytes, other.bytes.len - 128), memory), 0);
	if (names[3] != NULL)
		assert_vector(BYTES_OF_ARRAY(memory), file, names[3]);
	dh_free(key);
	exact_free(&other);
}

static void generic_dh(void **state)
{
	static const struct {
		const char *file, *x, *other;
		const char *agreement[4];
	} cases[] = {
		{ "icao-pace-gm-dh", "sk_map_ic", "pk_map_ifd",
		    { "sk_dh_ic", "pk_dh_ic", "pk_dh_ifd", "shared_k" } },
		{ "bsi-eac2-dh", "sk_map_picc", "pk_map_pcd",
		    { "sk_pace_picc", "pk_pace_picc", "pk_pace_pcd", "pace_shared_k" } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct dh_group *base = dh_group_named(DH_1024_160);
		struct dh_key *key = dh_private(base, cases[i].file, cases[i].x);
		struct exact other = vectors_get(cases[i].file, cases[i].other);
		struct exact nonce = vectors_get(cases[i].file, "nonce_s");
		struct dh_group *group = NULL;
		uint8_t h[128];

		print_message("# %s\n", cases[i].file);
		assert_int_equal(dh_shared(key, other.bytes, h), 0);
		assert_int_equal(map_generic_dh(base, nonce.bytes, BYTES_OF_ARRAY(h), &group), 0);
		check_dh_agreement(group, cases[i].file, cases[i].agreement);
		dh_group_free(group);
		dh_free(key);
		exact_free(&other);
		exact_free(&nonce);
	}
}

static void integrated_ec(void **state)
{
	static const char *const agreement[] = { "sk_dh_ic", "pk_dh_ic", "pk_dh_ifd", "shared_k" };
	const char file[] = "icao-pace-im-ecdh";
	struct exact prf = vectors_get(file, "prf");
	struct ec_group *group = NULL;

	assert_int_equal(
	    map_integrated_ec(ec_group_named(EC_BRAINPOOL_P256R1), prf.bytes, &group), 0);
	check_generator(group, file);
	check_agreement(group, file, agreement);
	ec_group_free(group);
	exact_free(&prf);
}

/* ICAO 9303-11, 4.4.3.3.2: R(s, t) of AES-128 for a modulus of 1024 bits. */
static void pseudo_random(const char *file, uint8_t out[9 * 16])
{
	struct exact s = vectors_get(file, "nonce_s");
	struct exact t = vectors_get(file, "nonce_t");
	struct exact c[] = { exact_of_hex("A668892A7C41E3CA739F40B057D85904"),
		exact_of_hex("A4E136AC725F738B01C1F60217C188AD") };
	uint8_t key[16];

	assert_int_equal(cipher_encrypt_once(CIPHER_AES_128, t.bytes, NULL, s.bytes, key), 0);
	for (size_t i = 0; i < 9; i++) {
		struct bytes k = BYTES_OF_ARRAY(key);
		uint8_t next[16];

		assert_int_equal(
		    cipher_encrypt_once(CIPHER_AES_128, k, NULL, c[1].bytes, out + 16 * i), 0);
		assert_int_equal(cipher_encrypt_once(CIPHER_AES_128, k, NULL, c[0].bytes, next), 0);
		memcpy(key, next, sizeof key);
	}
	exact_free(&s);
	exact_free(&t);
	exact_free(&c[0]);
	exact_free(&c[1]);
}

static void integrated_dh(void **state)
{
	static const char *const agreement[] = { "sk_dh_ic", "pk_dh_ic", "pk_dh_ifd", NULL };
	const char file[] = "icao-pace-im-dh";
	struct dh_group *group = NULL;
	uint8_t prf[9 * 16];

	pseudo_random(file, prf);
	assert_int_equal(
	    map_integrated_dh(dh_group_named(DH_1024_160), BYTES_OF_ARRAY(prf), &group), 0);
	check_dh_agreement(group, file, agreement);
	dh_group_free(group);
}

/* Every curve but that whose prime is 1 mod 4, with several values: the result is a point of the group. */
static void integrated_ec_on_every_curve(void **state)
{
	for (unsigned curve = 0; curve < EC_CURVES; curve++) {
		for (uint8_t value = 1; value < 12; value++) {
			uint8_t prf[80];
			struct ec_group *group = NULL;
			int r;

			memset(prf, value, sizeof prf);
			r = map_integrated_ec(
			    ec_group_named((enum ec_curve)curve), BYTES_OF_ARRAY(prf), &group);
			assert_int_equal(r, curve == EC_P224 ? ERR_UNSUPPORTED : 0);
			ec_group_free(group);
		}
	}
}

static void chip_authentication(void **state)
{
	const char file[] = "icao-pace-cam-ecdh";
	const struct ec_group *group = ec_group_named(EC_BRAINPOOL_P256R1);
	struct ec_key *chip = ec_private(group, file, "sk_ic");
	struct ec_key *mapping = ec_private(group, file, "sk_map_ic");
	struct exact point = vectors_get(file, "pk_ic");
	struct ec_key *public = NULL;
	uint8_t out[32];

	assert_int_equal(map_chip_authentication(chip, mapping, out), 0);
	assert_vector(BYTES_OF_ARRAY(out), file, "ca_ic");
	assert_int_equal(ec_import_public(group, point.bytes, &public), 0);
	assert_int_equal(map_chip_authentication(public, mapping, out), ERR_NOT_FOUND);
	assert_int_equal(map_chip_authentication(chip, public, out), ERR_NOT_FOUND);
	ec_free(chip);
	ec_free(mapping);
	ec_free(public);
	exact_free(&point);
}

/* Nonces and points that lead nowhere. */
static void neutral_results(void **state)
{
	const struct ec_group *group = ec_group_named(EC_P256);
	const struct dh_group *modp = dh_group_named(DH_1024_160);
	static const uint8_t zeros[160];
	struct ec_group *ec = NULL;
	struct dh_group *dh = NULL;
	uint8_t memory[EC_POINT_SIZE_MAX], n[32], g[128];
	struct writer w;

	writer_init(&w, n, sizeof n);
	assert_int_equal(ec_group_put(group, EC_PART_N, &w), 0);
	n[31]--; /* (n-1) G + G is neutral */
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_group_put(group, EC_PART_G, &w), 0);
	assert_int_equal(
	    map_generic_ec(group, BYTES_OF_ARRAY(n), writer_bytes(&w), &ec), ERR_FORMAT);
	memory[64] ^= 1;
	assert_int_equal(
	    map_generic_ec(group, bytes_of(zeros, 16), writer_bytes(&w), &ec), ERR_FORMAT);
	assert_int_equal(map_integrated_ec(group, BYTES_OF_ARRAY(zeros), &ec), ERR_FORMAT);
	assert_int_equal(map_integrated_dh(modp, BYTES_OF_ARRAY(zeros), &dh), ERR_FORMAT);
	assert_int_equal(
	    map_generic_dh(modp, bytes_of(zeros, 16), bytes_of(zeros, 128), &dh), ERR_FORMAT);
	writer_init(&w, g, sizeof g);
	assert_int_equal(dh_group_put(modp, DH_PART_G, &w), 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(dh_group_put(modp, DH_PART_Q, &w), 0);
	memory[w.len - 1]--; /* g ^ (q-1) * g is 1 */
	assert_int_equal(
	    map_generic_dh(modp, writer_bytes(&w), BYTES_OF_ARRAY(g), &dh), ERR_FORMAT);
	assert_null(ec);
	assert_null(dh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generic_ec),
		cmocka_unit_test(generic_ec_on_every_curve),
		cmocka_unit_test(generic_dh),
		cmocka_unit_test(integrated_ec),
		cmocka_unit_test(integrated_dh),
		cmocka_unit_test(integrated_ec_on_every_curve),
		cmocka_unit_test(chip_authentication),
		cmocka_unit_test(neutral_results),
	};

	return cmocka_run_group_tests(tests, random_source_set_up, random_source_tear_down);
}
