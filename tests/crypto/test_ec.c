/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elliptic curves, by RFC 7027, RFC 6979, recorded Chip Authentication and the worked example of BSI TR-03110. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>
#include <semaphore.h>

#include <cmocka.h>

#include "base/err.h"
#include "crypto/digest.h"
#include "crypto/ec.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "random_source.h"
#include "vectors.h"

static struct ec_key *private_of(const struct ec_group *group, const char *hex)
{
	struct exact d = exact_of_hex(hex);
	struct ec_key *key = NULL;

	assert_int_equal(ec_import_private(group, random_source, d.bytes, &key), 0);
	exact_free(&d);
	return key;
}

static struct exact point_of(const struct ec_key *key)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_put_public(key, &w), 0);
	return exact_copy(writer_bytes(&w));
}

/* RFC 7027, A.1 to A.3. */
static const struct {
	enum ec_curve curve;
	const char *d[2], *x[2], *y[2], *z;
} agreements[] = {
	{ EC_BRAINPOOL_P256R1,
	    { "81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D",
	        "55E40BC41E37E3E2AD25C3C6654511FFA8474A91A0032087593852D3E7D76BD3" },
	    { "44106E913F92BC02A1705D9953A8414DB95E1AAA49E81D9E85F929A8E3100BE5",
	        "8D2D688C6CF93E1160AD04CC4429117DC2C41825E1E9FCA0ADDD34E6F1B39F7B" },
	    { "8AB4846F11CACCB73CE49CBDD120F5A900A69FD32C272223F789EF10EB089BDC",
	        "990C57520812BE512641E47034832106BC7D3E8DD0E4C7F1136D7006547CEC6A" },
	    "89AFC39D41D3B327814B80940B042590F96556EC91E6AE7939BCE31F3A18BF2B" },
	{ EC_BRAINPOOL_P384R1,
	    { "1E20F5E048A5886F1F157C74E91BDE2B98C8B52D58E5003D57053FC4B0BD65D6F15EB5D1EE1610DF8707"
	      "95"
	      "143627D042",
	        "032640BC6003C59260F7250C3DB58CE647F98E1260ACCE4ACDA3DD869F74E01F8BA5E0324309DB6A98"
	        "314"
	        "97ABAC96670" },
	    { "68B665DD91C195800650CDD363C625F4E742E8134667B767B1B476793588F885AB698C852D4A6E77A252"
	      "D6"
	      "380FCAF068",
	        "4D44326F269A597A5B58BBA565DA5556ED7FD9A8A9EB76C25F46DB69D19DC8CE6AD18E404B15738B20"
	        "86D"
	        "F37E71D1EB4" },
	    { "55BC91A39C9EC01DEE36017B7D673A931236D2F1F5C83942D049E3FA20607493E0D038FF2FD30C2AB67D"
	      "15"
	      "C85F7FAA59",
	        "62D692136DE56CBE93BF5FA3188EF58BC8A3A0EC6C1E151A21038A42E9185329B5B275903D192F8D4E"
	        "1F3"
	        "2FE9CC78C48" },
	    "0BD9D3A7EA0B3D519D09D8E48D0785FB744A6B355E6304BC51C229FBBCE239BBADF6403715C35D4FB2A544"
	    "4F5"
	    "75D4F42" },
	{ EC_BRAINPOOL_P512R1,
	    { "16302FF0DBBB5A8D733DAB7141C1B45ACBC8715939677F6A56850A38BD87BD59B09E80279609FF333EB9"
	      "D4"
	      "C061231FB26F92EEB04982A5F1D1764CAD57665422",
	        "230E18E1BCC88A362FA54E4EA3902009292F7F8033624FD471B5D8ACE49D12CFABBC19963DAB8E2F1E"
	        "BA0"
	        "0BFFB29E4D72D13F2224562F405CB80503666B25429" },
	    { "0A420517E406AAC0ACDCE90FCD71487718D3B953EFD7FBEC5F7F27E28C6149999397E91E029E06457DB2"
	      "D3"
	      "E640668B392C2A7E737A7F0BF04436D11640FD09FD",
	        "9D45F66DE5D67E2E6DB6E93A59CE0BB48106097FF78A081DE781CDB31FCE8CCBAAEA8DD4320C4119F1"
	        "E9C"
	        "D437A2EAB3731FA9668AB268D871DEDA55A5473199F" },
	    { "72E6882E8DB28AAD36237CD25D580DB23783961C8DC52DFA2EC138AD472A0FCEF3887CF62B623B2A87DE"
	      "5C"
	      "588301EA3E5FC269B373B60724F5E82A6AD147FDE7",
	        "2FDC313095BCDD5FB3A91636F07A959C8E86B5636A1E930E8396049CB481961D365CC11453A06C7198"
	        "354"
	        "75B12CB52FC3C383BCE35E27EF194512B71876285FA" },
	    "A7927098655F1F9976FA50A9D566865DC530331846381C87256BAF3226244B76D36403C024D7BBF0AA0803"
	    "EAF"
	    "F405D3D24F11A9B5C0BEF679FE1454B21C4CD1F" },
};

