/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one application does with a card: protocols, status, commands, attributes, features. */
#include <PCSC/reader.h>
#include <stdlib.h>
#include <string.h>

#include "semantics.h"

#define T0_T1 (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define ANY_OLD 0x1000 /* of old applications */
#define ON (SCARD_PRESENT | SCARD_POWERED | SCARD_NEGOTIABLE)
#define ATTRIBUTE_MAX 264

static void calls_that_cannot_be(void)
{
	SCARDHANDLE card;
	DWORD protocol, len = 2;
	BYTE bytes[2] = { 0 };
	char name[200];

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	CHECK(SCardConnect(context, reader, SCARD_SHARE_SHARED, T0_T1, NULL, &protocol),
	    SCARD_E_INVALID_PARAMETER);
	CHECK(SCardConnect(context, reader, SCARD_SHARE_SHARED, T0_T1, &card, NULL),
	    SCARD_E_INVALID_PARAMETER);
	CHECK(SCardConnect(context, NULL, SCARD_SHARE_SHARED, T0_T1, &card, &protocol),
	    SCARD_E_UNKNOWN_READER);
	CHECK(SCardConnect(context, "no reader", SCARD_SHARE_SHARED, T0_T1, &card, &protocol),
	    SCARD_E_UNKNOWN_READER);
	CHECK(SCardConnect(context, name, SCARD_SHARE_SHARED, T0_T1, &card, &protocol),
	    SCARD_E_INVALID_VALUE);
	CHECK(SCardConnect(context + 1, reader, SCARD_SHARE_SHARED, T0_T1, &card, &protocol),
	    SCARD_E_INVALID_HANDLE);
	CHECK(try_connect(7, T0_T1), SCARD_E_INVALID_VALUE);
	CHECK(try_connect(SCARD_SHARE_SHARED, 0), SCARD_E_PROTO_MISMATCH);
	CHECK(SCardReconnect(0, SCARD_SHARE_SHARED, T0_T1, SCARD_LEAVE_CARD, &protocol),
	    SCARD_E_INVALID_HANDLE);
	CHECK(SCardDisconnect(0, SCARD_LEAVE_CARD), SCARD_E_INVALID_HANDLE);
	CHECK(SCardBeginTransaction(1), SCARD_E_INVALID_HANDLE);
	CHECK(SCardEndTransaction(1, SCARD_LEAVE_CARD), SCARD_E_INVALID_HANDLE);
	CHECK(status(1), SCARD_E_INVALID_HANDLE);
	CHECK(SCardTransmit(1, SCARD_PCI_T1, bytes, 2, NULL, bytes, &len), SCARD_E_INVALID_HANDLE);
	CHECK(len, 0);
	CHECK(SCardTransmit(1, NULL, bytes, 2, NULL, bytes, &len), SCARD_E_INVALID_PARAMETER);
	CHECK(
	    SCardTransmit(1, SCARD_PCI_T1, NULL, 2, NULL, bytes, &len), SCARD_E_INVALID_PARAMETER);
	CHECK(
	    SCardTransmit(1, SCARD_PCI_T1, bytes, 2, NULL, NULL, &len), SCARD_E_INVALID_PARAMETER);
	CHECK(
	    SCardTransmit(1, SCARD_PCI_T1, bytes, 2, NULL, bytes, NULL), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardControl(1, 0, NULL, 0, NULL, 0, NULL), SCARD_E_INVALID_HANDLE);
	CHECK(SCardGetAttrib(1, SCARD_ATTR_ATR_STRING, NULL, NULL), SCARD_E_INVALID_PARAMETER);
	CHECK(SCardGetAttrib(1, SCARD_ATTR_ATR_STRING, bytes, &len), SCARD_E_INVALID_HANDLE);
	CHECK(SCardSetAttrib(1, SCARD_ATTR_ATR_STRING, NULL, 0), SCARD_E_INVALID_PARAMETER);
}

