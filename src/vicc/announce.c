/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vicc --reversed prints for whoever is to connect. */
#include "vicc/announce.h"

#include <stdio.h>
#include <string.h>

#include "pairing/address.h"
#include "pairing/qr.h"
#include "pairing/url.h"

#define LOOPBACK "127.0.0.1"

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	    strcmp(host, "[::1]") == 0 || strncmp(host, "127.", 4) == 0;
}

static bool is_every_address(const char *host)
{
	return strcmp(host, "*") == 0 || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0 ||
	    strcmp(host, "[::]") == 0;
}

static void announce_address(const char *host, uint16_t port)
{
	char url[URL_SIZE];

	printf("VICC hostname:  %s\n", host);
	printf("VICC port:      %u\n", port);
	if (is_loopback(host)) {
		printf("Only this machine can connect; a phone needs --reversed --hostname '*'.\n");
		return;
	}
	if (!url_make("vicc", host, port, url))
		return;
	printf("On your NFC phone with the Android Smart Card Emulator app scan this code:\n");
	qr_show(url, stdout);
}

void announce(const char *host, uint16_t port)
{
	struct address addresses[ADDRESS_LIST_MAX];
	size_t n = 0;

	if (host != NULL && is_every_address(host)) {
		n = address_list(addresses);
		host = n > 0 ? addresses[0].text : NULL;
		if (n == 0)
			printf("This machine has no network address that a phone could reach.\n");
	}
	announce_address(host != NULL ? host : LOOPBACK, port);
	if (n > 1)
		printf("Other addresses of this machine:");
	for (size_t i = 1; i < n; i++)
		printf(" %s", addresses[i].text);
	if (n > 1)
		printf("\n");
	(void)fflush(stdout);
}
