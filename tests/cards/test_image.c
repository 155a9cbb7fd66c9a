/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card images: what is in them comes back, what is wrong in them is named, and the file is never harmed. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc.h"
#include "base/err.h"
#include "base/hex.h"
#include "card/image.h"
#include "cards/cards.h"

#define PATH_SIZE 256

static char folder[] = "/tmp/test_image.XXXXXX";

/* A card with everything that an image can have, as it is printed. */
static const char whole[] =
    "{\n"
    "  \"format\": \"virtual-smart-card-image\",\n"
    "  \"version\": 2,\n"
    "  \"type\": \"iso7816\",\n"
    "  \"atr\": \"3B951381018073FF01000B\",\n"
    "  \"memory\": 100000,\n"
    "  \"date\": \"2026-11-22\",\n"
    "  \"mf\": {\n"
    "    \"name\": \"A000000001\",\n"
    "    \"life_cycle\": \"activated\",\n"
    "    \"rules\": {\n"
    "      \"compact\": [\n"
    "        {\n"
    "          \"create_df\": \"password\",\n"
    "          \"create_ef\": \"sm and password in environment 2\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    \"passwords\": [\n"
    "      {\n"
    "        \"number\": 1,\n"
    "        \"text\": \"1234\",\n"
    "        \"tries\": 2,\n"
    "        \"max_tries\": 3,\n"
    "        \"min_length\": 4,\n"
    "        \"max_length\": 8,\n"
    "        \"stored_length\": 8,\n"
    "        \"padding\": \"FF\",\n"
    "        \"resetting_code\": 2,\n"
    "        \"can_be_disabled\": true,\n"
    "        \"disabled\": true\n"
    "      },\n"
    "      {\n"
    "        \"number\": 2,\n"
    "        \"value\": \"0102030405\",\n"
    "        \"tries\": 0,\n"
    "        \"max_tries\": 10,\n"
    "        \"min_length\": 4,\n"
    "        \"max_length\": 32\n"
    "      }\n"
    "    ],\n"
    "    \"keys\": [\n"
    "      {\n"
    "        \"number\": 1,\n"
    "        \"type\": \"3des\",\n"
    "        \"secret\": \"0102030405060708090A0B0C0D0E0F10\",\n"
    "        \"uses\": [\n"
    "          \"at\",\n"
    "          \"cct\"\n"
    "        ],\n"
    "        \"tries\": 1,\n"
    "        \"max_tries\": 3\n"
    "      },\n"
    "      {\n"
    "        \"number\": 31,\n"
    "        \"type\": \"aes\",\n"
    "        \"secret\": \"000102030405060708090A0B0C0D0E0F1011121314151617\",\n"
    "        \"uses\": [],\n"
    "        \"password\": \"81\"\n"
    "      }\n"
    "    ],\n"
    "    \"objects\": {\n"
    "      \"5F2D\": \"6465\"\n"
    "    },\n"
    "    \"environments\": {\n"
    "      \"2\": \"A403830181\"\n"
    "    },\n"
    "    \"files\": [\n"
    "      {\n"
    "        \"kind\": \"transparent\",\n"
    "        \"fid\": \"2F00\",\n"
    "        \"descriptor\": \"41\",\n"
    "        \"sfi\": 30,\n"
    "        \"data_coding\": \"61\",\n"
    "        \"size\": 100,\n"
    "        \"life_cycle\": \"deactivated\",\n"
    "        \"rules\": {\n"
    "          \"reference\": \"2F0601\",\n"
    "          \"expanded\": \"800101900080010297\",\n"
    "          \"proprietary\": \"01\",\n"
    "          \"environments\": \"2F07\"\n"
    "        },\n"
    "        \"proprietary\": \"0A0B\",\n"
    "        \"proprietary_tlv\": \"C10101\",\n"
    "        \"data\": [\n"
    "          \"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\",\n"
    "          \"20\"\n"
    "        ]\n"
    "      },\n"
    "      {\n"
    "        \"kind\": \"df\",\n"
    "        \"fid\": \"5015\",\n"
    "        \"name\": \"A000000063504B43532D3135\",\n"
    "        \"life_cycle\": \"creation\",\n"
    "        \"passwords\": [\n"
    "          {\n"
    "            \"number\": 1,\n"
    "            \"text\": \"local\",\n"
    "            \"tries\": 3,\n"
    "            \"max_tries\": 3,\n"
    "            \"min_length\": 4,\n"
    "            \"max_length\": 32\n"
    "          }\n"
    "        ],\n"
    "        \"files\": [\n"
    "          {\n"
    "            \"kind\": \"linear-fixed\",\n"
    "            \"fid\": \"0001\",\n"
    "            \"size\": 12,\n"
    "            \"life_cycle\": \"initialisation\",\n"
    "            \"rules\": {\n"
    "              \"compact\": [\n"
    "                {\n"
    "                  \"delete\": \"never\",\n"
    "                  \"write\": \"always\",\n"
    "                  \"update\": \"key or password\",\n"
    "                  \"read\": \"90\"\n"
    "                },\n"
    "                {}\n"
    "              ]\n"
    "            },\n"
    "            \"record_size\": 4,\n"
    "            \"max_records\": 3,\n"
    "            \"records\": [\n"
    "              \"00000000\",\n"
    "              \"01020304\"\n"
    "            ]\n"
    "          },\n"
    "          {\n"
    "            \"kind\": \"linear-variable-tlv\",\n"
    "            \"fid\": \"0002\",\n"
    "            \"size\": 20,\n"
    "            \"life_cycle\": \"terminated\",\n"
    "            \"rules\": {\n"
    "              \"compact\": \"80\"\n"
    "            },\n"
    "            \"record_size\": 10,\n"
    "            \"max_records\": 254,\n"
    "            \"records\": [\n"
    "              \"\",\n"
    "              \"0102AABB\",\n"
    "              \"00\"\n"
    "            ]\n"
    "          },\n"
    "          {\n"
    "            \"kind\": \"cyclic\",\n"
    "            \"fid\": \"0003\",\n"
    "            \"size\": 6,\n"
    "            \"life_cycle\": \"0D\",\n"
    "            \"record_size\": 2,\n"
    "            \"max_records\": 3,\n"
    "            \"records\": [\n"
    "              \"0003\",\n"
    "              \"0002\",\n"
    "              \"0001\"\n"
    "            ]\n"
    "          },\n"
    "          {\n"
    "            \"kind\": \"ber-tlv\",\n"
    "            \"fid\": \"0004\",\n"
    "            \"size\": 50,\n"
    "            \"life_cycle\": \"activated\",\n"
    "            \"objects\": {\n"
    "              \"5F2E\": \"\",\n"
    "              \"80\": \"01\"\n"
    "            }\n"
    "          }\n"
    "        ]\n"
    "      }\n"
    "    ]\n"
    "  }\n"
    "}\n";

