/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.conf(5), read as strictly as pcscd does: a key and its value on one line, either a word of few
 * kinds of characters or anything in quotation marks. */
#include "vpcd-config/reader_conf.h"

#include <string.h>

#include "base/err.h"

#define DRIVER "libifdvpcd"

void reader_conf_init(struct reader_conf *file, struct bytes text)
{
	*file = (struct reader_conf){ .rest = text, .line = 1 };
}

static uint8_t peek(const struct reader_conf *file)
{
	return file->rest.len > 0 ? file->rest.data[0] : '\n';
}

static void skip_comment(struct reader_conf *file)
{
	while (file->rest.len > 0 && peek(file) != '\n')
		file->rest = bytes_after(file->rest, 1);
}

/* False: the text ends. */
static bool skip_blanks(struct reader_conf *file)
{
	while (file->rest.len > 0) {
		uint8_t c = peek(file);

		if (c == '#') {
			skip_comment(file);
			continue;
		}
		if (c != ' ' && c != '\t' && c != '\n')
			return true;
		file->line += c == '\n';
		file->rest = bytes_after(file->rest, 1);
	}
	return false;
}

static bool is_word_character(uint8_t c)
{
	return c != 0 &&
	    ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	        strchr("\\/-._@:", c) != NULL);
}

static int refuse(struct reader_conf *file, const char *why)
{
	file->why = why;
	return ERR_FORMAT;
}

static int take_quoted(struct reader_conf *file, struct bytes *out)
{
	const uint8_t quote = peek(file);
	size_t n = 0;

	file->rest = bytes_after(file->rest, 1);
	while (n < file->rest.len && file->rest.data[n] != quote && file->rest.data[n] != '\n')
		n++;
	if (n == file->rest.len || file->rest.data[n] == '\n')
		return refuse(file, "the closing quotation mark is missing");
	*out = bytes_first(file->rest, n);
	file->rest = bytes_after(file->rest, n + 1);
	return 0;
}

static int take_token(struct reader_conf *file, struct bytes *out)
{
	size_t n = 0;

	if (peek(file) == '"' || peek(file) == '\'')
		return take_quoted(file, out);
	while (n < file->rest.len && is_word_character(file->rest.data[n]))
		n++;
	if (n == 0)
		return refuse(file, "pcscd takes this character in quotation marks only");
	*out = bytes_first(file->rest, n);
	file->rest = bytes_after(file->rest, n);
	return 0;
}

static struct bytes *member(struct reader_conf_entry *entry, struct bytes key)
{
	const struct {
		const char *key;
		struct bytes *value;
	} members[] = {
		{ "FRIENDLYNAME", &entry->friendly_name },
		{ "DEVICENAME", &entry->device_name },
		{ "LIBPATH", &entry->lib_path },
		{ "CHANNELID", &entry->channel_id },
	};

	for (size_t i = 0; i < COUNT(members); i++)
		if (bytes_equal(key, bytes_of_string(members[i].key)))
			return members[i].value;
	return NULL;
}

static bool is_complete(const struct reader_conf_entry *entry)
{
	return entry->friendly_name.data != NULL && entry->device_name.data != NULL &&
	    entry->lib_path.data != NULL && entry->channel_id.data != NULL;
}

static int take_line(struct reader_conf *file, struct reader_conf_entry *entry)
{
	struct bytes key, *value;
	unsigned line = file->line;
	int r = take_token(file, &key);

	if (r < 0)
		return r;
	value = member(entry, key);
	if (value == NULL)
		return refuse(file, "the keys are FRIENDLYNAME, DEVICENAME, LIBPATH and CHANNELID");
	if (value->data != NULL)
		return refuse(file, "this key is here twice for one reader");
	if (!skip_blanks(file) || file->line != line) {
		file->line = line;
		return refuse(file, "the value is missing");
	}
	return take_token(file, value);
}

int reader_conf_next(struct reader_conf *file, struct reader_conf_entry *out)
{
	struct reader_conf_entry entry = { 0 };

	while (skip_blanks(file)) {
		int r = take_line(file, &entry);

		if (r < 0)
			return r;
		if (is_complete(&entry)) {
			*out = entry;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

bool reader_conf_is_vpcd(const struct reader_conf_entry *entry)
{
	struct bytes name = entry->lib_path;

	for (size_t i = 0; i < entry->lib_path.len; i++)
		if (entry->lib_path.data[i] == '/')
			name = bytes_after(entry->lib_path, i + 1);
	return bytes_starts_with(name, bytes_of_string(DRIVER));
}
