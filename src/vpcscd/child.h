/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command that vpcscd runs. */
#ifndef VPCSCD_CHILD_H
#define VPCSCD_CHILD_H

#include <signal.h>
#include <sys/types.h>

/* Starts a command with PCSCLITE_CSOCK_NAME set to socket and with this signal mask. 0, or the exit status
 * with which a shell says that it cannot be started, after a line in the log. */
int child_start(char **command, const char *socket, const sigset_t *mask, pid_t *out);

/* The exit status that a shell would give for what waitpid() said. */
int child_exit_status(int status);

#endif
