/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file tree. Children are kept in the order of their creation; every search is linear, which is
 * fast for as many files as cards have, and the card's memory bounds their number. */
#include "fs/fs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "fs/internal.h"

struct fs {
	struct file *mf;
	size_t memory;
	size_t used;
	uint64_t changes;
};

static void file_destroy(struct file *file)
{
	if (file == NULL)
		return;
	transparent_destroy(file);
	records_destroy(file);
	objects_destroy(file);
	free(file->attribute_data);
	free(file);
}

int fs_new(size_t memory, struct fs **out)
{
	struct fs *fs;

	if (memory > FS_MEMORY_MAX)
		return ERR_LIMIT;
	fs = calloc(1, sizeof *fs);
	if (fs == NULL)
		return ERR_NO_MEMORY;
	fs->memory = memory;
	fs->mf = calloc(1, sizeof *fs->mf);
	if (fs->mf == NULL) {
		free(fs);
		return ERR_NO_MEMORY;
	}
	fs->mf->fs = fs;
	fs->mf->kind = FILE_DF;
	fs->mf->descriptor = FCP_DESCRIPTOR_DF;
	fs->mf->fid = FILE_FID_MF;
	fs->mf->life_cycle = FCP_LIFE_CYCLE_ACTIVATED;
	*out = fs;
	return 0;
}

void fs_free(struct fs *fs)
{
	if (fs == NULL)
		return;
	while (fs->mf->first_child != NULL)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it does not see that unlinking takes the child off. */
		fs_delete(fs, fs->mf->first_child);
	file_destroy(fs->mf);
	free(fs);
}

struct file *fs_mf(const struct fs *fs)
{
	return fs->mf;
}

size_t fs_memory(const struct fs *fs)
{
	return fs->memory;
}

size_t fs_memory_left(const struct fs *fs)
{
	return fs->memory - fs->used;
}

uint64_t fs_changes(const struct fs *fs)
{
	return fs->changes;
}

void fs_touch(struct fs *fs)
{
	fs->changes++;
}

int fs_take(struct fs *fs, size_t n)
{
	if (n > fs_memory_left(fs))
		return ERR_LIMIT;
	fs->used += n;
	return 0;
}

void fs_give(struct fs *fs, size_t n)
{
	assert(n <= fs->used);
	fs->used -= n;
}

unsigned fs_depth(const struct file *file)
{
	unsigned depth = 0;

	for (; file->parent != NULL; file = file->parent)
		depth++;
	return depth;
}

static void link_child(struct file *df, struct file *file)
{
	file->parent = df;
	file->previous = df->last_child;
	if (df->last_child != NULL)
		df->last_child->next = file;
	else
		df->first_child = file;
	df->last_child = file;
}

static void unlink_child(struct file *file)
{
	struct file *df = file->parent;

	if (file->previous != NULL)
		file->previous->next = file->next;
	else
		df->first_child = file->next;
	if (file->next != NULL)
		file->next->previous = file->previous;
	else
		df->last_child = file->previous;
}

static size_t attributes_size(const struct fs_parameters *parameters)
{
	size_t n = 0;

	for (size_t i = 0; i < FILE_ATTRIBUTES; i++)
		n += parameters->attributes[i].len;
	return n;
}

/* Copies the attributes in place of those that the file has. */
static int set_attributes(struct file *file, const struct fs_parameters *parameters)
{
	size_t n = attributes_size(parameters);
	uint8_t *copy = malloc(n > 0 ? n : 1);
	uint8_t *at = copy;

	if (copy == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < FILE_ATTRIBUTES; i++) {
		struct bytes attribute = parameters->attributes[i];

		if (attribute.len > 0)
			memcpy(at, attribute.data, attribute.len);
		file->attributes[i] = bytes_of(at, attribute.len);
		at += attribute.len;
	}
	free(file->attribute_data);
	file->attribute_data = copy;
	return 0;
}

static void set_name(struct file *file, struct bytes name)
{
	assert(name.len <= FCP_DF_NAME_MAX);
	file->name_len = name.len;
	if (name.len > 0)
		memcpy(file->name, name.data, name.len);
}

static int create_contents(struct file *file, const struct fs_parameters *parameters)
{
	switch (file->kind) {
	case FILE_DF:
		return 0;
	case FILE_TRANSPARENT:
		return transparent_create(file, parameters->size);
	case FILE_RECORDS:
		return records_create(file, parameters);
	case FILE_OBJECTS:
		file->size = parameters->size;
		return 0;
	}
	return ERR_UNSUPPORTED;
}

/* Makes a file that is not yet in the tree. */
static int file_create(
    const struct fs_parameters *parameters, enum file_kind kind, struct file **out)
{
	struct file *file = calloc(1, sizeof *file);
	int r;

	if (file == NULL)
		return ERR_NO_MEMORY;
	file->kind = kind;
	file->descriptor = parameters->descriptor;
	file->data_coding = parameters->data_coding;
	file->fid = parameters->fid;
	file->sfi = parameters->sfi;
	file->life_cycle = parameters->life_cycle;
	set_name(file, parameters->name);
	r = set_attributes(file, parameters);
	if (r == 0)
		r = create_contents(file, parameters);
	if (r < 0)
		file_destroy(file);
	else
		*out = file;
	return r;
}

