/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vicc --reversed prints for whoever is to connect. */
#ifndef VICC_ANNOUNCE_H
#define VICC_ANNOUNCE_H

#include <stdint.h>

/* Prints to stdout the address on which vicc listens (NULL: loopback, "*": every address), the port, and
 * a QR code, or how to become reachable for a phone. */
void announce(const char *host, uint16_t port);

#endif
