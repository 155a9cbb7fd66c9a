/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contexts, lists of readers, and how their states change. */
#include <pthread.h>
#include <string.h>

#include "semantics.h"

#define PNP "\\\\?PnP?\\Notification"
#define COUNTER(state) ((state) >> 16)
#define KNOWN(state) ((state) & ~(DWORD)SCARD_STATE_CHANGED)

static void contexts(void)
{
	SCARDCONTEXT other = 1;

	CHECK(
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardEstablishContext(17, NULL, NULL, &other), SCARD_E_INVALID_VALUE);
	CHECK(other, 0);
	CHECK(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &other), SCARD_S_SUCCESS);
	CHECK(other != context, true);
	CHECK(SCardIsValidContext(other), SCARD_S_SUCCESS);
	CHECK(SCardReleaseContext(other), SCARD_S_SUCCESS);
	CHECK(SCardIsValidContext(other), SCARD_E_INVALID_HANDLE);
	CHECK(SCardReleaseContext(other), SCARD_E_INVALID_HANDLE);
	CHECK(SCardCancel(other), SCARD_E_INVALID_HANDLE);
	CHECK(SCardReleaseContext(0), SCARD_E_INVALID_HANDLE);
}

static void list_of_readers(void)
{
	char names[1024], *made = NULL;
	DWORD len = 0, needed, len_made = SCARD_AUTOALLOCATE;

	CHECK(SCardListReaders(context, NULL, NULL, &len), SCARD_S_SUCCESS);
	CHECK(len > 2 && len <= sizeof names, true);
	needed = len;
	CHECK(SCardListReaders(context, NULL, names, &len), SCARD_S_SUCCESS);
	CHECK(len, needed);
	CHECK(names[needed - 1] == '\0' && names[needed - 2] == '\0', true);
	len = needed - 1;
	CHECK(SCardListReaders(context, NULL, names, &len), SCARD_E_INSUFFICIENT_BUFFER);
	CHECK(len, needed);
	CHECK(SCardListReaders(context, NULL, (LPSTR)&made, &len_made), SCARD_S_SUCCESS);
	CHECK(len_made, needed);
	CHECK(memcmp(made, names, needed), 0);
	CHECK(SCardFreeMemory(context, made), SCARD_S_SUCCESS);
	len_made = SCARD_AUTOALLOCATE;
	CHECK(SCardListReaders(context, NULL, NULL, &len_made), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardListReaders(context, NULL, names, NULL), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardListReaders(context + 1, NULL, names, &len), SCARD_E_INVALID_HANDLE);
	CHECK(SCardFreeMemory(context + 1, NULL), SCARD_E_INVALID_HANDLE);
}

static void list_of_groups(void)
{
	char names[64], *made = NULL;
	DWORD len = 0, len_made = SCARD_AUTOALLOCATE;

	CHECK(SCardListReaderGroups(context, NULL, &len), SCARD_S_SUCCESS);
	CHECK(len, sizeof "SCard$DefaultReaders" + 1);
	len--;
	CHECK(SCardListReaderGroups(context, names, &len), SCARD_E_INSUFFICIENT_BUFFER);
	CHECK(SCardListReaderGroups(context, names, &len), SCARD_S_SUCCESS);
	CHECK(memcmp(names, "SCard$DefaultReaders\0", len), 0);
	CHECK(SCardListReaderGroups(context, (LPSTR)&made, &len_made), SCARD_S_SUCCESS);
	CHECK(len_made == len && memcmp(made, names, len) == 0, true);
	CHECK(SCardFreeMemory(context, made), SCARD_S_SUCCESS);
}

