/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Cryptoflex in a card image: the field "cryptoflex" of "state".
 *
 *   model, memory       as --model says; bytes for files
 *   access, keys        of the MF, as below; left out, they are as delivered
 *   files               each with kind, fid, size, and if they are not all zero: flags, access, keys; with
 *                       "invalidated", if it is; then "data" (zeros at the end may be left out), or
 *                       "record_size" and "records" (of as many as there are), or for a DF "files"
 */
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "card/image_json.h"
#include "cards/cryptoflex/cryptoflex.h"

#define THREE 3
#define MEMORY_MAX UINT32_MAX

static const struct {
	const char *word;
	enum flex_kind kind;
} kinds[] = {
	{ "transparent", FLEX_TRANSPARENT },
	{ "linear-fixed", FLEX_LINEAR_FIXED },
	{ "linear-variable", FLEX_LINEAR_VARIABLE },
	{ "cyclic", FLEX_CYCLIC },
	{ "df", FLEX_DF },
};

static const char *const fields_mf[] = { "model", "memory", "access", "keys", "files" };
static const char *const fields[] = { "kind", "fid", "size", "flags", "access", "keys",
	"invalidated", "data", "record_size", "records", "files" };

static bool put_unless_zero(struct json_t *out, const char *name, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != 0)
			return image_put_bytes(out, name, bytes_of(bytes, n));
	}
	return true;
}

static bool save_access(const struct flex_header *header, struct json_t *out)
{
	return put_unless_zero(out, "access", header->access, sizeof header->access) &&
	    put_unless_zero(out, "keys", header->keys, sizeof header->keys);
}

static bool save_header(const struct flex_header *header, struct json_t *out)
{
	const uint8_t fid[] = { (uint8_t)(header->fid >> 8), (uint8_t)header->fid };
	size_t row = 0;

	while (kinds[row].kind != header->kind)
		row++;
	return image_put_text(out, "kind", kinds[row].word) &&
	    image_put_bytes(out, "fid", BYTES_OF_ARRAY(fid)) &&
	    image_put_number(out, "size", header->size) &&
	    put_unless_zero(out, "flags", &header->flags, 1) && save_access(header, out) &&
	    (header->valid || image_put_bool(out, "invalidated", true));
}

static bool save_records(const struct flex_file *file, struct json_t *out)
{
	struct json_t *records = image_new_array();

	if (file->header.record_size > 0 &&
	    !image_put_number(out, "record_size", file->header.record_size)) {
		image_drop(records);
		return false;
	}
	for (unsigned n = 1; records != NULL && n <= file->n_records; n++) {
		if (!image_add(records, image_new_bytes(flex_record(file, (uint8_t)n)))) {
			image_drop(records);
			return false;
		}
	}
	return records != NULL && image_put(out, "records", records);
}

static bool save_data(const struct flex_file *file, struct json_t *out)
{
	size_t n = file->header.size;

	while (n > 0 && file->body[n - 1] == 0)
		n--;
	return n == 0 || image_put_bytes(out, "data", bytes_of(file->body, n));
}

static bool save_files(const struct flex_file *df, struct json_t *out);

static struct json_t *save_file(const struct flex_file *file)
{
	struct json_t *out = image_new_object();
	bool ok = out != NULL && save_header(&file->header, out);

	if (ok && file->header.kind == FLEX_DF)
		ok = save_files(file, out);
	else if (ok && file->header.kind == FLEX_TRANSPARENT)
		ok = save_data(file, out);
	else if (ok)
		ok = save_records(file, out);
	if (ok)
		return out;
	image_drop(out);
	return NULL;
}

/* DFs lie at most FLEX_DEPTH_MAX deep. */
static bool save_files(const struct flex_file *df, struct json_t *out)
{
	struct json_t *files = image_new_array();

	for (const struct flex_file *f = df->first; files != NULL && f != NULL; f = f->next) {
		if (!image_add(files, save_file(f))) {
			image_drop(files);
			return false;
		}
	}
	return files != NULL && image_put(out, "files", files);
}

bool flex_save(const struct card *card, const void *part, struct json_t *out)
{
	const struct flex_state *state = part;
	const struct flex_header *mf = &state->tree.mf->header;

	return image_put_text(out, "model", state->model->name) &&
	    image_put_number(out, "memory", state->tree.memory) &&
	    image_put_bytes(out, "access", BYTES_OF_ARRAY(mf->access)) &&
	    image_put_bytes(out, "keys", BYTES_OF_ARRAY(mf->keys)) &&
	    save_files(state->tree.mf, out);
}

/* Bytes in hexadecimal, n of them if the field is there. */
static int load_fixed(const struct image_node *node, const char *name, uint8_t *out, size_t n)
{
	struct image_node field;
	struct buffer value;
	int r;

	if (!image_has(node, name, &field))
		return 0;
	buffer_init(&value, n);
	r = image_bytes_of(&field, &value);
	if (r == ERR_LIMIT || (r == 0 && value.len != n))
		r = image_refuse(&field, "%zu bytes are expected", n);
	if (r == 0)
		memcpy(out, value.data, n);
	buffer_done(&value);
	return r;
}

static int load_access(const struct image_node *node, struct flex_header *header)
{
	int r = load_fixed(node, "access", header->access, THREE);

	return r == 0 ? load_fixed(node, "keys", header->keys, THREE) : r;
}

