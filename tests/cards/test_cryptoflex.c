/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Cryptoflex, as far as conversations cannot show it: its models, what depends on random numbers, lack of
 * memory, and its parts by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bn.h>

#include <stdio.h>
#include <unistd.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "card/image.h"
#include "card/image_describe.h"
#include "cards/cryptoflex/cryptoflex.h"
#include "crypto/cipher.h"
#include "exact.h"

#define SHOW_TRANSPORT_KEY "F0 2A 00 01 08 2C 15 E5 26 E9 3E 8A 19"
#define RESPONSE_MAX 300

static struct card *new_card(const char *model, const char *seed)
{
	const struct flex_options options = { .model = flex_model_find(model) };
	const struct card_setup setup = { .seed = bytes_of_string(seed), .own = &options };
	struct card *card = NULL;

	assert_non_null(options.model);
	assert_int_equal(card_new(&card_cryptoflex, &setup, &card), 0);
	return card;
}

static void expect(struct card *card, const char *command, const char *response)
{
	struct exact in = exact_of_hex(command);

	print_message("# %s\n", command);
	assert_bytes_hex(card_command(card, in.bytes), response);
	exact_free(&in);
}

static void models(void **state)
{
	/* The ATRs are those that OpenSC's driver knows. */
	static const struct {
		const char *name, *atr;
		bool generates;
	} cases[] = {
		{ "8k", "3B E2 00 00 40 20 49 06", false },
		{ "8k-des", "3B E2 00 00 40 20 49 05", false },
		{ "8k-keygen", "3B E2 00 00 40 20 49 07", true },
		{ "8k-v2", "3B 95 15 40 FF 68 01 02 02 01", false },
		{ "8k-win2000", "3B 95 15 40 20 68 01 02 00 00", false },
		{ "16k", "3B 95 94 40 FF 63 01 01 02 01", true },
		{ "16k-ss1", "3B 95 15 40 FF 63 01 01 02 01", true },
		{ "32k", "3B 95 18 40 FF 64 02 01 01 02", true },
		{ "32k-egate", "3B 95 18 40 FF 62 01 02 01 04", true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct card *card = new_card(cases[i].name, "");

		print_message("# %s\n", cases[i].name);
		assert_bytes_hex(card_atr(card), cases[i].atr);
		expect(card, "F0 46 00 40 04 03 00 00 00", cases[i].generates ? "6981" : "6D00");
		card_free(card);
	}
	assert_null(flex_model_find(""));
	assert_null(flex_model_find("16K"));
}

static void setup_says_more_than_the_model(void **state)
{
	const struct flex_options options = { .model = flex_model_find("16k") };
	const uint8_t atr[] = { 0x3B, 0x00 };
	struct card_setup setup = { .own = &options, .atr = BYTES_OF_ARRAY(atr), .memory = 100 };
	struct card *card = NULL;

	assert_int_equal(card_new(&card_cryptoflex, &setup, &card), 0);
	assert_bytes_hex(card_atr(card), "3B 00");
	expect(card, SHOW_TRANSPORT_KEY, "9000");
	/* 100 bytes less the two files with 24 and 56. */
	expect(card, "F0E0 0000 10 FFFF 0005 6000 01 FF 000000 01 03 000000", "6A84");
	expect(card, "F0E0 0000 10 FFFF 0004 6000 01 FF 000000 01 03 000000", "9000");
	card_free(card);
	setup.memory = 79;
	assert_int_equal(card_new(&card_cryptoflex, &setup, &card), ERR_LIMIT);
}

/* The beginning of the card's challenge, enciphered with this key, as the end of a command. */
static void put_cryptogram(struct card *card, const char *key, struct writer *out)
{
	struct exact get = exact_of_hex("C0 84 00 00 08"), k = exact_of_hex(key);
	struct bytes challenge = bytes_first(card_command(card, get.bytes), 8);
	uint8_t block[8];

	assert_int_equal(challenge.len, 8);
	assert_int_equal(cipher_encrypt_once(CIPHER_3DES, k.bytes, NULL, challenge, block), 0);
	writer_put(out, bytes_of(block, FLEX_CRYPTOGRAM_SIZE));
	exact_free(&get);
	exact_free(&k);
}

/* The command, its data followed by a cryptogram. */
static void expect_protected(
    struct card *card, const char *command, const char *key, const char *response)
{
	uint8_t memory[RESPONSE_MAX];
	struct writer w;
	struct exact in;

	print_message("# %s + cryptogram\n", command);
	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode(command, &w));
	put_cryptogram(card, key, &w);
	in = exact_copy(writer_bytes(&w));
	assert_bytes_hex(card_command(card, in.bytes), response);
	exact_free(&in);
}