static void check_point(struct bytes point, const char *x, const char *y)
{
	size_t size = (point.len - 1) / 2;

	assert_int_equal(point.data[0], 0x04);
	assert_bytes_hex(bytes_of(point.data + 1, size), x);
	assert_bytes_hex(bytes_after(point, 1 + size), y);
}

static void rfc7027(void **state)
{
	for (size_t i = 0; i < COUNT(agreements); i++) {
		const struct ec_group *group = ec_group_named(agreements[i].curve);
		struct ec_key *key[2];
		struct exact point[2];

		assert_non_null(group);
		for (size_t j = 0; j < 2; j++) {
			key[j] = private_of(group, agreements[i].d[j]);
			point[j] = point_of(key[j]);
			check_point(point[j].bytes, agreements[i].x[j], agreements[i].y[j]);
		}
		for (size_t j = 0; j < 2; j++) {
			uint8_t z[EC_FIELD_SIZE_MAX];

			assert_int_equal(ec_shared_x(key[j], point[1 - j].bytes, z), 0);
			assert_bytes_hex(bytes_of(z, ec_field_size(group)), agreements[i].z);
		}
		for (size_t j = 0; j < 2; j++) {
			ec_free(key[j]);
			exact_free(&point[j]);
		}
	}
	ec_free(NULL);
	ec_group_free(NULL);
}

