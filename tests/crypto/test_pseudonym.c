/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures: keys as they are issued, and verification of what is signed with them by drawn numbers (BSI
 * TR-03110-2, 3.1.6). The values of another implementation are in the tests of auth/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/map.h"
#include "crypto/pseudonym.h"
#include "exact.h"

static struct random *random_source;

static int set_up(void **state)
{
	return random_new(bytes_of_string("pseudonym"), &random_source);
}

static int tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

/* A point, or a private key. */
struct number {
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct bytes bytes;
};

static void number_take(struct number *number, const struct writer *w)
{
	assert_true(writer_done(w));
	memcpy(number->memory, w->data, w->len);
	number->bytes = bytes_of(number->memory, w->len);
}

static void public_of(const struct ec_key *key, struct number *out)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_put_public(key, &w), 0);
	number_take(out, &w);
}

/* k * point */
static void multiply(
    const struct ec_group *group, struct bytes k, struct bytes point, struct number *out)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct ec_key *key;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_import_private(group, random_source, k, &key), 0);
	assert_int_equal(ec_shared_point(key, point, &w), 0);
	number_take(out, &w);
	ec_free(key);
}

/* k * point + other: a mapping of PACE does that with the generator. */
static void multiply_add(const struct ec_group *group, struct bytes k, struct bytes point,
    struct bytes other, struct number *out)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct ec_group *with_point, *mapped;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_group_with_generator(group, point, &with_point), 0);
	assert_int_equal(map_generic_ec(with_point, k, other, &mapped), 0);
	assert_int_equal(ec_group_put(mapped, EC_PART_G, &w), 0);
	number_take(out, &w);
	ec_group_free(mapped);
	ec_group_free(with_point);
}

/* The manager, a chip of the group, a sector. */
struct group {
	const struct ec_group *curve;
	struct ec_key *own, *all, *sector_key;
	struct number manager, public, generator, sector, private[PSEUDONYMS], name[PSEUDONYMS];
	struct pseudonym_key *key;
};

static void group_init(struct group *g, enum ec_curve curve)
{
	uint8_t memory[2][EC_FIELD_SIZE_MAX], point[EC_POINT_SIZE_MAX];
	struct writer w[2];
	struct writer p;

	*g = (struct group){ .curve = ec_group_named(curve) };
	assert_int_equal(ec_generate(g->curve, random_source, &g->own), 0);
	assert_int_equal(ec_generate(g->curve, random_source, &g->all), 0);
	assert_int_equal(ec_generate(g->curve, random_source, &g->sector_key), 0);
	public_of(g->own, &g->manager);
	public_of(g->all, &g->public);
	public_of(g->sector_key, &g->sector);
	writer_init(&p, point, sizeof point);
	assert_int_equal(ec_group_put(g->curve, EC_PART_G, &p), 0);
	number_take(&g->generator, &p);
	for (size_t i = 0; i < 2; i++)
		writer_init(&w[i], memory[i], sizeof memory[i]);
	assert_int_equal(pseudonym_issue(&(struct pseudonym_manager){ g->own, g->all },
	                     random_source, &w[0], &w[1]),
	    0);
	for (size_t i = 0; i < 2; i++)
		number_take(&g->private[i], &w[i]);
	assert_int_equal(
	    pseudonym_import(g->curve, random_source, g->manager.bytes,
	        (const struct bytes[]){ g->private[0].bytes, g->private[1].bytes }, &g->key),
	    0);
	for (size_t i = 0; i < 2; i++) {
		writer_init(&p, point, sizeof point);
		assert_int_equal(pseudonym_put(g->key, i, g->sector.bytes, &p), 0);
		number_take(&g->name[i], &p);
	}
}

static void group_done(struct group *g)
{
	pseudonym_free(g->key);
	ec_free(g->own);
	ec_free(g->all);
	ec_free(g->sector_key);
}

/* PK_ICC = SK_ICC,1 * G + SK_ICC,2 * PK_M */
static void issued_keys(void **state)
{
	static const enum ec_curve curves[] = { EC_P256, EC_BRAINPOOL_P256R1, EC_BRAINPOOL_P384R1,
		EC_BRAINPOOL_P512R1, EC_P521 };

	for (size_t i = 0; i < COUNT(curves); i++) {
		struct number second, sum;
		struct group g;

		group_init(&g, curves[i]);
		multiply(g.curve, g.private[1].bytes, g.manager.bytes, &second);
		multiply_add(g.curve, g.private[0].bytes, g.generator.bytes, second.bytes, &sum);
		assert_true(bytes_equal(sum.bytes, g.public.bytes));
		group_done(&g);
	}
}

