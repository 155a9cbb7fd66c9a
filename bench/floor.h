/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What everything is measured against: peers that know no protocol and answer at once. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "bench.h"

/* The loopback echo of bench_echo at a port. False: it cannot be reached. */
bool floor_open_tcp(struct target *target, uint16_t port);

/* An echo on a Unix socket, in a process of its own. Bare: one send and one receive on each side. As
 * libpcsclite 1.9.9 does it in SCardTransmit(): header, body and command are sent apart, body and response
 * are read apart, each after a poll(); the echo answers with one send. */
bool floor_open_unix(struct target *target, bool as_libpcsclite);

#endif
