/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's own failures: 0 is success, each failure one negative code. What a card answers is
 * not a failure of the program: see iso7816/sw.h. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
	ERR_NO_MEMORY = -1,
	ERR_IO = -2,     /* the operating system refused; errno may tell more */
	ERR_CLOSED = -3, /* the peer went away */
	ERR_CRYPTO = -4,
	ERR_FORMAT = -5, /* malformed input */
	ERR_LIMIT = -6,  /* larger, deeper or more than the named limit */
	ERR_TIMEOUT = -7,
	ERR_INTERRUPTED = -8, /* somebody asked the wait to end */
	ERR_NOT_FOUND = -9,
	ERR_EXISTS = -10,
	ERR_NO_CARD = -11,
	ERR_PROTOCOL = -12, /* the peer broke the protocol */
	ERR_UNSUPPORTED = -13,
};

/* A short English text for an ERR_* code (or 0), never NULL, static storage. */
const char *err_text(int err);

#endif
