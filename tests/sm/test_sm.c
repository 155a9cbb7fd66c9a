/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secure messaging: worked examples of ICAO 9303-11 and BSI TR-03110, recorded exchanges, every data object of
 * 7816-4 and every way in which a command can be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "exact.h"
#include "sm/sm.h"
#include "sm_terminal.h"
#include "vectors.h"

#define AUTHENTIC_AND_CONFIDENTIAL 15

static const uint8_t key_enc[32] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 };
static const uint8_t key_mac[32] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 99, 98, 97, 96, 95, 94, 93 };
static const uint8_t zeros[CIPHER_BLOCK_MAX];

/* Both ends of a session. */
struct pair {
	struct sm *sm;
	struct sm_terminal terminal;
	uint8_t memory[SM_TERMINAL_MAX]; /* of plain data */
	uint8_t keys[2][CIPHER_KEY_MAX];
};

/* Too large for the stack. */
static struct pair pair;

static void pair_init(enum sm_profile profile, enum cipher_kind kind, bool counter)
{
	size_t size = cipher_key_size(kind);
	const struct sm_setup setup = { .profile = profile,
		.kind = kind,
		.enc = bytes_of(key_enc, size),
		.mac = bytes_of(key_mac, size),
		.counter = bytes_of(zeros, counter ? cipher_block_size(kind) : 0) };

	assert_int_equal(sm_new(&setup, &pair.sm), 0);
	sm_terminal_init(&pair.terminal, kind, setup.enc, setup.mac, setup.counter);
}

static enum sw unwrap(struct bytes command, struct apdu *apdu, unsigned *protection)
{
	struct exact in = exact_copy(command);
	enum sw sw;

	assert_true(apdu_parse(in.bytes, apdu));
	sw = sm_unwrap(pair.sm, apdu, pair.memory, protection);
	apdu->data = sw == SW_OK ? apdu->data : bytes_of(NULL, 0);
	exact_free(&in);
	return sw;
}

/* The cipher that a key of this size and a counter of that size are of. */
static enum cipher_kind kind_of(struct bytes key, struct bytes counter)
{
	if (counter.len == 8)
		return CIPHER_3DES;
	return key.len == 16 ? CIPHER_AES_128 : key.len == 24 ? CIPHER_AES_192 : CIPHER_AES_256;
}

/* Both ends with keys and counter of a worked example. */
static void pair_of(const char *file, const char *enc, const char *mac, struct bytes counter)
{
	struct exact k_enc = vectors_get(file, enc);
	struct exact k_mac = vectors_get(file, mac);
	const struct sm_setup setup = { .profile = SM_ICAO,
		.kind = kind_of(k_enc.bytes, counter),
		.enc = k_enc.bytes,
		.mac = k_mac.bytes,
		.counter = counter };

	memcpy(pair.keys[0], k_enc.bytes.data, k_enc.bytes.len);
	memcpy(pair.keys[1], k_mac.bytes.data, k_mac.bytes.len);
	assert_int_equal(sm_new(&setup, &pair.sm), 0);
	sm_terminal_init(&pair.terminal, setup.kind, bytes_of(pair.keys[0], k_enc.bytes.len),
	    bytes_of(pair.keys[1], k_mac.bytes.len), counter);
	exact_free(&k_enc);
	exact_free(&k_mac);
}

/* Unwraps the command; data and ne must be what plain, the plain command, has. */
static void check_command(struct bytes command, struct bytes plain)
{
	uint8_t memory[1024];
	struct apdu apdu;
	struct apdu want;
	unsigned protection = 0;

	assert_true(apdu_parse(command, &apdu));
	assert_true(apdu_parse(plain, &want));
	assert_int_equal(sm_unwrap(pair.sm, &apdu, memory, &protection), SW_OK);
	assert_int_equal(protection, AUTHENTIC_AND_CONFIDENTIAL);
	assert_int_equal(apdu.ins, want.ins);
	assert_int_equal(apdu.p1, want.p1);
	assert_int_equal(apdu.p2, want.p2);
	assert_true(bytes_equal(apdu.data, want.data));
	assert_int_equal(apdu.ne, want.ne);
}

/* Wraps data and 9000; the result and 9000 must be the response. */
static void check_response(uint8_t ins, struct bytes data, struct bytes response)
{
	uint8_t memory[1024];
	struct writer out;

	writer_init(&out, memory, sizeof memory);
	writer_put(&out, data);
	assert_int_equal(sm_wrap(pair.sm, ins, SW_OK, &out), 0);
	writer_put_u16(&out, SW_OK);
	assert_true(bytes_equal(writer_bytes(&out), response));
}

