/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The semantics of PC/SC as an application sees them: one program, written against <PCSC/winscard.h> alone,
 * run with pcscd, with vpcscd and with our library. Usage: semantics pcscd|vpcscd|library. Whoever runs it
 * reads from its standard output what is to be done with the card ("?insert TYPE", "?eject"), answers each
 * with a line, and finds there a line for each case. */
#include "semantics.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum answerer answerer;
char reader[MAX_READERNAME];
SCARDCONTEXT context;

static const char *running;
static unsigned failures;

void check_at(int line, const char *what, unsigned long got, unsigned long want)
{
	if (got == want)
		return;
	printf("# %s: line %d: %s is %lX, not %lX\n", running, line, what, got, want);
	failures++;
}

long now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The card */

void request(const char *what)
{
	char answer[64];

	printf("?%s\n", what);
	(void)fflush(stdout);
	if (fgets(answer, sizeof answer, stdin) == NULL)
		exit(1);
}

DWORD wait_for(DWORD state)
{
	SCARD_READERSTATE entry = { .szReader = reader };
	long end = now_ms() + PATIENCE_MS;
	long left = PATIENCE_MS;

	while (left > 0 &&
	    (SCardGetStatusChange(context, (DWORD)left, &entry, 1) != SCARD_S_SUCCESS ||
	        !(entry.dwEventState & state))) {
		entry.dwCurrentState = entry.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
		left = end - now_ms();
	}
	CHECK(entry.dwEventState & state, state);
	return entry.dwEventState;
}

void insert(const char *type)
{
	char text[64];

	(void)snprintf(text, sizeof text, "insert %s", type);
	request(text);
	(void)wait_for(SCARD_STATE_PRESENT);
}

void eject(void)
{
	request("eject");
	(void)wait_for(SCARD_STATE_EMPTY);
}

LONG try_connect(DWORD share, DWORD protocols)
{
	SCARDHANDLE card;
	DWORD protocol;
	LONG r = SCardConnect(context, reader, share, protocols, &card, &protocol);

	if (r == SCARD_S_SUCCESS)
		CHECK(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	else
		CHECK(card, 0);
	return r;
}

SCARDHANDLE connect_as(DWORD share, DWORD protocols)
{
	SCARDHANDLE card = 0;
	DWORD protocol;

	CHECK(SCardConnect(context, reader, share, protocols, &card, &protocol), SCARD_S_SUCCESS);
	return card;
}

LONG transmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci)
{
	static const BYTE command[] = { 0x00, 0xA4, 0x04, 0x00, 0x06, 0xA0, 0x00, 0x00, 0x00, 0x18,
		0xFF };
	BYTE response[258];
	DWORD len = sizeof response;
	LONG r = SCardTransmit(card, pci, command, sizeof command, NULL, response, &len);

	CHECK(len >= 2, r == SCARD_S_SUCCESS);
	return r;
}

LONG status(SCARDHANDLE card)
{
	return SCardStatus(card, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* Other parties */

struct party {
	int fd;    /* our end */
	int other; /* a thread's */
	pid_t pid; /* 0: a thread */
	pthread_t thread;
};

struct act {
	SCARDCONTEXT context;
	SCARDHANDLE card;
};

static LONG act_connect(struct act *act, DWORD share, DWORD protocols)
{
	DWORD protocol;

	return SCardConnect(act->context, reader, share, protocols, &act->card, &protocol);
}

static LONG act_on(struct act *act, const char *line)
{
	unsigned a = 0, b = 0, c = 0;
	DWORD protocol;

	if (sscanf(line, "connect %u %u", &a, &b) == 2)
		return act_connect(act, a, b);
	if (sscanf(line, "reconnect %u %u %u", &a, &b, &c) == 3)
		return SCardReconnect(act->card, a, b, c, &protocol);
	if (sscanf(line, "disconnect %u", &a) == 1)
		return SCardDisconnect(act->card, a);
	if (sscanf(line, "end %u", &a) == 1)
		return SCardEndTransaction(act->card, a);
	if (strcmp(line, "begin") == 0)
		return SCardBeginTransaction(act->card);
	if (strcmp(line, "status") == 0)
		return status(act->card);
	if (strcmp(line, "transmit") == 0)
		return transmit(act->card, SCARD_PCI_T1);
	return SCARD_F_INTERNAL_ERROR;
}

static void play(int fd)
{
	struct act act = { 0 };
	char line[64];
	ssize_t got;

	if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &act.context) != SCARD_S_SUCCESS)
		return;
	while ((got = recv(fd, line, sizeof line - 1, 0)) > 0) {
		LONG r;

		line[got] = '\0';
		r = act_on(&act, line);
		if (send(fd, &r, sizeof r, MSG_NOSIGNAL) != sizeof r)
			break;
	}
	(void)SCardReleaseContext(act.context);
}

