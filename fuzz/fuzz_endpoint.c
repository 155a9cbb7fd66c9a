/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DEVICENAME: the first byte is the number of slots, the rest the name. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "fuzz.h"
#include "vpcd/endpoint.h"

/* What holds of every endpoint, whatever it was read from. */
static void check(const struct endpoint *endpoint, unsigned n_slots)
{
	assert(strlen(endpoint->host) <= ENDPOINT_HOST_MAX);
	assert(endpoint->port != 0);
	assert(n_slots == 0 || endpoint->port + n_slots - 1 <= 65535);
	assert(endpoint->listen || endpoint->host[0] != '\0');
	if (endpoint->listen)
		assert(endpoint->host[0] == '\0' || strcmp(endpoint->host, "*") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct endpoint endpoint;
	const char *why = NULL;
	char *name;
	int r;

	if (len == 0)
		return 0;
	name = malloc(len);
	if (name == NULL)
		return 0;
	memcpy(name, data + 1, len - 1);
	name[len - 1] = '\0';
	r = endpoint_parse(name, data[0], &endpoint, &why);
	if (r == 0)
		check(&endpoint, data[0]);
	else
		assert(r == ERR_FORMAT && why != NULL && why[0] != '\0');
	free(name);
	return 0;
}
