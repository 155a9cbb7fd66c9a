/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file tree in a card image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/number.h"
#include "card/image_parts.h"
#include "card/internal.h"
#include "fs/coding.h"
#include "fs/objects.h"
#include "fs/records.h"
#include "fs/transparent.h"

#define TAG_TEXT_SIZE 9
#define TAG_MAX 0xFFFFFF

/* By the structure in a descriptor byte (7816-4, table 12), and of DFs and EFs with BER-TLV structure. */
static const struct {
	const char *word;
	uint8_t descriptor;
} kinds[] = {
	{ "transparent", FCP_DESCRIPTOR_TRANSPARENT },
	{ "linear-fixed", FCP_DESCRIPTOR_LINEAR_FIXED },
	{ "linear-fixed-tlv", FCP_DESCRIPTOR_LINEAR_FIXED_TLV },
	{ "linear-variable", FCP_DESCRIPTOR_LINEAR_VARIABLE },
	{ "linear-variable-tlv", FCP_DESCRIPTOR_LINEAR_VARIABLE_TLV },
	{ "cyclic", FCP_DESCRIPTOR_CYCLIC },
	{ "cyclic-tlv", FCP_DESCRIPTOR_CYCLIC_TLV },
	{ "ber-tlv", FCP_DESCRIPTOR_BER_TLV },
	{ "df", FCP_DESCRIPTOR_DF },
};

static const struct {
	const char *word;
	uint8_t status;
} life_cycles[] = {
	{ "creation", FCP_LIFE_CYCLE_CREATION },
	{ "initialisation", FCP_LIFE_CYCLE_INITIALISATION },
	{ "activated", FCP_LIFE_CYCLE_ACTIVATED },
	{ "deactivated", FCP_LIFE_CYCLE_DEACTIVATED },
	{ "terminated", FCP_LIFE_CYCLE_TERMINATED },
};

/* clang-format off */
static const char *const fields_mf[] = { "name", "life_cycle", "rules", "proprietary", "proprietary_tlv",
	"passwords", "keys", "objects", "environments", "files" };
static const char *const fields_df[] = { "kind", "fid", "descriptor",
	"name", "life_cycle", "rules", "proprietary", "proprietary_tlv",
	"passwords", "keys", "objects", "environments", "files" };
static const char *const fields_transparent[] = { "kind", "fid", "descriptor", "sfi", "data_coding", "size",
	"life_cycle", "rules", "proprietary", "proprietary_tlv", "data" };
static const char *const fields_records[] = { "kind", "fid", "descriptor", "sfi", "data_coding", "size",
	"life_cycle", "rules", "proprietary", "proprietary_tlv", "record_size", "max_records", "records" };
static const char *const fields_objects[] = { "kind", "fid", "descriptor", "sfi", "data_coding", "size",
	"life_cycle", "rules", "proprietary", "proprietary_tlv", "objects" };
/* clang-format on */

static int check_fields(const struct image_node *node, enum file_kind kind)
{
	switch (kind) {
	case FILE_DF:
		return image_check_fields(node, fields_df, COUNT(fields_df));
	case FILE_TRANSPARENT:
		return image_check_fields(node, fields_transparent, COUNT(fields_transparent));
	case FILE_RECORDS:
		return image_check_fields(node, fields_records, COUNT(fields_records));
	case FILE_OBJECTS:
		return image_check_fields(node, fields_objects, COUNT(fields_objects));
	}
	return ERR_UNSUPPORTED;
}

/* The row of kinds for a descriptor byte. */
static size_t kind_row(uint8_t descriptor)
{
	uint8_t plain = descriptor & (uint8_t)~FCP_DESCRIPTOR_SHAREABLE;
	size_t i = 0;

	if (plain != FCP_DESCRIPTOR_DF && plain != FCP_DESCRIPTOR_BER_TLV)
		plain &= FILE_DESCRIPTOR_STRUCTURE;
	while (i < COUNT(kinds) - 1 && kinds[i].descriptor != plain)
		i++;
	return i;
}

