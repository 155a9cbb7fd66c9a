/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command that vpcscd runs. Its environment is built aside: other threads may read ours. */
#include "vpcscd/child.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define STATUS_NOT_FOUND 127
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_SIGNAL 128

#define VARIABLE "PCSCLITE_CSOCK_NAME="

/* Our environment, but for one variable. NULL: no memory. The texts are borrowed. */
static char **make_environment(char *assignment)
{
	size_t n = 0, used = 0;
	char **made;

	while (environ[n] != NULL)
		n++;
	made = calloc(n + 2, sizeof *made);
	if (made == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], VARIABLE, sizeof VARIABLE - 1) != 0)
			made[used++] = environ[i];
	made[used] = assignment;
	return made;
}

/* 0, or an errno. */
static int spawn(
    char **command, char **environment, const struct child_surroundings *surroundings, pid_t *out)
{
	posix_spawnattr_t attributes;
	int error = posix_spawnattr_init(&attributes);

	if (error != 0)
		return error;
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	(void)posix_spawnattr_setsigmask(&attributes, &surroundings->mask);
	(void)posix_spawnattr_setsigdefault(&attributes, &surroundings->reset);
	error = posix_spawnp(out, command[0], NULL, &attributes, command, environment);
	(void)posix_spawnattr_destroy(&attributes);
	return error;
}

int child_start(
    char **command, const char *socket, const struct child_surroundings *surroundings, pid_t *out)
{
	const size_t size = sizeof VARIABLE + strlen(socket);
	char *assignment = malloc(size);
	char **environment = NULL;
	int error = ENOMEM;

	if (assignment != NULL) {
		(void)snprintf(assignment, size, VARIABLE "%s", socket);
		environment = make_environment(assignment);
	}
	if (environment != NULL)
		error = spawn(command, environment, surroundings, out);
	free(environment);
	free(assignment);
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
