/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from people and peers: hexadecimal, numbers, and what is escaped for the log. */
#include <string.h>

#include "base/hex.h"
#include "base/log.h"
#include "base/number.h"
#include "check.h"
#include "fuzz.h"

#define INPUT_MAX 4096

/* What was decoded, encoded and decoded again is the same. */
static void hex(const char *text)
{
	static uint8_t memory[2][INPUT_MAX / 2];
	static char encoded[HEX_SIZE(INPUT_MAX / 2)];
	struct writer w;
	struct writer again;

	writer_init(&w, memory[0], sizeof memory[0]);
	if (!hex_decode(text, &w)) {
		CHECK(!writer_done(&w));
		return;
	}
	CHECK(w.len <= strlen(text) / 2);
	hex_encode(writer_bytes(&w), encoded);
	CHECK(strlen(encoded) == 2 * w.len);
	CHECK(strspn(encoded, "0123456789ABCDEF") == 2 * w.len);
	writer_init(&again, memory[1], w.len);
	CHECK(hex_decode(encoded, &again) && bytes_equal(writer_bytes(&again), writer_bytes(&w)));
}

static void number(const char *text)
{
	char decimal[32];
	uint64_t value;
	uint64_t again;

	if (!number_parse(text, UINT64_MAX, &value))
		return;
	(void)snprintf(decimal, sizeof decimal, "%llu", (unsigned long long)value);
	CHECK(number_parse(decimal, value, &again) && again == value);
	CHECK(value == 0 || !number_parse(decimal, value - 1, &again));
}

static void escaped(struct bytes in)
{
	static char out[4 * INPUT_MAX + 1];
	char small[7];
	size_t len;

	(void)log_escape(in, out, sizeof out);
	len = strlen(out);
	CHECK(len >= in.len && len <= 4 * in.len);
	for (size_t i = 0; i < len; i++)
		CHECK(out[i] >= 0x20 && out[i] < 0x7F);
	(void)log_escape(in, small, sizeof small);
	CHECK(strlen(small) < sizeof small && strncmp(small, out, strlen(small)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text;

	if (len > INPUT_MAX)
		return 0;
	text = malloc(len + 1);
	if (text == NULL)
		return 0;
	if (len > 0)
		memcpy(text, data, len);
	text[len] = '\0';
	hex(text);
	number(text);
	escaped(bytes_of(data, len));
	free(text);
	return 0;
}
