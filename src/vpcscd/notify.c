/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling whoever started us that we are ready. */
#include "vpcscd/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"

/* The way to the parent of a daemon; -1: none. And to the service manager; no family: none. There is one
 * process, and so one of each. */
static int to_parent = -1;
static struct sockaddr_un manager;
static socklen_t manager_size;

void notify_init(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path != NULL ? strlen(path) : 0;

	if (len > 1 && len < sizeof manager.sun_path && (path[0] == '/' || path[0] == '@')) {
		manager.sun_family = AF_UNIX;
		memcpy(manager.sun_path, path, len);
		if (path[0] == '@') /* a name that is no file */
			manager.sun_path[0] = '\0';
		manager_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	} else if (len > 0) {
		log_warning("NOTIFY_SOCKET is not the path of a socket");
	}
	(void)unsetenv("NOTIFY_SOCKET");
}

/* In the parent: waits for the child's byte, or its end. */
static void wait_and_exit(int from_child)
{
	char byte;
	ssize_t got;

	do {
		got = read(from_child, &byte, 1);
	} while (got < 0 && errno == EINTR);
	_exit(got == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
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
	return 0;
}

/* Once nobody waits for its errors any more. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (chdir("/") != 0)
		log_warning("cannot leave the working folder: %s", strerror(errno));
	if (null < 0)
		return;
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(null, fd);
	(void)close(null);
}

/* sd_notify(3) */
static void tell_manager(void)
{
	static const char ready[] = "READY=1";
	int fd;

	if (manager.sun_family != AF_UNIX)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    sendto(fd, ready, sizeof ready - 1, MSG_NOSIGNAL | MSG_DONTWAIT,
	        (const struct sockaddr *)&manager, manager_size) < 0)
		log_warning("cannot tell NOTIFY_SOCKET: %s", strerror(errno));
	if (fd >= 0)
		(void)close(fd);
}

void notify_ready(void)
{
	ssize_t written;

	tell_manager();
	if (to_parent < 0)
		return;
	leave_terminal();
	written = write(to_parent, "", 1);
	(void)written; /* it may have gone */
	(void)close(to_parent);
	to_parent = -1;
}
