/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's Unix sockets.
 *
 * Two services that are started at one path at one time must not remove each other's socket: whoever
 * replaces a stale one holds a lock on its folder from the look at it until the new one listens. And one
 * that ends removes its sockets while they still listen, and only if they are still its own. */
#include "vpcscd/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "vpcscd/passed.h"

#define BACKLOG 128
#define LOCK_TRIES 200 /* then we go on without the lock, which somebody else holds for no good */
#define LOCK_PAUSE_MS 10

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

int listener_connect(const char *path, int limit_ms)
{
	const struct timeval limit = { limit_ms / 1000, limit_ms % 1000 * 1000 };
	struct sockaddr_un address;
	int fd, saved;

	if (set_address(path, &address) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	saved = errno;
	(void)close(fd);
	errno = saved;
	return -1;
}

/* Removes a socket whose service is not there any more. What is in the way, or NULL. */
static const char *clear_path(const char *path)
{
	struct stat info;
	int fd;

	if (lstat(path, &info) != 0)
		return NULL;
	if (!S_ISSOCK(info.st_mode))
		return "a file that is no socket is there already";
	fd = listener_connect(path, 1);
	if (fd >= 0)
		(void)close(fd);
	else if (errno == ECONNREFUSED)
		return unlink(path) == 0 ? NULL : "a socket is there that cannot be removed";
	else if (errno == EACCES || errno == EPERM)
		return "another user's socket is there already";
	return "another service listens there";
}

/* Remembers which file the socket made. */
static void note_file(struct listener_socket *socket)
{
	struct stat info;

	if (lstat(socket->path, &info) != 0)
		return;
	socket->made = true;
	socket->device = info.st_dev;
	socket->inode = info.st_ino;
	socket->made_at = info.st_mtim;
}

/* Makes a listening socket that only its owner can connect to. -1: errno. */
static int bind_socket(struct listener_socket *out)
{
	struct sockaddr_un address;
	mode_t mask;
	int bound;

	if (set_address(out->path, &address) < 0)
		return -1;
	out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (out->fd < 0)
		return -1;
	mask = umask(0177);
	bound = bind(out->fd, (const struct sockaddr *)&address, sizeof address);
	(void)umask(mask);
	if (bound != 0)
		return -1;
	note_file(out);
	return listen(out->fd, BACKLOG);
}

/* With the lock on the folder. ERR_IO: said in the log. */
static int listen_on(struct listener_socket *out)
{
	const char *why = clear_path(out->path);

	if (why == NULL && bind_socket(out) < 0)
		why = strerror(errno);
	if (why == NULL)
		return 0;
	log_error("cannot listen on %s: %s", out->path, why);
	return ERR_IO;
}

/* Locks the folder of this path; closing the descriptor gives it back. -1: without. */
static int lock_folder(const char *path)
{
	char folder[LISTENER_PATH_SIZE];
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL && slash > path ? (size_t)(slash - path) : 1;
	int fd;

	memcpy(folder, path, len);
	folder[len] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			break;
		(void)poll(NULL, 0, LOCK_PAUSE_MS);
	}
	return fd;
}

/* Joins two texts; false: they do not fit. */
static bool join(char out[LISTENER_PATH_SIZE], const char *a, const char *b)
{
	return (size_t)snprintf(out, LISTENER_PATH_SIZE, "%s%s", a, b) < LISTENER_PATH_SIZE;
}

/* Makes a folder in parent that only we can enter, and the sockets' paths there. -1: errno. */
static int make_folder_in(const char *parent, struct listener *out)
{
	if (!join(out->folder, parent, "/vpcscd-XXXXXX") ||
	    strlen(out->folder) + sizeof "/pcscd.comm" LISTENER_CONTROL_SUFFIX > LISTENER_PATH_SIZE)
		errno = ENAMETOOLONG;
	else if (mkdtemp(out->folder) != NULL)
		return join(out->service.path, out->folder, "/pcscd.comm") ? 0 : -1;
	out->folder[0] = '\0';
	return -1;
}

static int make_folder(struct listener *out)
{
	const char *parents[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };

	for (size_t i = 0; i < COUNT(parents); i++)
		if (parents[i] != NULL && parents[i][0] == '/' &&
		    make_folder_in(parents[i], out) == 0)
			return 0;
	log_error("cannot make a folder in /tmp: %s", strerror(errno));
	return ERR_IO;
}

/* The path from the root, so that it holds in every folder that a command, or we, change to. */
static bool make_absolute(const char *path, char out[LISTENER_PATH_SIZE])
{
	char folder[LISTENER_PATH_SIZE];

	if (path[0] == '/')
		return join(out, path, "");
	return getcwd(folder, sizeof folder) != NULL &&
	    (size_t)snprintf(out, LISTENER_PATH_SIZE, "%s/%s", folder, path) < LISTENER_PATH_SIZE;
}

/* Decides on the sockets' paths, and takes what sockets there are. ERR_*: said in the log. */
static int prepare(const char *path, struct listener *out)
{
	int passed = passed_take(out);
	bool fits = true;

	if (passed < 0)
		return passed;
	if (passed > 0 && path != NULL) {
		log_error("--socket: LISTEN_FDS has passed a socket already; give one of both");
		return ERR_EXISTS;
	}
	if (passed == 0 && path == NULL && make_folder(out) < 0)
		return ERR_IO;
	if (path != NULL)
		fits = make_absolute(path, out->service.path);
	if (fits && out->control.fd < 0)
		fits = join(out->control.path, out->service.path, LISTENER_CONTROL_SUFFIX);
	if (fits)
		return 0;
	log_error("the socket's path is too long: from the root at most %zu characters",
	    LISTENER_PATH_SIZE - sizeof LISTENER_CONTROL_SUFFIX);
	return ERR_LIMIT;
}

void listener_init(struct listener *listener)
{
	*listener = (struct listener){ .service = { .fd = -1 }, .control = { .fd = -1 } };
}

int listener_open(const char *path, struct listener *out)
{
	int lock = -1;
	int r;

	listener_init(out);
	r = prepare(path, out);
	if (r == 0 && out->folder[0] == '\0')
		lock = lock_folder(out->service.path);
	if (r == 0 && out->service.fd < 0)
		r = listen_on(&out->service);
	if (r == 0 && out->control.fd < 0)
		r = listen_on(&out->control);
	if (r < 0)
		listener_close(out);
	if (lock >= 0)
		(void)close(lock);
	return r;
}

static void unlink_socket(struct listener_socket *socket)
{
	struct stat info;

	if (socket->made && lstat(socket->path, &info) == 0 && info.st_dev == socket->device &&
	    info.st_ino == socket->inode && info.st_mtim.tv_sec == socket->made_at.tv_sec &&
	    info.st_mtim.tv_nsec == socket->made_at.tv_nsec)
		(void)unlink(socket->path);
	socket->made = false;
}

void listener_unlink(struct listener *listener)
{
	unlink_socket(&listener->service);
	unlink_socket(&listener->control);
	if (listener->folder[0] != '\0')
		(void)rmdir(listener->folder);
	listener->folder[0] = '\0';
}

void listener_close(struct listener *listener)
{
	listener_unlink(listener);
	if (listener->service.fd >= 0)
		(void)close(listener->service.fd);
	if (listener->control.fd >= 0)
		(void)close(listener->control.fd);
	listener->service.fd = listener->control.fd = -1;
}
