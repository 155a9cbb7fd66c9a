/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card described for people, as a tree of its files. */
#include "card/image_describe.h"

#include "base/compiler.h"
#include "base/hex.h"
#include "card/image_parts.h"
#include "card/internal.h"
#include "fs/objects.h"
#include "fs/records.h"

#define INDENT 4
#define NAME_TEXT_SIZE HEX_SIZE(FCP_DF_NAME_MAX)
#define SHOWN_BYTES 40 /* of rules that are shown as bytes */

/* Where a line is. */
struct place {
	FILE *to;
	unsigned depth;
};

static void begin(const struct place *place)
{
	(void)fprintf(place->to, "%*s", (int)(INDENT * place->depth), "");
}

static void put_hex(const struct place *place, const char *what, struct bytes value)
{
	char text[HEX_SIZE(SHOWN_BYTES)];

	if (value.len == 0)
		return;
	hex_encode(bytes_first(value, SHOWN_BYTES), text);
	begin(place);
	(void)fprintf(place->to, "%s %s%s\n", what, text, value.len > SHOWN_BYTES ? " ..." : "");
}

/* "rule: read always, update password" */
static void put_compact(const struct place *place, const struct file *file)
{
	struct bytes value = file_attribute(file, FILE_SECURITY_COMPACT);
	char text[IMAGE_RULE_TEXT_SIZE];

	while (value.len > 0 && image_rule_take(&value, file_is_df(file), text)) {
		begin(place);
		(void)fprintf(place->to, "rule: %s\n", text);
	}
	put_hex(place, "rule in compact form", value);
}

static void put_rules(const struct place *place, const struct file *file)
{
	put_compact(place, file);
	put_hex(place, "rule in expanded form", file_attribute(file, FILE_SECURITY_EXPANDED));
	put_hex(place, "rule in EF.ARR", file_attribute(file, FILE_SECURITY_REFERENCE));
	put_hex(place, "rule of the card's own", file_attribute(file, FILE_SECURITY_PROPRIETARY));
}

static void put_password(const struct place *place, const struct password *password)
{
	const struct pin *pin = &password->pin;

	begin(place);
	(void)fprintf(place->to, "password %u: ", password->number);
	if (pin->tries == 0)
		(void)fprintf(place->to, "blocked");
	else
		(void)fprintf(place->to, "%u of %u tries left", pin->tries, pin->tries_max);
	if (pin->disabled)
		(void)fprintf(place->to, ", disabled");
	if (password->resetting != 0)
		(void)fprintf(place->to, ", reset with password %u", password->resetting);
	(void)fprintf(place->to, "\n");
}

static void put_key(const struct place *place, const struct card_key *key)
{
	begin(place);
	(void)fprintf(place->to, "key %u: %s, %zu bits", key->number, image_key_word(key),
	    key_object_bits(&key->object));
	if (key->object.tries_max > 0)
		(void)fprintf(
		    place->to, ", %u of %u tries left", key->object.tries, key->object.tries_max);
	(void)fprintf(place->to, "\n");
}

static void put_objects(const struct place *place, const struct file *file)
{
	struct tlv object;

	for (size_t i = 0; objects_at(file, i, &object); i++) {
		begin(place);
		(void)fprintf(place->to, "data object %02X, %zu bytes\n", (unsigned)object.tag,
		    object.value.len);
	}
}

static void put_df_contents(
    const struct place *place, const struct card *card, const struct file *df)
{
	const struct credential_entry *first = card->credentials.first;
	struct bytes value;

	for (const struct credential_entry *entry = first; entry != NULL; entry = entry->next) {
		if (entry->kind == CREDENTIAL_PASSWORD && entry->of.common.df == df)
			put_password(place, &entry->of.password);
	}
	for (const struct credential_entry *entry = first; entry != NULL; entry = entry->next) {
		if (entry->kind == CREDENTIAL_KEY && entry->of.common.df == df)
			put_key(place, &entry->of.key);
	}
	for (uint8_t i = 1; i <= ENVIRONMENT_MAX; i++) {
		if (!environment_find(df, i, &value))
			continue;
		begin(place);
		(void)fprintf(place->to, "security environment %u\n", i);
	}
}

static void put_size(const struct place *place, const struct file *file)
{
	switch (file_kind(file)) {
	case FILE_DF:
		return;
	case FILE_TRANSPARENT:
	case FILE_OBJECTS:
		(void)fprintf(place->to, ", %zu bytes", file_size(file));
		return;
	case FILE_RECORDS:
		(void)fprintf(place->to, ", %zu of %zu records of %s%zu bytes", records_count(file),
		    records_max(file), records_are_fixed(file) ? "" : "up to ",
		    records_size_max(file));
		return;
	}
}

static void put_head(const struct place *place, const struct file *file)
{
	char name[NAME_TEXT_SIZE];

	begin(place);
	(void)fprintf(place->to, "%04X %s", file_fid(file),
	    file_parent(file) == NULL ? "MF" : image_kind_word(file));
	put_size(place, file);
	if (file_sfi(file) != 0)
		(void)fprintf(place->to, ", short identifier %u", file_sfi(file));
	if (file_name(file).len > 0) {
		hex_encode(file_name(file), name);
		(void)fprintf(place->to, ", name %s", name);
	}
	if (file_life_cycle(file) != FCP_LIFE_CYCLE_ACTIVATED)
		(void)fprintf(place->to, ", %s", image_life_cycle_word(file));
	(void)fprintf(place->to, "\n");
}

/* fs/ bounds the depth. */
static void put_file(struct place place, const struct card *card, const struct file *file)
{
	put_head(&place, file);
	place.depth++;
	put_rules(&place, file);
	if (file_is_df(file))
		put_df_contents(&place, card, file);
	if (file_kind(file) == FILE_DF || file_kind(file) == FILE_OBJECTS)
		put_objects(&place, file);
	if (!file_is_df(file))
		return;
	for (const struct file *f = file_first_child(file); f != NULL; f = file_next(f))
		put_file(place, card, f);
}

static void put_files(const struct card *card, FILE *to)
{
	const struct place place = { to, 0 };

	(void)fprintf(to, "memory %zu bytes, %zu of them free\n", fs_memory(card->files),
	    fs_memory_left(card->files));
	put_file(place, card, fs_mf(card->files));
}

void image_describe(const struct card *card, FILE *to)
{
	const struct card_type *type = card->line[0];
	char atr[HEX_SIZE(ATR_SIZE_MAX)], date[DATE_TEXT_SIZE];

	hex_encode(card_atr(card), atr);
	(void)fprintf(to, "type %s: %s\nATR %s\n", type->name, type->summary, atr);
	if (card->date.year != 0)
		(void)fprintf(to, "date %s\n", date_text(card->date, date));
	if (!type->own_files)
		put_files(card, to);
	for (size_t i = 0; i < card->depth; i++) {
		if (card->line[i]->describe != NULL)
			card->line[i]->describe(card, card->state[i], to);
	}
}