static void empty_reader(void)
{
	SCARDHANDLE card;
	DWORD state = 1, protocol = 1, name_len = 0, atr_len = 9;

	(void)wait_for(SCARD_STATE_EMPTY);
	CHECK(try_connect(SCARD_SHARE_SHARED, T0_T1), SCARD_E_NO_SMARTCARD);
	CHECK(try_connect(SCARD_SHARE_EXCLUSIVE, T0_T1), SCARD_E_NO_SMARTCARD);
	card = connect_as(SCARD_SHARE_DIRECT, 0);
	CHECK(
	    SCardStatus(card, NULL, &name_len, &state, &protocol, NULL, &atr_len), SCARD_S_SUCCESS);
	CHECK(state & 0xFFFF, SCARD_ABSENT);
	CHECK(protocol, 0);
	CHECK(atr_len, 0);
	CHECK(name_len, strlen(reader) + 1);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_E_NO_SMARTCARD);
	CHECK(transmit(card, SCARD_PCI_RAW), SCARD_E_NO_SMARTCARD);
	CHECK(SCardReconnect(card, SCARD_SHARE_SHARED, T0_T1, SCARD_LEAVE_CARD, &protocol),
	    SCARD_E_NO_SMARTCARD);
	CHECK(SCardReconnect(card, SCARD_SHARE_SHARED, T0_T1, SCARD_RESET_CARD, &protocol),
	    SCARD_E_NO_SMARTCARD);
	CHECK(SCardDisconnect(card, SCARD_RESET_CARD), SCARD_S_SUCCESS);
	CHECK(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_E_INVALID_HANDLE);
}

/* A connect that asks for this gets that (0: a mismatch); afterwards the card has no power. */
static void negotiate(DWORD asked, DWORD want)
{
	DWORD protocol = 0;
	SCARDHANDLE card;
	LONG r = SCardConnect(context, reader, SCARD_SHARE_SHARED, asked, &card, &protocol);

	CHECK(r, want != 0 ? SCARD_S_SUCCESS : SCARD_E_PROTO_MISMATCH);
	CHECK(protocol, want);
	if (r == SCARD_S_SUCCESS)
		CHECK(SCardDisconnect(card, SCARD_UNPOWER_CARD), SCARD_S_SUCCESS);
}

static void protocols(void)
{
	SCARDHANDLE card;
	DWORD protocol;

	insert("iso7816"); /* its ATR offers T=1 */
	negotiate(SCARD_PROTOCOL_T0, 0);
	negotiate(SCARD_PROTOCOL_T1, SCARD_PROTOCOL_T1);
	negotiate(T0_T1, SCARD_PROTOCOL_T1);
	negotiate(ANY_OLD, SCARD_PROTOCOL_T1);
	eject();
	insert("handler_test"); /* T=0 and T=1 */
	negotiate(SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T0);
	negotiate(SCARD_PROTOCOL_T1, SCARD_PROTOCOL_T1);
	negotiate(T0_T1, SCARD_PROTOCOL_T1);
	negotiate(T0_T1 | SCARD_PROTOCOL_RAW, SCARD_PROTOCOL_RAW);
	card = connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0);
	CHECK(try_connect(SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1), SCARD_E_PROTO_MISMATCH);
	CHECK(try_connect(SCARD_SHARE_SHARED, ANY_OLD), SCARD_E_PROTO_MISMATCH);
	CHECK(try_connect(SCARD_SHARE_SHARED, T0_T1), SCARD_S_SUCCESS);
	CHECK(SCardReconnect(
	          card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_LEAVE_CARD, &protocol),
	    SCARD_E_PROTO_MISMATCH);
	CHECK(SCardReconnect(
	          card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, SCARD_RESET_CARD, &protocol),
	    SCARD_S_SUCCESS);
	CHECK(protocol, SCARD_PROTOCOL_T1);
	CHECK(SCardReconnect(card, 9, T0_T1, SCARD_LEAVE_CARD, &protocol), SCARD_E_INVALID_VALUE);
	CHECK(SCardReconnect(card, SCARD_SHARE_SHARED, T0_T1, SCARD_EJECT_CARD, &protocol),
	    SCARD_E_INVALID_VALUE);
	CHECK(SCardReconnect(card, SCARD_SHARE_SHARED, 0, SCARD_LEAVE_CARD, &protocol),
	    SCARD_E_PROTO_MISMATCH);
	CHECK(SCardReconnect(card, SCARD_SHARE_SHARED, T0_T1, SCARD_LEAVE_CARD, NULL),
	    SCARD_E_INVALID_PARAMETER);
}