static void path_in(const char *name, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/%s", folder, name);
}

static void write_file(const char *path, struct bytes text)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.data, 1, text.len, f), text.len);
	assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, struct bytes want)
{
	static uint8_t have[1u << 16];
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	assert_int_equal(fread(have, 1, sizeof have, f), want.len);
	assert_memory_equal(have, want.data, want.len);
	(void)fclose(f);
}

static int ask_secret(void *self, const char *path, struct buffer *out, struct image_error *error)
{
	(void)path;
	if (self == NULL) {
		image_error_set(error, "no password");
		return ERR_NOT_FOUND;
	}
	return buffer_set(out, bytes_of_string(self));
}

static struct image_password password_of(const char *text)
{
	static char memory[64];

	if (text == NULL)
		return (struct image_password){ ask_secret, NULL };
	(void)snprintf(memory, sizeof memory, "%s", text);
	return (struct image_password){ ask_secret, memory };
}

/* Loads a file, whatever use is made of it. */
static int load_as(const char *path, enum image_file_use use, const char *password,
    struct card **out, struct image_error *error)
{
	const struct image_password p = password_of(password);
	const struct card_setup setup = { 0 };
	struct image *image = NULL;
	int r = image_open(path, use, &p, &image, error);

	if (r < 0)
		return r;
	assert_non_null(cards_find(image_type(image)));
	r = image_make_card(image, cards_find(image_type(image)), &setup, out, error);
	if (r < 0) {
		image_close(image);
		return r;
	}
	if (use == IMAGE_FILE_KEEP)
		return image_keep_take(image, *out, NULL, error);
	image_hold_take(image, *out);
	return 0;
}

static int load_text(struct bytes text, struct card **out, struct image_error *error)
{
	char path[PATH_SIZE];

	path_in("text", path);
	write_file(path, text);
	return load_as(path, IMAGE_FILE_READ, NULL, out, error);
}

static void assert_image(const struct card *card, const char *want)
{
	struct buffer text;

	buffer_init(&text, IMAGE_FILE_MAX);
	assert_int_equal(image_text(card, &text), 0);
	assert_int_equal(buffer_append(&text, bytes_of((const uint8_t *)"", 1)), 0);
	assert_string_equal((const char *)text.data, want);
	buffer_done(&text);
}

/* The status word that a command in hexadecimal is answered with. */
static unsigned sw_after(struct card *card, const char *command)
{
	uint8_t memory[512];
	struct bytes response;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_true(hex_decode(command, &w));
	response = card_command(card, writer_bytes(&w));
	assert_true(response.len >= 2);
	return (unsigned)response.data[response.len - 2] << 8 | response.data[response.len - 1];
}

