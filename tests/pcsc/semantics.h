/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the cases of the semantics test stand on: checks, the card's hand, and other parties. */
#ifndef TESTS_PCSC_SEMANTICS_H
#define TESTS_PCSC_SEMANTICS_H

#include <PCSC/winscard.h>
#include <stdbool.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PATIENCE_MS 20000

/* Who answers. */
enum answerer { PCSCD, VPCSCD, LIBRARY };
extern enum answerer answerer;

extern char reader[MAX_READERNAME]; /* the first one */
extern SCARDCONTEXT context;        /* each case has a new one */

/* Tells what is wrong, and goes on. */
void check_at(int line, const char *what, unsigned long got, unsigned long want);
#define CHECK(got, want) check_at(__LINE__, #got, (unsigned long)(got), (unsigned long)(want))

/* Where we differ from pcscd on purpose: libpcsclite-vpcd(7) has the list. */
#define CHECK_DIFFERS(got, of_pcscd, of_ours) CHECK(got, answerer == PCSCD ? (of_pcscd) : (of_ours))

/* Has the card put in or taken out, and waits until the reader says so. request() does not wait. */
void request(const char *what);
void insert(const char *type);
void eject(void);
DWORD wait_for(DWORD state);

SCARDHANDLE connect_as(DWORD share, DWORD protocols);
LONG try_connect(DWORD share, DWORD protocols);
LONG transmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci);
LONG status(SCARDHANDLE card);

/* Somebody else with a context of his own: a process of its own where the service allows that (process),
 * else a thread. He does one thing at a time, as told by a line of text, and answers with a result. */
struct party;
struct party *party_new(bool process);
void party_tell(const struct party *party, const char *line);
LONG party_hear(const struct party *party);
bool party_is_silent(const struct party *party, int for_ms);
LONG party_do(const struct party *party, const char *line);
void party_die(struct party *party); /* without a word, if it is a process */
void party_free(struct party *party);

long now_ms(void);

struct semantics_case {
	const char *name;
	void (*run)(void);
};

extern const struct semantics_case cases_of_readers[], cases_of_cards[], cases_of_sharing[];

#endif
