/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in memory, read until they end: their size need not be known, as with pipes. Written until all is. */
#include "base/contents.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/secret.h"

#define PIECE 4096

static int read_all(int fd, struct buffer *out)
{
	uint8_t piece[PIECE];
	ssize_t n;
	int r = 0;

	do {
		n = read(fd, piece, sizeof piece);
		if (n > 0)
			r = buffer_append(out, bytes_of(piece, (size_t)n));
		else if (n < 0 && errno != EINTR)
			r = ERR_IO;
	} while (r == 0 && n != 0);
	secret_wipe(piece, sizeof piece);
	return r;
}

int contents_load(const char *path, struct buffer *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r, why;

	buffer_clear(out);
	if (fd < 0)
		return ERR_IO;
	r = read_all(fd, out);
	why = errno;
	(void)close(fd);
	if (r < 0)
		buffer_clear(out);
	errno = why;
	return r;
}

bool contents_write(int fd, struct bytes contents)
{
	while (contents.len > 0) {
		ssize_t n = write(fd, contents.data, contents.len);

		if (n < 0 && errno != EINTR)
			return false;
		contents = bytes_after(contents, n > 0 ? (size_t)n : 0);
	}
	return true;
}
