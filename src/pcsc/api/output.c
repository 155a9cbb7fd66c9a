/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output to applications. */
#include "pcsc/api/output.h"

#include <stdlib.h>
#include <string.h>

static LONG allocate(struct bytes in, void *memory, DWORD *len)
{
	void *made;

	if (memory == NULL)
		return SCARD_E_INVALID_PARAMETER;
	made = malloc(in.len > 0 ? in.len : 1);
	if (made == NULL)
		return SCARD_E_NO_MEMORY;
	if (in.len > 0)
		memcpy(made, in.data, in.len);
	memcpy(memory, &made, sizeof made);
	*len = in.len;
	return SCARD_S_SUCCESS;
}

LONG output_fixed(struct bytes in, void *memory, DWORD *len)
{
	DWORD room = *len;

	*len = in.len;
	if (room < in.len)
		return SCARD_E_INSUFFICIENT_BUFFER;
	if (in.len > 0)
		memcpy(memory, in.data, in.len);
	return SCARD_S_SUCCESS;
}

LONG output_all(struct bytes in, void *memory, DWORD *len)
{
	if (*len == SCARD_AUTOALLOCATE)
		return allocate(in, memory, len);
	if (memory != NULL)
		return output_fixed(in, memory, len);
	*len = in.len;
	return SCARD_S_SUCCESS;
}

void output_free(const void *memory)
{
	/* The ABI says const; the memory is what allocate() made. */
	union {
		const void *from;
		void *to;
	} pointer = { .from = memory };

	free(pointer.to);
}
