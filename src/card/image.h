/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card images: the whole state of a card in one JSON file, which people read and write, too
 * (docs/card-image.md), encrypted if they want. */
#ifndef CARD_IMAGE_H
#define CARD_IMAGE_H

#include "base/buffer.h"
#include "card/image_file.h"
#include "card/type.h"

#define IMAGE_VERSION 2
#define IMAGE_PASSWORD_MAX 1024

struct image;

/* Where the password of an encrypted image comes from. */
struct image_password {
	/* Writes it to out, at most IMAGE_PASSWORD_MAX bytes. ERR_*: error says why there is none. */
	int (*ask)(void *self, const char *path, struct buffer *out, struct image_error *error);
	void *self;
};

/* Reads and understands a file, locked from now on. ask is called if it is encrypted. Errors as of
 * image_file_open(); ERR_FORMAT: not an image, or a wrong password. */
MUST_USE int image_open(const char *path, enum image_file_use use,
    const struct image_password *password, struct image **out, struct image_error *error);

/* The same of a text that is in no file; what is made of it cannot be kept. */
MUST_USE int image_open_text(struct bytes text, const struct image_password *password,
    struct image **out, struct image_error *error);

/* An image that is to be, and will not exist before the first card is kept in it. password NULL: not
 * encrypted. Errors as of image_file_new(). */
MUST_USE int image_new(const char *path, const struct image_password *password, struct image **out,
    struct image_error *error);

void image_close(struct image *image);

/* The name of the card's type in an image that was opened; lives as long as that. */
const char *image_type(const struct image *image);
bool image_is_sealed(const struct image *image);

/* Makes the card that is in the image. What setup says counts more. type is the one with the image's
 * name for it. ERR_FORMAT: error says what is wrong in the image; else what card_new() says. */
MUST_USE int image_make_card(const struct image *image, const struct card_type *type,
    const struct card_setup *setup, struct card **out, struct image_error *error);

/* One line for people on each failure to save. */
typedef void image_tell(const char *line);

/* Keeps the card in the image from now on, in place of its setup's commit(); a new image is written at
 * once. The card owns the image, also after a failure: ERR_EXISTS, ERR_IO, ERR_NO_MEMORY. */
MUST_USE int image_keep_take(
    struct image *image, struct card *card, image_tell *tell, struct image_error *error);

/* The same without ever writing: the image is locked as long as the card lives. */
void image_hold_take(struct image *image, struct card *card);

/* What the card's image would be, not encrypted. ERR_NO_MEMORY. */
MUST_USE int image_text(const struct card *card, struct buffer *out);

#endif
