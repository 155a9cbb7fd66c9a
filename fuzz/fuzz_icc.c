/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader sends to the card's side: the input, over a pair of sockets, in pieces whose length
 * its first byte tells. What is understood must be what a plain reading of the protocol gives. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "check.h"
#include "fuzz.h"
#include "vpcd/icc.h"
#include "vpcd/protocol.h"

#define INPUT_MAX 70000 /* with PIECES_MAX, less than what a socket holds */
#define PIECES_MAX 32

/* The next message that is not to be passed over. False: none is complete. */
static bool read_plainly(struct bytes *rest, struct bytes *out)
{
	uint16_t len;

	while (bytes_take_u16(rest, &len) && bytes_take(rest, len, out)) {
		if (len > 1)
			return true;
		if (len == 1 && (out->data[0] <= VPCD_RESET || out->data[0] == VPCD_GET_ATR))
			return true;
	}
	return false;
}

static enum icc_kind kind_of(struct bytes message)
{
	if (message.len > 1)
		return ICC_COMMAND;
	switch (message.data[0]) {
	case VPCD_POWER_OFF:
		return ICC_POWER_OFF;
	case VPCD_POWER_ON:
		return ICC_POWER_ON;
	case VPCD_RESET:
		return ICC_RESET;
	default:
		return ICC_GET_ATR;
	}
}

/* Receives everything, and compares. */
static void follow(struct icc *icc, struct bytes input)
{
	struct icc_message message;
	struct bytes want;
	int r;

	while ((r = icc_next(icc, &message)) == 0) {
		CHECK(read_plainly(&input, &want));
		CHECK(message.kind == kind_of(want));
		CHECK(message.kind != ICC_COMMAND || bytes_equal(message.command, want));
	}
	CHECK(r == ERR_CLOSED);
	CHECK(!read_plainly(&input, &want));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct icc *icc = icc_new();
	struct bytes rest = bytes_of(data, len);
	int pair[2];
	uint8_t piece;

	CHECK(icc != NULL);
	if (len > INPUT_MAX || !bytes_take_u8(&rest, &piece) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		goto out;
	CHECK(icc_adopt_take(icc, pair[0]) == 0);
	for (struct bytes left = rest; left.len > 0;) {
		struct bytes now = bytes_first(left, piece + rest.len / PIECES_MAX + 1);
		ssize_t n = send(pair[1], now.data, now.len, MSG_NOSIGNAL);

		CHECK(n > 0);
		left = bytes_after(left, (size_t)n);
	}
	CHECK(shutdown(pair[1], SHUT_WR) == 0);
	follow(icc, rest);
	(void)close(pair[1]);
out:
	icc_free(icc);
	return 0;
}
