/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The access rules of a file in a card image. Those in compact form (ISO/IEC 7816-4, 9.3.3.2) are words where
 * words can say what the bytes say, else they are bytes; all others are bytes. */
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "card/image_parts.h"

#define MODE_PROPRIETARY 0x80
#define MODES 7

#define CONDITION_ALL 0x80
#define CONDITION_ENVIRONMENT 0x0F
#define CONDITION_SIZE 64

/* Bits 7 to 1 of the access mode byte, for EFs and for DFs. */
static const char *const modes[2][MODES] = {
	{ "delete", "terminate", "activate", "deactivate", "write", "update", "read" },
	{ "delete", "terminate", "activate", "deactivate", "create_df", "create_ef",
	    "delete_child" },
};

static const struct {
	uint8_t bit;
	const char *word;
} mechanisms[] = { { 0x40, "sm" }, { 0x20, "key" }, { 0x10, "password" } };

static const struct {
	const char *name;
	enum file_attribute attribute;
} names[] = {
	{ "reference", FILE_SECURITY_REFERENCE },
	{ "compact", FILE_SECURITY_COMPACT },
	{ "expanded", FILE_SECURITY_EXPANDED },
	{ "proprietary", FILE_SECURITY_PROPRIETARY },
	{ "environments", FILE_SECURITY_ENVIRONMENTS },
};

void image_attributes_init(struct image_attributes *attributes)
{
	for (size_t i = 0; i < FILE_ATTRIBUTES; i++)
		buffer_init(&attributes->buffers[i], IMAGE_ATTRIBUTE_MAX);
}

void image_attributes_done(struct image_attributes *attributes)
{
	for (size_t i = 0; i < FILE_ATTRIBUTES; i++)
		buffer_done(&attributes->buffers[i]);
}

/* How many mechanisms a condition names. */
static unsigned count_mechanisms(uint8_t condition)
{
	unsigned n = 0;

	for (size_t i = 0; i < COUNT(mechanisms); i++)
		n += (condition & mechanisms[i].bit) != 0;
	return n;
}

/* "sm and key" */
static size_t put_mechanisms(uint8_t condition, char text[CONDITION_SIZE])
{
	const char *between = (condition & CONDITION_ALL) != 0 ? " and " : " or ";
	size_t used = 0;

	for (size_t i = 0; i < COUNT(mechanisms); i++) {
		if ((condition & mechanisms[i].bit) != 0)
			used += (size_t)snprintf(text + used, CONDITION_SIZE - used, "%s%s",
			    used > 0 ? between : "", mechanisms[i].word);
	}
	return used;
}

/* Whether there are words for a condition byte that names mechanisms. */
static bool has_words(uint8_t condition)
{
	unsigned n = count_mechanisms(condition);

	if ((condition & CONDITION_ENVIRONMENT) == CONDITION_ENVIRONMENT)
		return false;
	return n > 1 || (n == 1 && (condition & CONDITION_ALL) == 0);
}

/* A condition byte as words, or as two digits where there are none for it. */
static void condition_text(uint8_t condition, char text[CONDITION_SIZE])
{
	uint8_t environment = condition & CONDITION_ENVIRONMENT;
	size_t used;

	if (condition == 0x00 || condition == 0xFF) {
		(void)snprintf(text, CONDITION_SIZE, "%s", condition == 0x00 ? "always" : "never");
		return;
	}
	if (!has_words(condition)) {
		(void)snprintf(text, CONDITION_SIZE, "%02X", condition);
		return;
	}
	used = put_mechanisms(condition, text);
	if (environment != 0)
		(void)snprintf(
		    text + used, CONDITION_SIZE - used, " in environment %u", environment);
}

/* There are few enough to try them all. */
static int condition_of(const struct image_node *node, const char *text, uint8_t *out)
{
	char candidate[CONDITION_SIZE];

	for (unsigned i = 0; i <= 0xFF; i++) {
		condition_text((uint8_t)i, candidate);
		if (strcmp(candidate, text) == 0) {
			*out = (uint8_t)i;
			return 0;
		}
	}
	return image_refuse(node,
	    "\"always\", \"never\", or such as \"password\", \"key or password\", \"sm and key in "
	    "environment 2\" is expected");
}

/* One object of words: an access mode byte and its condition bytes. */
static int load_compact(const struct image_node *node, bool df, struct buffer *out)
{
	uint8_t bytes[1 + MODES] = { 0 };
	size_t n = 1;
	int r = image_check_fields(node, modes[df], MODES);

	for (size_t i = 0; r == 0 && i < MODES; i++) {
		struct image_node field;
		const char *text = NULL;

		r = image_get_text(node, modes[df][i], &text);
		if (r < 0 || text == NULL)
			continue;
		(void)image_has(node, modes[df][i], &field);
		bytes[0] |= (uint8_t)(0x40 >> i);
		r = condition_of(&field, text, &bytes[n++]);
	}
	return r == 0 ? buffer_append(out, bytes_of(bytes, n)) : r;
}

