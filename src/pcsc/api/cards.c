/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls with a card handle. */
#include <string.h>

#include "base/compiler.h"
#include "pcsc/api/library.h"
#include "pcsc/api/output.h"

/* NOLINTBEGIN(readability-function-size): the parameters are PC/SC's. */
EXPORT LONG SCardConnect(SCARDCONTEXT hContext, LPCSTR szReader, DWORD dwShareMode,
    DWORD dwPreferredProtocols, LPSCARDHANDLE phCard, LPDWORD pdwActiveProtocol)
{
	struct pcsc_connection connection = { 0 };
	struct library_context *context;
	uint32_t result;

	if (phCard == NULL || pdwActiveProtocol == NULL)
		return SCARD_E_INVALID_PARAMETER;
	*phCard = 0;
	if (szReader == NULL)
		return SCARD_E_UNKNOWN_READER;
	if (strlen(szReader) >= PCSC_READER_NAME_SIZE)
		return SCARD_E_INVALID_VALUE;
	context = library_enter(hContext);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	result = pcsc_connect(context->context, szReader, (uint32_t)dwShareMode,
	    (uint32_t)dwPreferredProtocols, &connection);
	library_leave(context);
	*phCard = connection.card;
	*pdwActiveProtocol = connection.protocol;
	return (LONG)result;
}

EXPORT LONG SCardReconnect(SCARDHANDLE hCard, DWORD dwShareMode, DWORD dwPreferredProtocols,
    DWORD dwInitialization, LPDWORD pdwActiveProtocol)
{
	struct pcsc_connection connection = { .card = (int32_t)hCard };
	struct library_context *context;
	uint32_t result;

	if (pdwActiveProtocol == NULL)
		return SCARD_E_INVALID_PARAMETER;
	context = library_enter_card(hCard);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	result = pcsc_reconnect(context->context, (uint32_t)dwShareMode,
	    (uint32_t)dwPreferredProtocols, (uint32_t)dwInitialization, &connection);
	library_leave(context);
	*pdwActiveProtocol = connection.protocol;
	return (LONG)result;
}

EXPORT LONG SCardDisconnect(SCARDHANDLE hCard, DWORD dwDisposition)
{
	struct library_context *context = library_enter_card(hCard);
	uint32_t result;

	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	result = pcsc_disconnect(context->context, (int32_t)hCard, (uint32_t)dwDisposition);
	library_leave(context);
	return (LONG)result;
}

EXPORT LONG SCardBeginTransaction(SCARDHANDLE hCard)
{
	struct library_context *context = library_enter_card(hCard);
	uint32_t result;

	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	result = pcsc_begin_transaction(context->context, (int32_t)hCard);
	library_leave(context);
	return (LONG)result;
}

EXPORT LONG SCardEndTransaction(SCARDHANDLE hCard, DWORD dwDisposition)
{
	struct library_context *context = library_enter_card(hCard);
	uint32_t result;

	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	result = pcsc_end_transaction(context->context, (int32_t)hCard, (uint32_t)dwDisposition);
	library_leave(context);
	return (LONG)result;
}

/* The first failure of two outputs. */
static LONG output_status(
    const struct pcsc_reader_state *state, LPSTR name, DWORD *name_len, LPBYTE atr, DWORD *atr_len)
{
	LONG r = output_all(
	    bytes_of((const uint8_t *)state->name, strlen(state->name) + 1), name, name_len);
	LONG r_atr = output_all(bytes_of(state->atr, state->atr_len), atr, atr_len);

	return r != SCARD_S_SUCCESS ? r : r_atr;
}

EXPORT LONG SCardStatus(SCARDHANDLE hCard, LPSTR szReaderName, LPDWORD pcchReaderLen,
    LPDWORD pdwState, LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen)
{
	struct library_context *context = library_enter_card(hCard);
	struct pcsc_reader_state state;
	DWORD name_len = pcchReaderLen != NULL ? *pcchReaderLen : 0;
	DWORD atr_len = pcbAtrLen != NULL ? *pcbAtrLen : 0;
	LONG r = SCARD_E_INVALID_HANDLE;

	memset(&state, 0, sizeof state);
	if (context != NULL) {
		r = (LONG)pcsc_status(context->context, (int32_t)hCard, &state);
		library_leave(context);
	}
	if (r == SCARD_S_SUCCESS)
		r = output_status(&state, szReaderName, &name_len, pbAtr, &atr_len);
	else
		name_len = atr_len = 0;
	if (pcchReaderLen != NULL)
		*pcchReaderLen = name_len;
	if (pcbAtrLen != NULL)
		*pcbAtrLen = atr_len;
	if (pdwState != NULL)
		*pdwState = ((DWORD)state.event_counter << 16) + state.state;
	if (pdwProtocol != NULL)
		*pdwProtocol = state.protocol;
	return r;
}