#define TRANSPORT_KEY "2C15E526E93E8A19"
#define DOUBLE_KEY "000102030405060708090A0B0C0D0E0F"

static void external_authentication(void **state)
{
	struct card *card = new_card("8k", "");

	expect_protected(card, "C0 82 00 00 07 01", "0000000000000000", "6300");
	expect(card, "F0E0 0000 10 FFFF 0004 6000 01 FF 000000 01 03 000000", "6982");
	expect_protected(card, "C0 82 00 00 07 01", TRANSPORT_KEY, "9000");
	expect(card, "F0E0 0000 10 FFFF 0004 6000 01 FF 000000 01 03 000000", "9000");
	/* Key 2, of 16 bytes, in a file of the DF's own. */
	expect(card, "F0E0 0000 10 FFFF 0064 5000 38 00 000000 01 03 000000", "9000");
	expect(card, "C0A4 0000 02 5000", "6112");
	expect(card, "F0E0 0000 10 FFFF 0030 0011 01 FF 000000 01 03 000000", "9000");
	expect(card, "C0D6 0001 14 1000" DOUBLE_KEY "0303", "9000");
	expect_protected(card, "C0 82 00 00 07 00", DOUBLE_KEY, "9000");
	/* A wrong one takes the right and a try; the next right one gives the tries back. */
	for (int i = 0; i < 3; i++) {
		expect_protected(card, "C0 82 00 00 07 00", TRANSPORT_KEY, "6300");
		expect_protected(card, "C0 82 00 00 07 00", TRANSPORT_KEY, "6300");
		expect_protected(card, "C0 82 00 00 07 00", DOUBLE_KEY, "9000");
	}
	for (int i = 0; i < 3; i++)
		expect_protected(card, "C0 82 00 00 07 00", TRANSPORT_KEY, "6300");
	expect_protected(card, "C0 82 00 00 07 00", DOUBLE_KEY, "6983");
	card_free(card);
}

/* Conditions 3, 6 and 7: the command ends with a cryptogram, and every command wants a new challenge. */
static void protected_mode(void **state)
{
	struct card *card = new_card("8k", "");

	expect(card, SHOW_TRANSPORT_KEY, "9000");
	expect(card, "F0E0 0000 10 FFFF 0017 0000 01 FF 000000 01 03 000000", "9000");
	expect(card, "C0D6 0000 17 FFFFFF 31313131313131310303 32323232323232320303", "9000");
	expect(card, "F0E0 0000 10 FFFF 0004 6000 01 FF 030033 01 03 010011", "9000");
	expect(card, "C0D6 0000 01 AA", "6707");
	expect(card, "C0D6 0000 07 AA 000000000000", "6985");
	expect_protected(card, "C0D6 0000 07 AA", "0000000000000000", "6300");
	expect_protected(card, "C0D6 0000 07 AA", TRANSPORT_KEY, "9000");
	expect(card, "C0D6 0000 07 BB 000000000000", "6985");
	expect(card, "C0B0 0000 04", "AA000000 9000");
	expect_protected(card, "F004 0000 06", TRANSPORT_KEY, "9000");
	expect(card, "F044 0000", "6706");
	expect_protected(card, "F044 0000 06", TRANSPORT_KEY, "9000");
	/* Reading has no data that a cryptogram could end. */
	expect(card, "F0E0 0000 10 FFFF 0004 6001 01 FF 360000 01 03 110000", "9000");
	expect(card, "C0B0 0000 04", "6982");
	/* CHV1 and a cryptogram. */
	expect_protected(card, "C0D6 0000 07 AA", TRANSPORT_KEY, "6982");
	expect(card, "C020 0001 08 3131313131313131", "9000");
	expect_protected(card, "C0D6 0000 07 AA", TRANSPORT_KEY, "9000");
	expect(card, "F022 0700", "9000");
	expect_protected(card, "C0D6 0000 07 AA", TRANSPORT_KEY, "6982");
	card_free(card);
}

