/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vpcd-config prints about readers. */
#include "vpcd-config/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "config.h"
#include "pairing/qr.h"
#include "pairing/url.h"
#include "vpcd/endpoint.h"

#define NAME_SHOWN_MAX 300

struct show *show_new(void)
{
	struct show *show = calloc(1, sizeof *show);

	if (show != NULL)
		show->n_addresses = address_list(show->addresses);
	return show;
}

void show_free(struct show *show)
{
	free(show);
}

static void show_listening(struct show *show, const struct endpoint *endpoint, unsigned slot)
{
	const char *host = show->n_addresses > 0 ? show->addresses[0].text : NULL;
	unsigned port = endpoint->port + slot;
	char url[URL_SIZE];

	printf("VPCD hostname:  %s\n", host != NULL ? host : "127.0.0.1");
	printf("VPCD port:      %u\n", port);
	show->reachable = true;
	if (host == NULL || !url_make("vpcd", host, (uint16_t)port, url))
		return;
	printf("On your NFC phone with the Remote Smart Card Reader app scan this code:\n");
	qr_show(url, stdout);
}

static void show_connecting(const struct endpoint *endpoint, unsigned slot)
{
	printf("VICC hostname:  %s\n", endpoint->host);
	printf("VICC port:      %u\n", endpoint->port + slot);
	printf("The reader connects to the card there (vicc --reversed, or an app that waits for a "
	       "reader): nothing needs to be scanned.\n");
}

static void warn_of_loopback(
    const struct show *show, const struct reader_conf_entry *entry, const struct endpoint *endpoint)
{
	char name[NAME_SHOWN_MAX];

	fprintf(stderr,
	    "vpcd-config: warning: %s listens on this machine's loopback only, a phone cannot "
	    "reach it; for a phone put %s \"*:%u\" in %s and restart pcscd\n",
	    log_escape(entry->friendly_name, name, sizeof name), show->setting, endpoint->port,
	    show->path != NULL ? show->path : "its file in reader.conf.d");
}

static bool parse_endpoint(
    struct show *show, const struct reader_conf_entry *entry, struct endpoint *out)
{
	char name[ENDPOINT_HOST_MAX + 64], shown[NAME_SHOWN_MAX];
	const char *why = "this name is too long";

	if (entry->device_name.len < sizeof name) {
		memcpy(name, entry->device_name.data, entry->device_name.len);
		name[entry->device_name.len] = '\0';
		if (endpoint_parse(name, VPCDSLOTS, out, &why) == 0)
			return true;
	}
	fprintf(stderr, "vpcd-config: %s: %s %s: %s\n",
	    show->path != NULL ? show->path : "defaults of this build", show->setting,
	    log_escape(entry->device_name, shown, sizeof shown), why);
	show->failed = true;
	return false;
}

void show_reader(struct show *show, const struct reader_conf_entry *entry)
{
	struct endpoint endpoint;

	show->n_readers++;
	if (!parse_endpoint(show, entry, &endpoint))
		return;
	for (unsigned slot = 0; slot < VPCDSLOTS; slot++) {
		if (show->n_slots++ > 0)
			printf("\n");
		if (endpoint.listen)
			show_listening(show, &endpoint, slot);
		else
			show_connecting(&endpoint, slot);
	}
	(void)fflush(stdout);
	if (endpoint.listen && endpoint.host[0] == '\0')
		warn_of_loopback(show, entry, &endpoint);
}

void show_end(struct show *show)
{
	if (!show->reachable)
		return;
	if (show->n_addresses == 0) {
		(void)fflush(stdout);
		fprintf(stderr,
		    "vpcd-config: this machine has no network address that a phone could reach; "
		    "connect it to the phone's network first\n");
		show->failed = true;
		return;
	}
	if (show->n_addresses == 1)
		return;
	printf("\nOther addresses of this machine:");
	for (size_t i = 1; i < show->n_addresses; i++)
		printf(" %s", show->addresses[i].text);
	printf("\n");
}
