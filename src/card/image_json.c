/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON (RFC 8259) of card images, by jansson. Its memory holds PINs and keys, so it is wiped whenever it
 * is given back: jansson can be told once, for the whole process, where memory comes from. */
#include "card/image_json.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/secret.h"

#define PATH_TEXT_MAX 256 /* of a path to a value */
#define NAME_TEXT_MAX 48  /* of one of its names */
#define RULE_TEXT_MAX 512

/* In front of each piece of jansson's memory. */
struct piece {
	size_t size;
	max_align_t data[];
};

static void *piece_new(size_t size)
{
	struct piece *piece = size <= IMAGE_FILE_MAX * 2u ? malloc(sizeof *piece + size) : NULL;

	if (piece == NULL)
		return NULL;
	piece->size = size;
	return piece->data;
}

static void piece_free(void *data)
{
	struct piece *piece;

	if (data == NULL)
		return;
	piece = (void *)((char *)data - offsetof(struct piece, data));
	secret_wipe(data, piece->size);
	free(piece);
}

static void use_own_memory(void)
{
	json_set_alloc_funcs(piece_new, piece_free);
}

/* Before jansson's first use. */
static void start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, use_own_memory);
}

/* Appends a part of a path. */
static void add_part(char *text, const struct image_node *node)
{
	size_t len = strlen(text);
	char name[NAME_TEXT_MAX];

	if (node->name == NULL)
		(void)snprintf(text + len, PATH_TEXT_MAX - len, "[%zu]", node->index);
	else
		(void)snprintf(text + len, PATH_TEXT_MAX - len, "%s%s", len > 0 ? "." : "",
		    log_escape(bytes_of_string(node->name), name, sizeof name));
}

/* From the outside to the inside, without recursion: trees are not deep. */
static void path_of(const struct image_node *node, char text[PATH_TEXT_MAX])
{
	size_t depth = 0;

	text[0] = '\0';
	for (const struct image_node *n = node; n->parent != NULL; n = n->parent)
		depth++;
	for (; depth > 0; depth--) {
		const struct image_node *n = node;

		for (size_t i = 1; i < depth; i++)
			n = n->parent;
		add_part(text, n);
	}
}

int image_refuse(const struct image_node *node, const char *format, ...)
{
	char place[PATH_TEXT_MAX], rule[RULE_TEXT_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(rule, sizeof rule, format, args);
	va_end(args);
	path_of(node, place);
	if (place[0] == '\0')
		image_error_set(node->error, "%s: %s", node->path, rule);
	else
		image_error_set(node->error, "%s: %s: %s", node->path, place, rule);
	return ERR_FORMAT;
}

static struct image_node child(
    const struct image_node *parent, const char *name, size_t index, struct json_t *json)
{
	return (struct image_node){ .json = json,
		.parent = parent,
		.name = name,
		.index = index,
		.path = parent->path,
		.error = parent->error };
}

int image_check_object(const struct image_node *object)
{
	return json_is_object(object->json)
	    ? 0
	    : image_refuse(object, "an object, { ... }, is expected");
}

int image_check_array(const struct image_node *array)
{
	return json_is_array(array->json) ? 0 : image_refuse(array, "a list, [ ... ], is expected");
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

int image_check_fields(const struct image_node *object, const char *const *names, size_t n)
{
	const char *name;
	json_t *value;
	int r = image_check_object(object);

	if (r < 0)
		return r;
	json_object_foreach(object->json, name, value)
	{
		struct image_node field = child(object, name, 0, value);

		if (!is_among(name, names, n))
			return image_refuse(&field, "there is no such field here");
	}
	return 0;
}

bool image_has(const struct image_node *object, const char *name, struct image_node *out)
{
	json_t *value = json_object_get(object->json, name);

	if (value == NULL)
		return false;
	*out = child(object, name, 0, value);
	return true;
}

int image_require(const struct image_node *object, const char *name, struct image_node *out)
{
	if (image_has(object, name, out))
		return 0;
	return image_refuse(object, "the field \"%s\" is missing", name);
}

bool image_at(const struct image_node *array, size_t index, struct image_node *out)
{
	json_t *value = json_array_get(array->json, index);

	if (value == NULL)
		return false;
	*out = child(array, NULL, index, value);
	return true;
}

bool image_field_at(const struct image_node *object, size_t index, struct image_node *out)
{
	void *at = json_object_iter(object->json);

	for (; at != NULL && index > 0; index--)
		at = json_object_iter_next(object->json, at);
	if (at == NULL)
		return false;
	*out = child(object, json_object_iter_key(at), 0, json_object_iter_value(at));
	return true;
}

int image_get_number(const struct image_node *object, const char *name, uint64_t max, uint64_t *out)
{
	struct image_node node;
	json_int_t value;

	if (!image_has(object, name, &node))
		return 0;
	value = json_integer_value(node.json);
	if (!json_is_integer(node.json) || value < 0 || (uint64_t)value > max)
		return image_refuse(
		    &node, "a number from 0 to %llu is expected", (unsigned long long)max);
	*out = (uint64_t)value;
	return 0;
}

int image_get_bool(const struct image_node *object, const char *name, bool *out)
{
	struct image_node node;

	if (!image_has(object, name, &node))
		return 0;
	if (!json_is_boolean(node.json))
		return image_refuse(&node, "true or false is expected");
	*out = json_is_true(node.json);
	return 0;
}

int image_get_text(const struct image_node *object, const char *name, const char **out)
{
	struct image_node node;

	if (!image_has(object, name, &node))
		return 0;
	if (!json_is_string(node.json))
		return image_refuse(&node, "a text, \"...\", is expected");
	*out = json_string_value(node.json);
	return 0;
}

/* "a, b or c" */
static void list_words(const char *const *words, size_t n, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s\"%s\"",
		    i == 0           ? ""
		        : i == n - 1 ? " or "
		                     : ", ",
		    words[i]);
}

int image_word_of(const struct image_node *node, const char *const *words, size_t n, size_t *out)
{
	const char *text = json_string_value(node->json);
	char list[RULE_TEXT_MAX / 2];

	for (size_t i = 0; text != NULL && i < n; i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = i;
			return 0;
		}
	}
	list_words(words, n, list, sizeof list);
	return image_refuse(node, "one of %s is expected", list);
}

