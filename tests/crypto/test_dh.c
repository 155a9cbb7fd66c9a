/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diffie-Hellman, by the worked examples of ICAO 9303-11 and BSI TR-03110. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/dh.h"
#include "exact.h"
#include "random_source.h"
#include "vectors.h"

static struct exact public_of(const struct dh_key *key)
{
	uint8_t memory[DH_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(dh_put_public(key, &w), 0);
	return exact_copy(writer_bytes(&w));
}

/* The domain parameters of the examples are those of RFC 5114, 2.1. */
static void named_group(void **state)
{
	static const struct {
		const char *name;
		enum dh_part part;
	} parts[] = { { "p", DH_PART_P }, { "q", DH_PART_Q }, { "g", DH_PART_G } };
	const struct dh_group *group = dh_group_named(DH_1024_160);

	assert_non_null(group);
	for (size_t i = 0; i < COUNT(parts); i++) {
		uint8_t memory[128];
		struct writer w;

		writer_init(&w, memory, sizeof memory);
		assert_int_equal(dh_group_put(group, parts[i].part, &w), 0);
		assert_vector(writer_bytes(&w), "icao-pace-gm-dh", parts[i].name);
	}
}

static void shared_secret(void **state)
{
	struct exact x = vectors_get("bsi-eac2-dh", "sk_ca_picc");
	struct exact y = vectors_get("bsi-eac2-dh", "pk_ca_pcd");
	const struct dh_group *group = dh_group_named(DH_1024_160);
	struct dh_key *key = NULL;
	struct exact public;
	uint8_t k[128];

	assert_int_equal(dh_import_private(group, random_source, x.bytes, &key), 0);
	public = public_of(key);
	assert_vector(public.bytes, "bsi-eac2-dh", "pk_ca_picc");
	assert_int_equal(dh_shared(key, y.bytes, k), 0);
	assert_vector(BYTES_OF_ARRAY(k), "bsi-eac2-dh", "ca_shared_k");
	dh_free(key);
	exact_free(&x);
	exact_free(&y);
	exact_free(&public);
}

static void every_group(void **state)
{
	for (unsigned name = 0; name < DH_NAMES; name++) {
		const struct dh_group *group = dh_group_named((enum dh_name)name);
		struct dh_key *key[2] = { NULL, NULL };
		struct exact public[2];
		static uint8_t z[2][DH_SIZE_MAX];

		assert_non_null(group);
		for (size_t i = 0; i < 2; i++) {
			assert_int_equal(dh_generate(group, random_source, &key[i]), 0);
			public[i] = public_of(key[i]);
			assert_int_equal(public[i].bytes.len, dh_size(group));
			assert_true(dh_value_is_valid(group, public[i].bytes));
		}
		assert_int_equal(dh_shared(key[0], public[1].bytes, z[0]), 0);
		assert_int_equal(dh_shared(key[1], public[0].bytes, z[1]), 0);
		assert_memory_equal(z[0], z[1], dh_size(group));
		for (size_t i = 0; i < 2; i++) {
			dh_free(key[i]);
			exact_free(&public[i]);
		}
	}
	dh_free(NULL);
	dh_group_free(NULL);
}

/* 0, 1, p-1, p, p+1, more than p, too long, and a value of another order. */
static void invalid_values(void **state)
{
	const struct dh_group *group = dh_group_named(DH_1024_160);
	struct exact p = vectors_get("icao-pace-gm-dh", "p");
	uint8_t z[128] = { 0x5A };
	struct dh_key *key = NULL;
	uint8_t value[129] = { 0 };
	struct writer w;

	assert_int_equal(dh_generate(group, random_source, &key), 0);
	assert_int_equal(dh_shared(key, bytes_of(value, 0), z), ERR_FORMAT);
	assert_int_equal(dh_shared(key, bytes_of(value, 128), z), ERR_FORMAT);
	value[127] = 1;
	assert_int_equal(dh_shared(key, bytes_of(value, 128), z), ERR_FORMAT);
	value[127] = 2; /* generates more than the group */
	assert_int_equal(dh_shared(key, bytes_of(value, 128), z), ERR_FORMAT);
	for (int i = -1; i <= 1; i++) {
		memcpy(value, p.bytes.data, 128);
		value[127] = (uint8_t)(value[127] + i);
		assert_int_equal(dh_shared(key, bytes_of(value, 128), z), ERR_FORMAT);
	}
	memset(value, 0xFF, sizeof value);
	assert_int_equal(dh_shared(key, bytes_of(value, 128), z), ERR_FORMAT);
	memset(value, 0, sizeof value);
	writer_init(&w, value + 1, 128);
	assert_int_equal(dh_group_put(group, DH_PART_G, &w), 0);
	assert_int_equal(dh_shared(key, bytes_of(value, 129), z), ERR_FORMAT); /* too long */
	assert_int_equal(z[0], 0x5A);
	assert_int_equal(dh_shared(key, bytes_of(value + 1, 128), z), 0);
	dh_free(key);
	exact_free(&p);
}

/* Three times the number. */
static struct exact thrice(struct bytes number)
{
	uint8_t memory[64] = { 0 };
	unsigned carry = 0;

