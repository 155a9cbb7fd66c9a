/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls with a card handle. */
#include <string.h>

#include "base/compiler.h"
#include "base/secret.h"
#include "pcsc/api/library.h"
#include "pcsc/api/output.h"
#include "vpcd/protocol.h"

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
	do {
		context = library_enter_card(hCard);
		if (context == NULL)
			return SCARD_E_INVALID_HANDLE;
		result = pcsc_reconnect(context->context, (uint32_t)dwShareMode,
		    (uint32_t)dwPreferredProtocols, (uint32_t)dwInitialization, &connection);
		library_leave(context);
	} while (result == PCSC_E_SHARING_VIOLATION && library_await(hCard, false));
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
	struct library_context *context;
	uint32_t result;

	do {
		context = library_enter_card(hCard);
		if (context == NULL)
			return SCARD_E_INVALID_HANDLE;
		result = pcsc_begin_transaction(context->context, (int32_t)hCard);
		library_leave(context);
	} while (result == PCSC_E_SHARING_VIOLATION && library_await(hCard, true));
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

/* The state of the handle's reader, as soon as nobody else has a transaction. */
static LONG get_status(SCARDHANDLE card, struct pcsc_reader_state *state)
{
	struct library_context *context;
	uint32_t result;

	do {
		context = library_enter_card(card);
		if (context == NULL)
			return SCARD_E_INVALID_HANDLE;
		result = pcsc_status(context->context, (int32_t)card, state);
		library_leave(context);
	} while (result == PCSC_E_SHARING_VIOLATION && library_await(card, false));
	return (LONG)result;
}

EXPORT LONG SCardStatus(SCARDHANDLE hCard, LPSTR szReaderName, LPDWORD pcchReaderLen,
    LPDWORD pdwState, LPDWORD pdwProtocol, LPBYTE pbAtr, LPDWORD pcbAtrLen)
{
	struct pcsc_reader_state state;
	DWORD name_len = pcchReaderLen != NULL ? *pcchReaderLen : 0;
	DWORD atr_len = pcbAtrLen != NULL ? *pcbAtrLen : 0;
	LONG r;

	memset(&state, 0, sizeof state);
	r = get_status(hCard, &state);
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

/* A response goes straight into the application's memory if any fits there. Otherwise the length it has is
 * told when it does not fit, which is known only when it is here. */
static uint32_t transmit(struct library_context *context, SCARDHANDLE card, uint32_t protocol,
    struct bytes command, struct writer *out)
{
	struct writer response = *out;
	uint32_t result;
	size_t len;

	if (writer_left(out) >= VPCD_MESSAGE_MAX)
		return pcsc_transmit(context->context, (int32_t)card, protocol, command, out);
	if (library_response(context) == NULL)
		return PCSC_E_NO_MEMORY;
	writer_init(&response, library_response(context), VPCD_MESSAGE_MAX);
	result = pcsc_transmit(context->context, (int32_t)card, protocol, command, &response);
	len = response.len;
	if (result == PCSC_OK && len <= writer_left(out))
		writer_put(out, writer_bytes(&response));
	else if (result == PCSC_OK)
		result = PCSC_E_INSUFFICIENT_BUFFER;
	secret_wipe(library_response(context), len);
	if (result == PCSC_E_INSUFFICIENT_BUFFER)
		out->len = len;
	return result;
}

EXPORT LONG SCardTransmit(SCARDHANDLE hCard, const SCARD_IO_REQUEST *pioSendPci,
    LPCBYTE pbSendBuffer, DWORD cbSendLength, SCARD_IO_REQUEST *pioRecvPci, LPBYTE pbRecvBuffer,
    LPDWORD pcbRecvLength)
{
	struct library_context *context;
	struct writer response;
	uint32_t result = PCSC_E_INVALID_HANDLE;

	if (pbSendBuffer == NULL || pbRecvBuffer == NULL || pcbRecvLength == NULL ||
	    pioSendPci == NULL)
		return SCARD_E_INVALID_PARAMETER;
	do {
		writer_init(&response, pbRecvBuffer, *pcbRecvLength);
		context = library_enter_card(hCard);
		if (context == NULL)
			break;
		result = cbSendLength > MAX_BUFFER_SIZE_EXTENDED
		    ? PCSC_E_INSUFFICIENT_BUFFER
		    : transmit(context, hCard, (uint32_t)pioSendPci->dwProtocol,
		          bytes_of(pbSendBuffer, cbSendLength), &response);
		library_leave(context);
	} while (result == PCSC_E_SHARING_VIOLATION && library_await(hCard, false));
	*pcbRecvLength = response.len;
	if (result == PCSC_OK && pioRecvPci != NULL) {
		pioRecvPci->dwProtocol = pioSendPci->dwProtocol;
		pioRecvPci->cbPciLength = sizeof *pioRecvPci;
	}
	return (LONG)result;
}

EXPORT LONG SCardControl(SCARDHANDLE hCard, DWORD dwControlCode, LPCVOID pbSendBuffer,
    DWORD cbSendLength, LPVOID pbRecvBuffer, DWORD cbRecvLength, LPDWORD lpBytesReturned)
{
	uint8_t memory[MAX_BUFFER_SIZE];
	struct library_context *context;
	struct writer out;
	DWORD len = 0;
	LONG r;

	if (lpBytesReturned != NULL)
		*lpBytesReturned = 0;
	context = library_enter_card(hCard);
	if (context == NULL)
		return SCARD_E_INVALID_HANDLE;
	writer_init(&out, memory, sizeof memory);
	r = (LONG)pcsc_control(context->context, (int32_t)hCard, (uint32_t)dwControlCode,
	    bytes_of(pbSendBuffer, pbSendBuffer != NULL ? cbSendLength : 0), &out);
	library_leave(context);
	if (r == SCARD_S_SUCCESS) {
		len = pbRecvBuffer != NULL ? cbRecvLength : 0;
		r = output_fixed(writer_bytes(&out), pbRecvBuffer, &len);
	}
	if (lpBytesReturned != NULL)
		*lpBytesReturned = len;
	return r;
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
	if (pbAttr != NULL && *pcbAttrLen != SCARD_AUTOALLOCATE && *pcbAttrLen > MAX_BUFFER_SIZE) {
		library_leave(context);
		return SCARD_E_INSUFFICIENT_BUFFER; /* as PCSC-Lite has it */
	}
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
	result = PCSC_E_INSUFFICIENT_BUFFER;
	if (cbAttrLen <= MAX_BUFFER_SIZE)
		result = pcsc_set_attribute(context->context, (int32_t)hCard, (uint32_t)dwAttrId,
		    bytes_of(pbAttr, cbAttrLen));
	library_leave(context);
	return (LONG)result;
}

/* NOLINTEND(readability-function-size) */