static void control_information(void)
{
	static const BYTE command[] = { 0x80, 0x30, 0x00, 0x00 };
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);
	SCARD_IO_REQUEST answered = { SCARD_PROTOCOL_ANY, sizeof answered };
	BYTE response[2];
	DWORD len = sizeof response, protocol;

	CHECK(transmit(card, SCARD_PCI_T1), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T0), SCARD_E_PROTO_MISMATCH);
	CHECK(transmit(card, SCARD_PCI_RAW), SCARD_S_SUCCESS);
	CHECK(SCardTransmit(card, SCARD_PCI_T1, command, sizeof command, &answered, response, &len),
	    SCARD_S_SUCCESS);
	CHECK(len, 2);
	CHECK(answered.cbPciLength, sizeof answered);
	CHECK_DIFFERS(answered.dwProtocol, 1, SCARD_PROTOCOL_T1);
	CHECK(SCardReconnect(
	          card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_UNPOWER_CARD, &protocol),
	    SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T0), SCARD_S_SUCCESS);
	CHECK(transmit(card, SCARD_PCI_T1), SCARD_E_PROTO_MISMATCH);
	CHECK(SCardDisconnect(card, SCARD_UNPOWER_CARD), SCARD_S_SUCCESS);
}

static void status_of_a_card(void)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1);
	DWORD name_len = MAX_READERNAME, atr_len = MAX_ATR_SIZE, state, protocol;
	char name[MAX_READERNAME], *made_name = NULL;
	BYTE atr[MAX_ATR_SIZE], *made_atr = NULL;

	CHECK(
	    SCardStatus(card, name, &name_len, &state, &protocol, atr, &atr_len), SCARD_S_SUCCESS);
	CHECK(strcmp(name, reader), 0);
	CHECK(name_len, strlen(reader) + 1);
	CHECK(state & 0xFFFF, ON);
	CHECK(state >> 16, wait_for(SCARD_STATE_PRESENT) >> 16);
	CHECK(protocol, SCARD_PROTOCOL_T1);
	CHECK(atr_len, 17);
	CHECK(atr[0], 0x3B);
	CHECK(atr[16], 0x9E);
	atr_len = 16;
	CHECK(
	    SCardStatus(card, NULL, NULL, NULL, NULL, atr, &atr_len), SCARD_E_INSUFFICIENT_BUFFER);
	CHECK(atr_len, 17);
	name_len = 1;
	CHECK(SCardStatus(card, name, &name_len, NULL, NULL, NULL, NULL),
	    SCARD_E_INSUFFICIENT_BUFFER);
	CHECK(name_len, strlen(reader) + 1);
	name_len = atr_len = SCARD_AUTOALLOCATE;
	CHECK(SCardStatus(
	          card, (LPSTR)&made_name, &name_len, NULL, NULL, (LPBYTE)&made_atr, &atr_len),
	    SCARD_S_SUCCESS);
	CHECK(made_name != NULL && strcmp(made_name, reader) == 0, true);
	CHECK(made_atr != NULL && memcmp(made_atr, atr, 16) == 0, true);
	CHECK(SCardFreeMemory(context, made_name), SCARD_S_SUCCESS);
	CHECK(SCardFreeMemory(context, made_atr), SCARD_S_SUCCESS);
	name_len = SCARD_AUTOALLOCATE;
	CHECK(
	    SCardStatus(card, NULL, &name_len, NULL, NULL, NULL, NULL), SCARD_E_INVALID_PARAMETER);
	CHECK(status(card), SCARD_S_SUCCESS);
}

