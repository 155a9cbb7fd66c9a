/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands in for src/reader. */
#include "fake_slot.h"

#include <stdlib.h>

#include "base/err.h"

struct fake fake;

struct slot {
	unsigned number;
};

int vpcd_slot_open(const struct endpoint *endpoint, unsigned number, struct slot **out)
{
	struct slot *slot;

	if (fake.open < 0)
		return fake.open;
	slot = malloc(sizeof *slot);
	if (slot == NULL)
		return ERR_NO_MEMORY;
	slot->number = number;
	fake.n_open++;
	*out = slot;
	return 0;
}

void slot_shut(struct slot *slot)
{
}

void slot_free(struct slot *slot)
{
	if (slot != NULL)
		fake.n_open--;
	free(slot);
}

unsigned slot_card(struct slot *slot)
{
	return fake.card;
}

bool slot_present(struct slot *slot)
{
	return fake.card != 0;
}

int slot_power_up(struct slot *slot, struct writer *atr)
{
	if (fake.while_powering != NULL)
		fake.while_powering();
	if (fake.power == 0)
		writer_put(atr, fake.atr_bytes);
	return fake.power;
}

int slot_reset(struct slot *slot, struct writer *atr)
{
	return slot_power_up(slot, atr);
}

int slot_power_down(struct slot *slot)
{
	return fake.power;
}

int slot_atr(struct slot *slot, struct writer *out)
{
	if (fake.atr == 0)
		writer_put(out, fake.atr_bytes);
	return fake.atr;
}

int slot_transmit(struct slot *slot, struct bytes command, struct writer *response)
{
	/* A slot may have written something before it failed. */
	writer_put(response, fake.response);
	return fake.transmit;
}

int slot_wait(struct slot *slot, bool known, int timeout_ms)
{
	return fake.wait;
}

int slot_wait_card(struct slot *slot, unsigned known, int timeout_ms)
{
	fake.known = known;
	return fake.wait;
}

void slot_interrupt(struct slot *slot)
{
}
