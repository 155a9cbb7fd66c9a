/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the card that options describe. */
#include "cards/make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/prompt.h"
#include "base/secret.h"
#include "cards/cards.h"

#define QUESTION_SIZE 512

/* The first line of a file, or all of it. */
static int read_password(int fd, struct buffer *out)
{
	uint8_t c;
	ssize_t n;
	int r = 0;

	do {
		n = read(fd, &c, 1);
		if (n < 0 && errno != EINTR)
			return ERR_IO;
		if (n == 1 && c == '\n')
			break;
		if (n == 1)
			r = buffer_append(out, bytes_of(&c, 1));
	} while (n != 0 && r == 0);
	if (r == 0 && out->len > 0 && out->data[out->len - 1] == '\r')
		r = buffer_resize(out, out->len - 1);
	return r;
}

static int ask_file(const char *file, struct buffer *out, struct image_error *error)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r = fd < 0 ? ERR_IO : read_password(fd, out);

	if (r == ERR_IO)
		image_error_set(error, "--image-password-file %s: %s", file, strerror(errno));
	else if (r < 0)
		image_error_set(error, "--image-password-file %s: a password has at most %d bytes",
		    file, IMAGE_PASSWORD_MAX);
	if (fd >= 0)
		(void)close(fd);
	if (r == 0 && out->len == 0) {
		image_error_set(error, "--image-password-file %s: its first line is empty", file);
		r = ERR_FORMAT;
	}
	return r;
}

static int ask_once(
    const char *what, const char *path, struct buffer *out, struct image_error *error)
{
	char question[QUESTION_SIZE];
	int r;

	(void)snprintf(question, sizeof question, "%s %s: ", what, path);
	r = prompt_secret(question, out);
	if (r == ERR_NOT_FOUND)
		image_error_set(error,
		    "%s: the card image is encrypted and there is no terminal to ask for the "
		    "password: "
		    "give --image-password-file",
		    path);
	else if (r < 0)
		image_error_set(error, "%s: no password was given", path);
	if (r == 0 && out->len == 0) {
		image_error_set(error, "%s: no password was given", path);
		r = ERR_FORMAT;
	}
	return r;
}

static int ask_twice(const char *path, struct buffer *out, struct image_error *error)
{
	struct buffer again;
	int r = ask_once("New password for the card image", path, out, error);

	buffer_init(&again, out->max);
	if (r == 0)
		r = ask_once("The same again for", path, &again, error);
	if (r == 0 && !secret_equal(buffer_bytes(out), buffer_bytes(&again))) {
		image_error_set(error, "%s: the two passwords are not the same", path);
		r = ERR_FORMAT;
	}
	buffer_done(&again);
	return r;
}

static int ask(void *self, const char *path, struct buffer *out, struct image_error *error)
{
	const struct make_password *source = self;

	if (source->file != NULL)
		return ask_file(source->file, out, error);
	if (source->unattended) {
		image_error_set(
		    error, "%s: the card image is encrypted: give --image-password-file", path);
		return ERR_NOT_FOUND;
	}
	if (source->twice)
		return ask_twice(path, out, error);
	return ask_once("Password of the card image", path, out, error);
}

struct image_password make_password(struct make_password *source)
{
	return (struct image_password){ ask, source };
}

static int say(char *error, int r, const char *format, ...) PRINTF_LIKE(3, 4);

static int say(char *error, int r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(error, CARD_OPTIONS_ERROR_SIZE, format, args);
	va_end(args);
	return r;
}

/* The type of the card in the image, which no option contradicts. */
static int find_type(const struct card_options *options, const struct image *image,
    const struct card_type **out, char *error)
{
	const char *name = image_type(image);

	*out = cards_find(name);
	if (*out == NULL)
		return say(error, ERR_UNSUPPORTED,
		    "%s: type: this program has no card type of the image's name", options->file);
	if (options->has_type && *out != options->type)
		return say(error, ERR_FORMAT, "--type %s: the card in %s is of type %s",
		    options->type->name, options->file, name);
	if (image_is_sealed(image) || options->password_file == NULL || options->save_as != NULL)
		return 0;
	return say(error, ERR_FORMAT,
	    "%s: is not encrypted; --image-password-file is for images that are", options->file);
}