static void entries_that_cannot_be(void)
{
	SCARD_READERSTATE entries[PCSCLITE_MAX_READERS_CONTEXTS + 1];

	memset(entries, 0, sizeof entries);
	for (unsigned i = 0; i < COUNT(entries); i++)
		entries[i].szReader = reader;
	CHECK(SCardGetStatusChange(context, 0, NULL, 0), SCARD_S_SUCCESS);
	CHECK(SCardGetStatusChange(context, 0, NULL, 1), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardGetStatusChange(context, 0, entries, COUNT(entries)), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardGetStatusChange(context + 1, 0, entries, 1), SCARD_E_INVALID_HANDLE);
	entries[0].szReader = "no reader";
	CHECK(SCardGetStatusChange(context, 0, entries, 2), SCARD_E_UNKNOWN_READER);
	entries[0].szReader = NULL;
	CHECK(SCardGetStatusChange(context, 0, entries, 2), SCARD_E_INVALID_VALUE);
	entries[0].szReader = reader;
	entries[0].dwCurrentState = SCARD_STATE_IGNORE;
	CHECK(SCardGetStatusChange(context, INFINITE, entries, 1), SCARD_S_SUCCESS);
}

static void what_is_known_is_compared(void)
{
	SCARD_READERSTATE entry = { .szReader = reader };
	DWORD empty;
	long start;

	(void)wait_for(SCARD_STATE_EMPTY);
	CHECK(SCardGetStatusChange(context, 0, &entry, 1), SCARD_S_SUCCESS);
	CHECK(entry.dwEventState & 0xFFFF, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	CHECK(entry.cbAtr, 0);
	empty = entry.dwCurrentState = KNOWN(entry.dwEventState);
	CHECK(SCardGetStatusChange(context, 0, &entry, 1), SCARD_E_TIMEOUT);
	CHECK(entry.dwEventState, empty);
	start = now_ms();
	CHECK(SCardGetStatusChange(context, 120, &entry, 1), SCARD_E_TIMEOUT);
	CHECK(now_ms() - start >= 119 && now_ms() - start < PATIENCE_MS, true);
	entry.dwCurrentState = SCARD_STATE_EMPTY; /* without a counter */
	CHECK(SCardGetStatusChange(context, 0, &entry, 1), SCARD_E_TIMEOUT);
	entry.dwCurrentState = SCARD_STATE_EMPTY | (COUNTER(empty) + 1) << 16;
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	CHECK(entry.dwEventState, empty | SCARD_STATE_CHANGED);
	entry.dwCurrentState = SCARD_STATE_PRESENT;
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	entry.dwCurrentState = SCARD_STATE_UNKNOWN;
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	entry.dwCurrentState = SCARD_STATE_UNAVAILABLE;
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	entry.dwCurrentState = SCARD_STATE_INUSE | SCARD_STATE_EMPTY;
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	CHECK(entry.dwEventState, empty | SCARD_STATE_CHANGED);
}

static void readers_that_come_and_go(void)
{
	SCARD_READERSTATE entries[] = { { .szReader = PNP }, { .szReader = reader } };

	CHECK(SCardGetStatusChange(context, 50, entries, 1), SCARD_E_TIMEOUT);
	CHECK(entries[0].dwEventState, 0);
	entries[0].szReader = "\\\\?pnp?\\notification";
	CHECK(SCardGetStatusChange(context, 0, entries, 1), SCARD_E_TIMEOUT);
	CHECK(SCardGetStatusChange(context, INFINITE, entries, 2), SCARD_S_SUCCESS);
	CHECK(entries[0].dwEventState, 0);
	CHECK(entries[1].dwEventState & SCARD_STATE_EMPTY, SCARD_STATE_EMPTY);
}

struct wait {
	SCARDCONTEXT context;
	SCARD_READERSTATE entry;
	DWORD timeout;
	LONG result;
};

static void *wait_in_thread(void *arg)
{
	struct wait *wait = arg;

	wait->result = SCardGetStatusChange(wait->context, wait->timeout, &wait->entry, 1);
	return NULL;
}

/* Does something while another thread waits. */
static void wait_while(struct wait *wait, const char *what)
{
	pthread_t thread;

	CHECK(
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &wait->context), SCARD_S_SUCCESS);
	CHECK(pthread_create(&thread, NULL, wait_in_thread, wait), 0);
	request(what);
	CHECK(pthread_join(thread, NULL), 0);
	CHECK(SCardReleaseContext(wait->context), SCARD_S_SUCCESS);
}

