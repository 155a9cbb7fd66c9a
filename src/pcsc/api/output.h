/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three ways in which an application takes what has a length: into its own memory; into memory that
 * is allocated for it (SCARD_AUTOALLOCATE; it then passes the address of a pointer); or the length alone
 * (NULL). */
#ifndef PCSC_API_OUTPUT_H
#define PCSC_API_OUTPUT_H

#include <PCSC/winscard.h>

#include "base/bytes.h"

/* All or nothing: SCARD_E_INSUFFICIENT_BUFFER, *len is what is needed; SCARD_E_NO_MEMORY;
 * SCARD_E_INVALID_PARAMETER: nowhere to put the pointer. */
LONG output_all(struct bytes in, void *memory, DWORD *len);

/* Into memory of *len bytes, which may not be enough. */
LONG output_fixed(struct bytes in, void *memory, DWORD *len);

/* Frees what was allocated. */
void output_free(const void *memory);

#endif
