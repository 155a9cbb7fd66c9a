/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card images as a whole: versions, encryption, and the card that is kept in its file. Whenever a card has
 * changed the whole image is written again: that is what makes it either the old one or the new one. */
#include "card/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/compiler.h"
#include "base/err.h"
#include "card/image_parts.h"
#include "card/image_seal.h"
#include "card/internal.h"

struct image {
	struct image_file *file;
	struct json_t *json; /* what was read; NULL: nothing, or not needed any more */
	bool sealed;
	struct image_seal seal;
	struct buffer text; /* what is in the file, decrypted */
	struct card *card;  /* that is kept */
	image_tell *tell;
};

static const char *const fields[] = { "format", "version", "type", "atr", "memory", "date", "mf",
	"state" };

static struct image_node root_of(struct json_t *json, const char *path, struct image_error *error)
{
	return (struct image_node){ .json = json, .path = path, .error = error };
}

void image_close(struct image *image)
{
	if (image == NULL)
		return;
	image_file_close(image->file);
	image_drop(image->json);
	seal_key_wipe(&image->seal.key);
	buffer_done(&image->text);
	free(image);
}

static struct image *make(void)
{
	struct image *image = calloc(1, sizeof *image);

	if (image != NULL)
		buffer_init(&image->text, IMAGE_FILE_MAX);
	return image;
}

/* Version 1 called the type of the card "card". */
static int migrate_1(const struct image_node *root)
{
	struct image_node card, type;

	if (image_has(root, "type", &type))
		return image_refuse(&type, "there is no such field in version 1");
	if (!image_has(root, "card", &card))
		return image_refuse(root, "the field \"card\" is missing");
	if (json_object_set(root->json, "type", card.json) != 0 ||
	    json_object_del(root->json, "card") != 0)
		return ERR_NO_MEMORY;
	return 0;
}

/* From each version to the next one. */
static int (*const migrations[IMAGE_VERSION])(const struct image_node *root) = {
	[1] = migrate_1,
};

static int check_format(const struct image_node *root)
{
	static const char *const formats[] = { IMAGE_FORMAT };
	struct image_node field;
	size_t word;
	int r = image_check_object(root);

	if (r == 0)
		r = image_require(root, "format", &field);
	if (r == 0)
		r = image_get_word(root, "format", formats, COUNT(formats), &word);
	return r == 0 ? image_require(root, "version", &field) : r;
}

/* Makes an image of an older version one of this version. */
static int migrate(const struct image_node *root)
{
	uint64_t version = 0;
	struct image_node field;
	int r = check_format(root);

	if (r == 0)
		r = image_get_number(root, "version", INT32_MAX, &version);
	if (r == 0 && (version == 0 || version > IMAGE_VERSION)) {
		(void)image_has(root, "version", &field);
		return image_refuse(&field,
		    "this program knows the versions 1 to %d of card images", IMAGE_VERSION);
	}
	for (; r == 0 && version < IMAGE_VERSION; version++)
		r = migrations[version](root);
	return r;
}

static int check_root(const struct image_node *root)
{
	struct image_node field;
	const char *type;
	int r = image_check_fields(root, fields, COUNT(fields));

	if (r == 0)
		r = image_require(root, "type", &field);
	if (r == 0)
		r = image_get_text(root, "type", &type);
	return r == 0 ? image_require(root, "mf", &field) : r;
}

static int make_key(struct image_seal *seal, const struct image_password *password,
    const char *path, struct image_error *error)
{
	struct buffer given;
	int r;

	buffer_init(&given, IMAGE_PASSWORD_MAX);
	r = password->ask(password->self, path, &given, error);
	if (r == 0) {
		r = seal_derive(&seal->parameters, buffer_bytes(&given), &seal->key);
		if (r < 0)
			image_error_set(error, "%s: cannot make a key of the password: %s", path,
			    r == ERR_LIMIT ? "\"n\", \"r\", \"p\" or \"salt\" is out of bounds"
			                   : err_text(r));
	}
	buffer_done(&given);
	return r;
}

/* Takes the envelope off: json is then what was inside. */
static int unseal(
    struct image *image, const struct image_node *root, const struct image_password *password)
{
	struct json_t *inside = NULL;
	int r = image_seal_load(root, &image->seal.parameters);

	if (r == 0)
		r = make_key(&image->seal, password, root->path, root->error);
	if (r == 0)
		r = image_seal_open(root, &image->seal, &image->text);
	if (r == 0)
		r = image_parse(buffer_bytes(&image->text), root->path, &inside, root->error);
	if (r < 0)
		return r;
	image_drop(image->json);
	image->json = inside;
	image->sealed = true;
	return 0;
}

static const char *path_of(const struct image *image)
{
	return image->file != NULL ? image_file_path(image->file) : "card image";
}

