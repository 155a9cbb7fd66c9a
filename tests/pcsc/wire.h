/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other end of the service's protocol: what pcsc-lite's client library does, and what it never would. */
#ifndef TESTS_PCSC_WIRE_H
#define TESTS_PCSC_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "pcsc/protocol.h"

/* Sends a request. */
void wire_send(int fd, uint32_t command, const void *body, size_t size);

/* Reads exactly that much; a failure if it does not come in time. */
void wire_receive(int fd, void *body, size_t size);

/* Sends, and reads the answer in the request's place. */
void wire_call(int fd, uint32_t command, void *body, size_t size);

/* Whether the service has closed its end (waits for that), or says nothing now. */
bool wire_is_closed(int fd);
bool wire_is_silent(int fd);

/* What every client begins with. The context. */
uint32_t wire_establish(int fd);

/* A handle of a reader. */
int32_t wire_connect(int fd, uint32_t context, const char *reader);

/* The result of a transmit with this handle; checks a response to be the fake card's. */
uint32_t wire_transmit(int fd, int32_t card);

uint32_t wire_begin(int fd, int32_t card);
uint32_t wire_end(int fd, int32_t card);

#endif
