/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The running service: readers, socket, signals, and the command that it may have been started for. */
#ifndef VPCSCD_SERVICE_H
#define VPCSCD_SERVICE_H

#include "vpcscd/settings.h"

/* Serves until stopped, or until the command has ended. The exit status: that of the command, as a shell
 * gives it; without one 0, or 1 when the service could not start. */
int service_run(const struct settings *settings);

#endif
