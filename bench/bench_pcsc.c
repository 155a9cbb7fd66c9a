/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goes through PC/SC as an application does: bench_pcsc NAME=READER[=PID]... waits for a card in each of
 * these readers (READER is how the name begins) and measures every command on it. In place of a reader
 * stands what it is measured against: @unix and @libpcsclite (floor.h), @tcp:PORT. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winscard.h>

#include "base/number.h"
#include "bench.h"
#include "floor.h"

#define WAIT_MS 10000

struct reader {
	SCARDHANDLE card;
	DWORD protocol;
	DWORD in_len;
	uint8_t in[MESSAGE_MAX + 1];
};

static ssize_t exchange(void *self, const uint8_t *command, size_t len)
{
	struct reader *reader = self;
	SCARD_IO_REQUEST pci = { reader->protocol, sizeof(pci) };
	LONG r;

	reader->in_len = sizeof(reader->in);
	r = SCardTransmit(
	    reader->card, &pci, command, (DWORD)len, NULL, reader->in, &reader->in_len);
	if (r == SCARD_S_SUCCESS)
		return (ssize_t)reader->in_len;
	fprintf(stderr, "SCardTransmit: %s\n", pcsc_stringify_error(r));
	return -1;
}

static const uint8_t *answer(void *self)
{
	return ((struct reader *)self)->in;
}

/* Waits until the reader has its card. */
static bool wait_for_card(SCARDCONTEXT context, const char *name)
{
	SCARD_READERSTATE state = { .szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE };

	for (;;) {
		if (SCardGetStatusChange(context, WAIT_MS, &state, 1) != SCARD_S_SUCCESS)
			return false;
		if (state.dwEventState & SCARD_STATE_PRESENT)
			return true;
		state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	}
}

/* The full name of the reader that begins so, in names, or NULL. */
static const char *full_name(const char *names, const char *begin)
{
	for (const char *name = names; *name != '\0'; name += strlen(name) + 1)
		if (strncmp(name, begin, strlen(begin)) == 0)
			return name;
	return NULL;
}

static bool open_floor(struct target *target, const char *value)
{
	uint64_t port;

	if (strcmp(value, "@unix") == 0 || strcmp(value, "@libpcsclite") == 0)
		return floor_open_unix(target, strcmp(value, "@libpcsclite") == 0);
	return strncmp(value, "@tcp:", 5) == 0 && number_parse(value + 5, UINT16_MAX, &port) &&
	    floor_open_tcp(target, (uint16_t)port);
}

static bool open_target(
    SCARDCONTEXT context, const char *names, struct target *target, const char *begin)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	const char *name = full_name(names, begin);

	if (reader == NULL || name == NULL || !wait_for_card(context, name))
		return false;
	if (SCardConnect(context, name, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
	        &reader->card, &reader->protocol) != SCARD_S_SUCCESS)
		return false;
	target->self = reader;
	target->exchange = exchange;
	target->answer = answer;
	return make_file(target);
}

int main(int argc, char **argv)
{
	static char names[16 * 256];
	struct target targets[TARGETS_MAX] = { 0 };
	DWORD len = sizeof(names);
	SCARDCONTEXT context;
	const char *value;

	if (argc < 2 || argc - 1 > TARGETS_MAX || argv[1][0] == '-') {
		fprintf(stderr, "usage: bench_pcsc NAME=READER[=PID]...\n");
		return 2;
	}
	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) != SCARD_S_SUCCESS ||
	    SCardListReaders(context, NULL, names, &len) != SCARD_S_SUCCESS) {
		fprintf(stderr, "bench_pcsc: no PC/SC service, or no reader\n");
		return 1;
	}
	for (int i = 0; i < argc - 1; i++)
		if (!split_target(argv[i + 1], &targets[i], &value) ||
		    !(value[0] == '@' ? open_floor(&targets[i], value)
		                      : open_target(context, names, &targets[i], value))) {
			fprintf(stderr, "bench_pcsc: no card in %s\n", argv[i + 1]);
			return 1;
		}
	return measure("pcsc", targets, (size_t)(argc - 1)) ? 0 : 1;
}