/* What a file takes of the card's memory. ERR_LIMIT: more than there is. */
static int cost_of(
    const struct fs *fs, const struct fs_parameters *parameters, enum file_kind kind, size_t *out)
{
	size_t left = fs_memory_left(fs);
	size_t size = kind == FILE_DF ? 0 : parameters->size;
	size_t fixed = FS_FILE_COST + attributes_size(parameters);

	if (fixed > left || size > left - fixed)
		return ERR_LIMIT;
	*out = fixed + size;
	return 0;
}

int fs_create(
    struct fs *fs, struct file *df, const struct fs_parameters *parameters, struct file **out)
{
	size_t cost = 0;
	enum file_kind kind;
	struct file *file;
	int r;

	assert(file_is_df(df));
	if (!file_kind_of(parameters->descriptor, &kind))
		return ERR_UNSUPPORTED;
	if (fs_child(df, parameters->fid) != NULL || fs_child_by_sfi(df, parameters->sfi) != NULL)
		return ERR_EXISTS;
	if (kind == FILE_DF && fs_depth(df) >= FS_DEPTH_MAX)
		return ERR_LIMIT;
	r = cost_of(fs, parameters, kind, &cost);
	if (r == 0)
		r = file_create(parameters, kind, &file);
	if (r < 0)
		return r;
	file->fs = fs;
	file->cost = cost;
	fs->used += cost;
	link_child(df, file);
	fs_touch(fs);
	*out = file;
	return 0;
}

int fs_set_mf(struct fs *fs, const struct fs_parameters *parameters)
{
	size_t size = attributes_size(parameters);
	int r;

	if (size > fs_memory_left(fs) + fs->mf->cost)
		return ERR_LIMIT;
	r = set_attributes(fs->mf, parameters);
	if (r < 0)
		return r;
	fs->used = fs->used - fs->mf->cost + size;
	fs->mf->cost = size;
	set_name(fs->mf, parameters->name);
	fs->mf->life_cycle = parameters->life_cycle;
	fs_touch(fs);
	return 0;
}

/* The first file in the tree below file that has no children. */
static struct file *deepest_first(struct file *file)
{
	while (file->first_child != NULL)
		file = file->first_child;
	return file;
}

/* Leaves first, so that the depth of the tree costs no stack. */
void fs_delete(struct fs *fs, struct file *file)
{
	bool last;

	assert(file->parent != NULL);
	fs_touch(fs);
	do {
		struct file *leaf = deepest_first(file);

		last = leaf == file;
		unlink_child(leaf);
		fs->used -= leaf->cost;
		file_destroy(leaf);
	} while (!last);
}

bool fs_is_within(const struct file *file, const struct file *df)
{
	while (file != NULL && file != df)
		file = file->parent;
	return file != NULL;
}

struct file *fs_child(const struct file *df, uint16_t fid)
{
	struct file *child = df->first_child;

	while (child != NULL && child->fid != fid)
		child = child->next;
	return child;
}

struct file *fs_child_by_sfi(const struct file *df, uint8_t sfi)
{
	struct file *child = sfi == 0 ? NULL : df->first_child;

	while (child != NULL && child->sfi != sfi)
		child = child->next;
	return child;
}

struct file *fs_by_path(struct file *df, struct bytes path)
{
	struct file *file = df;
	uint16_t fid;

	while (path.len > 0 && file != NULL) {
		if (!bytes_take_u16(&path, &fid))
			return NULL;
		file = fs_child(file, fid);
	}
	return file;
}

/* The file after this one in the order of the whole tree: a DF before those below it. */
static struct file *after(const struct file *file)
{
	if (file->first_child != NULL)
		return file->first_child;
	while (file != NULL && file->next == NULL)
		file = file->parent;
	return file != NULL ? file->next : NULL;
}

static bool name_matches(const struct file *file, struct bytes name)
{
	return file->name_len > 0 && bytes_starts_with(file_name(file), name);
}

/* The first match that has exactly this name, or else the first of all. */
static struct file *first_by_name(struct file *mf, struct bytes name)
{
	struct file *found = NULL;

	for (struct file *file = mf; file != NULL; file = after(file)) {
		if (!name_matches(file, name))
			continue;
		if (file->name_len == name.len)
			return file;
		if (found == NULL)
			found = file;
	}
	return found;
}

/* The last match that comes before end (NULL: the end of the tree). */
static struct file *last_by_name(struct file *mf, struct bytes name, const struct file *end)
{
	struct file *found = NULL;

	for (struct file *file = mf; file != NULL && file != end; file = after(file)) {
		if (name_matches(file, name))
			found = file;
	}
	return found;
}

static struct file *next_by_name(const struct file *current, struct bytes name)
{
	struct file *file = after(current);

	while (file != NULL && !name_matches(file, name))
		file = after(file);
	return file;
}

struct file *fs_by_name(const struct fs *fs, struct bytes name, enum fs_occurrence occurrence,
    const struct file *current)
{
	switch (occurrence) {
	case FS_FIRST:
		return first_by_name(fs->mf, name);
	case FS_LAST:
		return last_by_name(fs->mf, name, NULL);
	case FS_NEXT:
		return next_by_name(current, name);
	case FS_PREVIOUS:
		return last_by_name(fs->mf, name, current);
	}
	return NULL;
}
