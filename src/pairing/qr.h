/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QR codes on a terminal (ISO/IEC 18004), made here and by nobody else. */
#ifndef PAIRING_QR_H
#define PAIRING_QR_H

#include <stdio.h>

#include "base/bytes.h"

#define QR_WIDTH_MAX 177 /* version 40 */

struct qr {
	size_t width;
	uint8_t dark[QR_WIDTH_MAX * QR_WIDTH_MAX]; /* row by row, 1: a dark module */
};

/* Byte mode, error correction level L, the smallest version that holds the text. ERR_UNSUPPORTED: built
 * without libqrencode; ERR_LIMIT: too long; ERR_NO_MEMORY. */
MUST_USE int qr_make(const char *text, struct qr *out);

enum qr_style {
	QR_STYLE_ANSI, /* two blanks a module, on a white or black background: any terminal */
	QR_STYLE_PLAIN, /* two UTF-8 full blocks a light module, no escape sequences: files and pipes */
};

/* QR_STYLE_ANSI for a terminal that is not a dumb one. */
enum qr_style qr_style_for(FILE *to);

/* With a quiet zone of two modules on each side. */
void qr_print(const struct qr *qr, enum qr_style style, FILE *to);

/* The code where one can be made; and the text alone, on a line of its own, where not. */
void qr_show(const char *text, FILE *to);

#endif
