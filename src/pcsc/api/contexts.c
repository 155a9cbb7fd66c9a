/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SCardEstablishContext() and what lists readers. */
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "pcsc/api/library.h"
#include "pcsc/api/output.h"

EXPORT const SCARD_IO_REQUEST g_rgSCardT0Pci = { SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST) };
EXPORT const SCARD_IO_REQUEST g_rgSCardT1Pci = { SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST) };
EXPORT const SCARD_IO_REQUEST g_rgSCardRawPci = { SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST) };

EXPORT LONG SCardEstablishContext(
    DWORD dwScope, LPCVOID pvReserved1, LPCVOID pvReserved2, LPSCARDCONTEXT phContext)
{
	int32_t id = 0;
	uint32_t result;

	if (phContext == NULL)
		return SCARD_E_INVALID_PARAMETER;
	*phContext = 0;
	if (dwScope > SCARD_SCOPE_GLOBAL)
		return SCARD_E_INVALID_VALUE;
	result = library_establish((uint32_t)dwScope, &id);
	*phContext = id;
	return (LONG)result;
}

EXPORT LONG SCardReleaseContext(SCARDCONTEXT hContext)
{
	if (hContext <= 0 || hContext > INT32_MAX)
		return SCARD_E_INVALID_HANDLE;
	return (LONG)library_release((int32_t)hContext);
}

EXPORT LONG SCardIsValidContext(SCARDCONTEXT hContext)
{
	return library_has(hContext) ? SCARD_S_SUCCESS : SCARD_E_INVALID_HANDLE;
}

EXPORT LONG SCardCancel(SCARDCONTEXT hContext)
{
	return (LONG)library_cancel(hContext);
}

EXPORT LONG SCardListReaders(
    SCARDCONTEXT hContext, LPCSTR mszGroups, LPSTR mszReaders, LPDWORD pcchReaders)
{
	struct pcsc_reader_state states[PCSC_READERS_MAX];
	uint8_t names[PCSC_READERS_MAX * PCSC_READER_NAME_SIZE + 1];
	struct library_context *context;
	struct writer list;

	if (pcchReaders == NULL)
		return SCARD_E_INVALID_PARAMETER;
	context = library_enter(hContext);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	library_states(states);
	library_leave(context);
	writer_init(&list, names, sizeof names);
	for (unsigned i = 0; i < PCSC_READERS_MAX; i++) {
		if (states[i].name[0] == '\0')
			continue;
		writer_put(&list, bytes_of_string(states[i].name));
		writer_put_u8(&list, 0);
	}
	writer_put_u8(&list, 0);
	if (list.len == 1) {
		*pcchReaders = 1;
		return SCARD_E_NO_READERS_AVAILABLE;
	}
	return output_all(writer_bytes(&list), mszReaders, pcchReaders);
}

EXPORT LONG SCardListReaderGroups(SCARDCONTEXT hContext, LPSTR mszGroups, LPDWORD pcchGroups)
{
	static const uint8_t groups[] = "SCard$DefaultReaders\0";

	if (pcchGroups == NULL)
		return SCARD_E_INVALID_PARAMETER;
	if (!library_has(hContext))
		return SCARD_E_INVALID_HANDLE;
	return output_all(BYTES_OF_ARRAY(groups), mszGroups, pcchGroups);
}

EXPORT LONG SCardFreeMemory(SCARDCONTEXT hContext, LPCVOID pvMem)
{
	if (!library_has(hContext))
		return SCARD_E_INVALID_HANDLE;
	output_free(pvMem);
	return SCARD_S_SUCCESS;
}