/* Words: an object, or a list of them; else bytes. */
static int load_compact_rules(const struct image_node *rules, bool df, struct buffer *out)
{
	struct image_node node, item;
	int r = 0;

	if (!image_has(rules, "compact", &node))
		return 0;
	if (image_check_object(&node) == 0)
		return load_compact(&node, df, out);
	if (!image_at(&node, 0, &item) || image_check_object(&item) < 0)
		return image_bytes_of(&node, out);
	for (size_t i = 0; r == 0 && image_at(&node, i, &item); i++)
		r = load_compact(&item, df, out);
	return r;
}

static int load_rules(const struct image_node *rules, bool df, struct image_attributes *out)
{
	const char *known[COUNT(names)];
	int r;

	for (size_t i = 0; i < COUNT(names); i++)
		known[i] = names[i].name;
	r = image_check_fields(rules, known, COUNT(known));
	for (size_t i = 0; r == 0 && i < COUNT(names); i++) {
		struct buffer *to = &out->buffers[names[i].attribute];

		if (names[i].attribute == FILE_SECURITY_COMPACT)
			r = load_compact_rules(rules, df, to);
		else
			r = image_get_bytes(rules, names[i].name, to);
	}
	return r;
}

int image_load_attributes(const struct image_node *node, bool df, struct image_attributes *out)
{
	struct image_node rules;
	int r = 0;

	if (image_has(node, "rules", &rules))
		r = load_rules(&rules, df, out);
	if (r == 0)
		r = image_get_bytes(node, "proprietary", &out->buffers[FILE_PROPRIETARY]);
	if (r == 0)
		r = image_get_bytes(node, "proprietary_tlv", &out->buffers[FILE_PROPRIETARY_TLV]);
	return r;
}

bool image_rule_take(struct bytes *rules, bool df, char text[IMAGE_RULE_TEXT_SIZE])
{
	char condition_words[CONDITION_SIZE];
	struct bytes rest = *rules;
	uint8_t mode, condition;
	size_t used = 0;

	if (!bytes_take_u8(&rest, &mode) || (mode & MODE_PROPRIETARY) != 0)
		return false;
	text[0] = '\0';
	for (size_t i = MODES; i-- > 0;) {
		size_t before = 0; /* condition bytes of the modes to the left */

		if ((mode & (0x40 >> i)) == 0)
			continue;
		for (size_t j = 0; j < i; j++)
			before += (mode & (0x40 >> j)) != 0;
		if (before >= rest.len)
			return false;
		condition = rest.data[before];
		condition_text(condition, condition_words);
		used += (size_t)snprintf(text + used, IMAGE_RULE_TEXT_SIZE - used, "%s%s: %s",
		    used > 0 ? ", " : "", modes[df][i], condition_words);
	}
	for (size_t i = 0; i < MODES; i++) {
		if ((mode & (0x40 >> i)) != 0 && !bytes_take_u8(&rest, &condition))
			return false;
	}
	*rules = rest;
	return true;
}

static bool have_words(struct bytes value, bool df)
{
	char text[IMAGE_RULE_TEXT_SIZE];

	while (value.len > 0) {
		if (!image_rule_take(&value, df, text))
			return false;
	}
	return true;
}

/* Takes one access mode byte and its conditions off, for which there are words. */
static bool put_words(struct bytes *rest, bool df, struct json_t *out)
{
	char text[CONDITION_SIZE];
	uint8_t mode = 0, condition = 0;
	bool ok = bytes_take_u8(rest, &mode);

	for (size_t i = 0; ok && i < MODES; i++) {
		if ((mode & (0x40 >> i)) == 0)
			continue;
		ok = bytes_take_u8(rest, &condition);
		condition_text(condition, text);
		ok = ok && image_put_text(out, modes[df][i], text);
	}
	return ok;
}

/* NULL: memory is out. */
static struct json_t *compact_words(struct bytes value, bool df)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	while (ok && value.len > 0) {
		struct json_t *item = image_new_object();

		ok = item != NULL && put_words(&value, df, item);
		if (ok)
			ok = image_add(list, item);
		else
			image_drop(item);
	}
	if (ok)
		return list;
	image_drop(list);
	return NULL;
}

static struct json_t *save_compact(struct bytes value, bool df)
{
	return have_words(value, df) ? compact_words(value, df) : image_new_bytes(value);
}

static bool save_rules(const struct file *file, struct json_t *out)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		struct bytes value = file_attribute(file, names[i].attribute);
		struct json_t *json;

		if (value.len == 0)
			continue;
		json = names[i].attribute == FILE_SECURITY_COMPACT
		    ? save_compact(value, file_is_df(file))
		    : image_new_bytes(value);
		if (!image_put(out, names[i].name, json))
			return false;
	}
	return true;
}

static bool save_bytes(
    const struct file *file, enum file_attribute attribute, const char *name, struct json_t *out)
{
	struct bytes value = file_attribute(file, attribute);

	return value.len == 0 || image_put_bytes(out, name, value);
}

bool image_save_attributes(const struct file *file, struct json_t *out)
{
	struct json_t *rules = image_new_object();
	bool ok = rules != NULL && save_rules(file, rules);

	if (ok && !image_is_empty(rules))
		ok = image_put(out, "rules", rules);
	else
		image_drop(rules);
	return ok && save_bytes(file, FILE_PROPRIETARY, "proprietary", out) &&
	    save_bytes(file, FILE_PROPRIETARY_TLV, "proprietary_tlv", out);
}