static void keys_that_issue_nothing(void **state)
{
	uint8_t memory[2][EC_FIELD_SIZE_MAX];
	struct ec_key *public, *of_another;
	struct writer w[2];
	struct group g;

	group_init(&g, EC_P256);
	for (size_t i = 0; i < 2; i++)
		writer_init(&w[i], memory[i], sizeof memory[i]);
	assert_int_equal(ec_import_public(g.curve, g.public.bytes, &public), 0);
	assert_int_equal(
	    ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), random_source, &of_another), 0);
	assert_int_equal(pseudonym_issue(&(struct pseudonym_manager){ g.own, public },
	                     random_source, &w[0], &w[1]),
	    ERR_NOT_FOUND);
	assert_int_equal(pseudonym_issue(&(struct pseudonym_manager){ public, g.own },
	                     random_source, &w[0], &w[1]),
	    ERR_NOT_FOUND);
	assert_int_equal(pseudonym_issue(&(struct pseudonym_manager){ g.own, of_another },
	                     random_source, &w[0], &w[1]),
	    ERR_FORMAT);
	w[1].cap = 31;
	assert_int_equal(pseudonym_issue(&(struct pseudonym_manager){ g.own, g.all }, random_source,
	                     &w[0], &w[1]),
	    ERR_LIMIT);
	ec_free(public);
	ec_free(of_another);
	group_done(&g);
}

static void hash_x(struct digest *digest, struct bytes point)
{
	assert_int_equal(digest_update(digest, bytes_of(point.data + 1, (point.len - 1) / 2)), 0);
}

/* PVerify, of SHA-256 signatures on a curve with an order of 256 bits, whose c is less than the order. */
static bool verify(const struct group *g, const struct pseudonym_input *input, struct bytes in)
{
	struct bytes c = bytes_first(in, 32);
	struct bytes s[] = { bytes_first(bytes_after(in, 32), 32), bytes_after(in, 64) };
	struct number q, a;
	uint8_t value[DIGEST_SIZE_MAX];
	struct digest *digest;

	assert_int_equal(digest_new(DIGEST_SHA256, &digest), 0);
	multiply(g->curve, c, g->public.bytes, &q);
	multiply_add(g->curve, s[0], g->generator.bytes, q.bytes, &q);
	multiply_add(g->curve, s[1], g->manager.bytes, q.bytes, &q);
	hash_x(digest, q.bytes);
	for (size_t i = 0; i < PSEUDONYMS; i++) {
		if (input->name[i].len == 0)
			continue;
		multiply(g->curve, c, g->name[i].bytes, &a);
		multiply_add(g->curve, s[i], g->sector.bytes, a.bytes, &a);
		hash_x(digest, g->name[i].bytes);
		hash_x(digest, a.bytes);
	}
	hash_x(digest, g->sector.bytes);
	assert_int_equal(digest_update(digest, input->dsi), 0);
	assert_int_equal(digest_update(digest, input->message), 0);
	assert_int_equal(digest_finish(digest, value), 0);
	digest_free(digest);
	return bytes_equal(bytes_of(value, 32), c);
}

/* P-256: nearly every hash is less than its order. */
static void drawn_signatures(void **state)
{
	for (unsigned given = 0; given < 4; given++) {
		uint8_t memory[PSEUDONYM_SIGNATURE_MAX];
		struct pseudonym_input input = { .digest = DIGEST_SHA256,
			.dsi = bytes_of_string("id"),
			.message = bytes_of_string("message") };
		struct writer w;
		struct group g;

		group_init(&g, EC_P256);
		input.sector = g.sector.bytes;
		for (size_t i = 0; i < PSEUDONYMS; i++)
			if ((given >> i & 1) != 0)
				input.name[i] = g.name[i].bytes;
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(pseudonym_sign(g.key, &input, &w), 0);
		assert_int_equal(w.len, 96);
		assert_true(verify(&g, &input, writer_bytes(&w)));
		input.message = bytes_of_string("massage");
		assert_false(verify(&g, &input, writer_bytes(&w)));
		group_done(&g);
	}
}

static void input_that_is_none(void **state)
{
	uint8_t memory[PSEUDONYM_SIGNATURE_MAX];
	struct pseudonym_input input = { .digest = DIGEST_SHA256 };
	struct writer w;
	struct group g;

	group_init(&g, EC_P256);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(pseudonym_sign(g.key, &input, &w), ERR_FORMAT);
	assert_int_equal(pseudonym_put(g.key, 0, input.sector, &w), ERR_FORMAT);
	input.sector = bytes_first(g.sector.bytes, g.sector.bytes.len - 1);
	assert_int_equal(pseudonym_sign(g.key, &input, &w), ERR_FORMAT);
	input.sector = g.sector.bytes;
	input.name[1] = bytes_first(g.name[1].bytes, 33);
	assert_int_equal(pseudonym_sign(g.key, &input, &w), ERR_FORMAT);
	input.name[1] = g.name[1].bytes;
	assert_int_equal(w.len, 0);
	writer_init(&w, memory, 95);
	assert_int_equal(pseudonym_sign(g.key, &input, &w), ERR_LIMIT);
	group_done(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issued_keys),
		cmocka_unit_test(keys_that_issue_nothing),
		cmocka_unit_test(drawn_signatures),
		cmocka_unit_test(input_that_is_none),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
