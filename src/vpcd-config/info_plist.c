/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Info.plist, as far as the names of the readers need it: XML elements without attributes, comments; what
 * else there may be is passed over. */
#include "vpcd-config/info_plist.h"

#define KEY "ifdFriendlyName"

void info_plist_init(struct info_plist *file, struct bytes text)
{
	*file = (struct info_plist){ .rest = text };
}

/* Takes everything before mark, and mark itself. */
static bool take_until(struct bytes *rest, const char *mark, struct bytes *out)
{
	const struct bytes end = bytes_of_string(mark);

	for (size_t i = 0; i < rest->len; i++) {
		if (!bytes_starts_with(bytes_after(*rest, i), end))
			continue;
		*out = bytes_first(*rest, i);
		*rest = bytes_after(*rest, i + end.len);
		return true;
	}
	return false;
}

/* Takes the text before the next tag, and what is between the brackets of the tag. A comment is no tag. */
static bool take_tag(struct bytes *rest, struct bytes *text, struct bytes *tag)
{
	const struct bytes comment = bytes_of_string("!--");

	while (take_until(rest, "<", text)) {
		if (!bytes_starts_with(*rest, comment))
			return take_until(rest, ">", tag);
		if (!take_until(rest, "-->", tag))
			return false;
	}
	return false;
}

static bool is(struct bytes text, const char *what)
{
	return bytes_equal(text, bytes_of_string(what));
}

static bool find_key(struct bytes *rest)
{
	struct bytes text, tag;

	while (take_tag(rest, &text, &tag))
		if (is(tag, "/key") && is(text, KEY))
			return true;
	return false;
}

/* The value is a string, or an array of strings; the next key is past it. */
bool info_plist_next(struct info_plist *file, struct bytes *out)
{
	struct bytes text, tag;

	if (!file->inside && !find_key(&file->rest))
		return false;
	file->inside = true;
	while (take_tag(&file->rest, &text, &tag)) {
		if (is(tag, "/string")) {
			*out = text;
			return true;
		}
		if (is(tag, "/array") || is(tag, "key") || is(tag, "/dict"))
			break;
	}
	file->rest = bytes_of(NULL, 0);
	return false;
}
