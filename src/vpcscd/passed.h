/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets that a service manager opened for us (sd_listen_fds(3)). */
#ifndef VPCSCD_PASSED_H
#define VPCSCD_PASSED_H

#include "vpcscd/listener.h"

/* Takes the sockets out of the environment: service, and control if one has the name "ctl" or a path that
 * ends so. Sets what there is. Returns whether any was passed; ERR_FORMAT: they are not what we want,
 * said in the log. */
MUST_USE int passed_take(struct listener *out);

#endif