/* What is in image->text. */
static int understand(
    struct image *image, const struct image_password *password, struct image_error *error)
{
	const char *path = path_of(image);
	struct image_node root;
	int r = image_parse(buffer_bytes(&image->text), path, &image->json, error);

	if (r < 0)
		return r;
	root = root_of(image->json, path, error);
	if (image_seal_is(&root))
		r = unseal(image, &root, password);
	root = root_of(image->json, path, error);
	if (r == 0)
		r = migrate(&root);
	return r == 0 ? check_root(&root) : r;
}

static int no_memory(const char *path, struct image_error *error)
{
	image_error_set(error, "%s: %s", path, err_text(ERR_NO_MEMORY));
	return ERR_NO_MEMORY;
}

int image_open(const char *path, enum image_file_use use, const struct image_password *password,
    struct image **out, struct image_error *error)
{
	struct image *image = make();
	int r;

	if (image == NULL)
		return no_memory(path, error);
	r = image_file_open(path, use, &image->file, error);
	if (r == 0)
		r = image_file_read(image->file, &image->text, error);
	if (r == 0)
		r = understand(image, password, error);
	if (r == ERR_NO_MEMORY)
		r = no_memory(path, error);
	if (r < 0) {
		image_close(image);
		return r;
	}
	*out = image;
	return 0;
}

int image_open_text(struct bytes text, const struct image_password *password, struct image **out,
    struct image_error *error)
{
	struct image *image = make();
	int r;

	if (image == NULL)
		return ERR_NO_MEMORY;
	r = buffer_set(&image->text, text);
	if (r == 0)
		r = understand(image, password, error);
	if (r < 0) {
		image_close(image);
		return r;
	}
	*out = image;
	return 0;
}

int image_new(const char *path, const struct image_password *password, struct image **out,
    struct image_error *error)
{
	struct image *image = make();
	int r;

	if (image == NULL)
		return no_memory(path, error);
	r = image_file_new(path, &image->file, error);
	if (r == 0 && password != NULL) {
		image->sealed = true;
		r = seal_parameters_init(&image->seal.parameters);
		if (r < 0)
			image_error_set(error, "%s: there are no random numbers", path);
		else
			r = make_key(&image->seal, password, path, error);
	}
	if (r < 0) {
		image_close(image);
		return r;
	}
	*out = image;
	return 0;
}

const char *image_type(const struct image *image)
{
	return json_string_value(json_object_get(image->json, "type"));
}

bool image_is_sealed(const struct image *image)
{
	return image->sealed;
}

static int load_date(const struct image_node *root, struct date *out)
{
	struct image_node field;
	const char *text = NULL;
	int r = image_get_text(root, "date", &text);

	if (r < 0 || text == NULL || date_parse(text, out))
		return r;
	(void)image_has(root, "date", &field);
	return image_refuse(&field, "a day from 2000 to 2099, \"YYYY-MM-DD\", is expected");
}

/* Before the card is made: what card_new() must know. */
static int load_setup(const struct image_node *root, struct card_setup *setup, struct buffer *atr)
{
	struct image_node field;
	uint64_t memory = setup->memory;
	int r = image_get_bytes(root, "atr", atr);

	if (r == 0 && atr->len == 1) {
		(void)image_has(root, "atr", &field);
		r = image_refuse(&field, "an ATR has 2 to %d bytes", ATR_SIZE_MAX);
	}
	if (r == 0)
		r = image_get_number(root, "memory", FS_MEMORY_MAX, &memory);
	if (setup->memory == 0)
		setup->memory = (size_t)memory;
	if (setup->atr.len == 0)
		setup->atr = buffer_bytes(atr);
	setup->empty = true;
	return r == 0 && setup->date.year == 0 ? load_date(root, &setup->date) : r;
}

/* The parts of the card that are its type's, and its bases', own. */
static int load_states(struct card *card, const struct image_node *root)
{
	const char *names[CARD_TYPE_DEPTH_MAX];
	struct image_node states, state;
	size_t n = 0;
	int r;

	if (!image_has(root, "state", &states))
		return 0;
	for (size_t i = 0; i < card->depth; i++) {
		if (card->line[i]->load != NULL)
			names[n++] = card->line[i]->name;
	}
	r = image_check_fields(&states, names, n);
	for (size_t i = card->depth; r == 0 && i-- > 0;) {
		const struct card_type *type = card->line[i];

		if (type->load != NULL && image_has(&states, type->name, &state))
			r = type->load(card, card->state[i], &state);
	}
	return r;
}

static int load_card(struct card *card, const struct image_node *root)
{
	struct image_node mf;
	int r = image_require(root, "mf", &mf);

	if (r == 0)
		r = image_load_mf(card, &mf);
	if (r == 0)
		r = load_states(card, root);
	card_reset(card);
	card->changed = false;
	card->committed = fs_changes(card->files);
	return r;
}