static void everything_comes_back(void **state)
{
	struct image_error error = { "" };
	struct card *card = NULL;

	if (load_text(bytes_of_string(whole), &card, &error) < 0)
		fail_msg("%s", error.text);
	assert_image(card, whole);
	card_free(card);
}

/* The card in the text; NULL: it cannot be made. */
static struct card *card_of(const char *text, struct image_error *error)
{
	const struct image_password password = password_of(NULL);
	const struct card_setup setup = { 0 };
	struct image *image = NULL;
	struct card *card = NULL;

	if (image_open_text(bytes_of_string(text), &password, &image, error) < 0)
		return NULL;
	if (image_make_card(image, cards_find("iso7816"), &setup, &card, error) < 0)
		card = NULL;
	image_close(image);
	return card;
}

/* Whichever allocation fails, nothing is half done, lost or kept. */
static void memory_can_run_out(void **state)
{
	struct image_error error = { "" };
	struct card *card = NULL;
	struct buffer text;
	unsigned n = 0;

	do {
		alloc_fail_at(++n);
		card = card_of(whole, &error);
		assert_true(!alloc_stop() || card == NULL);
	} while (card == NULL);
	assert_true(n > 100);
	buffer_init(&text, IMAGE_FILE_MAX);
	for (n = 0;; n++) {
		int r;

		alloc_fail_at(n + 1);
		r = image_text(card, &text);
		if (!alloc_stop()) {
			assert_int_equal(r, 0);
			break;
		}
		if (r != ERR_NO_MEMORY)
			fail_msg("%u: %d, %.*s", n, r, (int)text.len, (const char *)text.data);
	}
	assert_true(n > 100);
	assert_int_equal(text.len, strlen(whole));
	assert_memory_equal(text.data, whole, text.len);
	buffer_done(&text);
	card_free(card);
}

/* What is left out has the defaults that the documentation says. */
static void little_is_enough(void **state)
{
	static const char text[] =
	    "{\"format\": \"virtual-smart-card-image\", \"version\": 2, \"type\": \"iso7816\","
	    " \"mf\": {\"passwords\": [{\"number\": 1, \"text\": \"1234\"}], \"files\": ["
	    "{\"kind\": \"transparent\", \"fid\": \"2F00\", \"data\": \"01 02:03\"}]}}";
	struct image_error error = { "" };
	struct card *card = NULL;

	assert_int_equal(load_text(bytes_of_string(text), &card, &error), 0);
	assert_int_equal(card_atr(card).len, 11);
	assert_int_equal(sw_after(card, "00A4000C022F00"), 0x9000);
	assert_int_equal(sw_after(card, "00B0000003"), 0x9000);
	assert_int_equal(sw_after(card, "00B0000300"), 0x6B00);
	assert_int_equal(sw_after(card, "00200001"), 0x63C3);
	assert_int_equal(sw_after(card, "0020000104 31323334"), 0x9000);
	card_free(card);
}

static void version_1_is_migrated(void **state)
{
	static const char text[] =
	    "{\"format\": \"virtual-smart-card-image\", \"version\": 1, \"card\": \"iso7816\","
	    " \"mf\": {}}";
	struct image_error error = { "" };
	struct buffer out;
	struct card *card = NULL;

	assert_int_equal(load_text(bytes_of_string(text), &card, &error), 0);
	buffer_init(&out, IMAGE_FILE_MAX);
	assert_int_equal(image_text(card, &out), 0);
	assert_int_equal(buffer_append(&out, bytes_of((const uint8_t *)"", 1)), 0);
	assert_non_null(strstr((const char *)out.data, "\"version\": 2"));
	assert_non_null(strstr((const char *)out.data, "\"type\": \"iso7816\""));
	assert_null(strstr((const char *)out.data, "\"card\""));
	buffer_done(&out);
	card_free(card);
}

/* Replaces the first old in the whole image. */
static struct bytes with(const char *old, const char *new, char *memory, size_t size)
{
	const char *at = strstr(whole, old);

	if (at == NULL) {
		fail_msg("not in the image: %s", old);
		return bytes_of(NULL, 0);
	}
	assert_true((size_t)snprintf(memory, size, "%.*s%s%s", (int)(at - whole), whole, new,
	                at + strlen(old)) < size);
	return bytes_of_string(memory);
}