/* Files for keys of 512 bits, two of them; whoever presents CHV1 writes them. */
static struct card *card_with_key_files(const char *seed)
{
	struct card *card = new_card("16k", seed);

	expect(card, SHOW_TRANSPORT_KEY, "9000");
	expect(card, "F0E0 0000 10 FFFF 0017 0000 01 FF F00044 01 03 000011", "9000");
	expect(card, "C0D6 0000 17 FFFFFF 31313131313131310303 32323232323232320303", "9000");
	expect(card, "F0E0 0000 10 FFFF 0149 0012 01 FF F10011 01 03 000011", "9000");
	expect(card, "F0E0 0000 10 FFFF 0151 1012 01 FF 010011 01 03 000011", "9000");
	expect(card, "C0A4 0000 02 3F00", "6114");
	return card;
}

static void read_public(struct card *card, const char *offset, uint8_t *out, size_t n)
{
	uint8_t memory[16];
	struct writer w;
	struct bytes response;

	expect(card, "C0A4 0000 02 1012", "610F");
	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode("C0B0", &w) && hex_decode(offset, &w));
	writer_put_u8(&w, (uint8_t)n);
	response = card_command(card, writer_bytes(&w));
	assert_int_equal(response.len, n + 2);
	memcpy(out, response.data, n);
}

/* The result of INTERNAL AUTHENTICATE to the power of 3 is what was given. All numbers little-endian. */
static void assert_key_works(struct card *card, uint8_t number, const char *modulus_at)
{
	uint8_t command[5 + 64] = { 0xC0, 0x88, 0x00, number, 64 }, modulus[64], back[64];
	struct exact fetch = exact_of_hex("C0 C0 00 00 40");
	BN_CTX *context = BN_CTX_new();
	BIGNUM *n, *s, *e = BN_new();
	struct bytes response;

	memset(command + 5, 0x5A, 63); /* the highest byte is 00: below any modulus */
	read_public(card, modulus_at, modulus, sizeof modulus);
	assert_bytes_hex(card_command(card, BYTES_OF_ARRAY(command)), "6140");
	response = card_command(card, fetch.bytes);
	assert_int_equal(response.len, 64 + 2);
	n = BN_lebin2bn(modulus, sizeof modulus, NULL);
	s = BN_lebin2bn(response.data, 64, NULL);
	assert_int_equal(BN_set_word(e, 3), 1);
	assert_int_equal(BN_mod_exp(s, s, e, n, context), 1);
	assert_int_equal(BN_bn2lebinpad(s, back, sizeof back), sizeof back);
	assert_memory_equal(back, command + 5, sizeof back);
	BN_free(n);
	BN_free(s);
	BN_free(e);
	BN_CTX_free(context);
	exact_free(&fetch);
}

static void key_generation(void **state)
{
	struct card *card = card_with_key_files("");
	uint8_t header[3], exponent[4];

	expect(card, "F046 0040 04 03000000", "6982");
	expect(card, "C020 0001 08 3131313131313131", "9000");
	expect(card, "F046 0040 04 03000000", "9000");
	assert_key_works(card, 0, "0003");
	read_public(card, "0000", header, sizeof header);
	assert_memory_equal(header, "\x00\xA7\x01", 3);
	read_public(card, "00A3", exponent, sizeof exponent);
	assert_memory_equal(exponent, "\x03\x00\x00\x00", 4);
	/* A second key behind it; then the first one anew. */
	expect(card, "F046 0140 04 03000000", "9000");
	assert_key_works(card, 1, "00AA");
	expect(card, "F046 0040 04 03000000", "9000");
	assert_key_works(card, 0, "0003");
	assert_key_works(card, 1, "00AA");
	/* No room for a third, nor for a longer one in the first one's place. */
	expect(card, "F046 0240 04 03000000", "6A84");
	expect(card, "F046 0080 04 03000000", "6985");
	expect(card, "F046 0E40 04 03000000", "6A84");
	/* Parameters. */
	expect(card, "F046 0F40 04 03000000", "6B00");
	expect(card, "F046 0041 04 03000000", "6B00");
	expect(card, "F046 0020 04 03000000", "6B00");
	expect(card, "F046 00FF 04 03000000", "6B00");
	expect(card, "F046 0040 03 030000", "6704");
	expect(card, "F046 0040", "6704");
	expect(card, "F046 0040 04 02000000", "6982");
	expect(card, "F046 0040 04 01000000", "6982");
	assert_key_works(card, 0, "0003");
	/* In a DF without such files. */
	expect(card, SHOW_TRANSPORT_KEY, "9000");
	expect(card, "C0A4 0000 02 3F00", "6114");
	expect(card, "F0E4 0000 02 1012", "9000");
	expect(card, "F046 0040 04 03000000", "6981");
	card_free(card);
}

