/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's Unix sockets. */
#include "vpcscd/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/number.h"

#define BACKLOG 128
#define FIRST_PASSED_FD 3 /* sd_listen_fds(3) */

static int set_address(const char *path, struct sockaddr_un *out)
{
	memset(out, 0, sizeof *out);
	out->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof out->sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(out->sun_path, path, strlen(path) + 1);
	return 0;
}

int listener_connect(const char *path)
{
	struct sockaddr_un address;
	int fd;

	if (set_address(path, &address) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* Removes a socket whose service is not there any more. */
static void remove_stale(const char *path)
{
	struct stat info;
	int fd;

	if (lstat(path, &info) != 0 || !S_ISSOCK(info.st_mode))
		return;
	fd = listener_connect(path);
	if (fd >= 0)
		(void)close(fd);
	else if (errno == ECONNREFUSED)
		(void)unlink(path);
}

/* A listening socket that only its owner can connect to. -1: said in the log. */
static int listen_on(const char *path)
{
	struct sockaddr_un address;
	mode_t mask;
	int fd = -1, bound;

	if (set_address(path, &address) == 0) {
		remove_stale(path);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	}
	if (fd < 0) {
		log_error("cannot listen on %s: %s", path, strerror(errno));
		return -1;
	}
	mask = umask(0177);
	bound = bind(fd, (const struct sockaddr *)&address, sizeof address);
	(void)umask(mask);
	if (bound == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	log_error("cannot listen on %s: %s", path,
	    errno == EADDRINUSE ? "another service listens there" : strerror(errno));
	(void)close(fd);
	return -1;
}

/* The socket that a service manager passed, or -1 (sd_listen_fds(3)). */
static int passed_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	uint64_t number;

	if (pid == NULL || n == NULL || !number_parse(pid, INT32_MAX, &number) ||
	    number != (uint64_t)getpid())
		return -1;
	if (!number_parse(n, INT32_MAX, &number) || number < 1)
		return -1;
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)fcntl(FIRST_PASSED_FD, F_SETFD, FD_CLOEXEC);
	return FIRST_PASSED_FD;
}

static int take_passed(int fd, struct listener *out)
{
	struct sockaddr_un address = { 0 };
	socklen_t size = sizeof address;

	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0 ||
	    address.sun_family != AF_UNIX || address.sun_path[0] == '\0') {
		log_error("the socket passed by LISTEN_FDS is no Unix socket with a path");
		return ERR_IO;
	}
	out->fd = fd;
	out->given = true;
	memcpy(out->path, address.sun_path, sizeof out->path);
	out->path[sizeof out->path - 1] = '\0';
	return 0;
}

/* Makes a folder that only we can enter. */
static int make_folder(struct listener *out)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");

	if (parent == NULL || access(parent, W_OK | X_OK) != 0)
		parent = getenv("TMPDIR");
	if (parent == NULL || access(parent, W_OK | X_OK) != 0)
		parent = "/tmp";
	if ((size_t)snprintf(out->folder, sizeof out->folder, "%s/vpcscd-XXXXXX", parent) >=
	        sizeof out->folder ||
	    mkdtemp(out->folder) == NULL) {
		log_error("cannot make a folder in %s: %s", parent, strerror(errno));
		out->folder[0] = '\0';
		return ERR_IO;
	}
	return 0;
}

/* Joins two texts; false: they do not fit. */
static bool join(char out[LISTENER_PATH_SIZE], const char *a, const char *b)
{
	return (size_t)snprintf(out, LISTENER_PATH_SIZE, "%s%s", a, b) < LISTENER_PATH_SIZE;
}

static int open_paths(const char *path, struct listener *out)
{
	bool fits;

	if (path == NULL) {
		int r = make_folder(out);

		if (r < 0)
			return r;
		fits = join(out->path, out->folder, "/pcscd.comm");
	} else {
		fits = join(out->path, path, "");
	}
	if (!fits) {
		log_error("the socket's path is too long: at most %zu characters",
		    LISTENER_PATH_SIZE - sizeof ".ctl");
		out->path[0] = '\0';
		return ERR_LIMIT;
	}
	out->fd = listen_on(out->path);
	if (out->fd >= 0)
		return 0;
	out->path[0] = '\0'; /* not ours to remove */
	return ERR_IO;
}

int listener_open(const char *path, struct listener *out)
{
	int passed = path == NULL ? passed_socket() : -1;
	int r;

	*out = (struct listener){ .fd = -1, .control = -1 };
	r = passed >= 0 ? take_passed(passed, out) : open_paths(path, out);
	if (r == 0 && !join(out->control_path, out->path, ".ctl")) {
		log_error("the socket's path is too long: at most %zu characters",
		    LISTENER_PATH_SIZE - sizeof ".ctl");
		out->control_path[0] = '\0';
		r = ERR_LIMIT;
	}
	if (r == 0) {
		out->control = listen_on(out->control_path);
		if (out->control < 0) {
			out->control_path[0] = '\0';
			r = ERR_IO;
		}
	}
	if (r < 0)
		listener_close(out);
	return r;
}

void listener_close(struct listener *listener)
{
	if (listener->fd >= 0)
		(void)close(listener->fd);
	if (listener->control >= 0)
		(void)close(listener->control);
	listener->fd = listener->control = -1;
	if (listener->path[0] != '\0' && !listener->given)
		(void)unlink(listener->path);
	if (listener->control_path[0] != '\0')
		(void)unlink(listener->control_path);
	if (listener->folder[0] != '\0')
		(void)rmdir(listener->folder);
}
