/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One client of the PC/SC service, on its socket. */
#ifndef PCSC_CLIENT_H
#define PCSC_CLIENT_H

#include "pcsc/manager.h"

/* Answers the client's requests until it closes, breaks the protocol, or the socket is shut down. Does
 * not close fd. ERR_NO_MEMORY. */
int client_serve(struct pcsc *pcsc, int fd);

#endif