/* ICAO 9303-11, appendix D.4: SELECT EF.COM, and READ BINARY twice. */
static void bac_example(void **state)
{
	static const char *const data[] = { NULL, "sm2_data", "sm3_data" };
	static const char *const names[][3] = { { "sm1_plain", "sm1_command", "sm1_response" },
		{ "sm2_plain", "sm2_command", "sm2_response" },
		{ "sm3_plain", "sm3_command", "sm3_response" } };
	struct exact counter = vectors_get("icao-bac", "ssc");

	pair_of("icao-bac", "ks_enc", "ks_mac", counter.bytes);
	for (int i = 1; i <= 3; i++) {
		struct exact plain = vectors_get("icao-bac", names[i - 1][0]);
		struct exact command = vectors_get("icao-bac", names[i - 1][1]);
		struct exact response = vectors_get("icao-bac", names[i - 1][2]);
		struct exact answer = { 0 };

		if (data[i - 1] != NULL)
			answer = vectors_get("icao-bac", data[i - 1]);
		check_command(command.bytes, plain.bytes);
		check_response(plain.bytes.data[1], answer.bytes, response.bytes);
		exact_free(&plain);
		exact_free(&command);
		exact_free(&response);
		exact_free(&answer);
	}
	sm_free(pair.sm);
	exact_free(&counter);
}

/* BSI's worked example: the enciphered data of a command, and the checksum of a response. */
static void eac2_example(void **state)
{
	static const char *const files[] = { "bsi-eac2-ecdh", "bsi-eac2-dh" };

	for (size_t i = 0; i < COUNT(files); i++) {
		struct exact plain = vectors_get(files[i], "sm_ssc1_plain");
		uint8_t memory[64];
		struct bytes rest, value;
		struct writer out;

		pair_of(files[i], "pace_ks_enc", "pace_ks_mac", BYTES_OF_ARRAY(zeros));
		/* the command's own checksum is not published: as a response, its data can be had */
		writer_init(&out, memory, sizeof memory);
		writer_put(&out, plain.bytes);
		assert_int_equal(sm_wrap(pair.sm, 0x22, SW_OK, &out), 0);
		rest = writer_bytes(&out);
		assert_true(tlv_take_tag(&rest, 0x87, &value));
		assert_vector(bytes_after(value, 1), files[i], "sm_ssc1_cipher");
		writer_reset(&out);
		assert_int_equal(sm_wrap(pair.sm, 0x22, SW_OK, &out), 0);
		assert_vector(bytes_first(writer_bytes(&out), 4), files[i], "sm_ssc2_mac_input");
		assert_vector(bytes_after(writer_bytes(&out), 6), files[i], "sm_ssc2_mac");
		exact_free(&plain);
		sm_free(pair.sm);
	}
}

/* Unwraps a recorded command; takes the plain answer out of the recorded response, wraps it, and compares. */
static void check_recorded(const char *file, int number)
{
	char name[] = { 'c', (char)('0' + number), '\0' };
	struct exact command = vectors_get(file, name);
	struct exact response;
	struct apdu_response answer;
	struct exact data;
	struct apdu apdu;
	unsigned protection = 0;

	name[0] = 'r';
	response = vectors_get(file, name);
	assert_true(apdu_parse(command.bytes, &apdu));
	assert_int_equal(sm_unwrap(pair.sm, &apdu, pair.memory, &protection), SW_OK);
	assert_int_equal(protection, AUTHENTIC_AND_CONFIDENTIAL);
	sm_terminal_count(&pair.terminal); /* the command's */
	assert_true(sm_terminal_unwrap(&pair.terminal, response.bytes, &answer));
	assert_int_equal(answer.sw, SW_OK);
	data = exact_copy(answer.data);
	check_response(apdu.ins, data.bytes, response.bytes);
	exact_free(&command);
	exact_free(&response);
	exact_free(&data);
}

/* Chip Authentication as real chips did it: the last exchange is the first under the new keys. */
static void recorded_exchanges(void **state)
{
	static const char *const files[] = { "ca1-recorded-at", "ca1-recorded-de",
		"ca1-recorded-fr", "ca1-recorded-my" };

	for (size_t i = 0; i < COUNT(files); i++) {
		struct exact before = vectors_get(files[i], "before_ssc");
		struct exact after = vectors_get(files[i], "after_ssc");
		struct exact next = { 0 };
		char name[] = "c1";
		int n = 1;

		print_message("# %s\n", files[i]);
		pair_of(files[i], "before_ks_enc", "before_ks_mac", before.bytes);
		for (; name[1] = (char)('1' + n), vectors_find(files[i], name, &next); n++) {
			check_recorded(files[i], n);
			exact_free(&next);
		}
		sm_free(pair.sm);
		assert_true(n >= 2);
		pair_of(files[i], "after_ks_enc", "after_ks_mac", bytes_of(zeros, after.bytes.len));
		check_recorded(files[i], n);
		assert_true(bytes_equal(sm_counter(pair.sm), after.bytes));
		sm_free(pair.sm);
		exact_free(&before);
		exact_free(&after);
	}
}

/* Active Authentication with an answer of 225 bytes: a length of two bytes. */
static void recorded_active_authentication(void **state)
{
	struct exact counter = vectors_get("aa-rsa-recorded", "sm_ssc_before");
	struct exact command = vectors_get("aa-rsa-recorded", "sm_command");
	struct exact response = vectors_get("aa-rsa-recorded", "sm_response");
	struct exact rnd_ifd = vectors_get("aa-rsa-recorded", "rnd_ifd");
	struct exact signature = vectors_get("aa-rsa-recorded", "signature");
	uint8_t plain[14] = { 0x00, 0x88, 0x00, 0x00, 0x08 };

	memcpy(plain + 5, rnd_ifd.bytes.data, 8);
	pair_of("aa-rsa-recorded", "sm_ks_enc", "sm_ks_mac", counter.bytes);
	check_command(command.bytes, BYTES_OF_ARRAY(plain));
	check_response(0x88, signature.bytes, response.bytes);
	sm_free(pair.sm);
	exact_free(&counter);
	exact_free(&command);
	exact_free(&response);
	exact_free(&rnd_ifd);
	exact_free(&signature);
}

