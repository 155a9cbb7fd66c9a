/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of a card image. A new version is written beside it, under the name .NAME.new, put on disk, and
 * renamed. The lock (flock) belongs to a file, not to its name: the new version is locked before it gets the
 * name, so that whatever has the name is always locked; and whoever has got the lock of a file looks whether
 * it still has the name. A file .NAME.new that is left by a program that died is of no use, and the holder
 * of the lock removes it. */
#include "card/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/contents.h"
#include "base/err.h"

#define MODE 0600
#define NAME_EXTRA 6 /* ".", ".new" and NUL */
#define OPEN_TRIES_MAX 100

struct image_file {
	char *path;      /* as given */
	int folder;      /* where it is, behind symbolic links */
	char *name;      /* in folder */
	char *temporary; /* the same for the next version */
	int fd;          /* locked; -1: not there yet */
	enum image_file_use use;
};

void image_error_set(struct image_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
}

static int fail_io(const char *path, const char *what, struct image_error *error)
{
	int r = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;

	image_error_set(error, "%s: %s: %s", path, what, strerror(errno));
	return r;
}

static int fail_memory(const char *path, struct image_error *error)
{
	image_error_set(error, "%s: %s", path, err_text(ERR_NO_MEMORY));
	return ERR_NO_MEMORY;
}

void image_file_close(struct image_file *file)
{
	if (file == NULL)
		return;
	if (file->fd >= 0)
		(void)close(file->fd);
	if (file->folder >= 0)
		(void)close(file->folder);
	free(file->path);
	free(file->name);
	free(file->temporary);
	free(file);
}

const char *image_file_path(const struct image_file *file)
{
	return file->path;
}

/* The folder and the names, from a path without symbolic links in it; resolved is changed. */
static int set_place(struct image_file *file, char *resolved, struct image_error *error)
{
	char *slash = strrchr(resolved, '/');
	const char *folder = slash == resolved ? "/" : resolved;
	size_t len = strlen(slash + 1);

	file->name = strdup(slash + 1);
	file->temporary = malloc(len + NAME_EXTRA);
	if (file->name == NULL || file->temporary == NULL)
		return fail_memory(file->path, error);
	(void)snprintf(file->temporary, len + NAME_EXTRA, ".%s.new", file->name);
	*slash = '\0';
	file->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return file->folder < 0 ? fail_io(file->path, "cannot open its folder", error) : 0;
}

/* Where the file is in the end. */
static int find_existing(struct image_file *file, struct image_error *error)
{
	char *resolved = realpath(file->path, NULL);
	int r;

	if (resolved == NULL)
		return fail_io(file->path, "cannot open the card image", error);
	if (strrchr(resolved, '/')[1] == '\0') { /* "/" */
		errno = EISDIR;
		r = fail_io(file->path, "cannot open the card image", error);
	} else {
		r = set_place(file, resolved, error);
	}
	free(resolved);
	return r;
}

/* Where a new file is to be: its folder, behind symbolic links, and the last part of the path. */
static int find_new(struct image_file *file, struct image_error *error)
{
	const char *slash = strrchr(file->path, '/');
	const char *name = slash != NULL ? slash + 1 : file->path;
	char *folder =
	    slash == NULL ? strdup(".") : strndup(file->path, (size_t)(slash - file->path) + 1);
	char *resolved = folder != NULL ? realpath(folder, NULL) : NULL;
	char *whole = NULL;
	int r = ERR_NOT_FOUND;

	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		image_error_set(error, "%s: the name of the file is missing", file->path);
	else if (resolved == NULL)
		r = fail_io(file->path, "cannot open its folder", error);
	else if ((whole = malloc(strlen(resolved) + strlen(name) + 2)) == NULL)
		r = fail_memory(file->path, error);
	else {
		(void)snprintf(whole, strlen(resolved) + strlen(name) + 2, "%s/%s", resolved, name);
		r = set_place(file, whole, error);
	}
	free(whole);
	free(resolved);
	free(folder);
	return r;
}

static int make(const char *path, enum image_file_use use, struct image_file **out)
{
	struct image_file *file = calloc(1, sizeof *file);

	if (file == NULL)
		return ERR_NO_MEMORY;
	file->fd = -1;
	file->folder = -1;
	file->use = use;
	file->path = strdup(path);
	if (file->path == NULL) {
		free(file);
		return ERR_NO_MEMORY;
	}
	*out = file;
	return 0;
}