/* clang-format off */
static const struct {
	const char *old, *new, *want; /* a part of the error line */
} wrong[] = {
	{ "{\n", "[1]", "text:1:" },
	{ whole, "[]", "an object, { ... }, is expected" },
	{ whole, "7", "text:1:1: not a card image" },
	{ "\"format\": \"virtual-smart-card-image\"", "\"form\": 1", "the field \"format\" is missing" },
	{ "virtual-smart-card-image", "png", "format: one of" },
	{ "\"version\": 2", "\"version\": 3", "version: this program knows the versions 1 to 2" },
	{ "\"version\": 2", "\"version\": 0", "version: this program knows" },
	{ "\"version\": 2", "\"version\": -1", "version: a number" },
	{ "\"version\": 2", "\"version\": \"2\"", "version: a number" },
	{ "\"version\": 2,", "", "the field \"version\" is missing" },
	{ "\"version\": 2", "\"version\": 1", "type: there is no such field in version 1" },
	{ "\"type\": \"iso7816\",", "", "the field \"type\" is missing" },
	{ "\"type\": \"iso7816\"", "\"type\": 5", "type: a text" },
	{ "\"type\"", "\"Type\": 1, \"type\"", "Type: there is no such field here" },
	{ "\"type\"", "\"type\": \"x\", \"type\"", "duplicate" },
	{ "3B951381018073FF01000B", "3B", "atr: an ATR has 2 to 33 bytes" },
	{ "3B951381018073FF01000B", "3B9", "atr: bytes in hexadecimal" },
	{ "3B951381018073FF01000B", "3B 95 XX", "atr: bytes in hexadecimal" },
	{ "\"3B951381018073FF01000B\"", "7", "atr: bytes in hexadecimal" },
	{ "\"3B951381018073FF01000B\"", "[\"3B95\", 7]", "atr[1]: bytes in hexadecimal" },
	{ "3B951381018073FF01000B", "000000000000000000000000000000000000000000000000000000000000000000FF", "atr: at most 33 bytes" },
	{ "100000", "67108865", "memory: a number from 0 to 67108864" },
	{ "100000", "1.5", "memory: a number" },
	{ "100000", "99999999999999999999", "text:6:" },
	{ "100000", "80", "mf.files[0].size: 100 bytes are more than the card's memory has left" },
	{ "100000", "400", "the card's memory" },
	{ "2026-11-22", "2026-11-31", "date: a day from 2000 to 2099" },
	{ "\"2026-11-22\"", "20261122", "date: a text" },
	{ "\"mf\": {", "\"mf\": {\"fid\": \"3F00\",", "mf.fid: there is no such field here" },
	{ "\"mf\"", "\"state\": {\"iso7816\": {}}, \"mf\"", "state.iso7816: there is no such field here" },
	{ "A000000001", "00112233445566778899AABBCCDDEEFF00", "mf.name: at most 16 bytes" },
	{ "\"life_cycle\": \"activated\"", "\"life_cycle\": \"Activated\"", "mf.life_cycle: \"creation\"" },
	{ "\"life_cycle\": \"activated\"", "\"life_cycle\": \"0505\"", "mf.life_cycle: \"creation\"" },
	{ "\"life_cycle\": \"activated\"", "\"life_cycle\": 5", "mf.life_cycle: a text" },
	{ "\"create_df\": \"password\"", "\"create_df\": \"pin\"", "mf.rules.compact[0].create_df: \"always\", \"never\"" },
	{ "\"create_df\": \"password\"", "\"read\": \"password\"", "mf.rules.compact[0].read: there is no such field here" },
	{ "environment 2\"", "environment 15\"", "mf.rules.compact[0].create_ef: \"always\"" },
	{ "\"compact\"", "\"Compact\"", "mf.rules.Compact: there is no such field here" },
	{ "\"number\": 1", "\"number\": 0", "mf.passwords[0].number: a number from 1 to 31" },
	{ "\"number\": 1", "\"number\": 32", "mf.passwords[0].number: a number from 0 to 31" },
	{ "\"number\": 1,", "", "mf.passwords[0]: the field \"number\" is missing" },
	{ "\"number\": 2", "\"number\": 1", "mf.passwords[1]: there is a password 1 in this DF already" },
	{ "\"text\": \"1234\",", "", "mf.passwords[0]: a password has one of" },
	{ "\"text\": \"1234\"", "\"text\": \"1\", \"value\": \"01\"", "mf.passwords[0]: a password has one of" },
	{ "\"1234\"", "\"\"", "mf.passwords[0]: a password has 1 to 32 bytes" },
	{ "\"1234\"", "\"123456789012345678901234567890123\"", "mf.passwords[0]: a password has 1 to 32 bytes" },
	{ "\"tries\": 2", "\"tries\": 4", "mf.passwords[0].tries: a number from 0 to 3" },
	{ "\"max_tries\": 3", "\"max_tries\": 16", "mf.passwords[0].max_tries: a number from 0 to 15" },
	{ "\"max_tries\": 3", "\"max_tries\": 0", "mf.passwords[0]: a password has at least one try" },
	{ "\"min_length\": 4", "\"min_length\": 9", "mf.passwords[0].min_length: a number from 0 to 8" },
	{ "\"max_length\": 8", "\"max_length\": 33", "mf.passwords[0].max_length: a number from 0 to 32" },
	{ "\"stored_length\": 8", "\"stored_length\": 33", "mf.passwords[0].stored_length: a number" },
	{ "\"padding\": \"FF\"", "\"padding\": \"FFFF\"", "mf.passwords[0].padding: 2 hexadecimal digits" },
	{ "\"disabled\": true", "\"disabled\": 1", "mf.passwords[0].disabled: true or false" },
	{ "\"resetting_code\": 2", "\"resetting_code\": 32", "mf.passwords[0].resetting_code: a number" },
	{ "\"passwords\": [", "\"passwords\": [7,", "mf.passwords[0]: an object" },
	{ "\"number\": 31", "\"number\": 1", "mf.keys[1]: there is a key 1 in this DF already" },
	{ "\"number\": 31", "\"number\": 0", "mf.keys[1].number: a number from 1 to 31" },
	{ "\"aes\"", "\"des\"", "mf.keys[1].type: one of" },
	{ "\"type\": \"aes\",", "", "mf.keys[1]: the field \"type\" is missing" },
	{ "\"0102030405060708090A0B0C0D0E0F10\"", "\"01\"", "mf.keys[0].secret: 1 bytes are no key of type \"3des\"" },
	{ "\"0102030405060708090A0B0C0D0E0F10\"", "\"\"",
	    "mf.keys[0].secret: 0 bytes are no key of type" },
	{ "\"0102030405060708090A0B0C0D0E0F10\"", "7", "mf.keys[0].secret: bytes in hexadecimal" },
	{ "\"cct\"", "\"mac\"", "mf.keys[0].uses[1]: one of" },
	{ "\"tries\": 1,", "\"tries\": 4,", "mf.keys[0].tries: a number from 0 to 3" },
	{ "\"password\": \"81\"", "\"password\": 81", "mf.keys[1].password: 2 hexadecimal digits" },
	{ "\"5F2D\"", "\"5G2D\"", "mf.objects.5G2D: a data object has a tag" },
	{ "\"5F2D\"", "\"5F2D5F2D\"", "mf.objects.5F2D5F2D: a data object has a tag" },
	{ "\"5F2D\"", "\"\"", "a data object has a tag" },
	{ "\"5F2D\": \"6465\"", "\"5F2D\": \"\", \"5f2d\": \"\"", "mf.objects.5f2d: is there twice" },
	{ "\"2\": \"A403830181\"", "\"15\": \"\"", "mf.environments.15: a security environment has a number from 1 to 14" },
	{ "\"2\": \"A403830181\"", "\"0\": \"\"", "mf.environments.0: a security environment" },
	{ "\"kind\": \"transparent\",", "", "mf.files[0]: the field \"kind\" is missing" },
	{ "\"kind\": \"transparent\"", "\"kind\": \"text\"", "mf.files[0].kind: one of" },
	{ "\"fid\": \"2F00\",", "", "mf.files[0]: the field \"fid\" is missing" },
	{ "\"2F00\"", "\"2F0\"", "mf.files[0].fid: 4 hexadecimal digits" },
	{ "\"2F00\"", "\"3F00\"", "mf.files[0].fid: 3F00 is reserved" },
	{ "\"2F00\"", "\"5015\"", "mf.files[1].fid: another file in this DF is 5015" },
	{ "\"descriptor\": \"41\"", "\"descriptor\": \"42\"", "mf.files[0].descriptor: 42 is not a descriptor of kind \"transparent\"" },
	{ "\"descriptor\": \"41\"", "\"descriptor\": \"81\"", "mf.files[0].descriptor: 81 is not" },
	{ "\"sfi\": 30", "\"sfi\": 31", "mf.files[0].sfi: a number from 0 to 30" },
	{ "\"data_coding\": \"61\"", "\"data_coding\": 61", "mf.files[0].data_coding: 2 hexadecimal digits" },
	{ "\"size\": 100", "\"size\": 32", "mf.files[0].data: 33 bytes do not fit into a file of 32" },
	{ "\"size\": 100", "\"size\": 70000000", "mf.files[0].size: a number from 0 to" },
	{ "\"size\": 100", "\"records\": []", "mf.files[0].records: there is no such field here" },
	{ "\"reference\": \"2F0601\"", "\"reference\": 1", "mf.files[0].rules.reference: bytes in hexadecimal" },
	{ "\"A000000063504B43532D3135\"", "\"A000000001\"", "mf.files[1].name: another DF has this name" },
	{ "\"record_size\": 4,", "", "mf.files[1].files[0]: the field \"record_size\" is missing" },
	{ "\"max_records\": 3,", "", "mf.files[1].files[0]: the field \"max_records\" is missing" },
	{ "\"record_size\": 4", "\"record_size\": 65536", "mf.files[1].files[0].record_size: a number from 0 to 65535" },
	{ "\"max_records\": 3", "\"max_records\": 255", "mf.files[1].files[0].max_records: a number from 0 to 254" },
	{ "\"max_records\": 3", "\"max_records\": 1", "mf.files[1].files[0].records[1]: a record of 4 bytes is too many" },
	{ "\"01020304\"", "\"010203\"", "mf.files[1].files[0].records[1]: a record of 3 bytes" },
	{ "\"size\": 12", "\"size\": 7", "mf.files[1].files[0].records[1]: a record of 4 bytes" },
	{ "\"00000000\"", "7", "mf.files[1].files[0].records[0]: bytes in hexadecimal" },
	{ "\"size\": 50,", "", "mf.files[1].files[3]: the field \"size\" is missing" },
	{ "\"size\": 50", "\"size\": 5", "mf.files[1].files[3].objects.80: does not fit" },
	{ "\"size\": 50", "\"data\": \"\", \"size\": 50", "mf.files[1].files[3].data: there is no such field here" },
	{ "\"files\": [", "\"files\": [null,", "mf.files[0]: an object" },
	{ "\"files\": [", "\"files\": {}, \"x\": [", "there is no such field here" },
};
/* clang-format on */

