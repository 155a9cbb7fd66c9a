/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's side, against cards that are polite, rude and hostile. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "peer.h"
#include "vpcd/icc.h"
#include "vpcd/pcd.h"
#include "vpcd/protocol.h"

#define GET_ATR "0001 04"
#define ATR "0004 3B800181"
#define CHALLENGE "0005 0084000008"
#define PORT_FIRST 20000 /* below those that the system gives to clients */
#define PORT_COUNT 10000

static const uint8_t challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

/* Where nothing is to end by a limit; where each ends by one; where only the questions for the ATR come quickly. */
static const struct pcd_limits patient = { 60000, 60000, 60000, 60000, 60000, 100000 };
static const struct pcd_limits quick = { 300, 300, 600, 200, 50, 100000 };
static const struct pcd_limits curious = { 60000, 60000, 60000, 400, 50, 100000 };

static uint8_t response_memory[VPCD_MESSAGE_MAX];

static struct pcd *open_on(uint16_t *port, const struct pcd_limits *limits)
{
	static unsigned next;
	struct endpoint endpoint = { .listen = true };
	struct pcd *pcd;
	int r;

	if (next == 0)
		next = (unsigned)getpid();
	do {
		endpoint.port = (uint16_t)(PORT_FIRST + next++ % PORT_COUNT);
		r = pcd_open(&endpoint, 0, limits, &pcd);
	} while (r == ERR_IO && errno == EADDRINUSE);
	assert_int_equal(r, 0);
	*port = endpoint.port;
	return pcd;
}

/* A slot, and a card that has connected to it and been asked for its ATR. */
struct pair {
	struct pcd *pcd;
	uint16_t port;
	int card;
};

static void connect_card(struct pair *pair)
{
	pair->card = peer_connect(pair->port);
	assert_int_equal(pcd_card(pair->pcd, NULL), 0);
	peer_expect_hex(pair->card, GET_ATR);
}

/* No card yet. */
static struct pair open_empty(const struct pcd_limits *limits)
{
	struct pair pair = { .pcd = NULL };

	pair.pcd = open_on(&pair.port, limits);
	return pair;
}

static struct pair open_pair(const struct pcd_limits *limits)
{
	struct pair pair = open_empty(limits);

	connect_card(&pair);
	return pair;
}

/* Which is also proof that the slot still takes a card. */
static void insert(struct pair *pair)
{
	peer_send_hex(pair->card, ATR);
	assert_int_equal(pcd_wait(pair->pcd, 0, PEER_WAIT_MS), 0);
	assert_int_not_equal(pcd_card(pair->pcd, NULL), 0);
}

static void power_up(struct pair *pair)
{
	assert_int_equal(pcd_power(pair->pcd, true), 0);
	peer_expect_hex(pair->card, "0001 01");
}

static struct pair open_powered(const struct pcd_limits *limits)
{
	struct pair pair = open_pair(limits);

	insert(&pair);
	power_up(&pair);
	return pair;
}

static void expect_next_card(struct pair *pair)
{
	connect_card(pair);
	insert(pair);
	power_up(pair);
	peer_close(pair->card);
	pcd_close(pair->pcd);
}

/* What a card does, in a thread of its own, while the reader waits for it. */
struct script {
	int fd;
	const char *before;
	const char *expect;
	const char *send;
	size_t send_filled; /* a message of so many bytes, if not 0 */
	bool slowly;        /* byte by byte */
	bool close;
	pthread_t thread;
};

static void *play(void *argument)
{
	const struct script *script = argument;

	if (script->before != NULL) {
		(void)usleep(20000); /* so that somebody waits for it already */
		peer_send_hex(script->fd, script->before);
	}
	if (script->expect != NULL)
		peer_expect_hex(script->fd, script->expect);
	if (script->send != NULL && script->slowly)
		peer_send_hex_slowly(script->fd, script->send);
	else if (script->send != NULL)
		peer_send_hex(script->fd, script->send);
	if (script->send_filled > 0)
		peer_send_filled(script->fd, script->send_filled, 0x5A);
	if (script->close)
		peer_close(script->fd);
	return NULL;
}

static void start(struct script *script)
{
	assert_int_equal(pthread_create(&script->thread, NULL, play, script), 0);
}

static void finish(struct script *script)
{
	assert_int_equal(pthread_join(script->thread, NULL), 0);
}

static int transmit(struct pcd *pcd, struct writer *response)
{
	writer_init(response, response_memory, sizeof response_memory);
	return pcd_transmit(pcd, BYTES_OF_ARRAY(challenge), response);
}

/* Plays the script during a command, and checks what comes of it. */
static void transmit_against(struct pair *pair, struct script script, int want)
{
	struct writer response;

	script.fd = pair->card;
	start(&script);
	assert_int_equal(transmit(pair->pcd, &response), want);
	if (want < 0)
		assert_int_equal(response.len, 0);
	finish(&script);
}