/* The kind, and the descriptor byte where it says more than that. */
static int load_kind(const struct image_node *node, struct fs_parameters *out, enum file_kind *kind)
{
	const char *words[COUNT(kinds)];
	struct image_node field;
	size_t row = 0;
	int r;

	for (size_t i = 0; i < COUNT(kinds); i++)
		words[i] = kinds[i].word;
	r = image_check_object(node);
	if (r == 0)
		r = image_require(node, "kind", &field);
	if (r == 0)
		r = image_get_word(node, "kind", words, COUNT(words), &row);
	out->descriptor = kinds[row].descriptor;
	if (r == 0)
		r = image_get_u8(node, "descriptor", &out->descriptor);
	if (r == 0 && (!file_kind_of(out->descriptor, kind) || kind_row(out->descriptor) != row)) {
		(void)image_has(node, "descriptor", &field);
		r = image_refuse(&field, "%02X is not a descriptor of kind \"%s\"", out->descriptor,
		    kinds[row].word);
	}
	return r == 0 ? check_fields(node, *kind) : r;
}

/* A word, or the status byte. */
static int load_life_cycle(const struct image_node *node, uint8_t *out)
{
	const char *text = NULL;
	int r = image_get_text(node, "life_cycle", &text);

	*out = FCP_LIFE_CYCLE_ACTIVATED;
	for (size_t i = 0; r == 0 && text != NULL && i < COUNT(life_cycles); i++) {
		if (strcmp(text, life_cycles[i].word) == 0) {
			*out = life_cycles[i].status;
			return 0;
		}
	}
	if (r == 0)
		r = image_get_u8(node, "life_cycle", out);
	if (r == ERR_FORMAT && text != NULL) {
		struct image_node field;

		(void)image_has(node, "life_cycle", &field);
		r = image_refuse(&field,
		    "\"creation\", \"initialisation\", \"activated\", \"deactivated\", "
		    "\"terminated\" or two hexadecimal digits are expected");
	}
	return r;
}

static int load_fid(const struct image_node *node, const struct file *df, uint16_t *out)
{
	struct image_node field;
	int r = image_require(node, "fid", &field);

	if (r == 0)
		r = image_get_u16(node, "fid", out);
	if (r == 0 && (*out == FILE_FID_MF || *out == FILE_FID_CURRENT))
		r = image_refuse(&field, "%04X is reserved", *out);
	if (r == 0 && fs_child(df, *out) != NULL)
		r = image_refuse(&field, "another file in this DF is %04X", *out);
	return r;
}

static int load_sfi(const struct image_node *node, const struct file *df, uint8_t *out)
{
	struct image_node field;
	uint64_t sfi = 0;
	int r = image_get_number(node, "sfi", FILE_SFI_MAX, &sfi);

	if (r == 0 && sfi > 0 && fs_child_by_sfi(df, (uint8_t)sfi) != NULL) {
		(void)image_has(node, "sfi", &field);
		r = image_refuse(&field, "another file in this DF has it");
	}
	*out = (uint8_t)sfi;
	return r;
}

static int load_name(const struct fs *fs, const struct image_node *node, struct buffer *out)
{
	struct bytes name;
	int r = image_get_bytes(node, "name", out);
	struct image_node field;
	struct file *other;

	name = buffer_bytes(out);
	if (r < 0 || name.len == 0)
		return r;
	other = fs_by_name(fs, name, FS_FIRST, NULL);
	if (other != NULL && bytes_equal(file_name(other), name)) {
		(void)image_has(node, "name", &field);
		r = image_refuse(&field, "another DF has this name");
	}
	return r;
}

/* How many bytes the field "data" or the records have: the size of a file that has no field "size". */
static int load_size(
    const struct image_node *node, const struct fs *fs, size_t by_default, size_t *out)
{
	struct image_node field;
	uint64_t size = by_default;
	int r = image_get_number(node, "size", FS_MEMORY_MAX, &size);

	if (r == 0 && size > fs_memory_left(fs))
		r = image_refuse(image_has(node, "size", &field) ? &field : node,
		    "%llu bytes are more than the card's memory has left; \"memory\" says how much "
		    "there is",
		    (unsigned long long)size);
	*out = (size_t)size;
	return r;
}

/* What is the same for all EFs. */
static int load_ef(const struct image_node *node, const struct file *df, struct fs_parameters *out)
{
	int r = load_sfi(node, df, &out->sfi);

	out->data_coding = CODING_DEFAULT;
	return r == 0 ? image_get_u8(node, "data_coding", &out->data_coding) : r;
}