static int load_kind(const struct image_node *node, struct flex_header *header)
{
	const char *words[COUNT(kinds)];
	struct image_node field;
	size_t row = 0;
	int r = image_require(node, "kind", &field);

	for (size_t i = 0; i < COUNT(kinds); i++)
		words[i] = kinds[i].word;
	if (r == 0)
		r = image_get_word(node, "kind", words, COUNT(words), &row);
	header->kind = kinds[row].kind;
	return r;
}

static int load_header(const struct image_node *node, struct flex_header *header)
{
	uint64_t size = 0, record_size = 0;
	bool invalidated = false;
	struct image_node field;
	int r = image_check_fields(node, fields, COUNT(fields));

	if (r == 0)
		r = load_kind(node, header);
	if (r == 0)
		r = image_require(node, "fid", &field);
	if (r == 0)
		r = image_get_u16(node, "fid", &header->fid);
	if (r == 0)
		r = image_get_number(node, "size", UINT16_MAX, &size);
	if (r == 0)
		r = image_get_u8(node, "flags", &header->flags);
	if (r == 0)
		r = load_access(node, header);
	if (r == 0)
		r = image_get_bool(node, "invalidated", &invalidated);
	if (r == 0)
		r = image_get_number(node, "record_size", UINT8_MAX, &record_size);
	header->size = (uint16_t)size;
	header->record_size = (uint8_t)record_size;
	header->valid = !invalidated;
	return r;
}

static int load_data(const struct image_node *node, struct flex_file *file)
{
	struct image_node field;
	struct buffer data;
	int r;

	if (!image_has(node, "data", &field))
		return 0;
	buffer_init(&data, file->header.size);
	r = image_bytes_of(&field, &data);
	if (r == ERR_LIMIT)
		r = image_refuse(&field, "more than the file's %u bytes", file->header.size);
	if (r == 0 && data.len > 0)
		memcpy(file->body, data.data, data.len);
	buffer_done(&data);
	return r;
}

static int load_records(const struct image_node *node, struct flex_file *file)
{
	struct image_node list, item;
	int r = 0;

	if (!image_has(node, "records", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++) {
		struct buffer record;

		buffer_init(&record, UINT8_MAX);
		r = image_bytes_of(&item, &record);
		if (r == ERR_LIMIT || (r == 0 && !flex_add_record(file, buffer_bytes(&record))))
			r = image_refuse(
			    &item, "a record of another size, or more than the file holds");
		buffer_done(&record);
	}
	return r;
}

/* A field that goes with another kind of file. */
static int check_contents(const struct image_node *node, enum flex_kind kind)
{
	bool df = kind == FLEX_DF, transparent = kind == FLEX_TRANSPARENT;
	struct image_node field;

	if (image_has(node, "files", &field) && !df)
		return image_refuse(&field, "only a DF has files");
	if (image_has(node, "data", &field) && !transparent)
		return image_refuse(&field, "only a transparent file has data");
	if (image_has(node, "records", &field) && (df || transparent))
		return image_refuse(&field, "this kind of file has no records");
	return 0;
}

static int load_files(struct flex_tree *tree, struct flex_file *df, const struct image_node *node);

static int load_file(struct flex_tree *tree, struct flex_file *df, const struct image_node *node)
{
	struct flex_header header = { 0 };
	struct flex_file *file = NULL;
	int r = load_header(node, &header);

	if (r == 0)
		r = check_contents(node, header.kind);
	if (r < 0)
		return r;
	switch (flex_tree_add(tree, df, &header, 0, &file)) {
	case SW_OK:
		break;
	case SW_MEMORY_FAILURE:
		return ERR_NO_MEMORY;
	case SW_FILE_EXISTS:
		return image_refuse(node, "another file in this DF is %04X", header.fid);
	case SW_NOT_ENOUGH_MEMORY:
		return image_refuse(node, "there is not so much memory, or DFs lie too deep");
	default:
		return image_refuse(node, "a size of records is missing");
	}
	if (header.kind == FLEX_DF)
		return load_files(tree, file, node);
	return header.kind == FLEX_TRANSPARENT ? load_data(node, file) : load_records(node, file);
}

/* flex_tree_add() limits how deep DFs lie. */
static int load_files(struct flex_tree *tree, struct flex_file *df, const struct image_node *node)
{
	struct image_node list, item;
	int r;

	if (!image_has(node, "files", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++)
		r = load_file(tree, df, &item);
	return r;
}

int flex_load(struct card *card, void *part, const struct image_node *in)
{
	struct flex_state *state = part;
	struct image_node field;
	const char *model = state->model->name;
	uint64_t memory = state->model->memory;
	int r = image_check_fields(in, fields_mf, COUNT(fields_mf));

	if (r == 0)
		r = image_get_text(in, "model", &model);
	if (r == 0 && flex_model_find(model) == NULL) {
		(void)image_has(in, "model", &field);
		r = image_refuse(&field, "there is no such model");
	}
	if (r < 0)
		return r;
	state->model = flex_model_find(model);
	memory = state->model->memory;
	r = image_get_number(in, "memory", MEMORY_MAX, &memory);
	state->tree.memory = (size_t)memory;
	if (r == 0)
		r = load_access(in, &state->tree.mf->header);
	return r == 0 ? load_files(&state->tree, state->tree.mf, in) : r;
}