static void seed_repeats_keys(void **state)
{
	uint8_t first[64], again[64];

	for (int i = 0; i < 2; i++) {
		struct card *card = card_with_key_files("seed");

		expect(card, "C020 0001 08 3131313131313131", "9000");
		expect(card, "F046 0040 04 03000000", "9000");
		read_public(card, "0003", i == 0 ? first : again, sizeof first);
		card_free(card);
	}
	assert_memory_equal(first, again, sizeof first);
}

static void create_parameters(void **state)
{
	struct exact whole = exact_of_hex("FFFF 0102 1234 06 3F 123456 00 04 789ABC 10");
	struct flex_header header = { 0 };

	assert_int_equal(flex_decode_create(whole.bytes, 2, &header), SW_OK);
	assert_int_equal(header.kind, FLEX_CYCLIC);
	assert_int_equal(header.size, 0x0102);
	assert_int_equal(header.fid, 0x1234);
	assert_int_equal(header.flags, 0x3F);
	assert_memory_equal(header.access, "\x12\x34\x56", 3);
	assert_memory_equal(header.keys, "\x78\x9A\xBC", 3);
	assert_false(header.valid);
	assert_int_equal(header.record_size, 16);
	for (size_t n = 0; n < whole.bytes.len; n++) {
		struct exact cut = exact_copy(bytes_first(whole.bytes, n));

		assert_int_not_equal(flex_decode_create(cut.bytes, 2, &header), SW_OK);
		exact_free(&cut);
	}
	exact_free(&whole);
}

/* What a card image would save: all files, each after the DF that it is in. */
static void files_one_by_one(void **state)
{
	static const uint16_t order[] = { FLEX_MF, 0x0001, 0x5000, 0x5001, 0x5100, 0x5101, 0x0002 };
	const struct flex_header mf = { .kind = FLEX_DF, .fid = FLEX_MF, .valid = true };
	struct flex_file *df1 = NULL, *df2 = NULL, *file = NULL;
	struct flex_header header = { .kind = FLEX_TRANSPARENT, .fid = 1, .size = 5 };
	struct flex_tree tree;
	size_t i = 0;

	assert_int_equal(flex_tree_init(&tree, 1000, &mf), 0);
	assert_int_equal(flex_tree_add(&tree, tree.mf, &header, 0, &file), SW_OK);
	assert_int_equal(flex_tree_room(&tree, tree.mf), 1000 - 16 - 8);
	header = (struct flex_header){ .kind = FLEX_DF, .fid = 0x5000, .size = 500 };
	assert_int_equal(flex_tree_add(&tree, tree.mf, &header, 0, &df1), SW_OK);
	header.fid = 0x5100;
	header.size = 100;
	assert_int_equal(flex_tree_room(&tree, df1), 500);
	file = df1;
	header = (struct flex_header){ .kind = FLEX_TRANSPARENT, .fid = 0x5001 };
	assert_int_equal(flex_tree_add(&tree, df1, &header, 0, &file), SW_OK);
	header = (struct flex_header){ .kind = FLEX_DF, .fid = 0x5100, .size = 600 };
	assert_int_equal(flex_tree_add(&tree, df1, &header, 0, &df2), SW_OK);
	assert_int_equal(flex_tree_room(&tree, df2), 500 - 16 - 24);
	header = (struct flex_header){ .kind = FLEX_TRANSPARENT, .fid = 0x5101 };
	assert_int_equal(flex_tree_add(&tree, df2, &header, 0, &file), SW_OK);
	header.fid = 2;
	assert_int_equal(flex_tree_add(&tree, tree.mf, &header, 0, &file), SW_OK);
	for (file = tree.mf; file != NULL; file = flex_tree_next(file))
		assert_int_equal(file->header.fid, order[i++]);
	assert_int_equal(i, COUNT(order));
	flex_tree_delete(df1);
	assert_int_equal(flex_tree_room(&tree, tree.mf), 1000 - 16 - 8 - 16);
	assert_null(flex_tree_child(tree.mf, 0x5000));
	flex_tree_done(&tree);
}

