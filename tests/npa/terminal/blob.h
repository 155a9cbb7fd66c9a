/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes and TLV for the terminal. What is made here lives until the program ends. */
#ifndef TERMINAL_BLOB_H
#define TERMINAL_BLOB_H

#include <openssl/buffer.h>
#include <stdbool.h>
#include <stddef.h>

struct blob {
	const unsigned char *data; /* NULL: there is none */
	size_t len;
};

/* Ends the program with status 1 after "terminal: ..." on standard error. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with what OpenSSL says. */
_Noreturn void fail_crypto(const char *what);

/* Memory that lives until the program ends. */
void *keep(size_t size);

struct blob blob_of(const void *data, size_t len);
struct blob blob_text(const char *text);
struct blob blob_hex(const char *hex);
struct blob blob_file(const char *path);
struct blob blob_join(struct blob a, struct blob b);
bool blob_equal(struct blob a, struct blob b);
void blob_print(const char *before, struct blob blob);

/* libeac's buffers: to and from. take() frees what it is given, and NULL is a failure named by what. */
BUF_MEM *mem_of(struct blob blob);
struct blob take(BUF_MEM *mem, const char *what);

/* A data object, its tag of one or two bytes. */
struct blob tlv(unsigned int tag, struct blob value);

/* The next data object of rest, which moves behind it; false at the end, failure where it is none. */
bool tlv_next(struct blob *rest, unsigned int *tag, struct blob *value);

/* The value of the first data object with this tag, side by side with others; no data where there is none. */
struct blob tlv_find(struct blob in, unsigned int tag);

/* The same where it must be there. */
struct blob tlv_need(struct blob in, unsigned int tag, const char *what);

#endif