static int create(const struct image_node *node, struct fs *fs, struct file *df,
    const struct fs_parameters *parameters, struct file **out)
{
	int r = fs_create(fs, df, parameters, out);

	if (r == ERR_LIMIT && fs_depth(df) >= FS_DEPTH_MAX &&
	    parameters->descriptor == FCP_DESCRIPTOR_DF)
		return image_refuse(node, "DFs are at most %d deep", FS_DEPTH_MAX);
	if (r == ERR_LIMIT)
		return image_refuse(
		    node, "the card's memory is used up; \"memory\" says how much there is");
	return r;
}

static int load_transparent(
    const struct image_node *node, struct fs *fs, struct file *df, struct fs_parameters *parameters)
{
	struct image_node field;
	struct file *file;
	struct buffer data;
	int r;

	buffer_init(&data, FS_MEMORY_MAX);
	r = image_get_bytes(node, "data", &data);
	if (r == 0)
		r = load_size(node, fs, data.len, &parameters->size);
	if (r == 0 && data.len > parameters->size) {
		(void)image_has(node, "data", &field);
		r = image_refuse(
		    &field, "%zu bytes do not fit into a file of %zu", data.len, parameters->size);
	}
	if (r == 0)
		r = create(node, fs, df, parameters, &file);
	if (r == 0 && transparent_update(file, 0, buffer_bytes(&data)) != SW_OK)
		r = ERR_LIMIT;
	buffer_done(&data);
	return r;
}

static int load_record(const struct image_node *item, struct file *file)
{
	struct buffer data;
	int r;

	buffer_init(&data, RECORD_SIZE_MAX);
	r = image_bytes_of(item, &data);
	if (r == 0)
		r = records_restore(file, buffer_bytes(&data));
	if (r == ERR_LIMIT)
		r = image_refuse(item,
		    "a record of %zu bytes is too many, or does not fit: \"record_size\" is %zu%s, "
		    "\"max_records\" %zu, \"size\" %zu",
		    data.len, records_size_max(file),
		    records_are_fixed(file) ? ", for every record" : " at most", records_max(file),
		    file_size(file));
	buffer_done(&data);
	return r;
}

static int load_records(
    const struct image_node *node, struct fs *fs, struct file *df, struct fs_parameters *parameters)
{
	struct image_node list = { 0 }, item, field;
	uint64_t record_size = 0, max_records = 0;
	struct file *file;
	int r = image_require(node, "record_size", &field);

	if (r == 0)
		r = image_require(node, "max_records", &field);
	if (r == 0)
		r = image_get_number(node, "record_size", RECORD_SIZE_MAX, &record_size);
	if (r == 0)
		r = image_get_number(node, "max_records", RECORDS_MAX, &max_records);
	if (r == 0 && image_has(node, "records", &list))
		r = image_check_array(&list);
	if (r == 0)
		r = load_size(node, fs, (size_t)(record_size * max_records), &parameters->size);
	if (r < 0)
		return r;
	parameters->record_size = (size_t)record_size;
	parameters->max_records = (size_t)max_records;
	r = create(node, fs, df, parameters, &file);
	for (size_t i = 0; r == 0 && list.json != NULL && image_at(&list, i, &item); i++)
		r = load_record(&item, file);
	return r;
}

/* The name of a field as a number. */
static bool number_of_name(
    const struct image_node *field, const char *prefix, uint64_t max, uint64_t *out)
{
	char text[TAG_TEXT_SIZE + 2];
	int n = snprintf(text, sizeof text, "%s%s", prefix, field->name);

	return n > 0 && (size_t)n < sizeof text && number_parse(text, max, out) && *out > 0;
}

