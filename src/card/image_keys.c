/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a DF in a card image. */
#include "auth/key_pair.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "card/image_parts.h"

#define SECRET_MAX 32

static const char *const fields[] = { "number", "type", "secret", "pair", "pem", "uses", "tries",
	"max_tries", "password" };

static const struct {
	const char *word;
	enum key_type type;
} types[] = { { "3des", KEY_3DES }, { "aes", KEY_AES }, { "rsa", KEY_RSA }, { "ec", KEY_EC } };

/* By enum crt_kind: as the standard abbreviates the templates. */
static const char *const uses[CRT_KINDS] = { "at", "kat", "ht", "cct", "dst", "ct" };

/* The value of a symmetric key: without one the card draws it when it is first needed. */
static int load_secret(const struct image_node *node, size_t row, struct key_object *out)
{
	struct image_node field;
	struct buffer secret;
	int r;

	if (!image_has(node, "secret", &field))
		return 0;
	buffer_init(&secret, SECRET_MAX);
	r = image_bytes_of(&field, &secret);
	if (r == 0 && key_object_init(out, types[row].type, buffer_bytes(&secret)) < 0)
		r = image_refuse(
		    &field, "%zu bytes are no key of type \"%s\"", secret.len, types[row].word);
	buffer_done(&secret);
	return r;
}

/* A pair of keys, or a public key: "pem" is text, "pair" the bytes of DER. */
static int load_pair(
    const struct image_node *node, struct random *random, size_t row, struct key_object *out)
{
	const char *text = NULL;
	struct image_node field;
	struct buffer der;
	struct bytes in;
	int r = 0;

	buffer_init(&der, KEY_PAIR_WRITTEN_MAX);
	if (image_has(node, "pem", &field)) {
		r = image_get_text(node, "pem", &text);
		in = r == 0 ? bytes_of_string(text) : (struct bytes){ 0 };
	} else {
		r = image_require(node, "pair", &field);
		if (r == 0)
			r = image_bytes_of(&field, &der);
		in = buffer_bytes(&der);
	}
	if (r == 0 && key_pair_read(random, types[row].type, in, out) < 0)
		r = image_refuse(&field, "this is no key of type \"%s\"", types[row].word);
	buffer_done(&der);
	return r;
}

/* The type, and the value. */
static int load_value(const struct image_node *node, struct random *random, struct key_object *out)
{
	const char *words[COUNT(types)];
	struct image_node field;
	size_t row = 0;
	int r;

	for (size_t i = 0; i < COUNT(types); i++)
		words[i] = types[i].word;
	r = image_require(node, "type", &field);
	if (r == 0)
		r = image_get_word(node, "type", words, COUNT(words), &row);
	if (r < 0)
		return r;
	*out = (struct key_object){ .type = types[row].type };
	return key_object_is_symmetric(out) ? load_secret(node, row, out)
	                                    : load_pair(node, random, row, out);
}

/* A list of words, as bits. */
static int load_uses(const struct image_node *node, uint8_t *out)
{
	struct image_node list, item;
	int r;

	if (!image_has(node, "uses", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++) {
		size_t use = 0;

		r = image_word_of(&item, uses, CRT_KINDS, &use);
		*out |= (uint8_t)KEY_USE(use);
	}
	return r;
}

static int load_key(const struct image_node *node, struct random *random, struct card_key *out)
{
	uint64_t tries = 0, tries_max = 0;
	int r = image_check_fields(node, fields, COUNT(fields));

	if (r == 0)
		r = image_load_reference(node, &out->number);
	if (r == 0)
		r = load_value(node, random, &out->object);
	if (r == 0)
		r = load_uses(node, &out->object.uses);
	if (r == 0)
		r = image_get_number(node, "max_tries", KEY_TRIES_MAX, &tries_max);
	tries = tries_max;
	if (r == 0)
		r = image_get_number(node, "tries", tries_max, &tries);
	if (r == 0)
		r = image_get_u8(node, "password", &out->password);
	out->object.tries = (unsigned)tries;
	out->object.tries_max = (unsigned)tries_max;
	return r;
}

int image_load_keys(struct card *card, const struct file *df, const struct image_node *node)
{
	struct image_node list, item;
	int r;

	if (!image_has(node, "keys", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++) {
		struct card_key key = { .df = df };

		r = load_key(&item, card_random_source(card), &key);
		if (r == 0)
			r = credentials_take_key(card_credentials(card), &key);
		if (r < 0)
			key_object_done(&key.object);
		if (r == ERR_EXISTS)
			r = image_refuse(&item, "there is a key %u in this DF already", key.number);
		if (r == ERR_LIMIT)
			r = image_refuse(&item, "a card has at most %d keys", CREDENTIALS_MAX);
	}
	return r;
}

const char *image_key_word(const struct card_key *key)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		if (types[i].type == key->object.type)
			return types[i].word;
	}
	return "unknown";
}

static bool save_uses(const struct card_key *key, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (size_t i = 0; ok && i < CRT_KINDS; i++) {
		if ((key->object.uses & KEY_USE(i)) != 0)
			ok = image_add(list, image_new_text(uses[i]));
	}
	if (ok)
		return image_put(out, "uses", list);
	image_drop(list);
	return false;
}

static bool save_pair(const struct card_key *key, struct json_t *out)
{
	uint8_t memory[KEY_PAIR_WRITTEN_MAX];
	struct writer w;
	bool ok;

	writer_init(&w, memory, sizeof memory);
	ok =
	    key_pair_write(&key->object, &w) == 0 && image_put_bytes(out, "pair", writer_bytes(&w));
	secret_wipe(memory, sizeof memory);
	return ok;
}

static bool save_value(const struct card_key *key, struct json_t *out)
{
	if (!key_object_is_symmetric(&key->object))
		return save_pair(key, out);
	return key->object.secret.len == 0 ||
	    image_put_bytes(out, "secret", key_bytes(&key->object.secret));
}

bool image_save_key(const struct card_key *key, struct json_t *out)
{
	return image_put_number(out, "number", key->number) &&
	    image_put_text(out, "type", image_key_word(key)) && save_value(key, out) &&
	    save_uses(key, out) &&
	    (key->object.tries_max == 0 ||
	        (image_put_number(out, "tries", key->object.tries) &&
	            image_put_number(out, "max_tries", key->object.tries_max))) &&
	    (key->password == 0 || image_put_bytes(out, "password", bytes_of(&key->password, 1)));
}
