/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers that the library opens: vpcd ports, as configured. */
#ifndef PCSC_API_READERS_H
#define PCSC_API_READERS_H

#include "pcsc/manager.h"

/* Adds the configured readers. ERR_*, after a line on stderr that says what is wrong. */
MUST_USE int readers_open(struct pcsc *pcsc);

/* How long the first call waits for a card to come, in milliseconds. */
int readers_wait_ms(void);

#endif
