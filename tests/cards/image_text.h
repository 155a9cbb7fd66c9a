/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a card's image. Include after cmocka.h. */
#ifndef TESTS_CARDS_IMAGE_TEXT_H
#define TESTS_CARDS_IMAGE_TEXT_H

#include "base/buffer.h"
#include "card/image.h"
#include "exact.h"

#define IMAGE_TEXT_MAX (1u << 20)

static inline struct exact image_text_of(const struct card *card)
{
	struct exact copy;
	struct buffer out;

	buffer_init(&out, IMAGE_TEXT_MAX);
	assert_int_equal(image_text(card, &out), 0);
	copy = exact_copy(buffer_bytes(&out));
	buffer_done(&out);
	return copy;
}

/* With one thing that is in it replaced by another. */
static inline struct exact image_text_altered(struct bytes text, const char *what, const char *by)
{
	struct bytes from = bytes_of_string(what), rest = text;
	struct buffer out;
	struct exact copy;

	while (rest.len > 0 && !bytes_starts_with(rest, from))
		rest = bytes_after(rest, 1);
	assert_true(rest.len > 0);
	buffer_init(&out, IMAGE_TEXT_MAX);
	assert_int_equal(buffer_append(&out, bytes_first(text, text.len - rest.len)), 0);
	assert_int_equal(buffer_append(&out, bytes_of_string(by)), 0);
	assert_int_equal(buffer_append(&out, bytes_after(rest, from.len)), 0);
	copy = exact_copy(buffer_bytes(&out));
	buffer_done(&out);
	return copy;
}

#endif