static void expect_good_exchange(struct pair *pair)
{
	transmit_against(pair, (struct script){ .expect = CHALLENGE, .send = "0002 9000" }, 0);
	assert_memory_equal(response_memory, "\x90\x00", 2);
}

static void a_session_works(void **state)
{
	struct pair pair = open_pair(&patient);
	uint8_t atr[PCD_ATR_MAX];
	struct writer w;
	struct script script = { .expect = GET_ATR, .send = "0003 3B0102" };

	insert(&pair);
	writer_init(&w, atr, sizeof atr);
	assert_int_not_equal(pcd_card(pair.pcd, &w), 0);
	assert_memory_equal(atr, "\x3B\x80\x01\x81", 4);
	/* Known already: not asked for again. */
	assert_int_equal(pcd_atr(pair.pcd, &w), 0);
	assert_int_equal(w.len, 8);
	power_up(&pair);
	script.fd = pair.card;
	start(&script);
	writer_reset(&w);
	assert_int_equal(pcd_atr(pair.pcd, &w), 0);
	finish(&script);
	assert_int_equal(w.len, 3);
	assert_memory_equal(atr, "\x3B\x01\x02", 3);
	expect_good_exchange(&pair);
	assert_int_equal(pcd_reset(pair.pcd), 0);
	peer_expect_hex(pair.card, "0001 02");
	assert_int_equal(pcd_power(pair.pcd, false), 0);
	peer_expect_hex(pair.card, "0001 00");
	peer_expect_nothing(pair.card);
	peer_close(pair.card);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	expect_next_card(&pair);
}

static void without_power_there_is_no_command(void **state)
{
	struct pair pair = open_pair(&patient);
	struct writer response;

	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	insert(&pair);
	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	power_up(&pair);
	assert_int_equal(pcd_power(pair.pcd, false), 0);
	peer_expect_hex(pair.card, "0001 00");
	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	peer_expect_nothing(pair.card);
	peer_close(pair.card);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	expect_next_card(&pair);
}