int image_get_word(const struct image_node *object, const char *name, const char *const *words,
    size_t n, size_t *out)
{
	struct image_node node;

	return image_has(object, name, &node) ? image_word_of(&node, words, n, out) : 0;
}

/* Appends the bytes of one string. */
static int append_hex(const struct image_node *node, struct buffer *out)
{
	const char *text = json_string_value(node->json);
	size_t used = out->len;
	size_t n;
	struct writer w;
	int r;

	if (text == NULL)
		return image_refuse(node, "bytes in hexadecimal, \"...\", are expected");
	n = strlen(text) / 2;
	if (n > out->max - used) /* blanks can make it look more than it is */
		n = out->max - used;
	r = buffer_resize(out, used + n);
	if (r < 0)
		return r;
	writer_init(&w, out->data != NULL ? out->data + used : NULL, n);
	if (hex_decode(text, &w) && writer_done(&w))
		return buffer_resize(out, used + w.len);
	if (n == out->max - used && strspn(text, "0123456789ABCDEFabcdef \t\r\n:") == strlen(text))
		return image_refuse(node,
		    "at most %zu bytes in hexadecimal, two digits each, are expected", out->max);
	return image_refuse(node, "bytes in hexadecimal, two digits each, are expected");
}

int image_bytes_of(const struct image_node *node, struct buffer *out)
{
	struct image_node line;
	int r = 0;

	buffer_clear(out);
	if (!json_is_array(node->json))
		return append_hex(node, out);
	for (size_t i = 0; r == 0 && image_at(node, i, &line); i++)
		r = append_hex(&line, out);
	return r;
}

int image_get_bytes(const struct image_node *object, const char *name, struct buffer *out)
{
	struct image_node node;

	return image_has(object, name, &node) ? image_bytes_of(&node, out) : 0;
}

/* n bytes, at most 8, as a number. */
static int get_fixed(const struct image_node *object, const char *name, size_t n, uint64_t *out)
{
	struct image_node node;
	struct buffer bytes;
	int r;

	if (!image_has(object, name, &node))
		return 0;
	buffer_init(&bytes, sizeof *out);
	r = json_is_string(node.json) ? append_hex(&node, &bytes) : ERR_FORMAT;
	if (r == ERR_NO_MEMORY)
		return r;
	if (r < 0 || bytes.len != n)
		r = image_refuse(&node, "%zu hexadecimal digits, \"...\", are expected", 2 * n);
	else
		*out = 0;
	for (size_t i = 0; r == 0 && i < n; i++)
		*out = *out << 8 | bytes.data[i];
	buffer_done(&bytes);
	return r;
}

int image_get_password(const struct image_node *object, uint8_t *value, size_t max, size_t *len)
{
	struct image_node text_node, value_node;
	const char *text = NULL;
	struct buffer buffer;
	int r;

	if (image_has(object, "text", &text_node) == image_has(object, "value", &value_node))
		return image_refuse(
		    object, "a password has one of the fields \"text\" and \"value\"");
	buffer_init(&buffer, max);
	r = image_get_text(object, "text", &text);
	if (r == 0 && text != NULL)
		r = buffer_set(&buffer, bytes_of_string(text));
	else if (r == 0)
		r = image_get_bytes(object, "value", &buffer);
	if (r == ERR_LIMIT || (r == 0 && buffer.len == 0))
		r = image_refuse(object, "a password has 1 to %zu bytes", max);
	if (r == 0) {
		memcpy(value, buffer.data, buffer.len);
		*len = buffer.len;
	}
	buffer_done(&buffer);
	return r;
}