static void cards_that_come_and_go(void)
{
	DWORD empty = wait_for(SCARD_STATE_EMPTY), present;
	struct wait wait = { .entry = { .szReader = reader, .dwCurrentState = KNOWN(empty) },
		.timeout = INFINITE };

	wait_while(&wait, "insert iso7816");
	CHECK(wait.result, SCARD_S_SUCCESS);
	CHECK(wait.entry.dwEventState & (0xFFFF & ~SCARD_STATE_INUSE),
	    SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	CHECK(COUNTER(wait.entry.dwEventState), (COUNTER(empty) + 1) & 0xFFFF);
	CHECK(wait.entry.cbAtr, 11);
	CHECK(wait.entry.rgbAtr[0], 0x3B);
	present = wait.entry.dwCurrentState = KNOWN(wait.entry.dwEventState);
	wait.timeout = PATIENCE_MS;
	wait_while(&wait, "eject");
	CHECK(wait.result, SCARD_S_SUCCESS);
	CHECK(wait.entry.dwEventState & 0xFFFF, SCARD_STATE_EMPTY | SCARD_STATE_CHANGED);
	CHECK(COUNTER(wait.entry.dwEventState), (COUNTER(present) + 1) & 0xFFFF);
	CHECK(wait.entry.cbAtr, 0);
}

static void cancelled(void)
{
	struct wait wait = { .entry = { .szReader = reader }, .timeout = INFINITE };
	pthread_t thread;

	wait.entry.dwCurrentState = KNOWN(wait_for(SCARD_STATE_EMPTY));
	CHECK(SCardCancel(context), SCARD_S_SUCCESS); /* nothing to cancel */
	CHECK(
	    SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &wait.context), SCARD_S_SUCCESS);
	wait.result = -1;
	CHECK(pthread_create(&thread, NULL, wait_in_thread, &wait), 0);
	/* Whether it waits already, nobody can see: so it is cancelled until it has ended. */
	while (pthread_tryjoin_np(thread, NULL) != 0)
		(void)SCardCancel(wait.context);
	CHECK(wait.result, SCARD_E_CANCELLED);
	wait.timeout = 0; /* the next call is none the worse for it */
	CHECK(wait_in_thread(&wait) == NULL, true);
	CHECK(wait.result, SCARD_E_TIMEOUT);
	CHECK(SCardReleaseContext(wait.context), SCARD_S_SUCCESS);
}

static void texts(void)
{
	static const LONG results[] = { SCARD_S_SUCCESS, SCARD_E_CANCELLED, SCARD_E_NO_SMARTCARD,
		SCARD_W_RESET_CARD, SCARD_W_REMOVED_CARD, SCARD_E_TIMEOUT,
		SCARD_E_SHARING_VIOLATION };
	char text[COUNT(results)][128];

	for (unsigned i = 0; i < COUNT(results); i++) {
		(void)strncpy(text[i], pcsc_stringify_error(results[i]), sizeof text[i] - 1);
		text[i][sizeof text[i] - 1] = '\0';
		CHECK(strlen(text[i]) > 4, true);
		for (unsigned j = 0; j < i; j++)
			CHECK(strcmp(text[i], text[j]) != 0, true);
	}
	CHECK(strstr(pcsc_stringify_error(0x12345678), "12345678") != NULL, true);
}

const struct semantics_case cases_of_readers[] = {
	{ "contexts", contexts },
	{ "list of readers", list_of_readers },
	{ "list of groups", list_of_groups },
	{ "status change: entries that cannot be", entries_that_cannot_be },
	{ "status change: what is known is compared", what_is_known_is_compared },
	{ "status change: readers that come and go", readers_that_come_and_go },
	{ "status change: cards that come and go", cards_that_come_and_go },
	{ "status change: cancelled", cancelled },
	{ "error texts", texts },
	{ 0 },
};
