/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loopback connections for the benchmarks, as plain as they can be: no time limits, no retries. It is on
 * purpose that nothing here is shared with the product: it is what the product is measured against. */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A listening socket on 127.0.0.1, or -1. Port 0: any; *port tells which. */
int stream_listen(uint16_t *port);

/* The next connection, or a connection to 127.0.0.1; without Nagle's delay. -1: failed. */
int stream_accept(int door);
int stream_connect(uint16_t port);

/* All or nothing. */
bool stream_send(int fd, const uint8_t *data, size_t len);

/* At least min bytes, at most cap; 0: the peer has gone. */
size_t stream_receive(int fd, uint8_t *data, size_t min, size_t cap);

#endif