/* Recorded and worked examples of Chip Authentication and PACE: the terminal's public key from its private one. */
static void key_pairs(void **state)
{
	static const struct {
		const char *file, *d, *point;
		enum ec_curve curve;
	} cases[] = {
		{ "ca1-recorded-at", "sk_ifd", "pk_ifd", EC_BRAINPOOL_P256R1 },
		{ "ca1-recorded-de", "sk_ifd", "pk_ifd", EC_BRAINPOOL_P256R1 },
		{ "ca1-recorded-fr", "sk_ifd", "pk_ifd", EC_P256 },
		{ "bsi-eac2-ecdh", "sk_map_pcd", "pk_map_pcd", EC_BRAINPOOL_P256R1 },
		{ "bsi-eac2-ecdh", "sk_ca_picc", "pk_ca_picc", EC_BRAINPOOL_P256R1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exact d = vectors_get(cases[i].file, cases[i].d);
		struct ec_key *key = NULL;
		struct exact point;
		uint8_t memory[EC_FIELD_SIZE_MAX];
		struct writer w;

		assert_int_equal(
		    ec_import_private(ec_group_named(cases[i].curve), random_source, d.bytes, &key),
		    0);
		point = point_of(key);
		assert_vector(point.bytes, cases[i].file, cases[i].point);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(ec_put_private(key, &w), 0);
		assert_memory_equal(memory + w.len - 32, d.bytes.data + d.bytes.len - 32, 32);
		ec_free(key);
		exact_free(&d);
		exact_free(&point);
	}
}

/* BSI's worked example: the secret of Chip Authentication. */
static void shared_secret(void **state)
{
	struct exact d = vectors_get("bsi-eac2-ecdh", "sk_ca_picc");
	struct exact point = vectors_get("bsi-eac2-ecdh", "pk_ca_pcd");
	struct ec_key *key = NULL;
	uint8_t k[32];

	assert_int_equal(
	    ec_import_private(ec_group_named(EC_BRAINPOOL_P256R1), random_source, d.bytes, &key),
	    0);
	assert_int_equal(ec_shared_x(key, point.bytes, k), 0);
	assert_vector(BYTES_OF_ARRAY(k), "bsi-eac2-ecdh", "ca_shared_k");
	ec_free(key);
	exact_free(&d);
	exact_free(&point);
}

/* RFC 6979, A.2.5 and A.2.6: P-256 and P-384 with SHA-256, message "sample". */
static const struct {
	enum ec_curve curve;
	const char *d, *signature;
} signatures[] = {
	{ EC_P256, "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
	    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
	    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8" },
	{ EC_P384,
	    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9"
	    "EA6"
	    "0D2EDF5",
	    "21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3"
	    "C36"
	    "D8FB2CD"
	    "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB86"
	    "68A"
	    "4FA0AB0" },
};

static void rfc6979(void **state)
{
	uint8_t hash[32];

	assert_int_equal(digest_compute(DIGEST_SHA256, bytes_of_string("sample"), hash), 0);
	for (size_t i = 0; i < COUNT(signatures); i++) {
		const struct ec_group *group = ec_group_named(signatures[i].curve);
		struct ec_key *key = private_of(group, signatures[i].d);
		struct exact signature = exact_of_hex(signatures[i].signature);
		struct bytes h = BYTES_OF_ARRAY(hash);
		size_t size = ec_order_size(group);

		assert_int_equal(ec_verify(key, h, signature.bytes), 0);
		for (size_t at = 0; at < 2 * size; at += 5) {
			signature.memory[at] ^= 4;
			assert_int_equal(ec_verify(key, h, signature.bytes), ERR_FORMAT);
			signature.memory[at] ^= 4;
		}
		for (size_t len = 0; len < 2 * size; len++)
			assert_int_equal(
			    ec_verify(key, h, bytes_first(signature.bytes, len)), ERR_FORMAT);
		hash[31] ^= 1;
		assert_int_equal(ec_verify(key, h, signature.bytes), ERR_FORMAT);
		hash[31] ^= 1;
		memset(signature.memory, 0, size); /* r = 0 */
		assert_int_equal(ec_verify(key, h, signature.bytes), ERR_FORMAT);
		memset(signature.memory, 0xFF, 2 * size); /* both too large */
		assert_int_equal(ec_verify(key, h, signature.bytes), ERR_FORMAT);
		ec_free(key);
		exact_free(&signature);
	}
}

/* Every curve: generate, sign, verify, agree, write and read again. */
static void every_curve(void **state)
{
	for (unsigned curve = 0; curve < EC_CURVES; curve++) {
		const struct ec_group *group = ec_group_named((enum ec_curve)curve);
		static const uint8_t hash[64] = { 1, 2, 3, 4 };
		uint8_t signature[2 * EC_FIELD_SIZE_MAX], z[2][EC_FIELD_SIZE_MAX], memory[512];
		struct ec_key *key[3] = { NULL, NULL, NULL };
		struct exact point[2];
		enum ec_curve found;
		struct writer w;

		print_message("# %s\n", ec_curve_name((enum ec_curve)curve));
		assert_non_null(group);
		assert_true(ec_curve_find(ec_curve_name((enum ec_curve)curve), &found));
		assert_int_equal(found, curve);
		for (size_t i = 0; i < 2; i++) {
			assert_int_equal(ec_generate(group, random_source, &key[i]), 0);
			assert_true(ec_is_private(key[i]));
			point[i] = point_of(key[i]);
			assert_int_equal(point[i].bytes.len, ec_point_size(group));
			assert_true(ec_point_is_valid(group, point[i].bytes));
		}
		assert_int_equal(ec_shared_x(key[0], point[1].bytes, z[0]), 0);
		assert_int_equal(ec_shared_x(key[1], point[0].bytes, z[1]), 0);
		assert_memory_equal(z[0], z[1], ec_field_size(group));
		for (size_t len = 20; len <= sizeof hash; len += 4) {
			struct bytes h = bytes_of(hash, len);
			struct bytes s = bytes_of(signature, 2 * ec_order_size(group));

			assert_int_equal(ec_sign(key[0], h, signature), 0);
			assert_int_equal(ec_verify(key[0], h, s), 0);
			assert_int_equal(ec_verify(key[1], h, s), ERR_FORMAT);
		}
		assert_int_equal(ec_import_public(group, point[0].bytes, &key[2]), 0);
		assert_int_equal(ec_verify(key[2], BYTES_OF_ARRAY(hash),
		                     bytes_of(signature, 2 * ec_order_size(group))),
		    0);
		assert_int_equal(ec_sign(key[2], BYTES_OF_ARRAY(hash), signature), ERR_NOT_FOUND);
		assert_int_equal(ec_shared_x(key[2], point[1].bytes, z[0]), ERR_NOT_FOUND);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(ec_write_private(key[2], &w), ERR_NOT_FOUND);
		assert_int_equal(ec_put_private(key[2], &w), ERR_NOT_FOUND);
		assert_int_equal(ec_write_public(key[2], &w), 0);
		ec_free(key[2]);
		assert_int_equal(ec_read(random_source, writer_bytes(&w), &key[2]), 0);
		assert_false(ec_is_private(key[2]));
		assert_ptr_equal(ec_group_of(key[2]), group);
		ec_free(key[2]);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(ec_write_private(key[0], &w), 0);
		assert_int_equal(ec_read(random_source, writer_bytes(&w), &key[2]), 0);
		assert_true(ec_is_private(key[2]));
		for (size_t i = 0; i < 3; i++)
			ec_free(key[i]);
		for (size_t i = 0; i < 2; i++)
			exact_free(&point[i]);
	}
	assert_false(ec_curve_find("P-257", &(enum ec_curve){ 0 }));
	assert_true(ec_curve_find("secp256r1", &(enum ec_curve){ 0 }));
}

/* Points of BSI TR-03111, 4.3.2: what must not be taken for a point of the group. */
static void invalid_points(void **state)
{
	const struct ec_group *group = ec_group_named(EC_BRAINPOOL_P256R1);
	struct ec_key *key = NULL;
	struct exact good;
	uint8_t z[32] = { 0x5A };
	uint8_t memory[65];
	struct writer w;

	assert_int_equal(ec_generate(group, random_source, &key), 0);
	good = point_of(key);
	for (size_t len = 0; len < good.bytes.len; len++) {
		struct exact cut = exact_copy(bytes_first(good.bytes, len));

		assert_false(ec_point_is_valid(group, cut.bytes));
		exact_free(&cut);
	}
	for (size_t at = 0; at < good.bytes.len; at++) {
		good.memory[at] ^= 1;
		assert_false(ec_point_is_valid(group, good.bytes));
		assert_int_equal(ec_shared_x(key, good.bytes, z), ERR_FORMAT);
		assert_int_equal(z[0], 0x5A);
		good.memory[at] ^= 1;
	}
	for (unsigned first = 0; first < 256; first++) { /* compressed, hybrid, neutral ... */
		good.memory[0] = (uint8_t)first;
		assert_int_equal(ec_point_is_valid(group, good.bytes), first == 4);
	}
	memset(good.memory, 0, good.bytes.len);
	assert_false(ec_point_is_valid(group, good.bytes));
	assert_false(ec_point_is_valid(group, bytes_first(good.bytes, 1)));
	/* coordinates that are not less than p */
	good.memory[0] = 4;
	memset(good.memory + 1, 0xFF, 64);
	assert_false(ec_point_is_valid(group, good.bytes));
	/* a point of another curve of the same size */
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(ec_group_put(ec_group_named(EC_P256), EC_PART_G, &w), 0);
	assert_false(ec_point_is_valid(group, writer_bytes(&w)));
	ec_free(key);
	exact_free(&good);
}

static void invalid_private_keys(void **state)
{
	const struct ec_group *group = ec_group_named(EC_P256);
	uint8_t n[33] = { 0 };
	struct ec_key *key = NULL;
	struct writer w;

	writer_init(&w, n + 1, 32);
	assert_int_equal(ec_group_put(group, EC_PART_N, &w), 0);
	assert_int_equal(
	    ec_import_private(group, random_source, BYTES_OF_ARRAY(n), &key), ERR_FORMAT);
	n[32]++;
	assert_int_equal(
	    ec_import_private(group, random_source, BYTES_OF_ARRAY(n), &key), ERR_FORMAT);
	n[32] -= 2; /* n - 1 */
	assert_int_equal(ec_import_private(group, random_source, BYTES_OF_ARRAY(n), &key), 0);
	ec_free(key);
	key = NULL;
	memset(n, 0, sizeof n);
	assert_int_equal(
	    ec_import_private(group, random_source, BYTES_OF_ARRAY(n), &key), ERR_FORMAT);
	assert_int_equal(
	    ec_import_private(group, random_source, bytes_of(NULL, 0), &key), ERR_FORMAT);
	n[32] = 1;
	assert_int_equal(ec_import_private(group, random_source, BYTES_OF_ARRAY(n), &key), 0);
	ec_free(key);
}

/* The numbers of each named curve make the same group; a change of any of them is found. */
static void explicit_parameters(void **state)
{
	for (unsigned curve = 0; curve < EC_CURVES; curve++) {
		const struct ec_group *named = ec_group_named((enum ec_curve)curve);
		static const enum ec_part parts[] = { EC_PART_P, EC_PART_A, EC_PART_B, EC_PART_G,
			EC_PART_N, EC_PART_H };
		uint8_t memory[COUNT(parts)][EC_POINT_SIZE_MAX];
		struct bytes part[COUNT(parts)];
		struct ec_numbers numbers;
		struct ec_group *group = NULL;
		struct ec_key *key = NULL;
		uint8_t signature[2 * EC_FIELD_SIZE_MAX];
		static const uint8_t hash[32] = { 7 };

		for (size_t i = 0; i < COUNT(parts); i++) {
			struct writer w;

			writer_init(&w, memory[i], sizeof memory[i]);
			assert_int_equal(ec_group_put(named, parts[i], &w), 0);
			part[i] = writer_bytes(&w);
		}
		numbers = (struct ec_numbers){ part[0], part[1], part[2], part[3], part[4],
			bytes_of(NULL, 0) };
		for (size_t i = 0; i < COUNT(parts) - 1; i++) {
			memory[i][part[i].len - 1] ^= 2;
			assert_int_equal(ec_group_explicit(&numbers, &group), ERR_FORMAT);
			memory[i][part[i].len - 1] ^= 2;
		}
		assert_null(group);
		assert_int_equal(ec_group_explicit(&numbers, &group), 0);
		assert_true(ec_group_is_strong(group));
		assert_int_equal(ec_generate(group, random_source, &key), 0);
		assert_int_equal(ec_sign(key, BYTES_OF_ARRAY(hash), signature), 0);
		assert_int_equal(ec_verify(key, BYTES_OF_ARRAY(hash),
		                     bytes_of(signature, 2 * ec_order_size(group))),
		    0);
		ec_free(key);
		ec_group_free(group);
	}
}

/* y^2 = x^3 + x over a field whose prime is 3 modulo 4: as many points as the field has elements and one more, a quarter of which the
 * generator makes. */
static const struct {
	const char *p, *n, *g;
} weak[] = {
	/* not of prime order */
	{ "C7A2EA22CBC53250B814C66B2D71D09CFE6389DD32F61EB57242A561D00F90C3",
	    "31E8BA88B2F14C942E05319ACB5C74273F98E2774CBD87AD5C90A9587403E431",
	    "0452CB00031C89D8E27D139190E51550B196E0B5E4F561ADE7DF3F7D002E09F7C6"
	    "B56EDFC452188E4FDEFD76A0AC4A2D68BB2ACF5C0F0300E83B9E6AD376D86EFF" },
	/* of prime order, but logarithms are those of a small field */
	{ "AB6E524E91B793FAFD8A555A31A3FFF42A0E5BD73F08B7959C4E6F15E1740E3B",
	    "2ADB9493A46DE4FEBF6295568C68FFFD0A8396F5CFC22DE567139BC5785D038F",
	    "046BF6D216D14C3B51A6A58D0DD759C165579B6795E9912190F790F1B6F4445EC0"
	    "1BE83E3871C86ED6B6A655FC0F36B21D8010709B42E221C6632E8153C09F27A1" },
};

static void weak_parameters(void **state)
{
	static const uint8_t a = 1, b = 0, h = 4;

	for (size_t i = 0; i < COUNT(weak); i++) {
		struct exact p = exact_of_hex(weak[i].p);
		struct exact n = exact_of_hex(weak[i].n);
		struct exact g = exact_of_hex(weak[i].g);
		const struct ec_numbers numbers = { p.bytes, bytes_of(&a, 1), bytes_of(&b, 1),
			g.bytes, n.bytes, bytes_of(&h, 1) };
		struct ec_group *group = NULL;

		assert_int_equal(ec_group_explicit(&numbers, &group), 0);
		assert_false(ec_group_is_strong(group));
		ec_group_free(group);
		exact_free(&p);
		exact_free(&n);
		exact_free(&g);
	}
}

/* Numbers of a named curve, with zeros in front or not, make that curve: its keys are written with its name. */
static void named_curve_by_its_numbers(void **state)
{
	const struct ec_group *named = ec_group_named(EC_BRAINPOOL_P256R1);
	uint8_t memory[EC_PART_H + 1][1 + EC_POINT_SIZE_MAX] = { { 0 } };
	struct bytes part[COUNT(memory)];

	for (size_t i = 0; i < COUNT(part); i++) {
		struct writer w;

		writer_init(&w, memory[i] + 1, EC_POINT_SIZE_MAX);
		assert_int_equal(ec_group_put(named, (enum ec_part)i, &w), 0);
		part[i] = bytes_of(memory[i] + 1, w.len);
	}
	for (unsigned zero = 0; zero <= COUNT(part); zero++) {
		struct ec_numbers numbers = { part[EC_PART_P], part[EC_PART_A], part[EC_PART_B],
			part[EC_PART_G], part[EC_PART_N], part[EC_PART_H] };
		struct bytes *all[] = { &numbers.p, &numbers.a, &numbers.b, &numbers.g, &numbers.n,
			&numbers.h };
		uint8_t der[2][200];
		struct ec_group *group = NULL;
		struct ec_key *key = NULL, *same = NULL;
		struct writer w[2];
		struct exact point;

		if (zero < COUNT(part))
			*all[zero] = bytes_of(all[zero]->data - 1, all[zero]->len + 1);
		if (zero == EC_PART_G) { /* no number */
			assert_int_equal(ec_group_explicit(&numbers, &group), ERR_FORMAT);
			continue;
		}
		assert_int_equal(ec_group_explicit(&numbers, &group), 0);
		assert_int_equal(ec_generate(group, random_source, &key), 0);
		point = point_of(key);
		assert_int_equal(ec_import_public(named, point.bytes, &same), 0);
		writer_init(&w[0], der[0], sizeof der[0]);
		writer_init(&w[1], der[1], sizeof der[1]);
		assert_int_equal(ec_write_public(key, &w[0]), 0);
		assert_int_equal(ec_write_public(same, &w[1]), 0);
		assert_true(bytes_equal(writer_bytes(&w[0]), writer_bytes(&w[1])));
		exact_free(&point);
		ec_free(key);
		ec_free(same);
		ec_group_free(group);
	}
}

/* y^2 = x^3 + 1 modulo a prime p that is 2 mod 3 has p + 1 points. Here p + 1 = 12 n: most points of the curve are
 * outside of the group of order n. */
static void points_of_another_order(void **state)
{
	static const char *const outside[] = {
		"04 00000000000000000000000000000000 00000000000000000000000000000001", /* order 3 */
		"04 C0000000000000000000000000002E8A 00000000000000000000000000000000", /* order 2 */
		"04 00000000000000000000000000000005 99591639fe5c74f4457437cea9faacbf",
	};
	struct exact p = exact_of_hex("C0000000000000000000000000002E8B");
	struct exact a = exact_of_hex("00");
	struct exact b = exact_of_hex("01");
	struct exact g =
	    exact_of_hex("04 abdabc98691f228acb5d1ed0d2cc958e 71de26c47f47a198e1256cffe421d18f");
	struct exact n = exact_of_hex("100000000000000000000000000003E1");
	struct exact h = exact_of_hex("0C");
	const struct ec_numbers numbers = { p.bytes, a.bytes, b.bytes, g.bytes, n.bytes, h.bytes };
	struct ec_group *group = NULL;
	struct ec_group *other = NULL;
	struct ec_key *key = NULL;

	assert_int_equal(ec_group_explicit(&numbers, &group), 0);
	assert_true(ec_point_is_valid(group, g.bytes));
	for (size_t i = 0; i < COUNT(outside); i++) {
		struct exact point = exact_of_hex(outside[i]);

		assert_false(ec_point_is_valid(group, point.bytes));
		assert_int_equal(ec_import_public(group, point.bytes, &key), ERR_FORMAT);
		assert_int_equal(ec_group_with_generator(group, point.bytes, &other), ERR_FORMAT);
		exact_free(&point);
	}
	ec_group_free(group);
	exact_free(&p);
	exact_free(&a);
	exact_free(&b);
	exact_free(&g);
	exact_free(&n);
	exact_free(&h);
}

/* PKCS#8 with explicit parameters, those of brainpoolP512r1, and the signature made with it (TR-03110-3, B.3). */
static void terminal_authentication(void **state)
{
	const char file[] = "bsi-eac2-ecdh";
	struct exact pkcs8 = vectors_get(file, "ta_terminal_key_pkcs8");
	struct exact picc = vectors_get(file, "pk_pace_picc");
	struct exact pcd = vectors_get(file, "pk_ca_pcd");
	struct exact challenge = vectors_get(file, "ta_challenge");
	struct exact signature = vectors_get(file, "ta_signature");
	uint8_t message[32 + 8 + 32];
	uint8_t hash[64];
	struct ec_key *key = NULL;

	memcpy(message, picc.bytes.data + 1, 32);
	memcpy(message + 32, challenge.bytes.data, 8);
	memcpy(message + 40, pcd.bytes.data + 1, 32);
	assert_int_equal(digest_compute(DIGEST_SHA512, BYTES_OF_ARRAY(message), hash), 0);
	assert_int_equal(ec_read(random_source, pkcs8.bytes, &key), 0);
	assert_int_equal(ec_order_size(ec_group_of(key)), 64);
	assert_int_equal(ec_verify(key, BYTES_OF_ARRAY(hash), signature.bytes), 0);
	ec_free(key);
	for (size_t len = 0; len < pkcs8.bytes.len; len += 3)
		assert_int_equal(
		    ec_read(random_source, bytes_first(pkcs8.bytes, len), &key), ERR_FORMAT);
	exact_free(&pkcs8);
	exact_free(&picc);
	exact_free(&pcd);
	exact_free(&challenge);
	exact_free(&signature);
}

static void der_signatures(void **state)
{
	static const struct {
		const char *plain, *der;
	} good[] = {
		{ "0001 0002", "3006 020101 020102" },
		{ "0080 FFFF", "3009 02020080 020300FFFF" },
		{ "0000 0000", "3006 020100 020100" },
	};
	static const char *const bad[] = { "", "30", "3000", "3003020101", "3006020101020102 00",
		"3006 020181 020102", "300A 0204010000 0102 0101", "3106020101020102",
		"3080020101020102", "3008 0203010000 020101" };

	for (size_t i = 0; i < COUNT(good); i++) {
		struct exact plain = exact_of_hex(good[i].plain);
		struct exact der = exact_of_hex(good[i].der);
		uint8_t memory[64];
		struct writer w;

		writer_init(&w, memory, sizeof memory);
		assert_int_equal(ec_signature_to_der(plain.bytes, &w), 0);
		assert_bytes_hex(writer_bytes(&w), good[i].der);
		assert_int_equal(ec_signature_from_der(der.bytes, 2, memory), 0);
		assert_bytes_hex(bytes_of(memory, 4), good[i].plain);
		exact_free(&plain);
		exact_free(&der);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct exact der = exact_of_hex(bad[i]);
		uint8_t memory[4];

		print_message("# %s\n", bad[i]);
		assert_int_equal(ec_signature_from_der(der.bytes, 2, memory), ERR_FORMAT);
		exact_free(&der);
	}
}

/* The same seed: the same keys, the same signatures. */
static void check_object(struct writer *w, uint8_t tag, size_t least)
{
	struct bytes rest;
	struct bytes value;

	tlv_close(w);
	assert_true(writer_done(w));
	rest = writer_bytes(w);
	assert_true(tlv_take_tag(&rest, tag, &value));
	assert_int_equal(rest.len, 0);
	assert_true(value.len >= least);
	writer_reset(w);
	tlv_open(w, tag);
}

/* Whoever builds a data object has a template open. */
static void writing_into_an_open_template(void **state)
{
	static const uint8_t signature[64] = { 1 };
	const struct ec_group *group = ec_group_named(EC_P256);
	struct ec_key *key = NULL;
	uint8_t memory[512];
	struct exact point;
	struct writer w;

	assert_int_equal(ec_generate(group, random_source, &key), 0);
	point = point_of(key);
	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x30);
	assert_int_equal(ec_put_public(key, &w), 0);
	check_object(&w, 0x30, point.bytes.len);
	assert_int_equal(ec_put_private(key, &w), 0);
	check_object(&w, 0x30, 32);
	assert_int_equal(ec_group_put(group, EC_PART_G, &w), 0);
	check_object(&w, 0x30, 65);
	assert_int_equal(ec_shared_point(key, point.bytes, &w), 0);
	check_object(&w, 0x30, 65);
	assert_int_equal(ec_write_private(key, &w), 0);
	check_object(&w, 0x30, 32);
	assert_int_equal(ec_write_public(key, &w), 0);
	check_object(&w, 0x30, 65);
	assert_int_equal(ec_signature_to_der(BYTES_OF_ARRAY(signature), &w), 0);
	check_object(&w, 0x30, 8);
	exact_free(&point);
	ec_free(key);
}

static void seeded_cards_repeat(void **state)
{
	static const uint8_t hash[32];
	uint8_t point[3][65], signature[3][64];

	for (size_t i = 0; i < 3; i++) {
		struct random *random = NULL;
		struct ec_key *key = NULL;
		struct writer w;

		assert_int_equal(random_new(bytes_of_string(i < 2 ? "a" : "b"), &random), 0);
		assert_int_equal(ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), random, &key), 0);
		writer_init(&w, point[i], sizeof point[i]);
		assert_int_equal(ec_put_public(key, &w), 0);
		random_rest(random);
		assert_int_equal(ec_sign(key, BYTES_OF_ARRAY(hash), signature[i]), 0);
		ec_free(key);
		random_free(random);
	}
	assert_memory_equal(point[0], point[1], sizeof point[0]);
	assert_memory_equal(signature[0], signature[1], sizeof signature[0]);
	assert_memory_not_equal(point[0], point[2], sizeof point[0]);
}

