/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every conversation of this folder with cards that live in images: after each command the image says all that
 * the card has become, and at each reset and loss of power another card, out of the image, takes its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "card/image.h"
#include "cards/cards.h"
#include "conversation.h"

struct kept {
	struct card *card;
	struct buffer image; /* what commit() was told last */
};

static void no_sleep(void *self, unsigned milliseconds)
{
}

static int commit(void *self)
{
	struct kept *kept = self;

	return image_text(kept->card, &kept->image);
}

static struct card_setup setup_of(struct kept *kept)
{
	return (struct card_setup){ .sleep = no_sleep, .commit = commit, .commit_self = kept };
}

static bool new_card(void *self, const char *name)
{
	struct kept *kept = self;
	const struct card_setup setup = setup_of(kept);
	const struct card_type *type = cards_find(name);

	card_free(kept->card);
	kept->card = NULL;
	return type != NULL && card_new(type, &setup, &kept->card) == 0 && commit(kept) == 0;
}

static int no_password(void *self, const char *path, struct buffer *out, struct image_error *error)
{
	fail();
	return -1;
}

/* The card out of the image takes the place of the card. */
static bool replace(void *self)
{
	const struct image_password password = { no_password, NULL };
	struct kept *kept = self;
	const struct card_setup setup = setup_of(kept);
	struct image_error error = { "" };
	struct image *image = NULL;

	card_free(kept->card);
	kept->card = NULL;
	if (image_open_text(buffer_bytes(&kept->image), &password, &image, &error) < 0 ||
	    image_make_card(image, cards_find(image_type(image)), &setup, &kept->card, &error) < 0)
		fail_msg("%s", error.text);
	image_close(image);
	return true;
}

/* That nobody forgot to say that the card has changed. */
static void check_image(const struct kept *kept)
{
	struct buffer text;

	buffer_init(&text, IMAGE_FILE_MAX);
	assert_int_equal(image_text(kept->card, &text), 0);
	if (!bytes_equal(buffer_bytes(&text), buffer_bytes(&kept->image)))
		fail_msg("saved:\n%.*s\nbut it is:\n%.*s", (int)kept->image.len,
		    (const char *)kept->image.data, (int)text.len, (const char *)text.data);
	buffer_done(&text);
}

static bool transmit(void *self, struct bytes command, struct bytes *response)
{
	const struct kept *kept = self;

	if (kept->card == NULL)
		return false;
	*response = card_command(kept->card, command);
	check_image(kept);
	return true;
}

static int run(const char *path)
{
	struct kept kept = { 0 };
	const struct conversation_way way = { &kept, new_card, replace, replace, transmit };
	int matched;

	buffer_init(&kept.image, IMAGE_FILE_MAX);
	matched = conversation_run(path, &way);
	card_free(kept.card);
	buffer_done(&kept.image);
	return matched;
}

static void all_conversations(void **state)
{
	assert_true(conversation_run_all(run));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_conversations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
