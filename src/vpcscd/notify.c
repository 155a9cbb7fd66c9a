/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling whoever started us that we are ready. */
#include "vpcscd/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"

/* The way to the parent of a daemon; -1: none. There is one process, and so one of these. */
static int to_parent = -1;

/* In the parent: waits for the child's byte. */
static void wait_and_exit(int from_child)
{
	char byte;

	_exit(read(from_child, &byte, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int notify_daemonize(void)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0 || (child = fork()) < 0) {
		log_error("cannot go to the background: %s", strerror(errno));
		return ERR_IO;
	}
	if (child > 0) {
		(void)close(ends[1]);
		wait_and_exit(ends[0]);
	}
	(void)close(ends[0]);
	to_parent = ends[1];
	(void)setsid();
	if (chdir("/") != 0)
		log_warning("cannot leave the working folder: %s", strerror(errno));
	return 0;
}

/* A daemon gives up its terminal once nobody waits for its errors any more. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(null, fd);
	(void)close(null);
}

/* sd_notify(3) */
static void tell_service_manager(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if (len == 0 || len >= sizeof address.sun_path)
		return;
	memcpy(address.sun_path, path, len);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (const struct sockaddr *)&address,
	    (socklen_t)(sizeof address.sun_family + len));
	(void)close(fd);
}

void notify_ready(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	if (path != NULL)
		tell_service_manager(path);
	if (to_parent < 0)
		return;
	leave_terminal();
	if (write(to_parent, "", 1) != 1)
		log_warning("the process that started us has gone");
	(void)close(to_parent);
	to_parent = -1;
}

int notify_pid_file(const char *path)
{
	FILE *file;
	int written;

	if (path == NULL)
		return 0;
	file = fopen(path, "we");
	written = file != NULL ? fprintf(file, "%ld\n", (long)getpid()) : -1;
	if (file != NULL && fclose(file) != 0)
		written = -1;
	if (written > 0)
		return 0;
	log_error("--pid-file %s: %s", path, strerror(errno));
	return ERR_IO;
}

void notify_remove_pid_file(const char *path)
{
	if (path != NULL)
		(void)unlink(path);
}
