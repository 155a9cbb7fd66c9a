/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking cards out and putting them in while the service runs: the service's end of "vpcscd ctl".
 *
 * Who asks sends a request (vpcscd/request.h) and shuts his end of the connection. The answer is one line:
 * "ok", or what is wrong. */
#ifndef VPCSCD_CONTROL_H
#define VPCSCD_CONTROL_H

#include "vpcscd/readers.h"

struct control;

/* Serves requests on a listening socket, which stays the caller's, in a thread. NULL: no memory, or no
 * descriptors (errno). */
struct control *control_start(int listener, struct readers *readers);
void control_stop(struct control *control);

#endif
