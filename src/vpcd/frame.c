/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of a vpcd connection. A message that arrives whole costs one system call. */
#include "vpcd/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/net.h"
#include "base/secret.h"

bool frame_init(struct frame *f)
{
	*f = (struct frame){ .data = malloc(FRAME_MAX) };
	return f->data != NULL;
}

void frame_done(struct frame *f)
{
	frame_clear(f);
	free(f->data);
	f->data = NULL;
}

void frame_clear(struct frame *f)
{
	if (f->used > 0)
		secret_wipe(f->data, f->used);
	f->start = f->end = f->used = 0;
}

bool frame_take(struct frame *f, struct bytes *out)
{
	struct bytes rest = bytes_of(f->data + f->start, f->end - f->start);
	struct bytes message;
	uint16_t len;

	if (!bytes_take_u16(&rest, &len) || !bytes_take(&rest, len, &message))
		return false;
	f->start = f->end - rest.len;
	*out = message;
	return true;
}

size_t frame_begun(const struct frame *f)
{
	return f->end - f->start;
}

/* Makes room for the longest message behind what is there. */
static void make_room(struct frame *f)
{
	if (f->start == f->end) {
		f->start = f->end = 0;
	} else if (f->start > 0) {
		memmove(f->data, f->data + f->start, f->end - f->start);
		f->end -= f->start;
		f->start = 0;
	}
}

static void note(struct frame *f, size_t got)
{
	f->end += got;
	if (f->used < f->end)
		f->used = f->end;
}

int frame_fill_now(struct frame *f, int fd)
{
	size_t got;
	int r;

	make_room(f);
	r = net_receive_now(fd, f->data + f->end, FRAME_MAX - f->end, &got);
	if (r == 0)
		note(f, got);
	return r;
}

/* Waits for bytes until the deadline. quick: the limit of the socket is not after it. */
static int fill(struct frame *f, int fd, int64_t deadline, bool quick)
{
	int r = NET_LATER;

	if (quick) {
		size_t got;

		make_room(f);
		r = net_receive(fd, f->data + f->end, FRAME_MAX - f->end, &got);
		if (r == 0)
			note(f, got);
	}
	while (r == NET_LATER) {
		r = net_wait_one(fd, NET_READABLE, deadline);
		if (r == 0)
			r = frame_fill_now(f, fd);
	}
	return r;
}

int frame_receive(struct frame *f, int fd, int64_t until, int rest_ms, struct bytes *out)
{
	bool quick = true;
	int64_t deadline;
	int r;

	if (frame_take(f, out))
		return 0;
	if (frame_begun(f) == 0) {
		r = fill(f, fd, until, true);
		if (r < 0)
			return r;
		if (frame_take(f, out))
			return 0;
	}
	deadline = clock_deadline(rest_ms);
	do {
		/* A peer that sends the length alone, and the rest only when the length has been
		 * acknowledged, would wait for a delayed acknowledgement: 40 ms. */
		if (frame_begun(f) <= VPCD_LENGTH_SIZE)
			net_quick_ack(fd);
		r = fill(f, fd, deadline, quick);
		if (r < 0)
			return r;
		quick = false;
	} while (!frame_take(f, out));
	return 0;
}

int frame_send(int fd, struct bytes message, int limit_ms)
{
	uint8_t head[VPCD_LENGTH_SIZE] = { (uint8_t)(message.len >> 8), (uint8_t)message.len };

	if (message.len > VPCD_MESSAGE_MAX)
		return ERR_LIMIT;
	return net_send(fd, BYTES_OF_ARRAY(head), message, clock_deadline(limit_ms));
}
