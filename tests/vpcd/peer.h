/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other end of a connection, in tests: raw bytes, rude or polite. Everything that fails here fails
 * the test. */
#ifndef TESTS_VPCD_PEER_H
#define TESTS_VPCD_PEER_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define PEER_WAIT_MS 20000 /* for what must come */

/* Connects to 127.0.0.1. */
int peer_connect(uint16_t port);

/* Listens on a free port of 127.0.0.1, and waits for one connection. */
int peer_listen(uint16_t *port);
int peer_accept(int listener);

void peer_send(int fd, struct bytes bytes);
void peer_send_hex(int fd, const char *hex);

/* One message: its length, and len bytes of this value. */
void peer_send_filled(int fd, size_t len, uint8_t value);

/* Each byte in a packet of its own. */
void peer_send_slowly(int fd, struct bytes bytes);
void peer_send_hex_slowly(int fd, const char *hex);

/* One byte; 64 KB of it. False: the other side has closed. */
bool peer_try_send(int fd, uint8_t value);
bool peer_try_send_many(int fd, uint8_t value);

/* Sends small packets only when those before are acknowledged, as sockets do that nothing was said to. */
void peer_use_nagle(int fd);

/* Makes the room for what is received as small as it can be. */
void peer_shrink(int fd);

/* Receives exactly these bytes. */
void peer_expect_hex(int fd, const char *hex);

/* Receives a message of up to size bytes; returns its length. */
size_t peer_receive(int fd, uint8_t *to, size_t size);

/* The other side must close, whatever it sends before. */
void peer_expect_close(int fd);

/* Nothing must come, and no end, until now. */
void peer_expect_nothing(int fd);

void peer_close(int fd);

/* With a reset in place of an orderly end. */
void peer_abort(int fd);

/* Descriptors that the process has open. */
unsigned peer_count_descriptors(void);

/* Waits until there are so many again: until threads that resolve names, and were given up, have ended. */
void peer_await_descriptors(unsigned count);

/* Of a clock that never jumps. */
int64_t peer_now_ms(void);

#endif
