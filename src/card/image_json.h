/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing the JSON of card images: what a card type needs for its own part. A wrong value ends
 * the reading, with the path to it and the rule it breaks as the error. */
#ifndef CARD_IMAGE_JSON_H
#define CARD_IMAGE_JSON_H

#include "base/buffer.h"
#include "card/image_file.h"

struct json_t; /* jansson's */

/* Reading: a value and where in the file it is. Nodes are held by value and point to those around them. */
struct image_node {
	struct json_t *json;
	const struct image_node *parent; /* NULL: the whole image */
	const char *name;                /* in the parent; NULL: an element of an array */
	size_t index;                    /* there */
	const char *path;                /* of the file */
	struct image_error *error;
};

/* Says in error that the value breaks a rule. Always ERR_FORMAT. */
int image_refuse(const struct image_node *node, const char *format, ...) PRINTF_LIKE(2, 3);

/* That it is an object with no fields but these. */
MUST_USE int image_check_fields(
    const struct image_node *object, const char *const *names, size_t n);

/* A field of an object, and whether it is there. */
bool image_has(const struct image_node *object, const char *name, struct image_node *out);
MUST_USE int image_require(
    const struct image_node *object, const char *name, struct image_node *out);

/* The elements of an array, the fields of an object, in order. */
MUST_USE int image_check_array(const struct image_node *array);
bool image_at(const struct image_node *array, size_t index, struct image_node *out);
MUST_USE int image_check_object(const struct image_node *object);
bool image_field_at(const struct image_node *object, size_t index, struct image_node *out);

/* A field's value, if it is there: else *out stays as it was. */
MUST_USE int image_get_number(
    const struct image_node *object, const char *name, uint64_t max, uint64_t *out);
MUST_USE int image_get_bool(const struct image_node *object, const char *name, bool *out);
MUST_USE int image_get_text(const struct image_node *object, const char *name, const char **out);

/* One of n words. */
MUST_USE int image_get_word(const struct image_node *object, const char *name,
    const char *const *words, size_t n, size_t *out);

MUST_USE int image_word_of(
    const struct image_node *node, const char *const *words, size_t n, size_t *out);

/* Bytes in hexadecimal: a string, or an array of strings that are joined; up to the buffer's maximum.
 * image_get_hex(): n bytes exactly. */
MUST_USE int image_get_bytes(const struct image_node *object, const char *name, struct buffer *out);
MUST_USE int image_get_u8(const struct image_node *object, const char *name, uint8_t *out);
MUST_USE int image_get_u16(const struct image_node *object, const char *name, uint16_t *out);

/* A password of 1 to max bytes: the object has it as text in the field "text", or in hexadecimal in "value". */
MUST_USE int image_get_password(
    const struct image_node *object, uint8_t *value, size_t max, size_t *len);

/* The same as image_get_bytes(), of the value itself. */
MUST_USE int image_bytes_of(const struct image_node *node, struct buffer *out);

/* Writing: false when memory is out. */
MUST_USE bool image_put(struct json_t *object, const char *name, struct json_t *take);
MUST_USE bool image_add(struct json_t *array, struct json_t *take);
MUST_USE bool image_put_number(struct json_t *object, const char *name, uint64_t value);
MUST_USE bool image_put_bool(struct json_t *object, const char *name, bool value);
MUST_USE bool image_put_text(struct json_t *object, const char *name, const char *value);

/* In lines of IMAGE_LINE_BYTES: a string if one is enough, else an array of them. */
#define IMAGE_LINE_BYTES 32
MUST_USE bool image_put_bytes(struct json_t *object, const char *name, struct bytes value);
struct json_t *image_new_bytes(struct bytes value);
struct json_t *image_new_text(const char *value);

/* As image_get_password() reads it: as text if it is of printable ASCII. */
MUST_USE bool image_put_password(struct json_t *object, struct bytes value);

/* NULL: memory is out. */
struct json_t *image_new_object(void);
struct json_t *image_new_array(void);
void image_drop(struct json_t *json);
bool image_is_empty(const struct json_t *json); /* object or array */

/* A whole text to JSON and back. out is cleared first. ERR_FORMAT: the error has line and column. */
MUST_USE int image_parse(
    struct bytes text, const char *path, struct json_t **out, struct image_error *error);
MUST_USE int image_print(const struct json_t *json, struct buffer *out);

#endif