/* DFs inside each other, up to the limit. */
static void depth_is_limited(void **state)
{
	struct card *card = new_card("8k", "");

	expect(card, SHOW_TRANSPORT_KEY, "9000");
	for (int i = 1; i < FLEX_DEPTH_MAX; i++)
		expect(card, "F0E0 0000 10 FFFF 1000 5000 38 00 000000 01 03 000000", "9000");
	expect(card, "F0E0 0000 10 FFFF 1000 5000 38 00 000000 01 03 000000", "6A84");
	card_free(card);
}

/* A conversation that allocates. */
static const char *const allocating[][2] = {
	{ SHOW_TRANSPORT_KEY, "9000" },
	{ "F0E0 0000 10 FFFF 0064 5000 38 00 000000 01 03 000000", "9000" },
	{ "F0E0 0000 10 FFFF 0004 5001 01 FF 000000 01 03 000000", "9000" },
	{ "C0B0 0000 04", "000000009000" },
	{ "C0A4 0000 02 5001", "610F" },
	{ "F0E4 0000 02 5001", "9000" },
};

/* Wherever memory runs out, the command that needed it is answered 6581, and the card goes on. */
static void lack_of_memory_has_a_status_word(void **state)
{
	bool failed = true;

	for (unsigned n = 0; failed; n++) {
		struct card *card = new_card("8k", "");
		unsigned failures = 0;

		failed = false;
		for (size_t i = 0; i < COUNT(allocating); i++) {
			struct exact in = exact_of_hex(allocating[i][0]);
			struct bytes response;

			alloc_fail_at(failures == 0 ? n + 1 : 0);
			response = card_command(card, in.bytes);
			if (alloc_stop()) {
				assert_bytes_hex(response, "6581");
				failures++;
				failed = true;
				assert_bytes_hex(card_command(card, in.bytes), allocating[i][1]);
			} else {
				assert_bytes_hex(response, allocating[i][1]);
			}
			exact_free(&in);
		}
		card_free(card);
		assert_true(n < 100);
	}
}

/* The card's image as text; to be freed. */
static char *image_of(const struct card *card)
{
	struct buffer text;

	buffer_init(&text, IMAGE_FILE_MAX);
	assert_int_equal(image_text(card, &text), 0);
	assert_int_equal(buffer_append(&text, bytes_of((const uint8_t *)"", 1)), 0);
	return (char *)text.data;
}

static int card_of(const char *text, struct card **out, struct image_error *error)
{
	char path[] = "/tmp/cryptoflex-XXXXXX";
	const struct card_setup setup = { 0 };
	struct image *image = NULL;
	int r, file = mkstemp(path);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(file), 0);
	r = image_open(path, IMAGE_FILE_READ, NULL, &image, error);
	if (r == 0)
		r = image_make_card(image, &card_cryptoflex, &setup, out, error);
	image_close(image);
	assert_int_equal(unlink(path), 0);
	return r;
}

static void assert_described(const struct card *card)
{
	static const char *const lines[] = {
		"\nATR 3B959440FF6301010201\nCryptoflex 16k, 16000 bytes, ", /* no other files */
		"\n3F00 MF\n    rule: list always, delete key 1, create key 1\n",
		"\n        key 1: 10 tries left\n",
		"\n        CHV1: 2 tries left, 3 to unblock it\n",
		"\n    5000 DF, up to 256 bytes\n        rule: list CHV1, delete protected 9, "
		"create key 10\n",
		"\n    6001 linear fixed, 6 bytes, 2 records\n        rule: read always, update "
		"always, "
		"increase always, create record always, rehabilitate always, invalidate always\n",
		"\n    6002 linear variable, 16 bytes, 2 records, invalidated\n",
		"\n    6003 cyclic, 9 bytes, 3 records\n",
	};
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	image_describe(card, to);
	assert_int_equal(fclose(to), 0);
	for (size_t i = 0; i < COUNT(lines); i++) {
		if (strstr(text, lines[i]) == NULL)
			fail_msg("not in the description: %s; that is\n%s", lines[i], text);
	}
	assert_null(strstr(text, "2C15E526"));
	free(text);
}

