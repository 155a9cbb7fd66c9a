/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output into memory of the caller's. Once something does not fit, the writer stays failed and later
 * puts do nothing; writer_done() tells, and must be asked before the result is used. */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include "base/bytes.h"

#define WRITER_DEPTH_MAX 16 /* nested templates open at one time (iso7816/tlv.h) */

struct writer {
	uint8_t *data;
	size_t cap;
	size_t len;
	bool failed;
	unsigned depth;                 /* of the marks in use */
	size_t marks[WRITER_DEPTH_MAX]; /* where the value of each open template begins */
};

void writer_init(struct writer *w, uint8_t *data, size_t cap);

/* Forgets what was written; a failed writer works again. */
void writer_reset(struct writer *w);

void writer_put_u8(struct writer *w, uint8_t value);
void writer_put_u16(struct writer *w, uint16_t value); /* big-endian */
void writer_put_u32(struct writer *w, uint32_t value); /* big-endian */
void writer_put(struct writer *w, struct bytes in);

/* Appends n bytes for the caller to fill, and returns where they are: NULL if they do not fit. */
uint8_t *writer_reserve(struct writer *w, size_t n);

/* Marks the writer as failed: for encoders that find their input impossible. */
void writer_fail(struct writer *w);

size_t writer_left(const struct writer *w);

/* What has been written so far. */
struct bytes writer_bytes(const struct writer *w);

/* Whether everything fitted and every template that was opened has been closed. */
MUST_USE bool writer_done(const struct writer *w);

#endif
