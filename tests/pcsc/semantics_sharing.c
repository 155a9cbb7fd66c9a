/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several who use one card: sharing, transactions, resets, removals, death. Each case runs with another
 * process, and again with a thread that has a context of its own. */
#include <pthread.h>
#include <string.h>

#include "semantics.h"

#define T0_T1 (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define SILENCE_MS 300 /* longer than pcscd takes to look again */

/* As lines for a party: share modes, protocols and dispositions are those of winscard.h. */
#define CONNECT_EXCLUSIVE "connect 1 3"
#define CONNECT_SHARED "connect 2 3"
#define CONNECT_DIRECT "connect 3 0"
#define RECONNECT "reconnect 2 3 0"
#define RECONNECT_RESET "reconnect 2 3 1"
#define RECONNECT_COLD "reconnect 2 3 2"
#define LEAVE "disconnect 0"
#define RESET "disconnect 1"
#define UNPOWER "disconnect 2"

static LONG reconnect(SCARDHANDLE card)
{
	DWORD protocol;

	return SCardReconnect(card, SCARD_SHARE_SHARED, T0_T1, SCARD_LEAVE_CARD, &protocol);
}

static void exclusive(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_EXCLUSIVE, T0_T1);
	DWORD protocol;

	CHECK(party_do(other, CONNECT_SHARED), SCARD_E_SHARING_VIOLATION);
	CHECK(party_do(other, CONNECT_EXCLUSIVE), SCARD_E_SHARING_VIOLATION);
	CHECK(party_do(other, CONNECT_DIRECT), SCARD_E_SHARING_VIOLATION);
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(SCardReconnect(card, SCARD_SHARE_SHARED, T0_T1, SCARD_LEAVE_CARD, &protocol),
	    SCARD_S_SUCCESS);
	CHECK_DIFFERS(
	    SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS, SCARD_E_NOT_TRANSACTED);
	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(try_connect(SCARD_SHARE_EXCLUSIVE, T0_T1), SCARD_E_SHARING_VIOLATION);
	CHECK(party_do(other, LEAVE), SCARD_S_SUCCESS);
	CHECK(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(try_connect(SCARD_SHARE_EXCLUSIVE, T0_T1), SCARD_S_SUCCESS);
}

/* Exclusive access for one who shares comes when the others have gone. */
static void exclusive_later(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	party_tell(other, "reconnect 1 3 0");
	CHECK(party_is_silent(other, SILENCE_MS), true);
	CHECK(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(party_hear(other), SCARD_S_SUCCESS);
	CHECK(try_connect(SCARD_SHARE_SHARED, T0_T1), SCARD_E_SHARING_VIOLATION);
}

/* While we have a transaction, the other one waits, whatever he does. */
static void waits(struct party *other, SCARDHANDLE card, const char *line)
{
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	party_tell(other, line);
	CHECK(party_is_silent(other, SILENCE_MS), true);
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
	CHECK(party_is_silent(other, SILENCE_MS), true);
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(party_hear(other), SCARD_S_SUCCESS);
}

static void transactions(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
	CHECK(SCardEndTransaction(card, 4), SCARD_E_INVALID_VALUE);
	waits(other, card, CONNECT_SHARED);
	waits(other, card, "transmit");
	waits(other, card, "status");
	waits(other, card, RECONNECT);
	waits(other, card, "begin");
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_SHARING_VIOLATION);
	CHECK(party_do(other, "end 0"), SCARD_S_SUCCESS);
	CHECK(party_do(other, "end 0"), SCARD_E_NOT_TRANSACTED);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	CHECK(party_do(other, "end 1"), SCARD_E_SHARING_VIOLATION);
	CHECK(party_do(other, LEAVE), SCARD_S_SUCCESS); /* that takes nobody's turn */
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	waits(other, card, RESET);
	CHECK(status(card), SCARD_W_RESET_CARD);
}

