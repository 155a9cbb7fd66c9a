/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets that a service manager opened for us: descriptors from 3 on, LISTEN_FDS of them, for the
 * process LISTEN_PID, with the names LISTEN_FDNAMES between colons (sd_listen_fds(3)). */
#include "vpcscd/passed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/number.h"

#define FIRST_FD 3
#define PASSED_MAX 64
#define CONTROL_NAME "ctl"

static bool read_number(const char *variable, uint64_t *out)
{
	const char *text = getenv(variable);

	return text != NULL && number_parse(text, INT32_MAX, out);
}

/* How many there are for us. None of them goes on to the command. */
static unsigned count(void)
{
	uint64_t pid, n;

	if (!read_number("LISTEN_PID", &pid) || pid != (uint64_t)getpid() ||
	    !read_number("LISTEN_FDS", &n))
		return 0;
	if (n > PASSED_MAX)
		n = PASSED_MAX;
	for (unsigned i = 0; i < n; i++)
		(void)fcntl(FIRST_FD + (int)i, F_SETFD, FD_CLOEXEC);
	return (unsigned)n;
}

/* Whether the name with this number is the control socket's. */
static bool is_control_name(const char *names, unsigned number)
{
	size_t len;

	for (; names != NULL && number > 0; number--) {
		names = strchr(names, ':');
		if (names != NULL)
			names++;
	}
	if (names == NULL)
		return false;
	len = strcspn(names, ":");
	return len == strlen(CONTROL_NAME) && strncmp(names, CONTROL_NAME, len) == 0;
}

static bool is_control_path(const char *path)
{
	const size_t suffix = strlen(LISTENER_CONTROL_SUFFIX), len = strlen(path);

	return len > suffix && strcmp(path + len - suffix, LISTENER_CONTROL_SUFFIX) == 0;
}

/* Whether it is a Unix socket with a path that listens. */
static bool examine(int fd, char path[LISTENER_PATH_SIZE])
{
	struct sockaddr_un address;
	socklen_t size = sizeof address;
	int listens = 0;
	socklen_t listens_size = sizeof listens;

	memset(&address, 0, sizeof address);
	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0 ||
	    address.sun_family != AF_UNIX || address.sun_path[0] != '/' ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_size) != 0 || listens == 0)
		return false;
	memcpy(path, address.sun_path, LISTENER_PATH_SIZE);
	path[LISTENER_PATH_SIZE - 1] = '\0';
	return true;
}

static int take(unsigned number, struct listener *out)
{
	struct listener_socket taken = { .fd = FIRST_FD + (int)number };
	struct listener_socket *place = &out->service;

	if (!examine(taken.fd, taken.path)) {
		log_error(
		    "LISTEN_FDS: descriptor %d is no Unix socket that listens at a path", taken.fd);
		return ERR_FORMAT;
	}
	if (is_control_name(getenv("LISTEN_FDNAMES"), number) || is_control_path(taken.path))
		place = &out->control;
	if (place->fd >= 0) {
		log_error("LISTEN_FDS: one socket is wanted, and one for vpcscd ctl with the "
		          "name " CONTROL_NAME);
		return ERR_FORMAT;
	}
	*place = taken;
	return 0;
}

int passed_take(struct listener *out)
{
	const unsigned n = count();
	int r = 0;

	for (unsigned i = 0; i < n && r == 0; i++)
		r = take(i, out);
	if (n > 0) {
		(void)unsetenv("LISTEN_PID");
		(void)unsetenv("LISTEN_FDS");
		(void)unsetenv("LISTEN_FDNAMES");
	}
	if (r == 0 && n > 0 && out->service.fd < 0) {
		log_error("LISTEN_FDS: the socket of the service is missing");
		r = ERR_FORMAT;
	}
	return r < 0 ? r : n > 0;
}
