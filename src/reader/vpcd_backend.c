/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card at the other end of a vpcd connection, as a reader's back end. */
#include "reader/vpcd_backend.h"

#include "base/err.h"
#include "reader/slot.h"
#include "vpcd/pcd.h"
#include "vpcd/protocol.h"

_Static_assert(SLOT_MESSAGE_MAX == VPCD_MESSAGE_MAX, "no slot takes what the wire cannot carry");

static unsigned card(void *self, struct writer *atr)
{
	return pcd_card(self, atr);
}

static int power(void *self, bool on)
{
	return pcd_power(self, on);
}

static int reset(void *self)
{
	return pcd_reset(self);
}

static int atr(void *self, struct writer *out)
{
	return pcd_atr(self, out);
}

static int transmit(void *self, struct bytes command, struct writer *response)
{
	return pcd_transmit(self, command, response);
}

static int wait(void *self, unsigned known, int timeout_ms)
{
	return pcd_wait(self, known, timeout_ms);
}

static void interrupt(void *self)
{
	pcd_interrupt(self);
}

static void shut(void *self)
{
	pcd_shut(self);
}

static void abandon(void *self)
{
	pcd_abandon(self);
}

static void close(void *self)
{
	pcd_close(self);
}

static const struct reader_backend backend = {
	.card = card,
	.power = power,
	.reset = reset,
	.atr = atr,
	.transmit = transmit,
	.wait = wait,
	.interrupt = interrupt,
	.shut = shut,
	.abandon = abandon,
	.close = close,
};

int vpcd_slot_open(const struct endpoint *endpoint, unsigned number, struct slot **out)
{
	struct pcd_limits limits;
	struct slot *slot;
	struct pcd *pcd;
	int r;

	pcd_limits_read(endpoint, &limits);
	r = pcd_open(endpoint, number, &limits, &pcd);
	if (r < 0)
		return r;
	slot = slot_new_take(&backend, pcd);
	if (slot == NULL)
		return ERR_NO_MEMORY;
	*out = slot;
	return 0;
}