static const enum cipher_kind kinds[] = { CIPHER_3DES, CIPHER_AES_128, CIPHER_AES_192,
	CIPHER_AES_256 };

/* Sends a plain command protected, and gives back its own data. */
static void check_exchange(struct bytes plain)
{
	struct exact want = exact_copy(plain);
	struct bytes command = sm_terminal_wrap(&pair.terminal, want.bytes);
	static uint8_t memory[SM_TERMINAL_MAX];
	struct apdu_response answer;
	struct apdu got, apdu;
	struct writer out;
	unsigned protection;

	assert_true(apdu_parse(want.bytes, &apdu));
	assert_int_equal(unwrap(command, &got, &protection), SW_OK);
	assert_int_equal(protection, AUTHENTIC_AND_CONFIDENTIAL);
	assert_true(bytes_equal(got.data, apdu.data));
	assert_int_equal(got.ne, apdu.ne);
	if (apdu.ne > 0)
		assert_int_equal(got.extended, apdu.extended);
	writer_init(&out, memory, sizeof memory);
	writer_put(&out, apdu.data);
	assert_int_equal(sm_wrap(pair.sm, apdu.ins, SW_END_OF_FILE, &out), 0);
	assert_true(out.len <= apdu.data.len + SM_RESPONSE_OVERHEAD_MAX);
	writer_put_u16(&out, SW_END_OF_FILE);
	assert_true(sm_terminal_unwrap(&pair.terminal, writer_bytes(&out), &answer));
	assert_int_equal(answer.sw, SW_END_OF_FILE);
	assert_true(bytes_equal(answer.data, apdu.data));
	exact_free(&want);
}

/* Each cipher, with and without counter, both kinds of INS, all cases and many lengths. */
static void exchanges(void **state)
{
	static const size_t lengths[] = { 0, 1, 7, 8, 9, 15, 16, 17, 118, 119, 120, 127, 128, 239,
		240, 241, 255, 256, 257, 4096, 65400 };
	static const size_t expected[] = { 0, 1, 255, 256, 257, 65535, 65536 };
	static uint8_t memory[SM_TERMINAL_MAX];
	static uint8_t data[65535];

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 31);
	for (size_t i = 0; i < COUNT(kinds) * 4; i++) {
		pair_init(i % 2 == 0 ? SM_ISO : SM_ICAO, kinds[i / 4], i % 4 < 2);
		for (size_t j = 0; j < COUNT(lengths) * COUNT(expected); j++) {
			struct apdu apdu = { .ins = (uint8_t)(0xB0 + j % 2),
				.data = bytes_of(data, lengths[j / COUNT(expected)]),
				.ne = expected[j % COUNT(expected)] };
			struct writer w;

			writer_init(&w, memory, sizeof memory);
			assert_true(apdu_encode(&apdu, &w));
			check_exchange(writer_bytes(&w));
		}
		sm_free(pair.sm);
	}
}

/* The counter goes over all of its bytes. */
static void counter_wraps_around(void **state)
{
	uint8_t ones[16];
	const struct sm_setup setup = { .kind = CIPHER_AES_128,
		.enc = bytes_of(key_enc, 16),
		.mac = bytes_of(key_mac, 16),
		.counter = BYTES_OF_ARRAY(ones) };

	memset(ones, 0xFF, sizeof ones);
	assert_int_equal(sm_new(&setup, &pair.sm), 0);
	sm_terminal_init(&pair.terminal, setup.kind, setup.enc, setup.mac, setup.counter);
	check_exchange(BYTES_OF_ARRAY(((const uint8_t[]){ 0, 0xA4, 0, 0, 1, 7, 0 })));
	assert_bytes_hex(sm_counter(pair.sm), "00000000000000000000000000000001");
	sm_free(pair.sm);
}

/* A fresh session, one command of these objects (its checksum is right), and what comes of it. "[...]" in
 * objects is enciphered, padded if "[+...]". */
struct field_case {
	const char *name;
	enum sm_profile profile;
	const char *head;    /* CLA INS P1 P2 */
	const char *objects; /* without the checksum */
	enum sw sw;
	const char *data;
	size_t ne;
	unsigned protection;
};

/* Enciphers len bytes at data under the counter as it stands. */
static size_t encipher(uint8_t *data, size_t len, bool padded)
{
	if (padded)
		len = pad_add(data, len, cipher_block_size(pair.terminal.kind));
	sm_terminal_cipher(&pair.terminal, true, data, len);
	return len;
}

/* Hexadecimal text with brackets. */
static struct exact field_of(const char *text)
{
	uint8_t memory[1024];
	struct writer w;
	size_t open = 0;

