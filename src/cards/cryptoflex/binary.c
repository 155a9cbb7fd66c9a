/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* READ BINARY and UPDATE BINARY of a Cryptoflex. */
#include <string.h>

#include "cards/cryptoflex/cryptoflex.h"

#define NE_ABSENT 256 /* P3 = 00 in T=0 */

/* The current EF, where it is transparent and the operation allowed. */
static enum sw begin(
    struct card *card, enum flex_operation operation, struct bytes *data, struct flex_file **out)
{
	struct flex_file *file = flex_state_of(card)->ef;
	enum sw sw;

	if (file == NULL)
		return SW_NO_CURRENT_EF;
	if (file->header.kind != FLEX_TRANSPARENT)
		return FLEX_SW_WRONG_KIND;
	if (!file->header.valid)
		return FLEX_SW_INVALIDATED;
	sw = flex_access(card, file, operation, data);
	if (sw == SW_OK)
		*out = file;
	return sw;
}

/* P1 and P2 are the offset. */
static enum sw room_at(
    const struct apdu *apdu, const struct flex_file *file, size_t *offset, size_t *room)
{
	*offset = (size_t)apdu->p1 << 8 | apdu->p2;
	if (*offset >= file->header.size)
		return SW_WRONG_OFFSET;
	*room = file->header.size - *offset;
	return SW_OK;
}

enum sw flex_read_binary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	size_t ne = apdu->ne > 0 ? apdu->ne : NE_ABSENT;
	struct flex_file *file = NULL;
	size_t offset, room;
	enum sw sw = begin(card, FLEX_READ, NULL, &file);

	if (sw == SW_OK)
		sw = room_at(apdu, file, &offset, &room);
	if (sw != SW_OK)
		return sw;
	if (apdu->data.len > 0 || ne > room)
		return flex_wrong_length(room);
	writer_put(out, bytes_of(file->body + offset, ne));
	return SW_OK;
}

enum sw flex_update_binary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct bytes data = apdu->data;
	struct flex_file *file = NULL;
	size_t offset, room;
	enum sw sw = begin(card, FLEX_UPDATE, &data, &file);

	if (sw == SW_OK)
		sw = room_at(apdu, file, &offset, &room);
	if (sw != SW_OK)
		return sw;
	if (data.len == 0 || data.len > room)
		return flex_wrong_length(room);
	memcpy(file->body + offset, data.data, data.len);
	card_changed(card);
	return SW_OK;
}