/* The state that a reader shows and the power it gives its card. */
static void power(void)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);
	SCARDHANDLE direct = connect_as(SCARD_SHARE_DIRECT, 0);
	DWORD state = 0, protocol = 9, atr_len = 0;

	CHECK(SCardDisconnect(card, SCARD_UNPOWER_CARD), SCARD_S_SUCCESS);
	CHECK(status(direct), SCARD_W_RESET_CARD);
	CHECK(SCardReconnect(direct, SCARD_SHARE_DIRECT, 0, SCARD_LEAVE_CARD, &protocol),
	    SCARD_S_SUCCESS);
	CHECK(protocol, 0);
	CHECK(SCardStatus(direct, NULL, NULL, &state, &protocol, NULL, &atr_len), SCARD_S_SUCCESS);
	CHECK(state & 0xFFFF, SCARD_PRESENT);
	CHECK(protocol, 0);
	CHECK(atr_len, 17);
	card = connect_as(SCARD_SHARE_SHARED, T0_T1);
	CHECK(SCardStatus(direct, NULL, NULL, &state, NULL, NULL, NULL), SCARD_S_SUCCESS);
	CHECK(state & 0xFFFF, ON);
	CHECK(SCardDisconnect(card, 4), SCARD_E_INVALID_VALUE);
	CHECK(SCardDisconnect(card, SCARD_EJECT_CARD), SCARD_S_SUCCESS);
	CHECK(SCardStatus(direct, NULL, NULL, &state, NULL, NULL, NULL), SCARD_S_SUCCESS);
	CHECK(state & 0xFFFF, ON);
	CHECK(SCardDisconnect(direct, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

/* Has the test card send n bytes. The response's length, or what SCardTransmit() says. */
static LONG ask_for(SCARDHANDLE card, unsigned n, BYTE *memory, DWORD *len)
{
	const BYTE command[] = { 0x80, 0x34, (BYTE)(n >> 8), (BYTE)n, 0x00, (BYTE)(n >> 8),
		(BYTE)n };

	return SCardTransmit(card, SCARD_PCI_T1, command, sizeof command, NULL, memory, len);
}

static void lengths(void)
{
	static const unsigned sizes[] = { 1, 255, 256, 257, 4096, 32768, 65533 };
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1);
	BYTE *memory = calloc(1, MAX_BUFFER_SIZE_EXTENDED + 1);
	DWORD len;

	for (unsigned i = 0; i < COUNT(sizes); i++) {
		len = MAX_BUFFER_SIZE_EXTENDED;
		CHECK(ask_for(card, sizes[i], memory, &len), SCARD_S_SUCCESS);
		CHECK(len, sizes[i] + 2);
		CHECK(memory[len - 2], 0x90);
		CHECK(memory[len - 3], (sizes[i] - 1) & 0xFF);
		len = sizes[i] + 2; /* just enough */
		CHECK(ask_for(card, sizes[i], memory, &len), SCARD_S_SUCCESS);
		len = sizes[i] + 1; /* and not */
		CHECK(ask_for(card, sizes[i], memory, &len), SCARD_E_INSUFFICIENT_BUFFER);
		CHECK(len, sizes[i] + 2);
	}
	memcpy(memory, "\x80\x32\x00\x00\x00\xFF\xF6", 7); /* 65,526 bytes of data */
	len = MAX_BUFFER_SIZE_EXTENDED;
	CHECK(SCardTransmit(card, SCARD_PCI_T1, memory, 7 + 65526, NULL, memory, &len),
	    SCARD_S_SUCCESS);
	CHECK(len, 2);
	len = MAX_BUFFER_SIZE_EXTENDED;
	CHECK(SCardTransmit(card, SCARD_PCI_T1, memory, 65536, NULL, memory, &len),
	    SCARD_E_NOT_TRANSACTED);
	CHECK(len, 0);
	len = MAX_BUFFER_SIZE_EXTENDED;
	CHECK(SCardTransmit(
	          card, SCARD_PCI_T1, memory, MAX_BUFFER_SIZE_EXTENDED + 1, NULL, memory, &len),
	    SCARD_E_INSUFFICIENT_BUFFER);
	len = MAX_BUFFER_SIZE_EXTENDED;
	CHECK(SCardTransmit(card, SCARD_PCI_T1, memory, 1, NULL, memory, &len), SCARD_S_SUCCESS);
	CHECK(len == 2 && memory[0] == 0x67 && memory[1] == 0x00, true);
	free(memory);
}

static void attributes_with_lengths(void)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);
	BYTE value[ATTRIBUTE_MAX + 1], *made = NULL;
	DWORD len = sizeof value - 1;

	CHECK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &len), SCARD_S_SUCCESS);
	CHECK(len, 17);
	CHECK(value[16], 0x9E);
	len = 0;
	CHECK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &len), SCARD_S_SUCCESS);
	CHECK(len, 17);
	len = 16;
	CHECK(
	    SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &len), SCARD_E_INSUFFICIENT_BUFFER);
	CHECK(len, 17);
	len = sizeof value;
	CHECK(
	    SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, value, &len), SCARD_E_INSUFFICIENT_BUFFER);
	len = SCARD_AUTOALLOCATE;
	CHECK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, (LPBYTE)&made, &len), SCARD_S_SUCCESS);
	CHECK(len == 17 && made != NULL && made[0] == 0x3B, true);
	CHECK(SCardFreeMemory(context, made), SCARD_S_SUCCESS);
	len = SCARD_AUTOALLOCATE;
	CHECK(SCardGetAttrib(card, SCARD_ATTR_ATR_STRING, NULL, &len), SCARD_E_INVALID_PARAMETER);
	len = sizeof value - 1;
	CHECK(SCardGetAttrib(card, 0x12345, value, &len), SCARD_E_UNSUPPORTED_FEATURE);
	CHECK_DIFFERS(SCardSetAttrib(card, SCARD_ATTR_ATR_STRING, value, 1), SCARD_E_NOT_TRANSACTED,
	    SCARD_E_UNSUPPORTED_FEATURE);
}