/* Files of each kind, a CHV and a key with fewer tries than they had, come back from an image. */
static void image_there_and_back(void **state)
{
	struct card *card = card_with_key_files("seed"), *again = NULL;
	struct image_error error = { "" };
	char *first, *second;

	expect(card, "C020 0001 08 3131313131313132", "6300");
	expect(card, "F02A 0001 08 0000000000000000", "6300");
	expect(card, SHOW_TRANSPORT_KEY, "9000");
	expect(card, "F02A 0000 08 0000000000000000", "6983");
	expect(card, "F0E0 0000 10 FFFF 0100 5000 38 00 123456 01 03 789ABC", "9000");
	expect(card, "C0A4 0000 02 3F00", "6114");
	expect(card, "F0E0 0002 11 FFFF 0006 6001 02 FF 000000 01 04 000000 02", "9000");
	expect(card, "C0DC 0204 02 AABB", "9000");
	expect(card, "F0E0 0000 10 FFFF 0010 6002 04 FF 000000 00 03 000000", "9000");
	expect(card, "F044 0000", "9000");
	expect(card, "C0E2 0000 03 010203", "9000");
	expect(card, "C0E2 0000 01 04", "9000");
	expect(card, "F004 0000", "9000");
	expect(card, "F0E0 0003 11 FFFF 0009 6003 06 FF 000000 01 04 000000 03", "9000");
	expect(card, "F032 0000 03 000005", "6106");
	first = image_of(card);
	if (card_of(first, &again, &error) < 0)
		fail_msg("%s", error.text);
	second = image_of(again);
	assert_string_equal(first, second);
	assert_bytes_hex(card_atr(again), "3B 95 94 40 FF 63 01 01 02 01");
	assert_described(again);
	/* Nothing of the session came along. */
	expect(again, "F0E4 0000 02 6001", "6982");
	expect(again, "C0A4 0000 02 6001", "610F");
	expect(again, "C0B2 0204 02", "AABB 9000");
	expect(again, "C0A4 0000 02 6002", "610F");
	expect(again, "C0B2 0104 03", "6283");
	expect(again, "C0A4 0000 02 6003", "610F");
	expect(again, "C0B2 0104 03", "000005 9000");
	expect(again, "C020 0001 08 3131313131313132", "6300");
	expect(again, "C020 0001 08 3131313131313132", "6300");
	expect(again, "C020 0001 08 3131313131313131", "6983");
	free(first);
	free(second);
	card_free(card);
	card_free(again);
}

#define IMAGE_HEAD                                                                                 \
	"{\"format\": \"virtual-smart-card-image\", \"version\": 2, \"type\": \"cryptoflex\", "    \
	"\"mf\": {}, "                                                                             \
	"\"state\": {\"cryptoflex\": {"
#define IMAGE_FILE(fields) IMAGE_HEAD "\"files\": [{" fields "}]}}}"

static void image_by_hand(void **state)
{
	static const char text[] = IMAGE_FILE(
	    "\"kind\": \"transparent\", \"fid\": \"0002\", \"size\": 8, \"data\": \"01 02\"");
	struct image_error error = { "" };
	struct card *card = NULL;

	if (card_of(text, &card, &error) < 0)
		fail_msg("%s", error.text);
	assert_bytes_hex(card_atr(card), "3B E2 00 00 40 20 49 06");
	expect(card, "C0A4 0000 02 3F00", "6112");
	expect(card, "C0C0 0000 12", "0000 1F28 3F00 38 00 0F4444 01 05 00 01 00 0000 9000");
	expect(card, "C0A4 0000 02 0002", "610F");
	expect(card, "C0B0 0000 08", "0102000000000000 9000");
	expect(card, "C0A4 0000 02 0011", "6A82");
	card_free(card);
}

