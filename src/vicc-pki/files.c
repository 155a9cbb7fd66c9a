/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that vicc-pki reads and writes. A file gets its name when all of it is on disk. */
#include "vicc-pki/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/contents.h"
#include "base/err.h"
#include "base/log.h"
#include "pki/pem.h"

#define MODE_PUBLIC 0644
#define MODE_SECRET 0600

static bool fail(const char *path, int r)
{
	log_error("%s: %s", path, r == ERR_IO ? strerror(errno) : err_text(r));
	return false;
}

bool files_read(const char *path, struct buffer *out)
{
	int r;

	buffer_init(out, FILES_SIZE_MAX);
	r = contents_load(path, out);
	if (r < 0)
		return fail(path, r);
	if (out->len > 0)
		return true;
	log_error("%s: the file is empty", path);
	return false;
}

bool files_read_der(const char *path, struct buffer *out)
{
	char label[PEM_LABEL_SIZE];
	struct buffer der;
	struct bytes text;
	struct writer w;
	int r;

	if (!files_read(path, out))
		return false;
	if (!pem_is_text(buffer_bytes(out)))
		return true;
	buffer_init(&der, out->len);
	r = buffer_resize(&der, out->len);
	text = buffer_bytes(out);
	if (r == 0) {
		writer_init(&w, der.data, der.len);
		r = pem_take(&text, label, &w);
	}
	buffer_done(out);
	if (r == 0)
		r = buffer_resize(&der, w.len);
	*out = der;
	if (r == 0)
		return true;
	buffer_done(out);
	return fail(path, r);
}

bool files_may_write(const char *path, bool force)
{
	struct stat status;

	if (force || strcmp(path, "-") == 0 || lstat(path, &status) != 0)
		return true;
	log_error("%s: is there already; --force overwrites it", path);
	return false;
}

static bool to_standard_output(struct bytes contents)
{
	return fwrite(contents.data, 1, contents.len, stdout) == contents.len &&
	    fflush(stdout) == 0;
}

/* Gives the file its name; where none was to be overwritten, only if there still is none. */
static bool take_name(const char *temporary, const char *path, bool force)
{
	if (force)
		return rename(temporary, path) == 0;
	return link(temporary, path) == 0 && unlink(temporary) == 0;
}

static bool write_named(const char *path, struct bytes contents, mode_t mode, bool force)
{
	char temporary[FILES_PATH_SIZE];
	int n = snprintf(temporary, sizeof temporary, "%s.%ld.new", path, (long)getpid());
	bool good = false;
	int saved;
	int fd;

	if (n < 0 || (size_t)n >= sizeof temporary) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return false;
	good = contents_write(fd, contents) && fsync(fd) == 0;
	good = close(fd) == 0 && good && take_name(temporary, path, force);
	if (good)
		return true;
	saved = errno;
	(void)unlink(temporary);
	errno = saved;
	return false;
}

bool files_write(const char *path, struct bytes contents, enum files_mode mode, bool force)
{
	const mode_t permissions = mode == FILES_SECRET ? MODE_SECRET : MODE_PUBLIC;

	if (strcmp(path, "-") == 0)
		return to_standard_output(contents) || fail("standard output", ERR_IO);
	return write_named(path, contents, permissions, force) || fail(path, ERR_IO);
}

bool files_keep(const char *path, char aside[FILES_PATH_SIZE])
{
	int n = snprintf(aside, FILES_PATH_SIZE, "%s.%ld.old", path, (long)getpid());

	if (n < 0 || n >= FILES_PATH_SIZE) {
		aside[0] = '\0';
		errno = ENAMETOOLONG;
		return fail(path, ERR_IO);
	}
	if (link(path, aside) == 0)
		return true;
	aside[0] = '\0';
	return errno == ENOENT || fail(path, ERR_IO);
}

void files_give_back(const char *path, const char *aside)
{
	if (aside[0] == '\0')
		(void)unlink(path);
	else if (rename(aside, path) != 0)
		log_error("%s: %s; what was there is %s", path, strerror(errno), aside);
}

void files_let_go(const char *aside)
{
	if (aside[0] != '\0')
		(void)unlink(aside);
}

bool output_init(struct output *output)
{
	int r;

	buffer_init(&output->memory, FILES_SIZE_MAX);
	r = buffer_resize(&output->memory, FILES_SIZE_MAX);
	if (r < 0) {
		log_error("%s", err_text(r));
		return false;
	}
	writer_init(&output->w, output->memory.data, output->memory.len);
	return true;
}

void output_done(struct output *output)
{
	buffer_done(&output->memory);
}

bool output_save(const struct output *output, const char *path, const char *label, bool force)
{
	const struct bytes contents = writer_bytes(&output->w);
	struct output text;
	bool good;

	if (label == NULL)
		return files_write(path, contents, FILES_PUBLIC, force);
	if (!output_init(&text))
		return false;
	pem_put(label, contents, &text.w);
	good = writer_done(&text.w);
	if (!good)
		log_error("%s: %s", path, err_text(ERR_LIMIT));
	good = good && files_write(path, writer_bytes(&text.w), FILES_PUBLIC, force);
	output_done(&text);
	return good;
}