	writer_init(&w, memory, sizeof memory);
	while (*text != '\0') {
		size_t n = strcspn(text, "[]");
		char part[512];

		snprintf(part, sizeof part, "%.*s", (int)n, text);
		assert_true(hex_decode(part, &w));
		text += n;
		if (*text == '[') {
			open = w.len << 1 | (text[1] == '+');
			text += text[1] == '+' ? 2 : 1;
		} else if (*text == ']') {
			size_t start = open >> 1;

			w.len = start + encipher(memory + start, w.len - start, (open & 1) != 0);
			text++;
		}
	}
	return exact_copy(writer_bytes(&w));
}

#define ALL SM_RESPONSE_AUTHENTIC | SM_RESPONSE_CONFIDENTIAL
#define AUTH ALL | SM_COMMAND_AUTHENTIC
#define CONF ALL | SM_COMMAND_CONFIDENTIAL
#define BOTH AUTH | SM_COMMAND_CONFIDENTIAL
#define WRONG SW_SM_OBJECT_WRONG

/* With AES: blocks of 16. */
static const struct field_case field_cases[] = {
	/* clang-format off */
	{ "nothing but the header", SM_ISO, "0CB00000", "", SW_OK, "", 0, BOTH },
	{ "81: plain", SM_ISO, "0CD60000", "8102AABB", SW_OK, "AABB", 0, AUTH },
	{ "80: plain, not covered", SM_ISO, "0CD60000", "8002AABB", SW_OK, "AABB", 0, ALL },
	{ "B3", SM_ISO, "0CD60000", "B3045302AABB", SW_OK, "5302AABB", 0, AUTH },
	{ "B2", SM_ISO, "0CD60000", "B2045302AABB", SW_OK, "5302AABB", 0, ALL },
	{ "B1: an inner field", SM_ISO, "0CD60000", "B1078102AABB970155", SW_OK, "AABB", 0x55, AUTH },
	{ "B0", SM_ISO, "0CD60000", "B0048102AABB", SW_OK, "AABB", 0, ALL },
	{ "B1 with a cryptogram", SM_ISO, "0CD60000", "B1138711 01[+AABB]", SW_OK, "AABB", 0, BOTH },
	{ "B1 in B1 in B1", SM_ISO, "0CD60000", "B106B1048102AABB", SW_OK, "AABB", 0, AUTH },
	{ "too deep", SM_ISO, "0CD60000", "B10AB108B106B1048102AABB", WRONG, "", 0, 0 },
	{ "inner field malformed", SM_ISO, "0CD60000", "B1038102AA", WRONG, "", 0, 0 },
	{ "a checksum in the inner field", SM_ISO, "0CD60000", "B10A8E080102030405060708", WRONG, "", 0, 0 },
	{ "another class: data as it is", SM_ISO, "0CD60000", "5302AABB", SW_OK, "5302AABB", 0, AUTH },
	{ "several plain values", SM_ISO, "0CD60000", "8101AA 8101BB 5301CC", SW_OK, "AABB5301CC", 0, AUTH },
	{ "plain values, one of them not covered", SM_ISO, "0CD60000", "8101AA 8001BB 8101CC", SW_OK,
	    "AABBCC", 0, ALL },
	{ "7816-4 annex: 80 and then 81", SM_ISO, "0CD60000", "8001BB 8101CC", SW_OK, "BBCC", 0, ALL },
	{ "plain and cryptogram", SM_ISO, "0CD60000", "8101AA 871101[+BB]", SW_OK, "AABB", 0, AUTH },
	{ "87", SM_ISO, "0CD60000", "871101[+AABB]", SW_OK, "AABB", 0, BOTH },
	{ "86", SM_ISO, "0CD60000", "861101[+AABB]", SW_OK, "AABB", 0, CONF },
	{ "85", SM_ISO, "0CD60000", "8510[+AABB]", SW_OK, "AABB", 0, BOTH },
	{ "84", SM_ISO, "0CD60000", "8410[+AABB]", SW_OK, "AABB", 0, CONF },
	{ "83: an enciphered field", SM_ISO, "0CD60000", "8310[+8102AABB970107]", SW_OK, "AABB", 7, AUTH },
	{ "82", SM_ISO, "0CD60000", "8210[+8102AABB]", SW_OK, "AABB", 0, ALL },
	{ "83 that is no field", SM_ISO, "0CD60000", "8310[+8103AABB]", WRONG, "", 0, 0 },
	{ "87, not padded", SM_ISO, "0CD60000", "871102[00112233445566778899AABBCCDDEEFF]", SW_OK,
	    "00112233445566778899AABBCCDDEEFF", 0, BOTH },
	{ "87, padding alone", SM_ISO, "0CD60000", "871101[+]", SW_OK, "", 0, BOTH },
	{ "87, wrong padding", SM_ISO, "0CD60000", "871101[00112233445566778899AABBCCDDEEFF]", WRONG, "", 0, 0 },
	{ "87, more than a block of padding", SM_ISO, "0CD60000",
	    "872101[0011223344556677889900AABBCCDD80 00000000000000000000000000000000]", WRONG, "", 0, 0 },
	{ "87, padding indicator 00", SM_ISO, "0CD60000", "871100[+AABB]", WRONG, "", 0, 0 },
	{ "87, padding indicator 03", SM_ISO, "0CD60000", "871103[+AABB]", WRONG, "", 0, 0 },
	{ "87, no cryptogram", SM_ISO, "0CD60000", "870101", WRONG, "", 0, 0 },
	{ "87, empty", SM_ISO, "0CD60000", "8700", WRONG, "", 0, 0 },
	{ "87, part of a block", SM_ISO, "0CD60000", "871001[00112233445566778899AABBCCDDEEFF]", WRONG, "", 0, 0 },
	{ "85, empty", SM_ISO, "0CD60000", "8500", WRONG, "", 0, 0 },
	{ "97", SM_ISO, "0CB00000", "970112", SW_OK, "", 0x12, BOTH },
	{ "96", SM_ISO, "0CB00000", "960112", SW_OK, "", 0x12, CONF },
	{ "97, 00", SM_ISO, "0CB00000", "970100", SW_OK, "", 256, BOTH },
	{ "97, two bytes", SM_ISO, "0CB00000", "97020100", SW_OK, "", 256, BOTH },
	{ "97, 0000", SM_ISO, "0CB00000", "97020000", SW_OK, "", 65536, BOTH },
	{ "97, empty", SM_ISO, "0CB00000", "9700", SW_OK, "", 256, BOTH },
	{ "97, three bytes", SM_ISO, "0CB00000", "9703000001", WRONG, "", 0, 0 },
	{ "97 twice", SM_ISO, "0CB00000", "970101 970101", WRONG, "", 0, 0 },
	{ "96 and 97", SM_ISO, "0CB00000", "960101 970101", WRONG, "", 0, 0 },
	{ "97 before the data", SM_ISO, "0CD60000", "970101 8102AABB", SW_OK, "AABB", 1, AUTH },
	{ "header not authenticated", SM_ISO, "08D60000", "8102AABB", SW_OK, "AABB", 0, ALL },
	{ "header not authenticated, channel 4", SM_ISO, "60D60000", "8102AABB", SW_OK, "AABB", 0, ALL },
	{ "89 authenticates it", SM_ISO, "08D60000", "890408D60000 8102AABB", SW_OK, "AABB", 0, AUTH },
	{ "89 with the plain class", SM_ISO, "08D60000", "890400D60000 8102AABB", SW_OK, "AABB", 0, AUTH },
	{ "89 besides the class byte", SM_ISO, "0CD60000", "890400D60000", SW_OK, "", 0, BOTH },
	{ "89 of another command", SM_ISO, "08D60000", "890408D70000 8102AABB", WRONG, "", 0, 0 },
	{ "89 with another P1", SM_ISO, "08D60000", "890408D60100 8102AABB", WRONG, "", 0, 0 },
	{ "89 with another P2", SM_ISO, "08D60000", "890408D60001 8102AABB", WRONG, "", 0, 0 },
	{ "89 of three bytes", SM_ISO, "08D60000", "890308D600", WRONG, "", 0, 0 },
	{ "89 of five bytes", SM_ISO, "08D60000", "890508D6000000", WRONG, "", 0, 0 },
	{ "88", SM_ISO, "08D60000", "880408D60000 8102AABB", WRONG, "", 0, 0 },
	{ "a checksum that covers nothing", SM_ISO, "08D60000", "8002AABB", WRONG, "", 0, 0 },
	{ "nothing at all, header not authenticated", SM_ISO, "08B00000", "", WRONG, "", 0, 0 },
	{ "99 in a command", SM_ISO, "0CB00000", "99029000", WRONG, "", 0, 0 },
	{ "response descriptor: as always", SM_ISO, "0CB00000", "970104 BB06 870099008E00", SW_OK, "", 4, BOTH },
	{ "response descriptor: plain data", SM_ISO, "0CB00000", "970104 BB06 810099008E00", SW_OK, "", 4,
	    SM_COMMAND_AUTHENTIC | SM_COMMAND_CONFIDENTIAL | SM_RESPONSE_AUTHENTIC },
	{ "response descriptor: no status", SM_ISO, "0CB00000", "970104 BB04 87008E00", SW_OK, "", 4,
	    SM_COMMAND_AUTHENTIC | SM_COMMAND_CONFIDENTIAL | SM_RESPONSE_CONFIDENTIAL },
	{ "response descriptor without checksum", SM_ISO, "0CB00000", "BB04 87009900", WRONG, "", 0, 0 },
	{ "response descriptor, behind the checksum", SM_ISO, "0CB00000", "BB06 87008E009900", WRONG, "", 0, 0 },
	{ "response descriptor of full objects", SM_ISO, "0CB00000", "BB05 87008E0100", WRONG, "", 0, 0 },
	{ "response descriptor with a signature", SM_ISO, "0CB00000", "BB06 87009E008E00", WRONG, "", 0, 0 },
	{ "two response descriptors", SM_ISO, "0CB00000", "BB028E00 BB028E00", WRONG, "", 0, 0 },
	{ "unknown, covered", SM_ISO, "0CB00000", "8B0100", WRONG, "", 0, 0 },
	{ "unknown, not covered", SM_ISO, "0CB00000", "8A0100", WRONG, "", 0, 0 },
	{ "unknown, tag of two bytes", SM_ISO, "0CB00000", "9F810000", WRONG, "", 0, 0 },
	{ "9E: a signature", SM_ISO, "0CB00000", "9E0100", WRONG, "", 0, 0 },
	{ "B4: a control reference template", SM_ISO, "0CB00000", "B403830101", WRONG, "", 0, 0 },

	{ "ICAO: header alone", SM_ICAO, "0CB00000", "", SW_OK, "", 0, BOTH },
	{ "ICAO: 87", SM_ICAO, "0CD60000", "871101[+AABB]", SW_OK, "AABB", 0, BOTH },
	{ "ICAO: 87 and 97", SM_ICAO, "0CD60000", "871101[+AABB] 970100", SW_OK, "AABB", 256, BOTH },
	{ "ICAO: 85 with an odd INS", SM_ICAO, "0CD70000", "8510[+5301BB]", SW_OK, "5301BB", 0, BOTH },
	{ "ICAO: with a link of a chain", SM_ICAO, "1C860000", "871101[+AABB]", SW_OK, "AABB", 0, BOTH },
	{ "ICAO: 87 with an odd INS", SM_ICAO, "0CD70000", "871101[+5301BB]", WRONG, "", 0, 0 },
	{ "ICAO: 85 with an even INS", SM_ICAO, "0CD60000", "8510[+AABB]", WRONG, "", 0, 0 },
	{ "ICAO: 97 first", SM_ICAO, "0CD60000", "970100 871101[+AABB]", WRONG, "", 0, 0 },
	{ "ICAO: 87 twice", SM_ICAO, "0CD60000", "871101[+AABB] 871101[+AABB]", WRONG, "", 0, 0 },
	{ "ICAO: 97 twice", SM_ICAO, "0CB00000", "970100 970100", WRONG, "", 0, 0 },
	{ "ICAO: 97 of three bytes", SM_ICAO, "0CB00000", "9703000100", WRONG, "", 0, 0 },
	{ "ICAO: 97, empty", SM_ICAO, "0CB00000", "9700", WRONG, "", 0, 0 },
	{ "ICAO: 96", SM_ICAO, "0CB00000", "960100", WRONG, "", 0, 0 },
	{ "ICAO: 86", SM_ICAO, "0CD60000", "861101[+AABB]", WRONG, "", 0, 0 },
	{ "ICAO: 84", SM_ICAO, "0CD70000", "8410[+AABB]", WRONG, "", 0, 0 },
	{ "ICAO: 81", SM_ICAO, "0CD60000", "8102AABB", WRONG, "", 0, 0 },
	{ "ICAO: 53", SM_ICAO, "0CD60000", "5302AABB", WRONG, "", 0, 0 },
	{ "ICAO: 99", SM_ICAO, "0CB00000", "99029000", WRONG, "", 0, 0 },
	{ "ICAO: padding indicator 02", SM_ICAO, "0CD60000", "871102[00112233445566778899AABBCCDDEE80]", WRONG, "", 0, 0 },
	{ "ICAO: wrong padding", SM_ICAO, "0CD60000", "871101[00112233445566778899AABBCCDDEEFF]", WRONG, "", 0, 0 },
	{ "ICAO: 87, empty", SM_ICAO, "0CD60000", "8700", WRONG, "", 0, 0 },
	{ "ICAO: header not authenticated", SM_ICAO, "08D60000", "871101[+AABB]", WRONG, "", 0, 0 },
	{ "ICAO: proprietary secure messaging", SM_ICAO, "04D60000", "871101[+AABB]", WRONG, "", 0, 0 },
	/* clang-format on */
};

