/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the person at the terminal. The keys come one by one, Ctrl-C among them, so that the terminal is
 * put back as it was on every way out. */
#include "base/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"

#define KEY_INTERRUPT 0x03
#define KEY_END 0x04
#define KEY_BACKSPACE 0x08
#define KEY_CLEAR 0x15
#define KEY_DELETE 0x7F

static bool show(int fd, const char *text)
{
	size_t len = strlen(text);

	return write(fd, text, len) == (ssize_t)len;
}

static int take_key(int fd, uint8_t *key)
{
	ssize_t n;

	do
		n = read(fd, key, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? 0 : ERR_INTERRUPTED;
}

/* Keys up to the end of the line. */
static int read_line(int fd, struct buffer *out)
{
	uint8_t key = 0;
	int r = 0;

	while (r == 0) {
		r = take_key(fd, &key);
		if (r < 0 || key == KEY_INTERRUPT || (key == KEY_END && out->len == 0))
			return ERR_INTERRUPTED;
		if (key == '\n' || key == '\r' || key == KEY_END)
			return 0;
		if (key == KEY_CLEAR)
			buffer_clear(out);
		else if (key != KEY_BACKSPACE && key != KEY_DELETE)
			r = buffer_append(out, bytes_of(&key, 1));
		else if (out->len > 0)
			r = buffer_resize(out, out->len - 1);
	}
	return r;
}

static int ask(int fd, const char *question, struct buffer *out)
{
	struct termios before, quiet;
	int r;

	if (tcgetattr(fd, &before) != 0)
		return ERR_NOT_FOUND;
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0)
		return ERR_IO;
	r = show(fd, question) ? read_line(fd, out) : ERR_IO;
	(void)tcsetattr(fd, TCSAFLUSH, &before);
	(void)show(fd, "\n");
	return r;
}

int prompt_secret(const char *question, struct buffer *out)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	int r;

	buffer_clear(out);
	if (fd < 0)
		return ERR_NOT_FOUND;
	r = ask(fd, question, out);
	(void)close(fd);
	if (r < 0)
		buffer_clear(out);
	return r;
}