/* The first four bytes of an attribute and its length; FFFFFFFF: there is none. */
static unsigned long attribute(SCARDHANDLE card, DWORD tag, DWORD *len)
{
	BYTE value[ATTRIBUTE_MAX] = { 0 };

	*len = sizeof value;
	if (SCardGetAttrib(card, tag, value, len) != SCARD_S_SUCCESS)
		return 0xFFFFFFFF;
	return value[0] | (unsigned long)value[1] << 8 | (unsigned long)value[2] << 16 |
	    (unsigned long)value[3] << 24;
}

static void attributes(void)
{
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1);
	const struct {
		DWORD tag, len;
		unsigned long value;
	} cases[] = {
		{ SCARD_ATTR_VENDOR_NAME, 32, 0x74726956 }, /* "Virt" */
		{ SCARD_ATTR_VENDOR_IFD_TYPE, 12, 0x74726956 },
		{ SCARD_ATTR_VENDOR_IFD_SERIAL_NO, 11, 0x44435056 },
		{ SCARD_ATTR_ASYNC_PROTOCOL_TYPES, 4, 3 },
		{ SCARD_ATTR_POWER_MGMT_SUPPORT, 4, 1 },
		{ SCARD_ATTR_CHARACTERISTICS, 4, 0 },
		{ SCARD_ATTR_CURRENT_PROTOCOL_TYPE, 4, 2 },
		{ SCARD_ATTR_ICC_PRESENCE, 1, 2 },
		{ SCARD_ATTR_ICC_INTERFACE_STATUS, 1, 1 },
		{ SCARD_ATTR_ICC_TYPE_PER_ATR, 1, 1 },
		{ SCARD_ATTR_DEVICE_UNIT, 4, 0 },
		{ SCARD_ATTR_MAXINPUT, 4, 65535 },
		{ SCARD_ATTR_DEVICE_FRIENDLY_NAME_A, (DWORD)strlen(reader) + 1, 0x74726956 },
		{ SCARD_ATTR_DEVICE_SYSTEM_NAME_A, (DWORD)strlen(reader) + 1, 0x74726956 },
	};
	DWORD len;

	for (unsigned i = 0; i < COUNT(cases); i++) {
		CHECK(attribute(card, cases[i].tag, &len), cases[i].value);
		CHECK(len, cases[i].len);
	}
	(void)attribute(card, SCARD_ATTR_VENDOR_IFD_VERSION, &len);
	CHECK(len, 4);
	CHECK(attribute(card, SCARD_ATTR_CHANNEL_ID, &len) >> 16, 0xF0);
}