static void check_field(const struct field_case *c, bool counter)
{
	struct exact head = exact_of_hex(c->head);
	struct apdu apdu, got;
	struct exact field;
	struct bytes command;
	unsigned protection = 12345;

	pair_init(c->profile, CIPHER_AES_128, counter);
	sm_terminal_count(&pair.terminal);
	field = field_of(c->objects);
	assert_true(apdu_parse(head.bytes, &apdu));
	command = sm_terminal_send(&pair.terminal, &apdu, field.bytes);
	assert_int_equal(unwrap(command, &got, &protection), c->sw);
	if (c->sw == SW_OK) {
		assert_bytes_hex(got.data, c->data);
		assert_int_equal(got.ne, c->ne);
		assert_int_equal(protection, c->protection);
	} else {
		assert_int_equal(protection, 12345);
	}
	sm_free(pair.sm);
	exact_free(&head);
	exact_free(&field);
}

static void data_objects(void **state)
{
	for (size_t i = 0; i < COUNT(field_cases); i++) {
		print_message("# %s\n", field_cases[i].name);
		check_field(&field_cases[i], true);
		check_field(&field_cases[i], false);
	}
}

/* Data fields as they are, without a checksum that would fit. */
static const struct {
	const char *name, *field;
	enum sw sw;
} raw_cases[] = {
	{ "no data field", "", SW_SM_OBJECT_MISSING },
	{ "no checksum", "970100", SW_SM_OBJECT_MISSING },
	{ "data alone", "8102AABB", SW_SM_OBJECT_MISSING },
	{ "8F is not 8E", "8F080102030405060708", SW_SM_OBJECT_MISSING },
	{ "checksum of no bytes", "8E00", WRONG },
	{ "of seven", "8E0701020304050607", WRONG },
	{ "of nine", "8E09010203040506070809", WRONG },
	{ "of sixteen", "8E1001020304050607080102030405060708", WRONG },
	{ "a wrong one", "8E080102030405060708", WRONG },
	{ "something behind it", "8E080102030405060708 970100", WRONG },
	{ "a second one", "8E080102030405060708 8E080102030405060708", WRONG },
	{ "malformed", "97", WRONG },
	{ "malformed in front", "9705 8E080102030405060708", WRONG },
	{ "malformed behind", "8E080102030405060708 97", WRONG },
	{ "a length of 80", "9780 8E080102030405060708", WRONG },
};