static void wrong_fields_are_named(void **state)
{
	static char memory[2 * sizeof whole];

	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct image_error error = { "" };
		struct card *card = NULL;

		if (load_text(with(wrong[i].old, wrong[i].new, memory, sizeof memory), &card,
		        &error) == 0)
			fail_msg("taken: %s for %s", wrong[i].new, wrong[i].old);
		if (strstr(error.text, wrong[i].want) == NULL)
			fail_msg("%s for %.60s: %s", wrong[i].new, wrong[i].old, error.text);
		assert_non_null(strstr(error.text, folder));
	}
}

static void every_truncation_is_refused(void **state)
{
	char path[PATH_SIZE];

	path_in("text", path);
	for (size_t n = 0; n < strlen(whole) - 1; n++) {
		struct image_error error = { "" };
		struct card *card = NULL;
		struct bytes part = bytes_of((const uint8_t *)whole, n);

		write_file(path, part);
		assert_int_not_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error), 0);
		assert_true(strlen(error.text) > 0);
		assert_file(path, part);
	}
}

static void deep_trees_have_an_end(void **state)
{
	char text[4096] = "{\"format\": \"virtual-smart-card-image\", \"version\": 2, "
	                  "\"type\": \"iso7816\", \"mf\": {";
	struct image_error error = { "" };
	struct card *card = NULL;
	size_t used = strlen(text);

	for (int i = 0; i < 9; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "\"files\": [{\"kind\": \"df\", \"fid\": \"0001\", ");
	used += (size_t)snprintf(text + used, sizeof text - used, "\"files\": []");
	for (int i = 0; i < 9; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "}]");
	(void)snprintf(text + used, sizeof text - used, "}}");
	assert_int_equal(load_text(bytes_of_string(text), &card, &error), ERR_FORMAT);
	assert_non_null(strstr(error.text, "DFs are at most 8 deep"));
}

