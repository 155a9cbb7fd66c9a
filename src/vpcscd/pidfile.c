/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file that holds our process id. */
#include "vpcscd/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"

#define TEXT_SIZE 32
#define MODE 0644

struct pidfile {
	char *path; /* from the root: a daemon changes its folder */
	dev_t device;
	ino_t inode; /* may be used again for another file, of another time */
	struct timespec written_at;
};

static char *make_absolute(const char *path)
{
	char *folder = NULL, *made = NULL;
	size_t size;

	if (path[0] == '/')
		return strdup(path);
	folder = getcwd(NULL, 0);
	if (folder == NULL)
		return NULL;
	size = strlen(folder) + 1 + strlen(path) + 1;
	made = malloc(size);
	if (made != NULL)
		(void)snprintf(made, size, "%s/%s", folder, path);
	free(folder);
	return made;
}

/* Writes our number to a new file and remembers which one that is. */
static bool fill(int fd, struct pidfile *pidfile)
{
	char text[TEXT_SIZE];
	struct stat info;
	int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

	if (write(fd, text, (size_t)len) != len || fchmod(fd, MODE) != 0 || fstat(fd, &info) != 0)
		return false;
	pidfile->device = info.st_dev;
	pidfile->inode = info.st_ino;
	pidfile->written_at = info.st_mtim;
	return true;
}

/* What else is there stays, be it /dev/null. -1: errno. */
static int check_place(const char *path)
{
	struct stat info;

	if (lstat(path, &info) != 0 || S_ISREG(info.st_mode))
		return 0;
	errno = EEXIST;
	return -1;
}

/* A new file beside it, which then takes its place. -1: errno. */
static int write_file(struct pidfile *pidfile)
{
	const size_t size = strlen(pidfile->path) + sizeof ".XXXXXX";
	char *temporary = malloc(size);
	int fd, r = -1, saved;

	if (temporary == NULL)
		return -1;
	if (check_place(pidfile->path) < 0)
		goto out;
	(void)snprintf(temporary, size, "%s.XXXXXX", pidfile->path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd >= 0) {
		bool filled = fill(fd, pidfile);

		if (close(fd) == 0 && filled)
			r = rename(temporary, pidfile->path);
		saved = errno;
		if (r < 0)
			(void)unlink(temporary);
		errno = saved;
	}
out:
	free(temporary);
	return r;
}

int pidfile_new(const char *path, struct pidfile **out)
{
	struct pidfile *made = calloc(1, sizeof *made);

	if (made != NULL)
		made->path = make_absolute(path);
	if (made != NULL && made->path != NULL && write_file(made) == 0) {
		*out = made;
		return 0;
	}
	log_error("--pid-file %s: %s", path, strerror(errno));
	if (made != NULL)
		free(made->path);
	free(made);
	return ERR_IO;
}

void pidfile_free(struct pidfile *pidfile)
{
	struct stat info;

	if (pidfile == NULL)
		return;
	if (lstat(pidfile->path, &info) == 0 && info.st_dev == pidfile->device &&
	    info.st_ino == pidfile->inode && info.st_mtim.tv_sec == pidfile->written_at.tv_sec &&
	    info.st_mtim.tv_nsec == pidfile->written_at.tv_nsec)
		(void)unlink(pidfile->path);
	free(pidfile->path);
	free(pidfile);
}