static void fields_without_checksum(void **state)
{
	for (size_t i = 0; i < COUNT(raw_cases) * 2; i++) {
		struct exact field = exact_of_hex(raw_cases[i / 2].field);
		struct apdu apdu = { .cla = 0x0C, .ins = 0xB0, .data = field.bytes };
		unsigned protection;

		print_message("# %s\n", raw_cases[i / 2].name);
		pair_init(i % 2 == 0 ? SM_ISO : SM_ICAO, CIPHER_3DES, true);
		assert_int_equal(
		    sm_unwrap(pair.sm, &apdu, pair.memory, &protection), raw_cases[i / 2].sw);
		assert_true(apdu.data.data == field.bytes.data);
		sm_free(pair.sm);
		exact_free(&field);
	}
}

/* Every truncation of a data field, and every byte of the command changed in every bit, is refused. */
static void check_damage(struct bytes plain, enum cipher_kind kind)
{
	struct exact good;
	struct apdu apdu;
	unsigned protection;

	pair_init(SM_ICAO, kind, true);
	good = exact_copy(sm_terminal_wrap(&pair.terminal, plain));
	sm_free(pair.sm);
	assert_true(apdu_parse(good.bytes, &apdu));
	for (size_t len = 0; len < apdu.data.len; len++) {
		struct exact field = exact_copy(bytes_first(apdu.data, len));
		struct apdu cut = apdu;
		enum sw sw;

		pair_init(SM_ICAO, kind, true);
		cut.data = field.bytes;
		sw = sm_unwrap(pair.sm, &cut, pair.memory, &protection);
		assert_true(sw == SW_SM_OBJECT_MISSING || sw == SW_SM_OBJECT_WRONG);
		sm_free(pair.sm);
		exact_free(&field);
	}
	for (size_t bit = 0; bit < 8 * good.bytes.len; bit++) {
		struct exact bad = exact_copy(good.bytes);
		struct apdu_class class;
		enum sw sw;

		bad.memory[bit / 8] ^= (uint8_t)(1U << bit % 8);
		pair_init(SM_ICAO, kind, true);
		if (apdu_parse(bad.bytes, &apdu) && apdu_class_parse(apdu.cla, &class)) {
			bool same_field = bit / 8 == good.bytes.len - 1; /* Le is not protected */

			sw = sm_unwrap(pair.sm, &apdu, pair.memory, &protection);
			assert_true(same_field == (sw == SW_OK));
		}
		sm_free(pair.sm);
		exact_free(&bad);
	}
	exact_free(&good);
}