static void *play_in_thread(void *arg)
{
	const struct party *party = arg;

	play(party->other);
	return NULL;
}

/* A process gets its end as standard input. */
static void start_process(struct party *party, int fd)
{
	static const char *const names[] = { "pcscd", "vpcscd", "library" };

	party->pid = fork();
	if (party->pid != 0)
		return;
	(void)dup2(fd, STDIN_FILENO);
	(void)execl("/proc/self/exe", "semantics", names[answerer], reader, (char *)NULL);
	_exit(1);
}

struct party *party_new(bool process)
{
	struct party *party = calloc(1, sizeof *party);
	int pair[2];

	if (party == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		abort();
	party->fd = pair[0];
	party->other = pair[1];
	if (process && answerer != LIBRARY) {
		start_process(party, pair[1]);
		(void)close(pair[1]);
	} else if (pthread_create(&party->thread, NULL, play_in_thread, party) != 0) {
		abort();
	}
	return party;
}

void party_tell(const struct party *party, const char *line)
{
	CHECK(send(party->fd, line, strlen(line), MSG_NOSIGNAL), strlen(line));
}

bool party_is_silent(const struct party *party, int for_ms)
{
	struct pollfd fd = { .fd = party->fd, .events = POLLIN };

	return poll(&fd, 1, for_ms) == 0;
}

LONG party_hear(const struct party *party)
{
	LONG r = SCARD_F_UNKNOWN_ERROR;

	if (party_is_silent(party, PATIENCE_MS) || recv(party->fd, &r, sizeof r, 0) != sizeof r)
		return SCARD_F_WAITED_TOO_LONG;
	return r;
}

LONG party_do(const struct party *party, const char *line)
{
	party_tell(party, line);
	return party_hear(party);
}

void party_die(struct party *party)
{
	if (party->pid > 0)
		(void)kill(party->pid, SIGKILL);
	party_free(party);
}

void party_free(struct party *party)
{
	(void)shutdown(party->fd, SHUT_RDWR);
	if (party->pid > 0) {
		(void)waitpid(party->pid, NULL, 0);
	} else {
		(void)pthread_join(party->thread, NULL);
		(void)close(party->other);
	}
	(void)close(party->fd);
	free(party);
}

/* The cases */

static void run_all(const struct semantics_case *c)
{
	for (; c->name != NULL; c++) {
		unsigned before = failures;

		running = c->name;
		CHECK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context),
		    SCARD_S_SUCCESS);
		c->run();
		CHECK(SCardReleaseContext(context), SCARD_S_SUCCESS);
		printf("%s %s\n", failures == before ? "ok" : "not ok", c->name);
		(void)fflush(stdout);
	}
}

static bool choose(const char *name)
{
	if (strcmp(name, "pcscd") == 0)
		answerer = PCSCD;
	else if (strcmp(name, "vpcscd") == 0)
		answerer = VPCSCD;
	else if (strcmp(name, "library") == 0)
		answerer = LIBRARY;
	else
		return false;
	return true;
}

static void find_reader(void)
{
	char names[1024];
	DWORD len = sizeof names;

	running = "the first reader";
	CHECK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), SCARD_S_SUCCESS);
	CHECK(SCardListReaders(context, NULL, names, &len), SCARD_S_SUCCESS);
	if (failures == 0)
		memcpy(reader, names, sizeof reader - 1);
}

int main(int argc, char *argv[])
{
	SCARDCONTEXT first;

	if (argc < 2 || !choose(argv[1])) {
		fprintf(stderr, "Usage: semantics pcscd|vpcscd|library\n");
		return 2;
	}
	if (argc == 3) {
		(void)snprintf(reader, sizeof reader, "%s", argv[2]);
		play(STDIN_FILENO);
		return 0;
	}
	find_reader();
	first = context; /* held all the time, so that the library keeps its readers */
	if (failures == 0) {
		run_all(cases_of_readers);
		run_all(cases_of_cards);
		run_all(cases_of_sharing);
	}
	CHECK(SCardReleaseContext(first), SCARD_S_SUCCESS);
	return failures > 0;
}