static int load_object(const struct image_node *field, struct file *file, bool environment)
{
	struct buffer value;
	struct bytes old;
	uint64_t number = 0;
	int r;

	if (environment && !number_of_name(field, "", ENVIRONMENT_MAX, &number))
		return image_refuse(
		    field, "a security environment has a number from 1 to %d", ENVIRONMENT_MAX);
	if (!environment && !number_of_name(field, "0x", TAG_MAX, &number))
		return image_refuse(
		    field, "a data object has a tag of one to three bytes, in hexadecimal");
	if (environment ? environment_find(file, (uint8_t)number, &old)
	                : objects_find(file, (uint32_t)number, &old))
		return image_refuse(field, "is there twice");
	buffer_init(&value, FS_MEMORY_MAX);
	r = image_bytes_of(field, &value);
	if (r == 0)
		r = environment ? environment_put(file, (uint8_t)number, buffer_bytes(&value))
		                : objects_put(file, (uint32_t)number, buffer_bytes(&value));
	if (r == ERR_LIMIT)
		r = image_refuse(field,
		    "does not fit into the size of the file, or the card's memory, or there are "
		    "more "
		    "than %d",
		    OBJECTS_MAX);
	buffer_done(&value);
	return r;
}

/* "objects" or "environments". */
static int load_objects(
    const struct image_node *node, struct file *file, const char *name, bool environments)
{
	struct image_node all, field;
	int r;

	if (!image_has(node, name, &all))
		return 0;
	r = image_check_object(&all);
	for (size_t i = 0; r == 0 && image_field_at(&all, i, &field); i++)
		r = load_object(&field, file, environments);
	return r;
}

static int load_ber_tlv(
    const struct image_node *node, struct fs *fs, struct file *df, struct fs_parameters *parameters)
{
	struct image_node field;
	struct file *file;
	int r = image_require(node, "size", &field);

	if (r == 0)
		r = load_size(node, fs, 0, &parameters->size);
	if (r == 0)
		r = create(node, fs, df, parameters, &file);
	return r == 0 ? load_objects(node, file, "objects", false) : r;
}

static int load_children(struct card *card, const struct image_node *node, struct file *df);

/* What is in a DF that has been made. */
static int load_df_contents(struct card *card, const struct image_node *node, struct file *df)
{
	int r = image_load_passwords(&card->credentials, df, node);

	if (r == 0)
		r = image_load_keys(card, df, node);
	if (r == 0)
		r = load_objects(node, df, "objects", false);
	if (r == 0)
		r = load_objects(node, df, "environments", true);
	return r == 0 ? load_children(card, node, df) : r;
}

static int load_df(struct card *card, const struct image_node *node, struct file *df,
    struct fs_parameters *parameters)
{
	struct file *file;
	struct buffer name;
	int r;

	buffer_init(&name, FCP_DF_NAME_MAX);
	r = load_name(card->files, node, &name);
	if (r == 0) {
		parameters->name = buffer_bytes(&name);
		r = create(node, card->files, df, parameters, &file);
	}
	buffer_done(&name);
	return r == 0 ? load_df_contents(card, node, file) : r;
}

static int load_by_kind(struct card *card, const struct image_node *node, struct file *df,
    struct fs_parameters *parameters)
{
	enum file_kind kind;
	int r = 0;

	if (!file_kind_of(parameters->descriptor, &kind))
		return ERR_UNSUPPORTED;
	if (kind != FILE_DF)
		r = load_ef(node, df, parameters);
	if (r < 0)
		return r;
	switch (kind) {
	case FILE_DF:
		return load_df(card, node, df, parameters);
	case FILE_TRANSPARENT:
		return load_transparent(node, card->files, df, parameters);
	case FILE_RECORDS:
		return load_records(node, card->files, df, parameters);
	case FILE_OBJECTS:
		return load_ber_tlv(node, card->files, df, parameters);
	}
	return ERR_UNSUPPORTED;
}

static void set_attributes(
    struct fs_parameters *parameters, const struct image_attributes *attributes)
{
	for (size_t i = 0; i < FILE_ATTRIBUTES; i++)
		parameters->attributes[i] = buffer_bytes(&attributes->buffers[i]);
}

static int load_file(struct card *card, const struct image_node *node, struct file *df)
{
	struct fs_parameters parameters = { 0 };
	struct image_attributes attributes;
	enum file_kind kind = FILE_DF;
	int r;

	image_attributes_init(&attributes);
	r = load_kind(node, &parameters, &kind);
	if (r == 0)
		r = load_fid(node, df, &parameters.fid);
	if (r == 0)
		r = load_life_cycle(node, &parameters.life_cycle);
	if (r == 0)
		r = image_load_attributes(node, kind == FILE_DF, &attributes);
	set_attributes(&parameters, &attributes);
	if (r == 0)
		r = load_by_kind(card, node, df, &parameters);
	image_attributes_done(&attributes);
	return r;
}