/* Keeps the whole image in a file of this name. */
static struct card *keep(const char *path)
{
	struct image_error error = { "" };
	struct card *card = NULL;

	write_file(path, bytes_of_string(whole));
	if (load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error) < 0)
		fail_msg("%s", error.text);
	return card;
}

static void changes_are_kept(void **state)
{
	struct image_error error = { "" };
	struct card *card;
	struct stat st;
	char path[PATH_SIZE];

	path_in("kept", path);
	card = keep(path);
	assert_file(path, bytes_of_string(whole)); /* nothing has changed */
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x63C1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	card_free(card);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error), 0);
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x63C0);
	card_free(card);
}

static void reading_writes_nothing(void **state)
{
	struct stat before, after;
	struct card *card;
	char path[PATH_SIZE];

	path_in("read", path);
	card = keep(path);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(sw_after(card, "00A4000000"), 0x9000);
	assert_int_equal(sw_after(card, "0084000008"), 0x9000);
	assert_int_equal(sw_after(card, "00B0000000"), 0x6986);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	card_free(card);
}

static void one_card_at_a_time(void **state)
{
	struct image_error error = { "" };
	struct card *first, *second = NULL, *third = NULL;
	char path[PATH_SIZE];

	path_in("locked", path);
	first = keep(path);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &second, &error), ERR_EXISTS);
	assert_non_null(strstr(error.text, "another card has this image"));
	assert_int_equal(load_as(path, IMAGE_FILE_READ, NULL, &second, &error), ERR_EXISTS);

	/* The file that takes its place is locked as well. */
	assert_int_equal(sw_after(first, "00200001 08 31323335FFFFFFFF"), 0x63C1);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &second, &error), ERR_EXISTS);
	card_free(first);

	/* Whoever never writes shares. */
	assert_int_equal(load_as(path, IMAGE_FILE_READ, NULL, &second, &error), 0);
	assert_int_equal(load_as(path, IMAGE_FILE_READ, NULL, &third, &error), 0);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &first, &error), ERR_EXISTS);
	card_free(second);
	card_free(third);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &first, &error), 0);
	card_free(first);
}