/* Makes a key in a thread that outlives the card, and rests when it has. */
static sem_t made, freed;

static void *make_key_and_wait(void *random)
{
	struct ec_key *key = NULL;

	if (ec_generate(ec_group_named(EC_P256), random, &key) == 0)
		ec_free(key);
	random_rest(random);
	sem_post(&made);
	while (sem_wait(&freed) != 0)
		continue;
	return NULL;
}

/* What OpenSSL keeps for a thread is gone before the card is: for ASan and valgrind. */
static void threads_outlive_a_seeded_card(void **state)
{
	struct random *random = NULL;
	pthread_t thread;

	assert_int_equal(sem_init(&made, 0, 0), 0);
	assert_int_equal(sem_init(&freed, 0, 0), 0);
	assert_int_equal(random_new(bytes_of_string("seed"), &random), 0);
	assert_int_equal(pthread_create(&thread, NULL, make_key_and_wait, random), 0);
	while (sem_wait(&made) != 0)
		continue;
	random_free(random);
	sem_post(&freed);
	assert_int_equal(pthread_join(thread, NULL), 0);
	sem_destroy(&made);
	sem_destroy(&freed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc7027),
		cmocka_unit_test(key_pairs),
		cmocka_unit_test(shared_secret),
		cmocka_unit_test(rfc6979),
		cmocka_unit_test(every_curve),
		cmocka_unit_test(invalid_points),
		cmocka_unit_test(invalid_private_keys),
		cmocka_unit_test(explicit_parameters),
		cmocka_unit_test(weak_parameters),
		cmocka_unit_test(named_curve_by_its_numbers),
		cmocka_unit_test(points_of_another_order),
		cmocka_unit_test(terminal_authentication),
		cmocka_unit_test(der_signatures),
		cmocka_unit_test(writing_into_an_open_template),
		cmocka_unit_test(seeded_cards_repeat),
		cmocka_unit_test(threads_outlive_a_seeded_card),
	};

	return cmocka_run_group_tests(tests, random_source_set_up, random_source_tear_down);
}