int image_get_u8(const struct image_node *object, const char *name, uint8_t *out)
{
	uint64_t value = *out;
	int r = get_fixed(object, name, sizeof *out, &value);

	if (r == 0)
		*out = (uint8_t)value;
	return r;
}

int image_get_u16(const struct image_node *object, const char *name, uint16_t *out)
{
	uint64_t value = *out;
	int r = get_fixed(object, name, sizeof *out, &value);

	if (r == 0)
		*out = (uint16_t)value;
	return r;
}

bool image_put(struct json_t *object, const char *name, struct json_t *take)
{
	return json_object_set_new(object, name, take) == 0;
}

bool image_add(struct json_t *array, struct json_t *take)
{
	return json_array_append_new(array, take) == 0;
}

bool image_put_number(struct json_t *object, const char *name, uint64_t value)
{
	return image_put(object, name, json_integer((json_int_t)value));
}

bool image_put_bool(struct json_t *object, const char *name, bool value)
{
	return image_put(object, name, json_boolean(value));
}

bool image_put_text(struct json_t *object, const char *name, const char *value)
{
	return image_put(object, name, image_new_text(value));
}

static json_t *hex_line(struct bytes value)
{
	char text[HEX_SIZE(IMAGE_LINE_BYTES)];
	json_t *json;

	hex_encode(value, text);
	json = json_string(text);
	secret_wipe(text, sizeof text);
	return json;
}

struct json_t *image_new_bytes(struct bytes value)
{
	json_t *lines;

	start();
	if (value.len <= IMAGE_LINE_BYTES)
		return hex_line(value);
	lines = json_array();
	for (; value.len > 0; value = bytes_after(value, IMAGE_LINE_BYTES)) {
		if (!image_add(lines, hex_line(bytes_first(value, IMAGE_LINE_BYTES)))) {
			json_decref(lines);
			return NULL;
		}
	}
	return lines;
}

bool image_put_bytes(struct json_t *object, const char *name, struct bytes value)
{
	return image_put(object, name, image_new_bytes(value));
}

struct json_t *image_new_text(const char *value)
{
	start();
	return json_string(value);
}

struct json_t *image_new_object(void)
{
	start();
	return json_object();
}

struct json_t *image_new_array(void)
{
	start();
	return json_array();
}

void image_drop(struct json_t *json)
{
	json_decref(json);
}

bool image_is_empty(const struct json_t *json)
{
	return json_object_size(json) == 0 && json_array_size(json) == 0;
}

static bool is_text(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < 0x20 || value.data[i] > 0x7E)
			return false;
	}
	return true;
}

bool image_put_password(struct json_t *object, struct bytes value)
{
	if (!is_text(value))
		return image_put_bytes(object, "value", value);
	return image_put(object, "text", json_stringn((const char *)value.data, value.len));
}

int image_parse(struct bytes text, const char *path, struct json_t **out, struct image_error *error)
{
	char shown[RULE_TEXT_MAX];
	json_error_t why = { 0 };
	json_t *json;

	start();
	json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &why);
	/* Where memory runs out early, nothing is said at all. */
	if (json == NULL &&
	    (why.text[0] == '\0' || json_error_code(&why) == json_error_out_of_memory)) {
		image_error_set(error, "%s: %s", path, err_text(ERR_NO_MEMORY));
		return ERR_NO_MEMORY;
	}
	if (json == NULL) {
		image_error_set(error, "%s:%d:%d: not a card image, or a damaged one: %s", path,
		    why.line, why.column,
		    log_escape(bytes_of_string(why.text), shown, sizeof shown));
		return ERR_FORMAT;
	}
	*out = json;
	return 0;
}

/* jansson does not look at every result of its callback: what has failed once stays so. */
struct printer {
	struct buffer *out;
	int r;
};

static int append_text(const char *text, size_t len, void *self)
{
	struct printer *printer = self;

	if (printer->r == 0)
		printer->r = buffer_append(printer->out, bytes_of((const uint8_t *)text, len));
	return printer->r;
}

int image_print(const struct json_t *json, struct buffer *out)
{
	struct printer printer = { out, 0 };

	buffer_clear(out);
	if (json_dump_callback(json, append_text, &printer, JSON_INDENT(2) | JSON_ENSURE_ASCII) !=
	        0 ||
	    append_text("\n", 1, &printer) != 0)
		return printer.r < 0 ? printer.r : ERR_NO_MEMORY;
	return 0;
}
