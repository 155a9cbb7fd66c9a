/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses that phone applications scan. */
#include "pairing/url.h"

#include <stdio.h>
#include <string.h>

bool url_make(const char *scheme, const char *host, uint16_t port, char out[URL_SIZE])
{
	const bool v6 = strchr(host, ':') != NULL && host[0] != '[';
	int n = snprintf(
	    out, URL_SIZE, "%s://%s%s%s:%u", scheme, v6 ? "[" : "", host, v6 ? "]" : "", port);

	return n > 0 && n < URL_SIZE;
}