static void links_are_followed(void **state)
{
	struct image_error error = { "" };
	struct card *card;
	struct stat st;
	char path[PATH_SIZE], link[PATH_SIZE], other[PATH_SIZE];

	path_in("target", path);
	path_in("link", link);
	path_in("link2", other);
	card = keep(path);
	card_free(card);
	assert_int_equal(symlink("target", link), 0);
	assert_int_equal(symlink(link, other), 0);
	assert_int_equal(load_as(other, IMAGE_FILE_KEEP, NULL, &card, &error), 0);
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x63C1);
	card_free(card);
	assert_int_equal(lstat(other, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error), 0);
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x63C0);
	card_free(card);
}

static void what_is_no_file_is_refused(void **state)
{
	struct image_error error = { "" };
	struct card *card = NULL;
	char path[PATH_SIZE];

	assert_int_equal(load_as(folder, IMAGE_FILE_KEEP, NULL, &card, &error), ERR_FORMAT);
	assert_int_equal(load_as("/", IMAGE_FILE_KEEP, NULL, &card, &error), ERR_IO);
	assert_int_equal(load_as("/dev/null", IMAGE_FILE_READ, NULL, &card, &error), ERR_FORMAT);
	path_in("missing", path);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error), ERR_NOT_FOUND);
	path_in("fifo", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(load_as(path, IMAGE_FILE_READ, NULL, &card, &error), ERR_FORMAT);
	assert_non_null(strstr(error.text, "ordinary file"));
}

/* A failure to save is answered as one, and what is not saved is tried again with the next command. */
static void failures_to_save_are_answered(void **state)
{
	struct card *card;
	char path[PATH_SIZE], new[PATH_SIZE];

	path_in("fails", path);
	path_in(".fails.new", new);
	card = keep(path);
	assert_int_equal(mkdir(new, 0700), 0); /* where the next version would be */
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x6581);
	assert_int_equal(sw_after(card, "0084000008"), 0x6581);
	assert_file(path, bytes_of_string(whole));
	assert_int_equal(rmdir(new), 0);
	assert_int_equal(sw_after(card, "0084000008"), 0x9000);
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x63C0);
	card_free(card);
}

/* Somebody else's file in its place is not overwritten. */
static void replaced_files_are_left_alone(void **state)
{
	struct card *card;
	char path[PATH_SIZE];

	path_in("replaced", path);
	card = keep(path);
	assert_int_equal(unlink(path), 0);
	write_file(path, bytes_of_string("mine"));
	assert_int_equal(sw_after(card, "00200001 08 31323335FFFFFFFF"), 0x6581);
	assert_file(path, bytes_of_string("mine"));
	card_free(card);
}

static struct card *keep_new(const char *path, const char *password, int want)
{
	const struct image_password p = password_of(password);
	struct image_error error = { "" };
	struct image *image = NULL;
	struct card *card = NULL;
	int r = image_new(path, password != NULL ? &p : NULL, &image, &error);

	assert_int_equal(r, want);
	if (r < 0)
		return NULL;
	assert_int_equal(card_new(cards_find("iso7816"), NULL, &card), 0);
	assert_int_equal(image_keep_take(image, card, NULL, &error), 0);
	return card;
}

static void new_images_overwrite_nothing(void **state)
{
	struct image_error error = { "" };
	struct image *image = NULL;
	struct card *card;
	char path[PATH_SIZE], link[PATH_SIZE];

	path_in("new", path);
	card = keep_new(path, NULL, 0);
	assert_int_equal(sw_after(card, "0020000104 31323335"), 0x63C2);
	assert_null(keep_new(path, NULL, ERR_EXISTS));
	card_free(card);
	assert_null(keep_new(path, NULL, ERR_EXISTS));
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error), 0);
	assert_int_equal(sw_after(card, "0020000104 31323335"), 0x63C1);
	card_free(card);
	path_in("dangling", link);
	assert_int_equal(symlink("nowhere", link), 0);
	assert_null(keep_new(link, NULL, ERR_EXISTS));

	/* One that comes between. */
	path_in("between", path);
	assert_int_equal(image_new(path, NULL, &image, &error), 0);
	write_file(path, bytes_of_string("mine"));
	assert_int_equal(card_new(cards_find("iso7816"), NULL, &card), 0);
	assert_int_equal(image_keep_take(image, card, NULL, &error), ERR_EXISTS);
	assert_non_null(strstr(error.text, "not overwritten"));
	card_free(card);
	assert_file(path, bytes_of_string("mine"));
}