static void damaged_commands(void **state)
{
	static const uint8_t select[] = { 0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1E };
	static const uint8_t read[] = { 0x00, 0xB0, 0x81, 0x00, 0x20 };
	static const uint8_t both[] = { 0x00, 0x86, 0x00, 0x00, 0x04, 0x7C, 0x02, 0x80, 0x00,
		0x00 };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		check_damage(BYTES_OF_ARRAY(select), kinds[i]);
		check_damage(BYTES_OF_ARRAY(read), kinds[i]);
		check_damage(BYTES_OF_ARRAY(both), kinds[i]);
	}
}

/* A command again, and commands of an earlier or later counter. */
static void replays(void **state)
{
	static const uint8_t read[] = { 0x00, 0xB0, 0x81, 0x00, 0x20 };

	for (int skip = -1; skip <= 1; skip++) {
		struct exact command;
		struct apdu apdu;
		unsigned protection;
		struct writer out;
		uint8_t memory[64];

		pair_init(SM_ICAO, CIPHER_AES_128, true);
		command = exact_copy(sm_terminal_wrap(&pair.terminal, BYTES_OF_ARRAY(read)));
		assert_int_equal(unwrap(command.bytes, &apdu, &protection), SW_OK);
		writer_init(&out, memory, sizeof memory);
		assert_int_equal(sm_wrap(pair.sm, 0xB0, SW_OK, &out), 0);
		if (skip >= 0) { /* -1: the same bytes again */
			exact_free(&command);
			for (int i = 0; i < 1 + skip; i++)
				sm_terminal_count(&pair.terminal);
			command =
			    exact_copy(sm_terminal_wrap(&pair.terminal, BYTES_OF_ARRAY(read)));
		}
		assert_int_equal(unwrap(command.bytes, &apdu, &protection),
		    skip == 0 ? SW_OK : SW_SM_OBJECT_WRONG);
		sm_free(pair.sm);
		exact_free(&command);
	}
}