	assert_true(number.len < sizeof memory);
	for (size_t i = number.len; i-- > 0;) {
		carry += 3u * number.data[i];
		memory[i + 1] = (uint8_t)carry;
		carry >>= 8;
	}
	memory[0] = (uint8_t)carry;
	return exact_copy(bytes_of(memory, number.len + 1));
}

static void explicit_parameters(void **state)
{
	struct exact p = vectors_get("icao-pace-gm-dh", "p");
	struct exact q = vectors_get("icao-pace-gm-dh", "q");
	struct exact g = vectors_get("icao-pace-gm-dh", "g");
	struct exact *const numbers[] = { &p, &q, &g };
	struct exact order;
	struct dh_group *group = NULL;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		uint8_t *last = &numbers[i]->memory[numbers[i]->bytes.len - 1];

		*last ^= 2;
		assert_int_equal(dh_group_explicit(p.bytes, q.bytes, g.bytes, &group), ERR_FORMAT);
		*last ^= 2;
	}
	assert_int_equal(
	    dh_group_explicit(bytes_of(NULL, 0), q.bytes, g.bytes, &group), ERR_FORMAT);
	assert_int_equal(dh_group_explicit(p.bytes, q.bytes, g.bytes, &group), 0);
	assert_int_equal(dh_size(group), 128);
	assert_int_equal(dh_order_size(group), 20);
	assert_true(dh_group_is_strong(group));
	dh_group_free(group);
	/* an order that is not prime */
	order = thrice(q.bytes);
	assert_int_equal(dh_group_explicit(p.bytes, order.bytes, g.bytes, &group), 0);
	assert_false(dh_group_is_strong(group));
	dh_group_free(group);
	exact_free(&order);
	exact_free(&p);
	exact_free(&q);
	exact_free(&g);
}

static void invalid_private_keys(void **state)
{
	const struct dh_group *group = dh_group_named(DH_1024_160);
	struct exact q = vectors_get("icao-pace-gm-dh", "q");
	static const uint8_t zero[20];
	struct dh_key *key = NULL;

	assert_int_equal(dh_import_private(group, random_source, q.bytes, &key), ERR_FORMAT);
	assert_int_equal(
	    dh_import_private(group, random_source, BYTES_OF_ARRAY(zero), &key), ERR_FORMAT);
	q.memory[19]--;
	assert_int_equal(dh_import_private(group, random_source, q.bytes, &key), 0);
	dh_free(key);
	exact_free(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_group),
		cmocka_unit_test(shared_secret),
		cmocka_unit_test(every_group),
		cmocka_unit_test(invalid_values),
		cmocka_unit_test(explicit_parameters),
		cmocka_unit_test(invalid_private_keys),
	};

	return cmocka_run_group_tests(tests, random_source_set_up, random_source_tear_down);
}