static void transaction_ended_by_disconnect(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	party_tell(other, "begin");
	CHECK(party_is_silent(other, SILENCE_MS), true);
	CHECK(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(party_hear(other), SCARD_S_SUCCESS);
	CHECK(party_do(other, "transmit"), SCARD_S_SUCCESS);
}

static void transaction_ended_by_release(struct party *other)
{
	SCARDCONTEXT dying;
	SCARDHANDLE card;
	DWORD protocol;

	CHECK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &dying), SCARD_S_SUCCESS);
	CHECK(SCardConnect(dying, reader, SCARD_SHARE_SHARED, T0_T1, &card, &protocol),
	    SCARD_S_SUCCESS);
	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	party_tell(other, "begin");
	CHECK(party_is_silent(other, SILENCE_MS), true);
	CHECK(SCardReleaseContext(dying), SCARD_S_SUCCESS);
	CHECK(party_hear(other), SCARD_W_RESET_CARD);
	CHECK(status(card), SCARD_E_INVALID_HANDLE);
}

static void death_of_the_holder(struct party *other)
{
	struct party *dying = party_new(true);
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(party_do(dying, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(party_do(dying, "begin"), SCARD_S_SUCCESS);
	party_tell(other, "begin");
	CHECK(party_is_silent(other, SILENCE_MS), true);
	party_die(dying);
	CHECK(party_hear(other), SCARD_W_RESET_CARD);
	CHECK(status(card), SCARD_W_RESET_CARD);
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
	/* Without a transaction nothing is reset. */
	dying = party_new(true);
	CHECK(party_do(dying, CONNECT_SHARED), SCARD_S_SUCCESS);
	party_die(dying);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
}

/* Everything but to reconnect and to disconnect fails after a reset by another. */
static void expect_event(SCARDHANDLE card, LONG event)
{
	BYTE atr[MAX_ATR_SIZE];
	DWORD len = sizeof atr;

	CHECK(status(card), event);
	CHECK(transmit(card, SCARD_PCI_T1), event);
	CHECK(SCardBeginTransaction(card), event);
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), event);
	CHECK(SCardGetAttrib(card, 0x00090303, atr, &len), event);
	CHECK(SCardSetAttrib(card, 0x00090303, atr, 1), event);
}

static void resets(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(party_do(other, RECONNECT_RESET), SCARD_S_SUCCESS);
	expect_event(card, SCARD_W_RESET_CARD);
	CHECK(party_do(other, "transmit"), SCARD_S_SUCCESS); /* he knows it */
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
	CHECK(party_do(other, RECONNECT_COLD), SCARD_S_SUCCESS);
	expect_event(card, SCARD_W_RESET_CARD);
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(party_do(other, RESET), SCARD_S_SUCCESS);
	expect_event(card, SCARD_W_RESET_CARD);
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(party_do(other, UNPOWER), SCARD_S_SUCCESS);
	expect_event(card, SCARD_W_RESET_CARD);
}

static void resets_by_transactions(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(party_do(other, "begin"), SCARD_S_SUCCESS);
	CHECK(party_do(other, "end 1"), SCARD_S_SUCCESS);
	expect_event(card, SCARD_W_RESET_CARD);
	CHECK(party_do(other, "status"), SCARD_W_RESET_CARD); /* he himself is told, too */
	CHECK(party_do(other, RECONNECT), SCARD_S_SUCCESS);
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(party_do(other, "begin"), SCARD_S_SUCCESS);
	CHECK(party_do(other, "end 2"), SCARD_S_SUCCESS);
	expect_event(card, SCARD_W_RESET_CARD);
	CHECK(party_do(other, RECONNECT), SCARD_S_SUCCESS);
	CHECK(party_do(other, "begin"), SCARD_S_SUCCESS);
	CHECK(
	    party_do(other, "end 3"), SCARD_E_UNSUPPORTED_FEATURE); /* no motor; but it has ended */
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
}

static void removal(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);

	CHECK(party_do(other, CONNECT_SHARED), SCARD_S_SUCCESS);
	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	eject();
	CHECK(party_do(other, "transmit"), SCARD_W_REMOVED_CARD);
	expect_event(card, SCARD_W_REMOVED_CARD);
	CHECK(reconnect(card), SCARD_E_NO_SMARTCARD);
	insert("handler_test");
	expect_event(card, SCARD_W_REMOVED_CARD);           /* it is another card */
	CHECK(party_do(other, RECONNECT), SCARD_S_SUCCESS); /* and our transaction is over */
	CHECK(party_do(other, "begin"), SCARD_S_SUCCESS);
	CHECK(party_do(other, "end 0"), SCARD_S_SUCCESS);
	CHECK(reconnect(card), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
}

