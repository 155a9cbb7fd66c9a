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

static void announce_address(const struct address *address, uint16_t port)
{
	char url[URL_SIZE];

	printf("VICC hostname:  %s\n", address->text);
	printf("VICC port:      %u\n", port);
	if (address_is_loopback(address)) {
		printf("Only this machine can connect; a phone needs --reversed --hostname '*'.\n");
		return;
	}
	if (!url_make("vicc", address->text, port, url))
		return;
	printf("On your NFC phone with the Android Smart Card Emulator app scan this code:\n");
	qr_show(url, stdout);
}

static void announce_others(const struct address *others, size_t n)
{
	if (n == 0)
		return;
	printf("Other addresses of this machine:");
	for (size_t i = 0; i < n; i++)
		printf(" %s", others[i].text);
	printf("\n");
}

/* On every address: the best one, and the names of the others. */
static bool announce_all(uint16_t port)
{
	struct address addresses[ADDRESS_LIST_MAX];
	size_t n = address_list(addresses);

	if (n == 0) {
		printf("This machine has no network address that a phone could reach.\n");
		return false;
	}
	announce_address(&addresses[0], port);
	announce_others(addresses + 1, n - 1);
	return true;
}

void announce(const char *host, uint16_t port)
{
	struct address address = { .raw = { 127, 0, 0, 1 }, .text = LOOPBACK };
	bool every = host != NULL && strcmp(host, "*") == 0;

	if (host != NULL && !every && address_resolve(host, &address))
		every = address_is_any(&address);
	if (!every || !announce_all(port))
		announce_address(&address, port);
	(void)fflush(stdout);
}
