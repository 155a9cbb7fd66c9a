/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes and TLV for the terminal (ISO/IEC 7816-4, 5.2.2). */
#include "blob.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX 65536u

/* All memory of the program, freed at its end. */
struct kept {
	struct kept *next;
	max_align_t bytes[];
};

static struct kept *all;

void fail(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("terminal: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

void fail_crypto(const char *what)
{
	fflush(stdout);
	ERR_print_errors_fp(stderr);
	fail("%s", what);
}

static void free_all(void)
{
	while (all != NULL) {
		struct kept *next = all->next;

		free(all);
		all = next;
	}
}

void *keep(size_t size)
{
	struct kept *kept = calloc(1, sizeof *kept + size);

	if (kept == NULL)
		fail("no memory");
	if (all == NULL)
		atexit(free_all);
	kept->next = all;
	all = kept;
	return kept->bytes;
}

struct blob blob_of(const void *data, size_t len)
{
	unsigned char *copy = keep(len + 1);

	if (len > 0)
		memcpy(copy, data, len);
	return (struct blob){ copy, len };
}

struct blob blob_text(const char *text)
{
	return blob_of(text, strlen(text));
}

struct blob blob_hex(const char *hex)
{
	long len = 0;
	unsigned char *bytes = OPENSSL_hexstr2buf(hex, &len);
	struct blob blob;

	if (bytes == NULL)
		fail("'%s' is not hexadecimal", hex);
	blob = blob_of(bytes, (size_t)len);
	OPENSSL_free(bytes);
	return blob;
}

struct blob blob_file(const char *path)
{
	unsigned char *bytes = keep(FILE_MAX);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail("%s cannot be opened", path);
	len = fread(bytes, 1, FILE_MAX, file);
	if (ferror(file) || len == FILE_MAX)
		fail("%s cannot be read, or is too long", path);
	fclose(file);
	return (struct blob){ bytes, len };
}

struct blob blob_join(struct blob a, struct blob b)
{
	unsigned char *both = keep(a.len + b.len + 1);

	if (a.len > 0)
		memcpy(both, a.data, a.len);
	if (b.len > 0)
		memcpy(both + a.len, b.data, b.len);
	return (struct blob){ both, a.len + b.len };
}

bool blob_equal(struct blob a, struct blob b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

void blob_print(const char *before, struct blob blob)
{
	fputs(before, stdout);
	for (size_t i = 0; i < blob.len; i++)
		printf("%02X", blob.data[i]);
	putchar('\n');
}

BUF_MEM *mem_of(struct blob blob)
{
	BUF_MEM *mem = BUF_MEM_new();

	if (mem == NULL || BUF_MEM_grow(mem, blob.len) != blob.len)
		fail_crypto("no memory");
	if (blob.len > 0)
		memcpy(mem->data, blob.data, blob.len);
	return mem;
}

struct blob take(BUF_MEM *mem, const char *what)
{
	struct blob blob;

	if (mem == NULL)
		fail_crypto(what);
	blob = blob_of(mem->data, mem->length);
	BUF_MEM_free(mem);
	return blob;
}

struct blob tlv(unsigned int tag, struct blob value)
{
	unsigned char head[5];
	size_t n = 0;

	if (value.len > 0xFFFF)
		fail("%zu bytes are too long for a data object", value.len);
	if (tag > 0xFF)
		head[n++] = (unsigned char)(tag >> 8);
	head[n++] = (unsigned char)tag;
	if (value.len > 0xFF) {
		head[n++] = 0x82;
		head[n++] = (unsigned char)(value.len >> 8);
	} else if (value.len > 0x7F) {
		head[n++] = 0x81;
	}
	head[n++] = (unsigned char)value.len;
	return blob_join(blob_of(head, n), value);
}

static unsigned int take_byte(struct blob *rest)
{
	if (rest->len == 0)
		fail("a data object ends in the middle");
	rest->len--;
	return *rest->data++;
}

bool tlv_next(struct blob *rest, unsigned int *tag, struct blob *value)
{
	size_t len;

	if (rest->len == 0)
		return false;
	*tag = take_byte(rest);
	if ((*tag & 0x1F) == 0x1F)
		*tag = *tag << 8 | take_byte(rest);
	len = take_byte(rest);
	if (len > 0x7F) {
		size_t n = len & 0x7F;

		if (n < 1 || n > 2)
			fail("a data object has a length of %zu bytes", n);
		for (len = 0; n > 0; n--)
			len = len << 8 | take_byte(rest);
	}
	if (len > rest->len)
		fail("data object %X is longer than what it is in", *tag);
	*value = (struct blob){ rest->data, len };
	rest->data += len;
	rest->len -= len;
	return true;
}

struct blob tlv_find(struct blob in, unsigned int tag)
{
	unsigned int found;
	struct blob value;

	while (tlv_next(&in, &found, &value))
		if (found == tag)
			return value;
	return (struct blob){ NULL, 0 };
}

struct blob tlv_need(struct blob in, unsigned int tag, const char *what)
{
	struct blob value = tlv_find(in, tag);

	if (value.data == NULL)
		fail("%s has no data object %X", what, tag);
	return value;
}
