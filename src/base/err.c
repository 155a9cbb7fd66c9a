/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of the failure codes. */
#include "base/err.h"

const char *err_text(int err)
{
	if (err == 0)
		return "success";

	switch ((enum err)err) {
	case ERR_NO_MEMORY:
		return "out of memory";
	case ERR_IO:
		return "input or output error";
	case ERR_CLOSED:
		return "connection closed by the other side";
	case ERR_CRYPTO:
		return "cryptographic operation failed";
	case ERR_FORMAT:
		return "malformed data";
	case ERR_LIMIT:
		return "limit exceeded";
	case ERR_TIMEOUT:
		return "timed out";
	case ERR_INTERRUPTED:
		return "interrupted";
	case ERR_NOT_FOUND:
		return "not found";
	case ERR_EXISTS:
		return "exists already";
	case ERR_NO_CARD:
		return "no card";
	case ERR_PROTOCOL:
		return "protocol violated by the other side";
	case ERR_UNSUPPORTED:
		return "not supported";
	}
	return "unknown error";
}
