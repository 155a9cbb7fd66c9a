/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command that vpcscd runs. */
#ifndef VPCSCD_CHILD_H
#define VPCSCD_CHILD_H

#include <signal.h>
#include <sys/types.h>

/* What the command gets as we got it. */
struct child_surroundings {
	sigset_t mask;
	sigset_t reset; /* signals that we treat in another way than the command is to */
};

/* Starts a command with PCSCLITE_CSOCK_NAME set to socket. 0, or the exit status with which a shell says
 * that it cannot be started, after a line in the log. */
int child_start(
    char **command, const char *socket, const struct child_surroundings *surroundings, pid_t *out);

/* The exit status that a shell would give for what waitpid() said. */
int child_exit_status(int status);

#endif