static void features(void)
{
	static const BYTE list[] = { 0x12, 0x04, 0x42, 0x33, 0x00, 0x12 };
	static const BYTE properties[] = { 0x0A, 0x04, 0xF6, 0xFF, 0x00, 0x00 };
	SCARDHANDLE card = connect_as(SCARD_SHARE_DIRECT, 0);
	BYTE out[300];
	DWORD len = 0;

	CHECK(SCardControl(card, SCARD_CTL_CODE(3400), NULL, 0, out, sizeof out, &len),
	    SCARD_S_SUCCESS);
	CHECK(len == sizeof list && memcmp(out, list, len) == 0, true);
	CHECK(SCardControl(card, 0x42330012, NULL, 0, out, sizeof out, &len), SCARD_S_SUCCESS);
	CHECK(len == sizeof properties && memcmp(out, properties, len) == 0, true);
	CHECK(SCardControl(card, SCARD_CTL_CODE(3400), NULL, 0, out, 5, &len),
	    SCARD_E_INSUFFICIENT_BUFFER);
	CHECK(len, sizeof list);
	CHECK(SCardControl(card, SCARD_CTL_CODE(3400), NULL, 0, out, sizeof out, NULL),
	    SCARD_S_SUCCESS);
	CHECK(SCardControl(card, SCARD_CTL_CODE(1), NULL, 0, out, sizeof out, &len),
	    SCARD_E_UNSUPPORTED_FEATURE);
	CHECK(len, 0);
}

static void card_in_use(void)
{
	SCARD_READERSTATE entry = { .szReader = reader };
	SCARDHANDLE card = connect_as(SCARD_SHARE_SHARED, T0_T1);
	DWORD protocol;

	CHECK(SCardGetStatusChange(context, 0, &entry, 1), SCARD_S_SUCCESS);
	CHECK(entry.dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_INUSE | SCARD_STATE_CHANGED);
	entry.dwCurrentState =
	    entry.dwEventState & ~(DWORD)(SCARD_STATE_CHANGED | SCARD_STATE_INUSE);
	CHECK(SCardGetStatusChange(context, 0, &entry, 1),
	    SCARD_E_TIMEOUT); /* to come into use is no change */
	CHECK(SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, T0_T1, SCARD_LEAVE_CARD, &protocol),
	    SCARD_S_SUCCESS);
	entry.dwCurrentState |= SCARD_STATE_INUSE;
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	CHECK(entry.dwEventState & 0xFFFF,
	    SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE | SCARD_STATE_CHANGED);
	entry.dwCurrentState = entry.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	CHECK(SCardGetStatusChange(context, 0, &entry, 1), SCARD_E_TIMEOUT);
	CHECK(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
	CHECK(SCardGetStatusChange(context, INFINITE, &entry, 1), SCARD_S_SUCCESS);
	CHECK(entry.dwEventState & 0xFFFF, SCARD_STATE_PRESENT | SCARD_STATE_CHANGED);
	eject();
}

const struct semantics_case cases_of_cards[] = {
	{ "calls that cannot be", calls_that_cannot_be },
	{ "empty reader", empty_reader },
	{ "protocols", protocols },
	{ "protocol control information", control_information },
	{ "status of a card", status_of_a_card },
	{ "power", power },
	{ "lengths", lengths },
	{ "attributes: lengths", attributes_with_lengths },
	{ "attributes: values", attributes },
	{ "features", features },
	{ "status change: a card in use", card_in_use },
	{ 0 },
};