/* The card out of --file, and its image. */
static int load(const struct card_options *options, const struct card_setup *setup,
    struct image **image, struct card **card, char *error)
{
	bool keep = !options->no_save && options->save_as == NULL;
	struct make_password source = { .file = options->password_file,
		.unattended = setup->unattended };
	const struct image_password password = make_password(&source);
	const struct card_type *type = NULL;
	struct image_error why = { "" };
	int r = image_open(
	    options->file, keep ? IMAGE_FILE_KEEP : IMAGE_FILE_READ, &password, image, &why);

	if (r < 0)
		return say(error, r, "%s", why.text);
	r = find_type(options, *image, &type, error);
	if (r == 0) {
		r = image_make_card(*image, type, setup, card, &why);
		if (r < 0)
			(void)say(error, r, "%s", why.text);
	}
	if (r < 0)
		image_close(*image);
	return r;
}

static int keep(struct image *image, struct card *card, image_tell *tell, char *error)
{
	struct image_error why = { "" };
	int r = image_keep_take(image, card, tell, &why);

	return r < 0 ? say(error, r, "%s", why.text) : 0;
}

/* A new image for the card. */
static int save_as(const struct card_options *options, const struct image_password *password,
    struct card *card, image_tell *tell, char *error)
{
	struct image_error why = { "" };
	struct image *image = NULL;
	int r = image_new(options->save_as, password, &image, &why);

	if (r < 0)
		return say(error, r, "%s", why.text);
	return keep(image, card, tell, error);
}

/* A card from its image, or a new one. */
static int load_or_new(const struct card_options *options, const struct card_setup *setup,
    struct image **image, struct card **card, char *error)
{
	char why[CARD_ERROR_SIZE] = "";
	struct card_setup all = *setup;
	int r;

	all.error = why;
	if (options->file != NULL)
		return load(options, &all, image, card, error);
	r = card_new(options->type, &all, card);
	return r < 0 ? say(error, r, "cannot make a card of type %s: %s", options->type->name,
	                   why[0] != '\0' ? why : err_text(r))
	             : 0;
}

int make_card(const struct card_options *options, const struct card_setup *setup, image_tell *tell,
    struct card **out, char error[CARD_OPTIONS_ERROR_SIZE])
{
	struct make_password source = {
		.file = options->password_file, .twice = true, .unattended = setup->unattended
	};
	const struct image_password password = make_password(&source);
	struct image *image = NULL;
	struct card *card = NULL;
	bool sealed;
	int r = load_or_new(options, setup, &image, &card, error);

	if (r < 0)
		return r;
	if (options->save_as != NULL) {
		sealed = options->encrypt || options->password_file != NULL ||
		    (image != NULL && image_is_sealed(image));
		image_close(image);
		r = save_as(options, sealed ? &password : NULL, card, tell, error);
	} else if (options->no_save) {
		image_hold_take(image, card);
	} else if (image != NULL) {
		r = keep(image, card, tell, error);
	}
	if (r < 0)
		card_free(card);
	else
		*out = card;
	return r;
}

bool make_note(
    const struct card_options *options, unsigned number, char note[CARD_OPTIONS_ERROR_SIZE])
{
	char date[DATE_TEXT_SIZE];
	bool seeded = options->setup.seed.len > 0;

	if (number == 0 && seeded) {
		(void)say(note, 0,
		    "--seed: the random numbers of this card are the same in every run, so nothing "
		    "in it is secret");
		return true;
	}
	if (options->setup.date.year == 0 || number != (seeded ? 1 : 0))
		return false;
	(void)say(note, 0, "--date: for this card today is %s, whatever the calendar says",
	    date_text(options->setup.date, date));
	return true;
}
