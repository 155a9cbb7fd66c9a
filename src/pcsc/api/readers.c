/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library's readers. Environment variables, for whoever cannot build anew:
 *   VPCD_DEVICENAME  where the slots are, as DEVICENAME in reader.conf
 *   VPCD_SLOTS       how many
 *   VPCD_WAIT        milliseconds that the first call waits for a card */
#include "pcsc/api/readers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "config.h"
#include "reader/vpcd_backend.h"
#include "vpcd/endpoint.h"
#include "vpcd/protocol.h"

#define WAIT_DEFAULT_MS 1000
#define WAIT_MAX_MS (60 * 60 * 1000)

/* The number in an environment variable, or what holds without it. */
static uint64_t setting(const char *name, uint64_t max, uint64_t otherwise)
{
	const char *text = getenv(name);
	uint64_t value;

	if (text == NULL)
		return otherwise;
	if (number_parse(text, max, &value))
		return value;
	fprintf(stderr, "libpcsclite: %s=%s: want a number up to %llu; %llu is used\n", name, text,
	    (unsigned long long)max, (unsigned long long)otherwise);
	return otherwise;
}

int readers_wait_ms(void)
{
	return (int)setting("VPCD_WAIT", WAIT_MAX_MS, WAIT_DEFAULT_MS);
}

static int open_reader(struct pcsc *pcsc, const struct endpoint *endpoint, unsigned number)
{
	char name[PCSC_READER_NAME_SIZE];
	struct slot *slot;
	int r = vpcd_slot_open(endpoint, number, &slot);

	if (r < 0) {
		fprintf(stderr, "libpcsclite: port %u: %s\n", endpoint->port + number,
		    r != ERR_IO ? err_text(r)
		        : errno == EADDRINUSE
		        ? "in use, maybe by another process with this library; "
		          "several processes need vpcscd or pcscd"
		        : strerror(errno));
		return r;
	}
	(void)snprintf(name, sizeof name, "Virtual PCD 00 %02X", number);
	return pcsc_add_reader_take(pcsc, name, slot);
}

int readers_open(struct pcsc *pcsc)
{
	unsigned n = (unsigned)setting("VPCD_SLOTS", PCSC_READERS_MAX, VPCDSLOTS);
	const char *name = getenv("VPCD_DEVICENAME");
	char otherwise[ENDPOINT_HOST_MAX + 16];
	struct endpoint endpoint;
	const char *why;
	int r;

	(void)snprintf(otherwise, sizeof otherwise, "%s:%d", VPCDHOST, VPCD_PORT);
	r = endpoint_parse(name != NULL ? name : otherwise, n, &endpoint, &why);
	if (r < 0)
		fprintf(stderr, "libpcsclite: VPCD_DEVICENAME=%s: %s\n",
		    name != NULL ? name : otherwise, why);
	for (unsigned i = 0; r == 0 && i < n; i++)
		r = open_reader(pcsc, &endpoint, i);
	return r;
}
