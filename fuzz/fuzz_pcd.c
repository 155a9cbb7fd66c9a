/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card sends to the reader's side: the input is cut into pieces, each with a length of two bytes
 * before it; the card sends one whenever something has been asked, and closes after the last. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "check.h"
#include "fuzz.h"
#include "vpcd/pcd.h"
#include "vpcd/protocol.h"

#define EXCHANGES_MAX 16
#define FAILURES_MAX 3 /* in a row: it has gone for good, most likely */

/* Short: a piece that is cut off costs one of them. */
static const struct pcd_limits limits = { 2, 2, 2, 1, 1, 1000 };

struct card {
	int fd;
	struct bytes input;
};

static void *run_card(void *argument)
{
	struct card *card = argument;
	uint8_t question[256];
	uint16_t len;

	while (bytes_take_u16(&card->input, &len)) {
		struct bytes piece = bytes_first(card->input, len);

		if (recv(card->fd, question, sizeof question, 0) <= 0)
			break;
		if (send(card->fd, piece.data, piece.len, MSG_NOSIGNAL) < 0)
			break;
		card->input = bytes_after(card->input, len);
	}
	(void)shutdown(card->fd, SHUT_RDWR);
	return NULL;
}

/* An application with a driver: what comes of it must be whole and within bounds. */
static void use(struct pcd *pcd)
{
	static const uint8_t command[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	static uint8_t response[VPCD_MESSAGE_MAX];
	uint8_t atr[PCD_ATR_MAX];
	unsigned card = pcd_card(pcd, NULL);

	for (int i = 0, failures = 0; i < EXCHANGES_MAX && failures < FAILURES_MAX; i++) {
		struct writer w;
		int r;

		if (pcd_wait(pcd, card, 2) == 0)
			card = pcd_card(pcd, NULL);
		writer_init(&w, atr, sizeof atr);
		(void)pcd_card(pcd, &w);
		CHECK(writer_done(&w));
		r = pcd_power(pcd, i % 5 < 4);
		if (r == 0 && i % 2 == 0)
			r = pcd_atr(pcd, &w);
		writer_init(&w, response, i % 7 == 6 ? 8 : sizeof response);
		r = pcd_transmit(pcd, BYTES_OF_ARRAY(command), &w);
		CHECK(writer_done(&w));
		failures = r < 0 ? failures + 1 : 0;
		CHECK(r < 0 ? w.len == 0 : r == 0 && w.len >= 2);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct card card = { .input = bytes_of(data, len) };
	struct pcd *pcd = NULL;
	pthread_t thread;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 0;
	card.fd = pair[1];
	CHECK(pthread_create(&thread, NULL, run_card, &card) == 0);
	CHECK(pcd_adopt_take(pair[0], &limits, &pcd) == 0);
	use(pcd);
	pcd_shut(pcd);
	CHECK(pthread_join(thread, NULL) == 0);
	pcd_close(pcd);
	(void)close(pair[1]);
	return 0;
}