static void wrong_images(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ IMAGE_HEAD "\"model\": \"64k\"}}}", "no such model" },
		{ IMAGE_HEAD "\"mode\": \"8k\"}}}", "mode" },
		{ IMAGE_HEAD "\"access\": \"0102\"}}}", "3 bytes" },
		{ IMAGE_HEAD
		    "\"memory\": 20, \"files\": [{\"kind\": \"df\", \"fid\": \"5000\"}]}}}",
		    "memory" },
		{ IMAGE_FILE("\"fid\": \"0002\""), "kind" },
		{ IMAGE_FILE("\"kind\": \"ef\", \"fid\": \"0002\""), "transparent" },
		{ IMAGE_FILE("\"kind\": \"df\""), "fid" },
		{ IMAGE_FILE("\"kind\": \"df\", \"fid\": \"3F00\""), "another file" },
		{ IMAGE_FILE("\"kind\": \"df\", \"fid\": \"5000\", \"data\": \"00\""),
		    "transparent" },
		{ IMAGE_FILE("\"kind\": \"cyclic\", \"fid\": \"5000\""), "size of records" },
		{ IMAGE_FILE("\"kind\": \"transparent\", \"fid\": \"5000\", \"size\": 1, "
		             "\"data\": \"0000\""),
		    "1 bytes" },
		{ IMAGE_FILE("\"kind\": \"transparent\", \"fid\": \"5000\", \"files\": []"),
		    "only a DF" },
		{ IMAGE_FILE("\"kind\": \"transparent\", \"fid\": \"5000\", \"records\": []"),
		    "no records" },
		{ IMAGE_FILE("\"kind\": \"linear-fixed\", \"fid\": \"5000\", \"size\": 4, "
		             "\"record_size\": 2, \"records\": [\"0000\", \"00\"]"),
		    "another size" },
		{ IMAGE_FILE("\"kind\": \"linear-variable\", \"fid\": \"5000\", \"size\": 4, "
		             "\"records\": [\"0000\", \"0000\"]"),
		    "more than the file" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct image_error error = { "" };
		struct card *card = NULL;

		assert_int_equal(card_of(cases[i].text, &card, &error), ERR_FORMAT);
		if (strstr(error.text, cases[i].error) == NULL)
			fail_msg("%s: %s", cases[i].text, error.text);
	}
}

/* What the counters were when the card's state was put away, and how often. */
struct store {
	struct card *card;
	uint8_t chv_tries, key_tries;
	unsigned n;
	int result;
};

static int store_commit(void *self)
{
	struct store *store = self;
	const struct flex_state *state = flex_state_of(store->card);
	const struct flex_file *chv = flex_tree_child(state->tree.mf, FLEX_FID_CHV1);

	if (store->n++ == 0) { /* the first one of a command */
		store->chv_tries = chv != NULL ? chv->body[12] : 0;
		store->key_tries =
		    flex_tree_child(state->tree.mf, FLEX_FID_EXTERNAL_KEYS)->body[24];
	}
	return store->result;
}

/* Whoever pulls the power during a try has lost it. */
static void counters_fall_before_the_secret_is_compared(void **state)
{
	struct store store = { 0 };
	const struct card_setup setup = { .commit = store_commit, .commit_self = &store };

	assert_int_equal(card_new(&card_cryptoflex, &setup, &store.card), 0);
	expect(store.card, SHOW_TRANSPORT_KEY, "9000");
	assert_int_equal(store.key_tries, 9); /* and 10 again in a second commit() */
	assert_int_equal(store.n, 2);
	expect(store.card, "F0E0 0000 10 FFFF 0017 0000 01 FF 000000 01 03 000011", "9000");
	expect(store.card, "C0D6 0000 17 FFFFFF 31313131313131310303 32323232323232320303", "9000");
	store.n = 0;
	expect(store.card, "C020 0001 08 3131313131313131", "9000");
	assert_int_equal(store.chv_tries, 2);
	assert_int_equal(store.n, 2);
	store.n = 0;
	expect(store.card, "C0B0 0000 01", "FF 9000");
	assert_int_equal(store.n, 0); /* nothing has changed */
	/* What cannot be put away is not compared. */
	store.result = ERR_IO;
	expect(store.card, "C020 0001 08 3131313131313131", "6581");
	expect(store.card, SHOW_TRANSPORT_KEY, "6581");
	card_free(store.card);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models),
		cmocka_unit_test(setup_says_more_than_the_model),
		cmocka_unit_test(external_authentication),
		cmocka_unit_test(protected_mode),
		cmocka_unit_test(key_generation),
		cmocka_unit_test(seed_repeats_keys),
		cmocka_unit_test(create_parameters),
		cmocka_unit_test(files_one_by_one),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(lack_of_memory_has_a_status_word),
		cmocka_unit_test(image_there_and_back),
		cmocka_unit_test(image_by_hand),
		cmocka_unit_test(wrong_images),
		cmocka_unit_test(counters_fall_before_the_secret_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
