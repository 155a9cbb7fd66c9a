/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command that vpcscd runs. */
#include "vpcscd/child.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define STATUS_NOT_FOUND 127
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_SIGNAL 128

int child_start(char **command, const char *socket, const sigset_t *mask, pid_t *out)
{
	posix_spawnattr_t attributes;
	int error;

	if (setenv("PCSCLITE_CSOCK_NAME", socket, 1) != 0 ||
	    posix_spawnattr_init(&attributes) != 0) {
		log_error("cannot run %s: out of memory", command[0]);
		return EXIT_FAILURE;
	}
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	(void)posix_spawnattr_setsigmask(&attributes, mask);
	error = posix_spawnp(out, command[0], NULL, &attributes, command, environ);
	(void)posix_spawnattr_destroy(&attributes);
	if (error == 0)
		return 0;
	log_error("cannot run %s: %s", command[0], strerror(error));
	return error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

int child_exit_status(int status)
{
	if (WIFSIGNALED(status))
		return STATUS_SIGNAL + WTERMSIG(status);
	return WEXITSTATUS(status);
}
