/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QR codes, made by libqrencode. */
#include <errno.h>
#include <qrencode.h>

#include "base/err.h"
#include "pairing/qr.h"

#define VERSION_SMALLEST 0
#define MODULE_DARK 1 /* the lowest bit of libqrencode's modules; the others tell their purpose */

int qr_make(const char *text, struct qr *out)
{
	QRcode *code = QRcode_encodeString8bit(text, VERSION_SMALLEST, QR_ECLEVEL_L);

	if (code == NULL)
		return errno == ENOMEM ? ERR_NO_MEMORY : ERR_LIMIT;
	out->width = (size_t)code->width;
	for (size_t i = 0; i < out->width * out->width; i++)
		out->dark[i] = code->data[i] & MODULE_DARK;
	QRcode_free(code);
	return 0;
}
