/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card image. What is taken makes a card that answers, and whose image makes the same card again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "card/image.h"
#include "card/image_describe.h"
#include "cards/cards.h"
#include "check.h"
#include "fuzz.h"

/* To make keys of passwords is too slow for this. */
static int no_password(void *self, const char *path, struct buffer *out, struct image_error *error)
{
	return ERR_UNSUPPORTED;
}

static void no_sleep(void *self, unsigned milliseconds)
{
}

static struct card *load(struct bytes text, struct image_error *error)
{
	const struct image_password password = { no_password, NULL };
	const struct card_setup setup = { .sleep = no_sleep };
	const struct card_type *type;
	struct image *image;
	struct card *card = NULL;

	if (image_open_text(text, &password, &image, error) < 0)
		return NULL;
	type = cards_find(image_type(image));
	if (type != NULL && image_make_card(image, type, &setup, &card, error) < 0)
		CHECK(error->text[0] != '\0' && strchr(error->text, '\n') == NULL);
	image_close(image);
	return card;
}

static void check_commands(struct card *card)
{
	static const uint8_t commands[][9] = {
		{ 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00, 0x00 },
		{ 0x00, 0xA4, 0x02, 0x00, 0x02, 0x00, 0x01, 0x00, 0x00 },
		{ 0x00, 0x20, 0x00, 0x01, 0x04, 0x31, 0x32, 0x33, 0x34 },
	};

	for (size_t i = 0; i < COUNT(commands); i++)
		CHECK(card_command(card, BYTES_OF_ARRAY(commands[i])).len >= 2);
	card_reset(card);
}

static void describe(const struct card *card)
{
	FILE *nowhere = fopen("/dev/null", "w");

	if (nowhere == NULL)
		return;
	image_describe(card, nowhere);
	(void)fclose(nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct image_error error = { "" };
	struct buffer first, second;
	struct card *card = load(bytes_of(data, len), &error);

	if (card == NULL)
		return 0;
	buffer_init(&first, IMAGE_FILE_MAX);
	buffer_init(&second, IMAGE_FILE_MAX);
	describe(card);
	check_commands(card);
	CHECK(image_text(card, &first) == 0);
	card_free(card);
	card = load(buffer_bytes(&first), &error);
	CHECK(card != NULL);
	CHECK(image_text(card, &second) == 0);
	CHECK(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
	card_free(card);
	buffer_done(&first);
	buffer_done(&second);
	return 0;
}