/* fs_create() bounds the depth. */
static int load_children(struct card *card, const struct image_node *node, struct file *df)
{
	struct image_node list, item;
	int r;

	if (!image_has(node, "files", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++)
		r = load_file(card, &item, df);
	return r;
}

/* Takes away what create() of the card's type has made. */
static void clear(struct card *card)
{
	struct file *mf = fs_mf(card->files);
	struct tlv object;

	while (file_first_child(mf) != NULL)
		card_delete_file(card, file_first_child(mf));
	credentials_done(&card->credentials);
	while (objects_at(mf, 0, &object))
		(void)objects_remove(mf, object.tag);
	for (uint8_t i = 1; i <= ENVIRONMENT_MAX; i++)
		(void)environment_remove(mf, i);
}

int image_load_mf(struct card *card, const struct image_node *node)
{
	struct fs_parameters parameters = { 0 };
	struct image_attributes attributes;
	struct buffer name;
	int r = image_check_fields(node, fields_mf, COUNT(fields_mf));

	clear(card);
	image_attributes_init(&attributes);
	buffer_init(&name, FCP_DF_NAME_MAX);
	if (r == 0)
		r = load_life_cycle(node, &parameters.life_cycle);
	if (r == 0)
		r = image_load_attributes(node, true, &attributes);
	if (r == 0)
		r = load_name(card->files, node, &name);
	set_attributes(&parameters, &attributes);
	parameters.name = buffer_bytes(&name);
	if (r == 0)
		r = fs_set_mf(card->files, &parameters);
	buffer_done(&name);
	image_attributes_done(&attributes);
	return r == 0 ? load_df_contents(card, node, fs_mf(card->files)) : r;
}

const char *image_kind_word(const struct file *file)
{
	return kinds[kind_row(file_descriptor(file))].word;
}

const char *image_life_cycle_word(const struct file *file)
{
	for (size_t i = 0; i < COUNT(life_cycles); i++) {
		if (life_cycles[i].status == file_life_cycle(file))
			return life_cycles[i].word;
	}
	return "in another life cycle state";
}

static bool save_life_cycle(const struct file *file, struct json_t *out)
{
	uint8_t status = file_life_cycle(file);

	for (size_t i = 0; i < COUNT(life_cycles); i++) {
		if (life_cycles[i].status == status)
			return image_put_text(out, "life_cycle", life_cycles[i].word);
	}
	return image_put_bytes(out, "life_cycle", bytes_of(&status, 1));
}

static bool save_number(struct json_t *out, const char *name, uint16_t value, size_t n)
{
	const uint8_t bytes[] = { (uint8_t)(value >> 8), (uint8_t)value };

	return image_put_bytes(out, name, bytes_of(bytes + 2 - n, n));
}

/* What is the same for all files but the MF. */
static bool save_head(const struct file *file, struct json_t *out)
{
	size_t row = kind_row(file_descriptor(file));

	return image_put_text(out, "kind", kinds[row].word) &&
	    save_number(out, "fid", file_fid(file), 2) &&
	    (file_descriptor(file) == kinds[row].descriptor ||
	        save_number(out, "descriptor", file_descriptor(file), 1));
}

static bool save_ef_head(const struct file *file, struct json_t *out)
{
	return (file_sfi(file) == 0 || image_put_number(out, "sfi", file_sfi(file))) &&
	    (file_data_coding(file) == CODING_DEFAULT ||
	        save_number(out, "data_coding", file_data_coding(file), 1)) &&
	    image_put_number(out, "size", file_size(file));
}

/* Without the end that is in the logical erased state, as it is after creation. */
static bool save_data(const struct file *file, struct json_t *out)
{
	struct bytes data = { NULL, 0 };

	if (transparent_read(file, 0, file_size(file), &data) != SW_OK)
		return false;
	while (data.len > 0 && data.data[data.len - 1] == coding_erased(file_data_coding(file)))
		data.len--;
	return image_put_bytes(out, "data", data);
}

static bool save_records(const struct file *file, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;
	struct bytes record;

	for (size_t i = 1; ok && records_read(file, i, &record) == SW_OK; i++)
		ok = image_add(list, image_new_bytes(record));
	if (ok && image_put_number(out, "record_size", records_size_max(file)) &&
	    image_put_number(out, "max_records", records_max(file)))
		return image_put(out, "records", list);
	image_drop(list);
	return false;
}

static bool save_objects(const struct file *file, struct json_t *out)
{
	struct json_t *all = image_new_object();
	bool ok = all != NULL;
	char name[TAG_TEXT_SIZE];
	struct tlv object;

	for (size_t i = 0; ok && objects_at(file, i, &object); i++) {
		(void)snprintf(name, sizeof name, "%02X", (unsigned)object.tag);
		ok = image_put_bytes(all, name, object.value);
	}
	if (ok && !image_is_empty(all))
		return image_put(out, "objects", all);
	image_drop(all);
	return ok;
}

static bool save_environments(const struct file *df, struct json_t *out)
{
	struct json_t *all = image_new_object();
	bool ok = all != NULL;
	char name[TAG_TEXT_SIZE];
	struct bytes value;

	for (uint8_t i = 1; ok && i <= ENVIRONMENT_MAX; i++) {
		(void)snprintf(name, sizeof name, "%u", i);
		if (environment_find(df, i, &value))
			ok = image_put_bytes(all, name, value);
	}
	if (ok && !image_is_empty(all))
		return image_put(out, "environments", all);
	image_drop(all);
	return ok;
}

static struct json_t *save_credential(const struct credential_entry *entry)
{
	struct json_t *out = image_new_object();
	bool ok = out != NULL;

	switch (entry->kind) {
	case CREDENTIAL_PASSWORD:
		ok = ok && image_save_password(&entry->of.password, out);
		break;
	case CREDENTIAL_KEY:
		ok = ok && image_save_key(&entry->of.key, out);
		break;
	}
	if (ok)
		return out;
	image_drop(out);
	return NULL;
}

/* Those of one kind that belong to df. */
static bool save_credentials(
    const struct card *card, const struct file *df, enum credential kind, struct json_t *out)
{
	static const char *const names[CREDENTIALS] = { "passwords", "keys" };
	const struct credential_entry *entry = card->credentials.first;
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (; ok && entry != NULL; entry = entry->next) {
		if (entry->kind == kind && entry->of.common.df == df)
			ok = image_add(list, save_credential(entry));
	}
	if (ok && !image_is_empty(list))
		return image_put(out, names[kind], list);
	image_drop(list);
	return ok;
}

static struct json_t *save_file(const struct card *card, const struct file *file);

static bool save_children(const struct card *card, const struct file *df, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (const struct file *f = file_first_child(df); ok && f != NULL; f = file_next(f))
		ok = image_add(list, save_file(card, f));
	if (ok)
		return image_put(out, "files", list);
	image_drop(list);
	return false;
}

static bool save_df(const struct card *card, const struct file *df, struct json_t *out)
{
	struct bytes name = file_name(df);

	return (name.len == 0 || image_put_bytes(out, "name", name)) && save_life_cycle(df, out) &&
	    image_save_attributes(df, out) &&
	    save_credentials(card, df, CREDENTIAL_PASSWORD, out) &&
	    save_credentials(card, df, CREDENTIAL_KEY, out) && save_objects(df, out) &&
	    save_environments(df, out) && save_children(card, df, out);
}

static bool save_ef(const struct file *file, struct json_t *out)
{
	if (!save_ef_head(file, out) || !save_life_cycle(file, out) ||
	    !image_save_attributes(file, out))
		return false;
	switch (file_kind(file)) {
	case FILE_TRANSPARENT:
		return save_data(file, out);
	case FILE_RECORDS:
		return save_records(file, out);
	case FILE_OBJECTS:
		return save_objects(file, out);
	case FILE_DF:
		break;
	}
	return false;
}

/* fs/ bounds the depth. */
static struct json_t *save_file(const struct card *card, const struct file *file)
{
	struct json_t *out = image_new_object();

	if (out != NULL && save_head(file, out) &&
	    (file_is_df(file) ? save_df(card, file, out) : save_ef(file, out)))
		return out;
	image_drop(out);
	return NULL;
}

struct json_t *image_save_mf(const struct card *card)
{
	struct json_t *out = image_new_object();

	if (out != NULL && save_df(card, fs_mf(card->files), out))
		return out;
	image_drop(out);
	return NULL;
}