int image_make_card(const struct image *image, const struct card_type *type,
    const struct card_setup *setup, struct card **out, struct image_error *error)
{
	const char *path = path_of(image);
	const struct image_node root = root_of(image->json, path, error);
	struct card_setup all = *setup;
	struct card *card = NULL;
	struct buffer atr;
	int r;

	image_error_set(error, "%s", "");
	buffer_init(&atr, ATR_SIZE_MAX);
	r = load_setup(&root, &all, &atr);
	if (r == 0)
		r = card_new(type, &all, &card);
	buffer_done(&atr);
	if (r == 0)
		r = load_card(card, &root);
	if (r < 0) {
		card_free(card);
		if (error->text[0] == '\0')
			image_error_set(error, "%s: cannot make the card: %s", path,
			    all.error != NULL && all.error[0] != '\0' ? all.error : err_text(r));
		return r;
	}
	*out = card;
	return 0;
}

static bool put_states(const struct card *card, struct json_t *out)
{
	struct json_t *states = image_new_object();
	bool ok = states != NULL;

	for (size_t i = 0; ok && i < card->depth; i++) {
		const struct card_type *type = card->line[i];
		struct json_t *state;

		if (type->save == NULL)
			continue;
		state = image_new_object();
		ok = state != NULL && type->save(card, card->state[i], state);
		if (ok)
			ok = image_put(states, type->name, state);
		else
			image_drop(state);
	}
	if (ok && !image_is_empty(states))
		return image_put(out, "state", states);
	image_drop(states);
	return ok;
}

static bool put_date(const struct card *card, struct json_t *out)
{
	char text[DATE_TEXT_SIZE];

	return card->date.year == 0 || image_put_text(out, "date", date_text(card->date, text));
}

int image_text(const struct card *card, struct buffer *out)
{
	struct json_t *json = image_new_object();
	int r = ERR_NO_MEMORY;

	if (json != NULL && image_put_text(json, "format", IMAGE_FORMAT) &&
	    image_put_number(json, "version", IMAGE_VERSION) &&
	    image_put_text(json, "type", card->line[0]->name) &&
	    image_put_bytes(json, "atr", card_atr(card)) &&
	    image_put_number(json, "memory", fs_memory(card->files)) && put_date(card, json) &&
	    image_put(json, "mf", image_save_mf(card)) && put_states(card, json))
		r = image_print(json, out);
	image_drop(json);
	return r;
}

static int write_sealed(struct image *image, struct bytes text)
{
	struct buffer sealed;
	int r;

	buffer_init(&sealed, IMAGE_FILE_MAX);
	r = image_seal_close(&image->seal, text, &sealed);
	if (r == 0)
		r = image_file_write(image->file, buffer_bytes(&sealed));
	buffer_done(&sealed);
	return r;
}

/* Remembers what is in the file now. */
static void keep_text(struct image *image, struct buffer *text)
{
	struct buffer old = image->text;

	image->text = *text;
	*text = old;
}

/* Writes the image, unless it would be the same. */
static int save(struct image *image)
{
	struct buffer text;
	int r;

	buffer_init(&text, IMAGE_FILE_MAX);
	r = image_text(image->card, &text);
	if (r == 0 && !bytes_equal(buffer_bytes(&text), buffer_bytes(&image->text))) {
		r = image->sealed ? write_sealed(image, buffer_bytes(&text))
		                  : image_file_write(image->file, buffer_bytes(&text));
		if (r == 0)
			keep_text(image, &text);
	}
	buffer_done(&text);
	return r;
}

static void explain(const struct image *image, int r, struct image_error *error)
{
	const char *path = image_file_path(image->file);

	if (r == ERR_EXISTS)
		image_error_set(error, "%s: exists already, and is not overwritten", path);
	else if (r == ERR_IO && errno == ESTALE)
		image_error_set(error,
		    "%s: cannot save the card: somebody else has replaced or removed the file",
		    path);
	else
		image_error_set(error, "%s: cannot save the card: %s", path,
		    r == ERR_IO ? strerror(errno) : err_text(r));
}

static int commit(void *self)
{
	struct image *image = self;
	struct image_error error;
	int r = save(image);

	if (r < 0 && image->tell != NULL) {
		explain(image, r, &error);
		image->tell(error.text);
	}
	return r;
}

void image_hold_take(struct image *image, struct card *card)
{
	card->image = image;
	image_drop(image->json);
	image->json = NULL;
	buffer_done(&image->text);
}

int image_keep_take(
    struct image *image, struct card *card, image_tell *tell, struct image_error *error)
{
	bool is_new = image->json == NULL;
	int r;

	image_hold_take(image, card);
	image->card = card;
	image->tell = tell;
	r = is_new ? save(image) : 0;
	if (r < 0) {
		explain(image, r, error);
		return r;
	}
	card->commit = commit;
	card->commit_self = image;
	return 0;
}
