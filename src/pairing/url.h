/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses that phone applications scan: vpcd://HOST:PORT is a reader that waits for a card,
 * vicc://HOST:PORT a card that waits for a reader. */
#ifndef PAIRING_URL_H
#define PAIRING_URL_H

#include <stdint.h>

#include "base/bytes.h"

#define URL_SIZE 280 /* scheme, the longest host name, brackets, port, NUL */

/* Writes the URL to out; an IPv6 address (anything with a colon) is put in brackets. False: it does not
 * fit in URL_SIZE bytes. */
MUST_USE bool url_make(const char *scheme, const char *host, uint16_t port, char out[URL_SIZE]);

#endif
