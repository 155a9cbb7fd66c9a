/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QR codes, where libqrencode was not there at build time. */
#include "base/err.h"
#include "pairing/qr.h"

int qr_make(const char *text, struct qr *out)
{
	(void)text;
	(void)out;
	return ERR_UNSUPPORTED;
}