EXPORT LONG SCardTransmit(SCARDHANDLE hCard, const SCARD_IO_REQUEST *pioSendPci,
    LPCBYTE pbSendBuffer, DWORD cbSendLength, SCARD_IO_REQUEST *pioRecvPci, LPBYTE pbRecvBuffer,
    LPDWORD pcbRecvLength)
{
	struct library_context *context;
	struct writer response;
	uint32_t result;

	if (pbSendBuffer == NULL || pbRecvBuffer == NULL || pcbRecvLength == NULL ||
	    pioSendPci == NULL)
		return SCARD_E_INVALID_PARAMETER;
	context = library_enter_card(hCard);
	if (context == NULL) {
		*pcbRecvLength = 0;
		return SCARD_E_INVALID_HANDLE;
	}
	writer_init(&response, pbRecvBuffer, *pcbRecvLength);
	if (cbSendLength > MAX_BUFFER_SIZE_EXTENDED || *pcbRecvLength < 2)
		result = PCSC_E_INSUFFICIENT_BUFFER;
	else
		result = pcsc_transmit(context->context, (int32_t)hCard,
		    (uint32_t)pioSendPci->dwProtocol, bytes_of(pbSendBuffer, cbSendLength),
		    &response);
	library_leave(context);
	*pcbRecvLength = result == PCSC_OK ? response.len : 0;
	if (result == PCSC_OK && pioRecvPci != NULL) {
		pioRecvPci->dwProtocol = pioSendPci->dwProtocol;
		pioRecvPci->cbPciLength = sizeof *pioRecvPci;
	}
	return (LONG)result;
}

EXPORT LONG SCardControl(SCARDHANDLE hCard, DWORD dwControlCode, LPCVOID pbSendBuffer,
    DWORD cbSendLength, LPVOID pbRecvBuffer, DWORD cbRecvLength, LPDWORD lpBytesReturned)
{
	struct library_context *context;
	struct writer out;
	uint32_t result;

	if (lpBytesReturned != NULL)
		*lpBytesReturned = 0;
	context = library_enter_card(hCard);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	writer_init(&out, pbRecvBuffer, pbRecvBuffer != NULL ? cbRecvLength : 0);
	result = pcsc_control(context->context, (int32_t)hCard, (uint32_t)dwControlCode,
	    bytes_of(pbSendBuffer, pbSendBuffer != NULL ? cbSendLength : 0), &out);
	library_leave(context);
	if (result == PCSC_OK && lpBytesReturned != NULL)
		*lpBytesReturned = out.len;
	return (LONG)result;
}

EXPORT LONG SCardGetAttrib(SCARDHANDLE hCard, DWORD dwAttrId, LPBYTE pbAttr, LPDWORD pcbAttrLen)
{
	struct library_context *context;
	uint8_t memory[MAX_BUFFER_SIZE];
	struct writer value;
	uint32_t result;

	if (pcbAttrLen == NULL || (pbAttr == NULL && *pcbAttrLen == SCARD_AUTOALLOCATE))
		return SCARD_E_INVALID_PARAMETER;
	context = library_enter_card(hCard);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	writer_init(&value, memory, sizeof memory);
	result = pcsc_get_attribute(context->context, (int32_t)hCard, (uint32_t)dwAttrId, &value);
	library_leave(context);
	if (result != PCSC_OK)
		return (LONG)result;
	return output_all(writer_bytes(&value), pbAttr, pcbAttrLen);
}

EXPORT LONG SCardSetAttrib(SCARDHANDLE hCard, DWORD dwAttrId, LPCBYTE pbAttr, DWORD cbAttrLen)
{
	struct library_context *context;
	uint32_t result;

	if (pbAttr == NULL || cbAttrLen == 0)
		return SCARD_E_INVALID_PARAMETER;
	context = library_enter_card(hCard);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	result = pcsc_set_attribute(
	    context->context, (int32_t)hCard, (uint32_t)dwAttrId, bytes_of(pbAttr, cbAttrLen));
	library_leave(context);
	return (LONG)result;
}

/* NOLINTEND(readability-function-size) */
