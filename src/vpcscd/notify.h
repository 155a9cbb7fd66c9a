/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling whoever started us that we are ready: the parent of a daemon, a service manager. */
#ifndef VPCSCD_NOTIFY_H
#define VPCSCD_NOTIFY_H

#include "base/bytes.h"

/* Takes systemd's NOTIFY_SOCKET out of the environment, which a command inherits. Before there are
 * threads. */
void notify_init(void);

/* Goes to the background: the parent waits for notify_ready() and exits with success, or with failure
 * when we exit before. Before there are threads. ERR_IO: said in the log. */
MUST_USE int notify_daemonize(void);

/* Tells the parent and the service manager. A daemon then leaves its terminal and its folder. */
void notify_ready(void);

#endif