static void encrypted_images_keep_their_secret(void **state)
{
	static char have[1u << 16];
	struct image_error error = { "" };
	struct card *card;
	char path[PATH_SIZE];
	FILE *f;
	size_t n;

	path_in("sealed", path);
	card_free(keep_new(path, "correct horse", 0));
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(have, 1, sizeof have - 1, f);
	(void)fclose(f);
	have[n] = '\0';
	assert_null(strstr(have, "\"1234\""));
	assert_null(strstr(have, "passwords"));
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, "wrong horse", &card, &error), ERR_FORMAT);
	assert_non_null(strstr(error.text, "the password is wrong, or the file is damaged"));
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, NULL, &card, &error), ERR_NOT_FOUND);
	assert_file(path, bytes_of((const uint8_t *)have, n));
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, "correct horse", &card, &error), 0);
	assert_int_equal(sw_after(card, "0020000104 31323335"), 0x63C2);
	card_free(card);
	assert_int_equal(load_as(path, IMAGE_FILE_KEEP, "correct horse", &card, &error), 0);
	assert_int_equal(sw_after(card, "0020000104 31323335"), 0x63C1);
	card_free(card);
}

/* Changes that do not get as far as the slow key are tried one by one. */
static void damaged_envelopes_are_refused(void **state)
{
	static const struct {
		const char *old, *new, *want;
	} cases[] = {
		{ "\"version\": 1", "\"version\": 2", "version: a number from 0 to 1" },
		{ "\"scrypt\"", "\"pbkdf2\"", "kdf: one of" },
		{ "\"AES-256-GCM\"", "\"none\"", "cipher: one of" },
		{ "\"n\": 32768", "\"n\": 32767", "out of bounds" },
		{ "\"n\": 32768", "\"n\": 2097152", "n: a number" },
		{ "\"n\": 32768", "\"n\": 512", "out of bounds" },
		{ "\"r\": 8", "\"r\": 0", "out of bounds" },
		{ "\"p\": 1", "\"p\": 17", "p: a number" },
		{ "\"p\": 1,", "", "the field \"p\" is missing" },
		{ "\"kdf\"", "\"x\": 1, \"kdf\"", "x: there is no such field here" },
		{ "\"n\": 32768", "\"n\": 16384", "the password is wrong, or the file is damaged" },
	};
	static char text[1u << 16], changed[1u << 16];
	char path[PATH_SIZE];
	FILE *f;
	size_t n;

	path_in("envelope", path);
	card_free(keep_new(path, "x", 0));
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	(void)fclose(f);
	text[n] = '\0';
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *at = strstr(text, cases[i].old);
		struct image_error error = { "" };
		struct card *card = NULL;

		assert_non_null(at);
		(void)snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text,
		    cases[i].new, at + strlen(cases[i].old));
		write_file(path, bytes_of_string(changed));
		assert_int_equal(load_as(path, IMAGE_FILE_KEEP, "x", &card, &error),
		    strstr(cases[i].want, "bounds") != NULL ? ERR_LIMIT : ERR_FORMAT);
		if (strstr(error.text, cases[i].want) == NULL)
			fail_msg("%s: %s", cases[i].new, error.text);
	}
}

static int make_folder(void **state)
{
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "text", "kept", "read", "locked", "target", "link",
		"link2", "fifo", "fails", "replaced", "new", "dangling", "between", "sealed",
		"envelope" };
	char path[PATH_SIZE];

	for (size_t i = 0; i < COUNT(names); i++) {
		path_in(names[i], path);
		(void)unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_back),
		cmocka_unit_test(memory_can_run_out),
		cmocka_unit_test(little_is_enough),
		cmocka_unit_test(version_1_is_migrated),
		cmocka_unit_test(wrong_fields_are_named),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(deep_trees_have_an_end),
		cmocka_unit_test(changes_are_kept),
		cmocka_unit_test(reading_writes_nothing),
		cmocka_unit_test(one_card_at_a_time),
		cmocka_unit_test(links_are_followed),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(failures_to_save_are_answered),
		cmocka_unit_test(replaced_files_are_left_alone),
		cmocka_unit_test(new_images_overwrite_nothing),
		cmocka_unit_test(encrypted_images_keep_their_secret),
		cmocka_unit_test(damaged_envelopes_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
