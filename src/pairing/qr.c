/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QR codes on a terminal. */
#include "pairing/qr.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUIET_ZONE 2

static bool is_dark(const struct qr *qr, size_t x, size_t y)
{
	if (x < QUIET_ZONE || y < QUIET_ZONE || x - QUIET_ZONE >= qr->width ||
	    y - QUIET_ZONE >= qr->width)
		return false;
	return qr->dark[(y - QUIET_ZONE) * qr->width + (x - QUIET_ZONE)] != 0;
}

enum qr_style qr_style_for(FILE *to)
{
	const char *term = getenv("TERM");

	if (isatty(fileno(to)) == 0 || (term != NULL && strcmp(term, "dumb") == 0))
		return QR_STYLE_PLAIN;
	return QR_STYLE_ANSI;
}

void qr_print(const struct qr *qr, enum qr_style style, FILE *to)
{
	static const struct {
		const char *light, *dark, *line_end;
	} looks[] = {
		[QR_STYLE_ANSI] = { "\033[47m  ", "\033[40m  ", "\033[0m\n" },
		[QR_STYLE_PLAIN] = { "\u2588\u2588", "  ", "\n" },
	};
	const size_t size = qr->width + 2 * QUIET_ZONE;

	for (size_t y = 0; y < size; y++) {
		for (size_t x = 0; x < size; x++)
			fputs(is_dark(qr, x, y) ? looks[style].dark : looks[style].light, to);
		fputs(looks[style].line_end, to);
	}
}

void qr_show(const char *text, FILE *to)
{
	struct qr *qr = malloc(sizeof *qr);

	if (qr != NULL && qr_make(text, qr) == 0)
		qr_print(qr, qr_style_for(to), to);
	else
		fprintf(to, "%s\n", text);
	free(qr);
}