/* Whether the open file still has the name. */
static bool has_name(const struct image_file *file)
{
	struct stat opened, named;

	return fstat(file->fd, &opened) == 0 &&
	    fstatat(file->folder, file->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Opens what has the name now. O_NONBLOCK: a FIFO must not keep us waiting. */
static int open_once(struct image_file *file, struct image_error *error)
{
	struct stat st;

	file->fd = openat(
	    file->folder, file->name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	if (file->fd < 0 || fstat(file->fd, &st) != 0)
		return fail_io(file->path, "cannot open the card image", error);
	if (!S_ISREG(st.st_mode)) {
		image_error_set(error, "%s: a card image is an ordinary file", file->path);
		return ERR_FORMAT;
	}
	return 0;
}

static int lock(struct image_file *file, struct image_error *error)
{
	int kind = file->use == IMAGE_FILE_KEEP ? LOCK_EX : LOCK_SH;

	if (flock(file->fd, kind | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return fail_io(file->path, "cannot lock the card image", error);
	image_error_set(error, "%s: another card has this image; give each card its own%s",
	    file->path, kind == LOCK_EX ? ", or let all of them have it with --no-save" : "");
	return ERR_EXISTS;
}

/* What has the name may be replaced between opening and locking, by whoever had the lock. */
static int open_and_lock(struct image_file *file, struct image_error *error)
{
	for (int i = 0; i < OPEN_TRIES_MAX; i++) {
		int r = open_once(file, error);

		if (r == 0)
			r = lock(file, error);
		if (r < 0 || has_name(file))
			return r;
		(void)close(file->fd);
		file->fd = -1;
	}
	image_error_set(error, "%s: the card image changes all the time", file->path);
	return ERR_IO;
}

/* That it can be replaced is better known now than when a command has changed the card. */
static int check_writable(const struct image_file *file, struct image_error *error)
{
	if (faccessat(file->folder, ".", W_OK | X_OK, 0) != 0)
		return fail_io(file->path, "its folder cannot be written", error);
	if (file->fd >= 0 && faccessat(file->folder, file->name, W_OK, 0) != 0)
		return fail_io(file->path, "cannot be written; --no-save only reads it", error);
	if (strlen(file->temporary) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return fail_io(file->path, "cannot be written", error);
	}
	return 0;
}

int image_file_open(
    const char *path, enum image_file_use use, struct image_file **out, struct image_error *error)
{
	struct image_file *file;
	int r = make(path, use, &file);

	if (r < 0)
		return fail_memory(path, error);
	r = find_existing(file, error);
	if (r == 0)
		r = open_and_lock(file, error);
	if (r == 0 && use == IMAGE_FILE_KEEP)
		r = check_writable(file, error);
	if (r < 0) {
		image_file_close(file);
		return r;
	}
	*out = file;
	return 0;
}

int image_file_new(const char *path, struct image_file **out, struct image_error *error)
{
	struct image_file *file;
	struct stat st;
	int r = make(path, IMAGE_FILE_KEEP, &file);

	if (r < 0)
		return fail_memory(path, error);
	r = find_new(file, error);
	if (r == 0 && fstatat(file->folder, file->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		image_error_set(error,
		    "%s: exists already, and is not overwritten; --file %s uses it", path, path);
		r = ERR_EXISTS;
	}
	if (r == 0)
		r = check_writable(file, error);
	if (r < 0) {
		image_file_close(file);
		return r;
	}
	*out = file;
	return 0;
}

/* Reads until the end: the size is what it was when somebody looked. */
static int read_all(int fd, struct buffer *out)
{
	size_t used = 0;
	size_t step = 1u << 16;
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return ERR_IO;
	do {
		int r = buffer_resize(out, used + step);

		if (r < 0)
			return r;
		got = read(fd, out->data + used, step);
		if (got < 0 && errno != EINTR)
			return ERR_IO;
		used += got > 0 ? (size_t)got : 0;
	} while (got != 0);
	return buffer_resize(out, used);
}

int image_file_read(struct image_file *file, struct buffer *out, struct image_error *error)
{
	int r;

	buffer_clear(out);
	r = read_all(file->fd, out);
	if (r == ERR_IO)
		return fail_io(file->path, "cannot read the card image", error);
	if (r < 0)
		image_error_set(
		    error, "%s: a card image has at most %u bytes", file->path, IMAGE_FILE_MAX);
	return r;
}

/* The next version, locked and on disk, under its temporary name. -1: errno. */
static int write_temporary(const struct image_file *file, struct bytes contents)
{
	int fd, saved;

	if (unlinkat(file->folder, file->temporary, 0) != 0 && errno != ENOENT)
		return -1;
	fd = openat(file->folder, file->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fchmod(fd, MODE) == 0 &&
	    contents_write(fd, contents) && fsync(fd) == 0)
		return fd;
	saved = errno;
	(void)close(fd);
	(void)unlinkat(file->folder, file->temporary, 0);
	errno = saved;
	return -1;
}

/* Gives the next version the name: where there was none yet, only if there still is none. */
static bool take_name(const struct image_file *file)
{
	if (file->fd >= 0)
		return renameat(file->folder, file->temporary, file->folder, file->name) == 0;
	return linkat(file->folder, file->temporary, file->folder, file->name, 0) == 0 &&
	    unlinkat(file->folder, file->temporary, 0) == 0;
}

int image_file_write(struct image_file *file, struct bytes contents)
{
	int fd, saved;

	if (file->fd >= 0 && !has_name(file)) { /* somebody else's work is there now */
		errno = ESTALE;
		return ERR_IO;
	}
	fd = write_temporary(file, contents);
	if (fd < 0)
		return ERR_IO;
	if (!take_name(file)) {
		saved = errno;
		(void)close(fd);
		(void)unlinkat(file->folder, file->temporary, 0);
		errno = saved;
		return errno == EEXIST ? ERR_EXISTS : ERR_IO;
	}
	if (file->fd >= 0)
		(void)close(file->fd);
	file->fd = fd;
	return fsync(file->folder) == 0 ? 0 : ERR_IO;
}
