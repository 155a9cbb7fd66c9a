/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a reader's slots are: the DEVICENAME of reader.conf, ifdFriendlyName of Info.plist. */
#ifndef VPCD_ENDPOINT_H
#define VPCD_ENDPOINT_H

#include <stdint.h>

#include "base/bytes.h"

#define ENDPOINT_HOST_MAX 255

struct endpoint {
	bool listen;
	char host[ENDPOINT_HOST_MAX +
	    1];             /* listen: "" loopback, "*" every address; else whom to connect */
	uint16_t port;      /* of slot 0 */
	unsigned timeout_s; /* for the answer to a command; 0: not given */
	bool default_port;  /* no port was given */
};

/* Reads "/dev/null:PORT" (listen on loopback), "*:PORT" (listen everywhere), "HOST:PORT", "[IPV6]:PORT"
 * (connect), each with an optional "?timeout=SECONDS", or a name without colon (the default port on
 * loopback); all of it in quotation marks or not. n_slots ports must be there from PORT on. ERR_FORMAT:
 * *why is then a sentence part that says what is wrong and what would be right (static storage), and *out
 * is unchanged. */
MUST_USE int endpoint_parse(
    const char *name, unsigned n_slots, struct endpoint *out, const char **why);

#endif
