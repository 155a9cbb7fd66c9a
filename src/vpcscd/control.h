/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking cards out and putting them in while the service runs: "vpcscd ctl", both ends.
 *
 * A request is the words "eject|insert|swap", the reader and card options, each with a NUL behind it,
 * until the client shuts its end. The answer is one line: "ok", or what is wrong. */
#ifndef VPCSCD_CONTROL_H
#define VPCSCD_CONTROL_H

#include "vpcscd/readers.h"

struct control;

/* Serves requests on a listening socket, which stays the caller's, in a thread. NULL: no memory. */
struct control *control_start(int listener, struct readers *readers);
void control_stop(struct control *control);

/* The words behind "vpcscd ctl". Says what is wrong on stderr; returns the exit status. */
int control_main(char **words);

#endif
