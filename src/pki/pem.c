/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of certificates and keys (RFC 7468, 2 and 3; base64: RFC 4648, 4). */
#include "pki/pem.h"

#include <string.h>

#include "base/err.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define LINE_BYTES 48 /* 64 characters */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Where the text is in what there is; NULL: nowhere. */
static const uint8_t *find(struct bytes in, struct bytes text)
{
	for (; in.len >= text.len; in = bytes_after(in, 1))
		if (bytes_starts_with(in, text))
			return in.data;
	return NULL;
}

bool pem_is_text(struct bytes in)
{
	return find(in, bytes_of_string(BEGIN)) != NULL;
}

/* Moves on to behind the text. before: what was skipped. */
static bool skip_to(struct bytes *rest, const char *text, struct bytes *before)
{
	const struct bytes mark = bytes_of_string(text);
	const uint8_t *at = find(*rest, mark);

	if (at == NULL)
		return false;
	*before = bytes_of(rest->data, (size_t)(at - rest->data));
	*rest = bytes_after(*rest, before->len + mark.len);
	return true;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What a character of the alphabet stands for; 64: it is none. */
static uint32_t six_bits(uint8_t c)
{
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (uint32_t)(at - alphabet) : 64;
}

/* Four characters, of which the last one or two may be '='; three bytes or less. */
static bool decode_four(const uint8_t four[4], struct writer *out)
{
	const unsigned n = four[2] == '=' ? 2 : four[3] == '=' ? 3 : 4;
	uint32_t bits = 0;

	for (unsigned i = 0; i < n; i++) {
		uint32_t six = six_bits(four[i]);

		if (six == 64)
			return false;
		bits |= six << (18 - 6 * i);
	}
	if (n == 2 && four[3] != '=')
		return false;
	for (unsigned i = 0; i + 1 < n; i++)
		writer_put_u8(out, (uint8_t)(bits >> (16 - 8 * i)));
	return (bits & (n == 4 ? 0 : n == 3 ? 0xFF : 0xFFFF)) == 0;
}

static int decode(struct bytes text, struct writer *out)
{
	uint8_t four[4];
	unsigned n = 0;
	bool ended = false;

	for (size_t i = 0; i < text.len; i++) {
		if (is_blank(text.data[i]))
			continue;
		if (ended)
			return ERR_FORMAT;
		four[n++] = text.data[i];
		if (n < 4)
			continue;
		if (!decode_four(four, out))
			return ERR_FORMAT;
		ended = four[3] == '=';
		n = 0;
	}
	if (n > 0)
		return ERR_FORMAT;
	return out->failed ? ERR_LIMIT : 0;
}

int pem_take(struct bytes *rest, char label[PEM_LABEL_SIZE], struct writer *out)
{
	struct bytes r = *rest;
	struct bytes name;
	struct bytes end_name;
	struct bytes text;
	struct bytes skipped;
	int result;

	if (!skip_to(&r, BEGIN, &skipped))
		return ERR_NOT_FOUND;
	if (!skip_to(&r, DASHES, &name) || name.len >= PEM_LABEL_SIZE || !skip_to(&r, END, &text) ||
	    !skip_to(&r, DASHES, &end_name) || !bytes_equal(name, end_name))
		return ERR_FORMAT;
	result = decode(text, out);
	if (result < 0)
		return result;
	memcpy(label, name.data, name.len);
	label[name.len] = '\0';
	*rest = r;
	return 0;
}

static void put_three(struct bytes in, struct writer *out)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < in.len ? in.data[i] : 0);
	for (size_t i = 0; i < 4; i++)
		writer_put_u8(
		    out, i <= in.len ? (uint8_t)alphabet[bits >> (18 - 6 * i) & 0x3F] : '=');
}

static void put_text(const char *text, struct writer *out)
{
	writer_put(out, bytes_of_string(text));
}

void pem_put(const char *label, struct bytes in, struct writer *out)
{
	put_text(BEGIN, out);
	put_text(label, out);
	put_text(DASHES "\n", out);
	while (in.len > 0) {
		struct bytes line = bytes_first(in, LINE_BYTES);

		in = bytes_after(in, line.len);
		for (; line.len > 0; line = bytes_after(line, line.len < 3 ? line.len : 3))
			put_three(bytes_first(line, 3), out);
		put_text("\n", out);
	}
	put_text(END, out);
	put_text(label, out);
	put_text(DASHES "\n", out);
}