/* What a response descriptor asks for is what comes. */
static void described_responses(void **state)
{
	static const struct {
		const char *objects, *want; /* up to the checksum */
	} cases[] = {
		{ "BB06 810099008E00", "8102AABB 99029000" },
		{ "BB04 81008E00", "8102AABB" },
		{ "BB06 850099008E00", "871101[+AABB] 99029000" },
		{ "", "871101[+AABB] 99029000" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct apdu head = { .cla = 0x0C, .ins = 0xB0 };
		struct exact field = exact_of_hex(cases[i].objects);
		uint8_t memory[100] = { 0xAA, 0xBB };
		struct exact want;
		struct apdu apdu;
		struct writer out;
		unsigned protection;

		pair_init(SM_ISO, CIPHER_AES_256, true);
		sm_terminal_count(&pair.terminal);
		assert_int_equal(unwrap(sm_terminal_send(&pair.terminal, &head, field.bytes), &apdu,
		                     &protection),
		    SW_OK);
		sm_terminal_count(&pair.terminal);
		want = field_of(cases[i].want);
		writer_init(&out, memory, sizeof memory);
		out.len = 2;
		assert_int_equal(sm_wrap(pair.sm, 0xB0, SW_OK, &out), 0);
		assert_int_equal(out.len, want.bytes.len + 10);
		assert_memory_equal(memory, want.bytes.data, want.bytes.len);
		sm_free(pair.sm);
		exact_free(&field);
		exact_free(&want);
	}
}

/* Room for one byte less than the response needs. */
static void responses_without_room(void **state)
{
	for (size_t cap = 0; cap < 3 + 16 + 4 + 10; cap++) {
		uint8_t memory[64] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
		struct writer out;

		pair_init(SM_ICAO, CIPHER_AES_128, true);
		writer_init(&out, memory, cap);
		out.len = cap < 10 ? cap : 10;
		assert_int_equal(sm_wrap(pair.sm, 0xB0, SW_OK, &out), ERR_LIMIT);
		assert_false(writer_done(&out));
		sm_free(pair.sm);
	}
}

/* The room for data in a response of every short length: what fits, but no byte more. */
static void room_for_data(void **state)
{
	uint8_t memory[512];
	struct writer out;

	for (size_t i = 0; i < COUNT(kinds) * 257; i++) {
		size_t max = i % 257;
		size_t room;

		pair_init(SM_ICAO, kinds[i / 257], true);
		room = sm_room(pair.sm, max);
		for (size_t more = 0; more < 2; more++) {
			writer_init(&out, memory, sizeof memory);
			assert_non_null(writer_reserve(&out, room + more));
			memset(memory, 7, room + more);
			assert_int_equal(sm_wrap(pair.sm, 0xB0, SW_OK, &out), 0);
			/* Before a short cryptogram the length takes a byte less, so that a block may be given away. */
			assert_true(room == 0 || more > 0 || out.len <= max);
			assert_true(more == 0 || max < 160 || out.len > max);
		}
		sm_free(pair.sm);
	}
	pair_init(SM_ICAO, CIPHER_AES_128, true);
	assert_int_equal(sm_room(pair.sm, 256), 223);
	sm_free(pair.sm);
	pair_init(SM_ICAO, CIPHER_3DES, true);
	assert_int_equal(sm_room(pair.sm, 256), 231);
	sm_free(pair.sm);
}

static void wrong_keys(void **state)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t size = cipher_key_size(kinds[i]);
		size_t block = cipher_block_size(kinds[i]);

		for (size_t j = 0; j < 6; j++) {
			struct sm_setup setup = { .kind = kinds[i],
				.enc = bytes_of(key_enc, size - (j == 0)),
				.mac = bytes_of(key_mac, size - (j == 1)),
				.counter = bytes_of(zeros,
				    j == 2       ? block - 1
				        : j == 3 ? 1
				        : j == 4 ? 0
				                 : block) };
			struct sm *sm = NULL;

			assert_int_equal(sm_new(&setup, &sm), j < 4 ? ERR_FORMAT : 0);
			assert_int_equal(sm != NULL, j >= 4);
			sm_free(sm);
		}
	}
	sm_free(NULL);
}

static void lack_of_memory_is_told(void **state)
{
	const struct sm_setup setup = {
		.kind = CIPHER_3DES, .enc = bytes_of(key_enc, 16), .mac = bytes_of(key_mac, 16)
	};

	for (unsigned n = 0;; n++) {
		struct sm *sm = NULL;
		int r;

		alloc_fail_at(n + 1);
		r = sm_new(&setup, &sm);
		if (!alloc_stop()) {
			assert_int_equal(r, 0);
			sm_free(sm);
			break;
		}
		assert_int_equal(r, ERR_NO_MEMORY);
		assert_null(sm);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bac_example),
		cmocka_unit_test(eac2_example),
		cmocka_unit_test(recorded_exchanges),
		cmocka_unit_test(recorded_active_authentication),
		cmocka_unit_test(exchanges),
		cmocka_unit_test(counter_wraps_around),
		cmocka_unit_test(data_objects),
		cmocka_unit_test(fields_without_checksum),
		cmocka_unit_test(damaged_commands),
		cmocka_unit_test(replays),
		cmocka_unit_test(described_responses),
		cmocka_unit_test(responses_without_room),
		cmocka_unit_test(room_for_data),
		cmocka_unit_test(wrong_keys),
		cmocka_unit_test(lack_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
