/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data objects by tag. Those of an EF take of its own size what their encoding takes; those of a DF take
 * memory of the card. */
#include "fs/objects.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "fs/internal.h"

#define OBJECT_COST 8 /* for tag, length and all, at most */

/* The link that leads to the object; to NULL if there is none. */
static struct object **find(struct object **list, uint32_t tag)
{
	while (*list != NULL && (*list)->tag != tag)
		list = &(*list)->next;
	return list;
}

static bool find_value(const struct object *object, uint32_t tag, struct bytes *value)
{
	while (object != NULL && object->tag != tag)
		object = object->next;
	if (object != NULL)
		*value = bytes_of(object->data, object->len);
	return object != NULL;
}

static size_t encoded_size(uint32_t tag, size_t len)
{
	size_t tag_size = tag > 0xFFFF ? 3 : tag > 0xFF ? 2 : 1;
	size_t len_size = len > 0xFFFF ? 4 : len > 0xFF ? 3 : len > 0x7F ? 2 : 1;

	return tag_size + len_size + len;
}

/* What an object costs: of the EF's size, or of the card's memory. */
static size_t cost_of(const struct file *file, uint32_t tag, size_t len)
{
	return file->kind == FILE_OBJECTS ? encoded_size(tag, len) : OBJECT_COST + len;
}

static int take(struct file *file, size_t cost)
{
	int r = 0;

	if (file->kind == FILE_OBJECTS)
		r = cost > file->size - file->objects_used ? ERR_LIMIT : 0;
	else
		r = fs_take(file->fs, cost);
	if (r == 0)
		file->objects_used += cost;
	return r;
}

static void give(struct file *file, size_t cost)
{
	if (file->kind != FILE_OBJECTS)
		fs_give(file->fs, cost);
	file->objects_used -= cost;
}

static struct object *object_new(uint32_t tag, struct bytes value)
{
	struct object *object = malloc(sizeof *object + value.len);

	if (object == NULL)
		return NULL;
	*object = (struct object){ .tag = tag, .len = value.len };
	if (value.len > 0)
		memcpy(object->data, value.data, value.len);
	return object;
}

static void object_free(struct object *object)
{
	secret_wipe(object->data, object->len);
	free(object);
}

/* Takes the object that link leads to off its list. */
static void drop(struct file *file, struct object **link)
{
	struct object *object = *link;

	*link = object->next;
	give(file, cost_of(file, object->tag, object->len));
	file->n_objects--;
	object_free(object);
	fs_touch(file->fs);
}

/* Takes, or gives back, what the new cost is more, or less, than the old one. */
static int charge(struct file *file, size_t old_cost, size_t new_cost)
{
	if (new_cost > old_cost)
		return take(file, new_cost - old_cost);
	give(file, old_cost - new_cost);
	return 0;
}

static int put(struct file *file, struct object **list, uint32_t tag, struct bytes value)
{
	struct object **link = find(list, tag);
	struct object *old = *link;
	struct object *new;
	int r;

	if (old == NULL && file->n_objects == OBJECTS_MAX)
		return ERR_LIMIT;
	new = object_new(tag, value);
	if (new == NULL)
		return ERR_NO_MEMORY;
	r = charge(
	    file, old != NULL ? cost_of(file, tag, old->len) : 0, cost_of(file, tag, value.len));
	if (r < 0) {
		object_free(new);
		return r;
	}
	*link = new;
	fs_touch(file->fs);
	if (old == NULL) {
		file->n_objects++;
		return 0;
	}
	new->next = old->next;
	object_free(old);
	return 0;
}

static bool remove_from(struct file *file, struct object **list, uint32_t tag)
{
	struct object **link = find(list, tag);

	if (*link == NULL)
		return false;
	drop(file, link);
	return true;
}

bool objects_find(const struct file *file, uint32_t tag, struct bytes *value)
{
	return find_value(file->objects, tag, value);
}

int objects_put(struct file *file, uint32_t tag, struct bytes value)
{
	assert(file->kind == FILE_DF || file->kind == FILE_OBJECTS);
	return put(file, &file->objects, tag, value);
}

bool objects_remove(struct file *file, uint32_t tag)
{
	return remove_from(file, &file->objects, tag);
}

bool objects_at(const struct file *file, size_t index, struct tlv *out)
{
	const struct object *object = file->objects;

	for (; object != NULL && index > 0; index--)
		object = object->next;
	if (object == NULL)
		return false;
	*out = (struct tlv){ .tag = object->tag, .value = bytes_of(object->data, object->len) };
	return true;
}

bool environment_find(const struct file *df, uint8_t number, struct bytes *value)
{
	return find_value(df->environments, number, value);
}

int environment_put(struct file *df, uint8_t number, struct bytes value)
{
	assert(df->kind == FILE_DF && number >= 1 && number <= ENVIRONMENT_MAX);
	return put(df, &df->environments, number, value);
}

bool environment_remove(struct file *df, uint8_t number)
{
	return remove_from(df, &df->environments, number);
}

void objects_destroy(struct file *file)
{
	while (file->objects != NULL)
		drop(file, &file->objects);
	while (file->environments != NULL)
		drop(file, &file->environments);
}