static void each_card_has_its_number(void **state)
{
	struct pair pair = open_pair(&patient);
	struct writer response;
	unsigned number;

	insert(&pair);
	number = pcd_card(pair.pcd, NULL);
	power_up(&pair);
	peer_close(pair.card);
	connect_card(&pair);
	insert(&pair);
	assert_int_not_equal(pcd_card(pair.pcd, NULL), number);
	/* The new one has no power. */
	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

/* In place of an ATR: what is sent, whether the card closes then, and whether it is a card. */
static const struct {
	const char *name;
	const char *send;
	size_t filled;
	bool closes;
	bool stays; /* the connection does, without a card */
} atrs[] = {
	{ .name = "nothing", .closes = true },
	{ .name = "one byte and closes", .send = "00", .closes = true },
	{ .name = "one byte and stays", .send = "00" },
	{ .name = "a length and stays", .send = "0004" },
	{ .name = "half an ATR and closes", .send = "0004 3B80", .closes = true },
	{ .name = "half an ATR and stays", .send = "0004 3B80" },
	{ .name = "claims 65535 bytes and closes", .send = "FFFF 3B", .closes = true },
	{ .name = "claims 65535 bytes and stays", .send = "FFFF 3B" },
	{ .name = "never answers" },
	{ .name = "an empty message", .send = "0000", .stays = true },
	{ .name = "34 bytes", .filled = 34 },
	{ .name = "255 bytes", .filled = 255 },
	{ .name = "65535 bytes", .filled = 65535 },
};

static void wrong_atrs_make_no_card(void **state)
{
	struct pair pair = open_empty(&quick);
	unsigned before = peer_count_descriptors();

	for (size_t i = 0; i < COUNT(atrs); i++) {
		struct script script = {
			.send = atrs[i].send, .send_filled = atrs[i].filled, .close = atrs[i].closes
		};

		connect_card(&pair);
		script.fd = pair.card;
		start(&script);
		finish(&script);
		/* Long enough for the limit on the ATR to pass. */
		if (pcd_wait(pair.pcd, 0, 400) != ERR_TIMEOUT)
			fail_msg("%s: taken for a card", atrs[i].name);
		if (!atrs[i].closes && !atrs[i].stays)
			peer_expect_close(pair.card);
		if (!atrs[i].closes)
			peer_close(pair.card);
		assert_int_equal(pcd_wait(pair.pcd, 0, 0), ERR_TIMEOUT);
		assert_int_equal(peer_count_descriptors(), before);
	}
	expect_next_card(&pair);
}

static void atrs_of_1_and_33_bytes_are_taken(void **state)
{
	static const size_t lengths[] = { 1, 2, 32, 33 };
	struct pair pair = open_empty(&patient);

	for (size_t i = 0; i < COUNT(lengths); i++) {
		uint8_t atr[PCD_ATR_MAX];
		struct writer w;

		connect_card(&pair);
		peer_send_filled(pair.card, lengths[i], 0x3B);
		assert_int_equal(pcd_wait(pair.pcd, 0, PEER_WAIT_MS), 0);
		writer_init(&w, atr, sizeof atr);
		assert_int_not_equal(pcd_card(pair.pcd, &w), 0);
		assert_int_equal(w.len, lengths[i]);
		peer_close(pair.card);
		assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	}
	expect_next_card(&pair);
}

/* In place of a response. */
static const struct {
	const char *name;
	struct script script;
	int want;
} responses[] = {
	{ "closes", { .close = true }, ERR_CLOSED },
	{ "one byte and closes", { .send = "00", .close = true }, ERR_CLOSED },
	{ "one byte and stays", { .send = "00" }, ERR_TIMEOUT },
	{ "a length and closes", { .send = "0002", .close = true }, ERR_CLOSED },
	{ "a length and stays", { .send = "0002" }, ERR_TIMEOUT },
	{ "cut off and closes", { .send = "0004 01029000", .close = true }, 0 },
	{ "cut off by one and closes", { .send = "0005 01029000", .close = true }, ERR_CLOSED },
	{ "cut off by one and stays", { .send = "0005 01029000" }, ERR_TIMEOUT },
	{ "claims 65535 bytes and stays", { .send = "FFFF 9000" }, ERR_TIMEOUT },
	{ "never answers", { .send = NULL }, ERR_TIMEOUT },
	{ "an empty message", { .send = "0000" }, ERR_PROTOCOL },
	{ "one byte", { .send = "0001 90" }, ERR_PROTOCOL },
	{ "an empty message and closes", { .send = "0000", .close = true }, ERR_PROTOCOL },
	{ "65535 bytes", { .send_filled = 65535 }, 0 },
	{ "byte by byte", { .send = "0004 01029000", .slowly = true }, 0 },
	{ "two responses", { .send = "0002 9000 0002 6A82" }, 0 },
};

static void wrong_responses_end_the_connection(void **state)
{
	for (size_t i = 0; i < COUNT(responses); i++) {
		struct script script = responses[i].script;
		struct pair pair = open_empty(responses[i].want == ERR_TIMEOUT ? &quick : &patient);
		unsigned before = peer_count_descriptors();

		connect_card(&pair);
		insert(&pair);
		power_up(&pair);
		script.expect = CHALLENGE;
		print_message("# %s\n", responses[i].name);
		transmit_against(&pair, script, responses[i].want);
		if (responses[i].want == 0 && !script.close)
			expect_good_exchange(&pair);
		else if (!script.close)
			peer_expect_close(pair.card);
		if (!script.close)
			peer_close(pair.card);
		assert_int_equal(pcd_card(pair.pcd, NULL), 0);
		assert_int_equal(peer_count_descriptors(), before);
		expect_next_card(&pair);
	}
}

static void limits_are_kept(void **state)
{
	struct pair pair = open_powered(&quick);
	struct writer response;
	int64_t begun = peer_now_ms();

	assert_int_equal(transmit(pair.pcd, &response), ERR_TIMEOUT);
	assert_in_range(peer_now_ms() - begun, quick.command_ms, PEER_WAIT_MS);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	peer_expect_close(pair.card);
	peer_close(pair.card);
	expect_next_card(&pair);
}

static void a_short_limit_is_kept_beside_long_ones(void **state)
{
	struct pcd_limits limits = patient;
	struct writer response;
	struct pair pair;
	int64_t begun;

	limits.command_ms = 400;
	pair = open_powered(&limits);
	begun = peer_now_ms();
	assert_int_equal(transmit(pair.pcd, &response), ERR_TIMEOUT);
	assert_in_range(peer_now_ms() - begun, limits.command_ms, PEER_WAIT_MS);
	peer_close(pair.card);
	expect_next_card(&pair);
}

/* A card that sends a byte of its response whenever it may, and so never lets a single wait pass. */
static void *trickle(void *argument)
{
	int fd = *(const int *)argument;

	peer_expect_hex(fd, CHALLENGE);
	peer_send_hex(fd, "FFFF");
	while (peer_try_send(fd, 0x5A))
		(void)usleep(20000);
	return NULL;
}

static void a_trickle_does_not_last_for_ever(void **state)
{
	struct pcd_limits limits = patient;
	struct writer response;
	struct pair pair;
	pthread_t thread;
	int64_t begun;

	limits.message_ms = 300;
	pair = open_powered(&limits);
	begun = peer_now_ms();
	assert_int_equal(pthread_create(&thread, NULL, trickle, &pair.card), 0);
	assert_int_equal(transmit(pair.pcd, &response), ERR_TIMEOUT);
	assert_in_range(peer_now_ms() - begun, limits.message_ms, PEER_WAIT_MS);
	assert_int_equal(pthread_join(thread, NULL), 0);
	peer_close(pair.card);
	expect_next_card(&pair);
}

static void a_response_that_does_not_fit_is_not_cut(void **state)
{
	struct pair pair = open_powered(&patient);
	struct script script = { .fd = pair.card, .expect = CHALLENGE, .send_filled = 11 };
	struct writer response;

	start(&script);
	writer_init(&response, response_memory, 10);
	assert_int_equal(pcd_transmit(pair.pcd, BYTES_OF_ARRAY(challenge), &response), ERR_LIMIT);
	finish(&script);
	assert_int_equal(response.len, 0);
	/* The card has done nothing wrong. */
	expect_good_exchange(&pair);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void a_command_that_is_no_message_is_not_sent(void **state)
{
	static uint8_t command[VPCD_MESSAGE_MAX + 1];
	static const size_t lengths[] = { 0, 1, VPCD_MESSAGE_MAX + 1 };
	struct pair pair = open_powered(&patient);
	struct writer response;

	writer_init(&response, response_memory, sizeof response_memory);
	for (size_t i = 0; i < COUNT(lengths); i++)
		assert_int_equal(
		    pcd_transmit(pair.pcd, bytes_of(command, lengths[i]), &response), ERR_LIMIT);
	peer_expect_nothing(pair.card);
	expect_good_exchange(&pair);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

/* Reads the longest command and answers it. */
static void *answer_longest(void *argument)
{
	int fd = *(const int *)argument;
	uint8_t *command = malloc(VPCD_MESSAGE_MAX);

	assert_non_null(command);
	assert_int_equal(peer_receive(fd, command, VPCD_MESSAGE_MAX), VPCD_MESSAGE_MAX);
	peer_send_filled(fd, VPCD_MESSAGE_MAX, command[VPCD_MESSAGE_MAX - 1]);
	free(command);
	return NULL;
}

static void the_longest_command_and_response_pass(void **state)
{
	static uint8_t command[VPCD_MESSAGE_MAX];
	struct pair pair = open_powered(&patient);
	struct writer response;
	pthread_t thread;

	memset(command, 0xC3, sizeof command);
	assert_int_equal(pthread_create(&thread, NULL, answer_longest, &pair.card), 0);
	writer_init(&response, response_memory, sizeof response_memory);
	assert_int_equal(pcd_transmit(pair.pcd, BYTES_OF_ARRAY(command), &response), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(bytes_equal(writer_bytes(&response), BYTES_OF_ARRAY(command)));
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void a_card_that_takes_nothing_is_mute(void **state)
{
	static uint8_t command[VPCD_MESSAGE_MAX];
	struct pair pair = open_powered(&quick);
	struct writer response;
	int r = ERR_TIMEOUT;

	/* Each command fails, for want of a response or of room; and each ends the connection. */
	writer_init(&response, response_memory, sizeof response_memory);
	peer_shrink(pair.card);
	r = pcd_transmit(pair.pcd, BYTES_OF_ARRAY(command), &response);
	assert_int_equal(r, ERR_TIMEOUT);
	peer_close(pair.card);
	expect_next_card(&pair);
}

static void unasked_messages_are_ignored(void **state)
{
	struct pair pair = open_powered(&patient);

	peer_send_hex(pair.card, "0002 6A82 0000 0001 04 0004 11223344");
	expect_good_exchange(&pair);
	for (int i = 0; i < 8; i++)
		peer_send_filled(pair.card, 8192, 0x77);
	expect_good_exchange(&pair);
	/* One of which the rest comes only after the command. */
	peer_send_hex(pair.card, "0004 6A82");
	transmit_against(
	    &pair, (struct script){ .expect = CHALLENGE, .send = "FFFF 0002 9000" }, 0);
	assert_memory_equal(response_memory, "\x90\x00", 2);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

#ifdef PORTABLE_SOCKETS
#define SEES_END_BEHIND_BYTES false /* not before the card is asked again */
#else
#define SEES_END_BEHIND_BYTES true
#endif

static void unasked_messages_do_not_hide_the_end(void **state)
{
	struct pair pair = open_powered(SEES_END_BEHIND_BYTES ? &patient : &curious);
	unsigned card = pcd_card(pair.pcd, NULL);

	peer_send_filled(pair.card, 40000, 0x77);
	peer_close(pair.card);
	assert_int_equal(pcd_wait(pair.pcd, card, PEER_WAIT_MS), 0);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	expect_next_card(&pair);
}

static void a_begun_message_is_not_the_answer(void **state)
{
	struct pair pair = open_powered(&curious);
	unsigned card = pcd_card(pair.pcd, NULL);

	peer_send_hex(pair.card, "0004 6A82");
	assert_int_equal(pcd_wait(pair.pcd, card, curious.check_ms + 50), ERR_TIMEOUT);
	peer_expect_hex(pair.card, GET_ATR);
	peer_send_hex(pair.card, "6A82 " ATR);
	assert_int_equal(pcd_wait(pair.pcd, card, curious.check_ms + 50), ERR_TIMEOUT);
	/* It was content with that, and asks again. */
	peer_expect_hex(pair.card, GET_ATR);
	peer_close(pair.card);
	assert_int_equal(pcd_wait(pair.pcd, card, PEER_WAIT_MS), 0);
	expect_next_card(&pair);
}

static void too_many_unasked_messages_end_the_connection(void **state)
{
	static const uint8_t message[] = { 0x00, 0x02, 0x6A, 0x82 };
	struct pcd_limits limits = patient;
	struct pair pair;
	struct writer response;

	limits.unasked_max = 10 * sizeof message;
	pair = open_powered(&limits);
	for (int i = 0; i < 10; i++)
		peer_send(pair.card, BYTES_OF_ARRAY(message));
	expect_good_exchange(&pair);
	for (int i = 0; i < 11; i++)
		peer_send(pair.card, BYTES_OF_ARRAY(message));
	assert_int_equal(transmit(pair.pcd, &response), ERR_PROTOCOL);
	assert_int_equal(response.len, 0);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	peer_close(pair.card);
	expect_next_card(&pair);
}

/* Sends as long as the other side takes it. */
static void *flood(void *argument)
{
	int fd = *(const int *)argument;

	while (peer_try_send_many(fd, 0x00))
		;
	return NULL;
}

static void a_flood_ends_the_connection(void **state)
{
	struct pair pair = open_powered(&patient);
	struct writer response;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, flood, &pair.card), 0);
	/* Of empty messages, which are a wrong answer as well. */
	assert_int_equal(transmit(pair.pcd, &response), ERR_PROTOCOL);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	peer_close(pair.card);
	expect_next_card(&pair);
}

static void waiting_sees_the_card_go_and_come(void **state)
{
	struct pair pair = open_pair(&patient);
	unsigned card;

	insert(&pair);
	card = pcd_card(pair.pcd, NULL);
	assert_int_equal(pcd_wait(pair.pcd, card, 20), ERR_TIMEOUT);
	/* An event ends the wait, or else it would last until the card is asked again. */
	peer_close(pair.card);
	assert_int_equal(pcd_wait(pair.pcd, card, PEER_WAIT_MS), 0);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	expect_next_card(&pair);
}

static void one_card_at_a_time(void **state)
{
	struct pair pair = open_powered(&patient);
	int first = pair.card;
	int second = peer_connect(pair.port);

	/* It waits, and nothing is asked of it. */
	assert_int_equal(pcd_wait(pair.pcd, pcd_card(pair.pcd, NULL), 20), ERR_TIMEOUT);
	peer_expect_nothing(second);
	expect_good_exchange(&pair);
	peer_close(first);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	peer_expect_hex(second, GET_ATR);
	pair.card = second;
	insert(&pair);
	peer_close(second);
	pcd_close(pair.pcd);
}

/* virt_cacard tells so that its card has been taken out. */
static void an_empty_atr_takes_the_card_out(void **state)
{
	struct pair pair = open_powered(&curious);
	unsigned card = pcd_card(pair.pcd, NULL);
	struct writer response;

	assert_int_equal(pcd_wait(pair.pcd, card, curious.check_ms + 50), ERR_TIMEOUT);
	peer_expect_hex(pair.card, GET_ATR);
	peer_send_hex(pair.card, "0000");
	assert_int_equal(pcd_wait(pair.pcd, card, PEER_WAIT_MS), 0);
	assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	/* And puts it in again: it is asked, and has no power. */
	assert_int_equal(pcd_wait(pair.pcd, 0, 2 * curious.empty_ms), ERR_TIMEOUT);
	peer_expect_hex(pair.card, GET_ATR);
	insert(&pair);
	assert_int_not_equal(pcd_card(pair.pcd, NULL), card);
	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	power_up(&pair);
	expect_good_exchange(&pair);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void another_atr_is_another_card(void **state)
{
	struct pair pair = open_powered(&curious);
	unsigned card = pcd_card(pair.pcd, NULL);
	struct writer response;

	assert_int_equal(pcd_wait(pair.pcd, card, curious.check_ms + 50), ERR_TIMEOUT);
	peer_expect_hex(pair.card, GET_ATR);
	peer_send_hex(pair.card, "0002 3B00");
	assert_int_equal(pcd_wait(pair.pcd, card, PEER_WAIT_MS), 0);
	assert_int_not_equal(pcd_card(pair.pcd, NULL), 0);
	assert_int_equal(transmit(pair.pcd, &response), ERR_NO_CARD);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void a_command_waits_for_an_open_question(void **state)
{
	struct pair pair = open_powered(&curious);
	unsigned card = pcd_card(pair.pcd, NULL);

	assert_int_equal(pcd_wait(pair.pcd, card, curious.check_ms + 50), ERR_TIMEOUT);
	peer_expect_hex(pair.card, GET_ATR);
	transmit_against(
	    &pair, (struct script){ .before = ATR, .expect = CHALLENGE, .send = "0002 9000" }, 0);
	assert_memory_equal(response_memory, "\x90\x00", 2);
	/* The card that it turns out to be may be another one, which has no power. */
	assert_int_equal(pcd_wait(pair.pcd, card, curious.check_ms + 50), ERR_TIMEOUT);
	peer_expect_hex(pair.card, GET_ATR);
	transmit_against(&pair, (struct script){ .before = "0002 3B00" }, ERR_NO_CARD);
	peer_expect_nothing(pair.card);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void a_busy_card_is_not_asked(void **state)
{
	struct pair pair = open_powered(&curious);
	unsigned card = pcd_card(pair.pcd, NULL);
	int64_t until = peer_now_ms() + 3 * curious.check_ms;

	while (peer_now_ms() < until) {
		expect_good_exchange(&pair);
		assert_int_equal(pcd_wait(pair.pcd, card, 10), ERR_TIMEOUT);
		peer_expect_nothing(pair.card);
	}
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void ten_thousand_may_come_and_go(void **state)
{
	struct pair pair = open_empty(&patient);
	unsigned before = peer_count_descriptors();
	int64_t begun = peer_now_ms();

	for (int i = 0; i < 10000; i++) {
		int fd = peer_connect(pair.port);

		if (i % 3 == 0)
			peer_abort(fd);
		else
			peer_close(fd);
		assert_int_equal(pcd_wait(pair.pcd, 0, 0), ERR_TIMEOUT);
	}
	assert_in_range(peer_now_ms() - begun, 0, 60000);
	assert_int_equal(peer_count_descriptors(), before);
	expect_next_card(&pair);
}

static void a_used_port_is_refused(void **state)
{
	uint16_t port;
	struct pcd *first = open_on(&port, &patient);
	struct endpoint endpoint = { .listen = true, .port = port };
	unsigned before = peer_count_descriptors();
	struct pcd *second = NULL;

	assert_int_equal(pcd_open(&endpoint, 0, &patient, &second), ERR_IO);
	assert_int_equal(errno, EADDRINUSE);
	assert_null(second);
	assert_int_equal(peer_count_descriptors(), before);
	pcd_close(first);
	/* Also at once after connections were there. */
	assert_int_equal(pcd_open(&endpoint, 0, &patient, &second), 0);
	pcd_close(second);
	endpoint.port = 65535;
	assert_int_equal(pcd_open(&endpoint, 1, &patient, &second), ERR_LIMIT);
}

/* A call that waits, in a thread of its own. */
struct call {
	struct pcd *pcd;
	bool waits; /* for another card than known; else for a response */
	unsigned known;
	int result;
	pthread_t thread;
};

static void *run_call(void *argument)
{
	struct call *call = argument;
	uint8_t memory[16];
	struct writer response;

	writer_init(&response, memory, sizeof memory);
	call->result = call->waits ? pcd_wait(call->pcd, call->known, -1)
	                           : pcd_transmit(call->pcd, BYTES_OF_ARRAY(challenge), &response);
	return NULL;
}

static void start_call(struct call *call)
{
	call->known = pcd_card(call->pcd, NULL);
	assert_int_equal(pthread_create(&call->thread, NULL, run_call, call), 0);
}

static int finish_call(struct call *call)
{
	assert_int_equal(pthread_join(call->thread, NULL), 0);
	return call->result;
}

static void shutting_ends_every_call(void **state)
{
	struct pair pair = open_powered(&patient);
	struct call waiting = { .pcd = pair.pcd, .waits = true };
	struct call sending = { .pcd = pair.pcd };
	int64_t begun;

	start_call(&waiting);
	start_call(&sending);
	peer_expect_hex(pair.card, CHALLENGE);
	begun = peer_now_ms();
	pcd_shut(pair.pcd);
	assert_int_equal(finish_call(&sending), ERR_INTERRUPTED);
	assert_int_equal(finish_call(&waiting), ERR_INTERRUPTED);
	assert_in_range(peer_now_ms() - begun, 0, PEER_WAIT_MS);
	assert_int_equal(pcd_wait(pair.pcd, 0, -1), ERR_INTERRUPTED);
	assert_int_equal(pcd_power(pair.pcd, true), ERR_INTERRUPTED);
	peer_expect_close(pair.card);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void interrupting_ends_the_wait_alone(void **state)
{
	struct pair pair = open_powered(&patient);
	struct call waiting = { .pcd = pair.pcd, .waits = true };
	struct call sending = { .pcd = pair.pcd };

	start_call(&waiting);
	start_call(&sending);
	peer_expect_hex(pair.card, CHALLENGE);
	pcd_interrupt(pair.pcd);
	assert_int_equal(finish_call(&waiting), ERR_INTERRUPTED);
	peer_send_hex(pair.card, "0002 9000");
	assert_int_equal(finish_call(&sending), 0);
	/* One without a wait ends the next one, once. */
	pcd_interrupt(pair.pcd);
	assert_int_equal(pcd_wait(pair.pcd, pcd_card(pair.pcd, NULL), -1), ERR_INTERRUPTED);
	assert_int_equal(pcd_wait(pair.pcd, pcd_card(pair.pcd, NULL), 10), ERR_TIMEOUT);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

static void a_card_that_leaves_during_a_command_is_seen_at_once(void **state)
{
	struct pair pair = open_powered(&patient);
	struct call waiting = { .pcd = pair.pcd, .waits = true };
	struct call sending = { .pcd = pair.pcd };

	start_call(&waiting);
	start_call(&sending);
	peer_expect_hex(pair.card, CHALLENGE);
	peer_close(pair.card);
	assert_int_equal(finish_call(&sending), ERR_CLOSED);
	assert_int_equal(finish_call(&waiting), 0);
	expect_next_card(&pair);
}

static void a_card_that_answers_and_leaves_is_seen_at_once(void **state)
{
	struct pair pair = open_empty(&patient);

	/* Often: the end may come before or after the one who waited for the answer has it. */
	for (int i = 0; i < 100; i++) {
		struct call waiting = { .pcd = pair.pcd, .waits = true };
		struct call sending = { .pcd = pair.pcd };
		int64_t begun;

		connect_card(&pair);
		insert(&pair);
		power_up(&pair);
		start_call(&waiting);
		start_call(&sending);
		peer_expect_hex(pair.card, CHALLENGE);
		begun = peer_now_ms();
		peer_send_hex(pair.card, "0002 9000");
		peer_close(pair.card);
		assert_int_equal(finish_call(&sending), 0);
		assert_int_equal(finish_call(&waiting), 0);
		assert_in_range(peer_now_ms() - begun, 0, PEER_WAIT_MS);
	}
	expect_next_card(&pair);
}

static void looking_does_not_leave_the_waiter_behind(void **state)
{
	struct pair pair = open_empty(&patient);

	/* Often: either may be the one who accepts the connection. */
	for (int i = 0; i < 100; i++) {
		struct call waiting = { .pcd = pair.pcd, .waits = true };

		start_call(&waiting);
		connect_card(&pair);
		peer_send_hex(pair.card, ATR);
		assert_int_equal(finish_call(&waiting), 0);
		peer_close(pair.card);
		assert_int_equal(pcd_card(pair.pcd, NULL), 0);
	}
	expect_next_card(&pair);
}

static void a_queue_of_the_gone_holds_nobody_up(void **state)
{
	struct pair pair = open_empty(&patient);

	for (int i = 0; i < 50; i++)
		peer_close(peer_connect(pair.port));
	/* Looking once is enough. */
	connect_card(&pair);
	insert(&pair);
	peer_close(pair.card);
	pcd_close(pair.pcd);
}

/* Opens a slot that connects to the port of 127.0.0.1. */
static struct pcd *open_to(uint16_t port)
{
	struct endpoint endpoint = { .host = "127.0.0.1", .port = port };
	struct pcd *pcd = NULL;

	assert_int_equal(pcd_open(&endpoint, 0, &quick, &pcd), 0);
	return pcd;
}

static void connecting_goes_on_until_somebody_listens(void **state)
{
	struct icc *icc = icc_new();
	struct pair pair = { .card = -1 };

	assert_int_equal(icc_listen(icc, "127.0.0.1", 0), 0);
	pair.port = icc_port(icc);
	icc_free(icc);
	pair.pcd = open_to(pair.port);
	assert_int_equal(pcd_wait(pair.pcd, 0, 300), ERR_TIMEOUT);
	icc = icc_new();
	assert_int_equal(icc_listen(icc, "127.0.0.1", pair.port), 0);
	for (int i = 0; i < 3; i++) {
		struct icc_message message;
		struct call waiting = { .pcd = pair.pcd, .waits = true };
		static const uint8_t atr[] = { 0x3B, 0x00 };

		/* As vicc -R does, after each disconnect. */
		start_call(&waiting);
		assert_int_equal(icc_accept(icc), 0);
		assert_int_equal(icc_next(icc, &message), 0);
		assert_int_equal(message.kind, ICC_GET_ATR);
		assert_int_equal(icc_answer(icc, BYTES_OF_ARRAY(atr)), 0);
		assert_int_equal(finish_call(&waiting), 0);
		assert_int_not_equal(pcd_card(pair.pcd, NULL), 0);
		start_call(&waiting);
		assert_int_equal(icc_connect(icc, "127.0.0.1", 9, PEER_WAIT_MS), ERR_IO);
		assert_int_equal(finish_call(&waiting), 0);
	}
	icc_free(icc);
	pcd_close(pair.pcd);
}

static void a_dead_host_stops_nobody(void **state)
{
	/* TEST-NET-1 (RFC 5737), and a name that no server has (RFC 6761): dead, and unknown. */
	static const char *const hosts[] = { "192.0.2.77", "no.such.host.invalid" };

	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct endpoint endpoint = { .port = 9 };
		struct pcd *pcd = NULL;
		int64_t begun = peer_now_ms();
		unsigned before = peer_count_descriptors();

		memcpy(endpoint.host, hosts[i], strlen(hosts[i]) + 1);
		assert_int_equal(pcd_open(&endpoint, 0, &patient, &pcd), 0);
		for (int k = 0; k < 50; k++)
			assert_int_equal(pcd_card(pcd, NULL), 0);
		assert_int_equal(pcd_wait(pcd, 0, 100), ERR_TIMEOUT);
		pcd_interrupt(pcd);
		assert_int_equal(pcd_wait(pcd, 0, -1), ERR_INTERRUPTED);
		pcd_shut(pcd);
		pcd_close(pcd);
		/* It is given up after 10 s. */
		assert_in_range(peer_now_ms() - begun, 0, 9000);
		peer_await_descriptors(before);
	}
}

static void the_environment_sets_limits(void **state)
{
	struct endpoint endpoint = { .listen = true };
	struct pcd_limits limits;

	pcd_limits_read(&endpoint, &limits);
	assert_int_equal(limits.atr_ms, 10000);
	assert_int_equal(limits.message_ms, 10000);
	assert_int_equal(limits.command_ms, 60000);
	assert_int_equal(setenv("VPCD_TIMEOUT_ATR", "1", 1), 0);
	assert_int_equal(setenv("VPCD_TIMEOUT_MESSAGE", "0x10", 1), 0);
	assert_int_equal(setenv("VPCD_TIMEOUT_COMMAND", "86400", 1), 0);
	pcd_limits_read(&endpoint, &limits);
	assert_int_equal(limits.atr_ms, 1000);
	assert_int_equal(limits.message_ms, 16000);
	assert_int_equal(limits.command_ms, 86400000);
	endpoint.timeout_s = 5;
	pcd_limits_read(&endpoint, &limits);
	assert_int_equal(limits.command_ms, 5000);
	assert_int_equal(setenv("VPCD_TIMEOUT_ATR", "0", 1), 0);
	assert_int_equal(setenv("VPCD_TIMEOUT_MESSAGE", "never", 1), 0);
	pcd_limits_read(&endpoint, &limits);
	assert_int_equal(limits.atr_ms, 10000);
	assert_int_equal(limits.message_ms, 10000);
	assert_int_equal(unsetenv("VPCD_TIMEOUT_ATR"), 0);
	assert_int_equal(unsetenv("VPCD_TIMEOUT_MESSAGE"), 0);
	assert_int_equal(unsetenv("VPCD_TIMEOUT_COMMAND"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_works),
		cmocka_unit_test(without_power_there_is_no_command),
		cmocka_unit_test(each_card_has_its_number),
		cmocka_unit_test(wrong_atrs_make_no_card),
		cmocka_unit_test(atrs_of_1_and_33_bytes_are_taken),
		cmocka_unit_test(wrong_responses_end_the_connection),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(a_short_limit_is_kept_beside_long_ones),
		cmocka_unit_test(a_trickle_does_not_last_for_ever),
		cmocka_unit_test(a_response_that_does_not_fit_is_not_cut),
		cmocka_unit_test(a_command_that_is_no_message_is_not_sent),
		cmocka_unit_test(the_longest_command_and_response_pass),
		cmocka_unit_test(a_card_that_takes_nothing_is_mute),
		cmocka_unit_test(unasked_messages_are_ignored),
		cmocka_unit_test(unasked_messages_do_not_hide_the_end),
		cmocka_unit_test(a_begun_message_is_not_the_answer),
		cmocka_unit_test(too_many_unasked_messages_end_the_connection),
		cmocka_unit_test(a_flood_ends_the_connection),
		cmocka_unit_test(waiting_sees_the_card_go_and_come),
		cmocka_unit_test(one_card_at_a_time),
		cmocka_unit_test(an_empty_atr_takes_the_card_out),
		cmocka_unit_test(another_atr_is_another_card),
		cmocka_unit_test(a_command_waits_for_an_open_question),
		cmocka_unit_test(a_busy_card_is_not_asked),
		cmocka_unit_test(ten_thousand_may_come_and_go),
		cmocka_unit_test(a_used_port_is_refused),
		cmocka_unit_test(shutting_ends_every_call),
		cmocka_unit_test(interrupting_ends_the_wait_alone),
		cmocka_unit_test(a_card_that_leaves_during_a_command_is_seen_at_once),
		cmocka_unit_test(a_card_that_answers_and_leaves_is_seen_at_once),
		cmocka_unit_test(looking_does_not_leave_the_waiter_behind),
		cmocka_unit_test(a_queue_of_the_gone_holds_nobody_up),
		cmocka_unit_test(connecting_goes_on_until_somebody_listens),
		cmocka_unit_test(a_dead_host_stops_nobody),
		cmocka_unit_test(the_environment_sets_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