/* Two threads, two handles, one context: who waits must let the other end what he waits for. */
struct begin {
	SCARDHANDLE card;
	LONG result;
};

static void *begin_in_thread(void *arg)
{
	struct begin *begin = arg;

	begin->result = SCardBeginTransaction(begin->card);
	return NULL;
}

static void two_handles_of_one_context(struct party *other)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);
	struct begin begin = { .card = connect_as(SCARD_SHARE_SHARED, T0_T1) };
	pthread_t thread;

	CHECK(SCardBeginTransaction(card), SCARD_S_SUCCESS);
	CHECK(pthread_create(&thread, NULL, begin_in_thread, &begin), 0);
	for (int i = 0; i < 3; i++) {
		CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
		CHECK(party_is_silent(other, SILENCE_MS / 3), true); /* a while */
	}
	CHECK(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(pthread_join(thread, NULL), 0);
	CHECK(begin.result, SCARD_S_SUCCESS);
	CHECK(SCardEndTransaction(begin.card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

/* A card that is taken out while it works: 80 38 takes as long as P2 says. */
static void *work_in_thread(void *arg)
{
	static const BYTE command[] = { 0x80, 0x38, 0x00, 0xFF };
	struct begin *work = arg;
	BYTE response[258];
	DWORD len = sizeof response;

	work->result =
	    SCardTransmit(work->card, SCARD_PCI_T1, command, sizeof command, NULL, response, &len);
	CHECK(len, 0);
	return NULL;
}

static void card_that_dies_while_it_works(struct party *other)
{
	SCARDCONTEXT working;
	struct begin work;
	pthread_t thread;
	DWORD protocol;
	long start = now_ms();

	CHECK(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &working), SCARD_S_SUCCESS);
	CHECK(SCardConnect(working, reader, SCARD_SHARE_SHARED, T0_T1, &work.card, &protocol),
	    SCARD_S_SUCCESS);
	CHECK(transmit(work.card, SCARD_PCI_T1), SCARD_S_SUCCESS);
	CHECK(pthread_create(&thread, NULL, work_in_thread, &work), 0);
	CHECK(party_is_silent(other, SILENCE_MS), true); /* so long it has begun for certain */
	eject();
	CHECK(pthread_join(thread, NULL), 0);
	/* A card in the service's own process finishes what it has begun, for nothing. */
	if (answerer != VPCSCD)
		CHECK(now_ms() - start < 2500, true);
	CHECK(work.result, SCARD_E_NOT_TRANSACTED);
	CHECK(status(work.card), SCARD_W_REMOVED_CARD);
	CHECK(SCardReleaseContext(working), SCARD_S_SUCCESS);
}

/* Runs with both kinds of others. Between cases the card is as new. */
static void with_others(void (*run)(struct party *other))
{
	for (int process = 1; process >= 0; process--) {
		struct party *other;

		request("eject");
		(void)wait_for(SCARD_STATE_EMPTY);
		insert("handler_test");
		other = party_new(process);
		run(other);
		party_free(other);
	}
}

#define CASE(function)                                                                             \
	static void run_##function(void)                                                           \
	{                                                                                          \
		with_others(function);                                                             \
	}

CASE(exclusive)
CASE(exclusive_later)
CASE(transactions)
CASE(transaction_ended_by_disconnect)
CASE(transaction_ended_by_release)
CASE(death_of_the_holder)
CASE(resets)
CASE(resets_by_transactions)
CASE(removal)
CASE(two_handles_of_one_context)
CASE(card_that_dies_while_it_works)

const struct semantics_case cases_of_sharing[] = {
	{ "sharing: exclusive", run_exclusive },
	{ "sharing: exclusive later", run_exclusive_later },
	{ "transactions", run_transactions },
	{ "transaction ended by disconnect", run_transaction_ended_by_disconnect },
	{ "transaction ended by release", run_transaction_ended_by_release },
	{ "transaction ended by death", run_death_of_the_holder },
	{ "resets", run_resets },
	{ "resets by transactions", run_resets_by_transactions },
	{ "removal", run_removal },
	{ "two handles of one context", run_two_handles_of_one_context },
	{ "card that dies while it works", run_card_that_dies_while_it_works },
	{ 0 },
};
