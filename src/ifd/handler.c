/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IFD handler interface 3.0, by which pcscd (and macOS) drives a reader: checks arguments, enters the
 * channel, and translates our failures into theirs. The text of the interface is in PCSC-Lite's
 * ifdhandler.h. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "ifd/abi.h"
#include "ifd/attributes.h"
#include "ifd/channel.h"
#include "vpcd/protocol.h"

/* The one place where our failures become pcscd's. */
static RESPONSECODE code_of(int r)
{
	switch (r) {
	case 0:
		return IFD_SUCCESS;
	case ERR_NO_CARD:
		return IFD_ICC_NOT_PRESENT;
	case ERR_TIMEOUT:
		return IFD_RESPONSE_TIMEOUT;
	case ERR_UNSUPPORTED:
		return IFD_PROTOCOL_NOT_SUPPORTED;
	default:
		return IFD_COMMUNICATION_ERROR;
	}
}

EXPORT RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	if (DeviceName == NULL)
		return IFD_COMMUNICATION_ERROR;
	return code_of(channel_open_name(Lun, DeviceName));
}

EXPORT RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	return code_of(channel_open_port(Lun, Channel));
}

EXPORT RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
	return code_of(channel_close(Lun));
}

EXPORT RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	struct channel *channel = channel_enter(Lun);
	bool present;

	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	present = channel_present(channel);
	channel_leave(channel);
	return present ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}

/* Attributes. */

/* Copies a value into the caller's buffer of *length bytes; *length becomes the length it has, or, when
 * it does not fit, the length it needs. */
static RESPONSECODE give(struct bytes value, PDWORD length, PUCHAR buffer)
{
	DWORD room = *length;

	*length = (DWORD)value.len;
	if (room < value.len)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	if (value.len > 0)
		memcpy(buffer, value.data, value.len);
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	struct channel *channel;
	uint8_t memory[ATTRIBUTES_SIZE_MAX];
	struct writer w;
	int r;

	if (Length == NULL || Value == NULL)
		return IFD_COMMUNICATION_ERROR;
	channel = channel_enter(Lun);
	if (channel == NULL) {
		*Length = 0;
		return IFD_COMMUNICATION_ERROR;
	}
	writer_init(&w, memory, sizeof memory);
	r = attribute_get(channel, Tag, &w);
	channel_leave(channel);
	if (r == 0 && writer_done(&w))
		return give(writer_bytes(&w), Length, Value);
	/* pcscd answers for the reader's name itself, in the room that Length still has to tell. */
	if (r == ERR_NOT_FOUND)
		return IFD_ERROR_TAG;
	*Length = 0;
	return code_of(r);
}

/* No attribute of a virtual reader can be set. */
EXPORT RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	return IFD_NOT_SUPPORTED;
}

/* Power and protocol. */

/* Flags and PTS1 to PTS3 ask for clock rates and guard times, which a card of software does not have. */
/* NOLINTNEXTLINE(readability-function-size): the interface says so */
EXPORT RESPONSECODE IFDHSetProtocolParameters(
    DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3)
{
	struct channel *channel;
	int r;

	if (Protocol != SCARD_PROTOCOL_T0 && Protocol != SCARD_PROTOCOL_T1)
		return IFD_PROTOCOL_NOT_SUPPORTED;
	channel = channel_enter(Lun);
	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	r = channel_negotiate(channel, Protocol == SCARD_PROTOCOL_T1 ? 1 : 0);
	channel_leave(channel);
	return code_of(r);
}

/* A caller's room for an ATR. Old versions of PCSC-Lite pass 0 although there is room for MAX_ATR_SIZE,
 * as the interface demands. */
static DWORD room_for_atr(DWORD length)
{
	return length == 0 || length > MAX_ATR_SIZE ? MAX_ATR_SIZE : length;
}

static RESPONSECODE power_up(struct channel *channel, bool warm, PUCHAR atr, PDWORD length)
{
	uint8_t memory[MAX_ATR_SIZE];
	struct writer w;
	RESPONSECODE code;

	if (atr == NULL || length == NULL)
		return IFD_COMMUNICATION_ERROR;
	*length = room_for_atr(*length);
	writer_init(&w, memory, sizeof memory);
	if (channel_power_up(channel, warm, &w) < 0 || !writer_done(&w)) {
		*length = 0;
		return IFD_ERROR_POWER_ACTION;
	}
	code = give(writer_bytes(&w), length, atr);
	if (code != IFD_SUCCESS)
		*length = 0;
	return code;
}

static RESPONSECODE power_down(struct channel *channel, PUCHAR atr, PDWORD length)
{
	int r = channel_power_down(channel);

	if (length != NULL) {
		if (atr != NULL)
			memset(atr, 0, *length < MAX_ATR_SIZE ? *length : MAX_ATR_SIZE);
		*length = 0;
	}
	/* A card that is gone has no power. */
	return r == 0 || r == ERR_NO_CARD ? IFD_SUCCESS : IFD_ERROR_POWER_ACTION;
}

static RESPONSECODE power(struct channel *channel, DWORD action, PUCHAR atr, PDWORD length)
{
	switch (action) {
	case IFD_POWER_UP:
		return power_up(channel, false, atr, length);
	case IFD_RESET:
		return power_up(channel, true, atr, length);
	case IFD_POWER_DOWN:
		return power_down(channel, atr, length);
	default:
		return IFD_NOT_SUPPORTED;
	}
}

EXPORT RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct channel *channel = channel_enter(Lun);
	RESPONSECODE code;

	if (channel == NULL) {
		if (AtrLength != NULL)
			*AtrLength = 0;
		return IFD_COMMUNICATION_ERROR;
	}
	code = power(channel, Action, Atr, AtrLength);
	channel_leave(channel);
	return code;
}

/* Commands. */

static void tell_protocol(int spoken, DWORD asked, PSCARD_IO_HEADER pci)
{
	if (pci == NULL)
		return;
	pci->Protocol = spoken == CHANNEL_PROTOCOL_UNKNOWN ? asked : (DWORD)spoken;
	pci->Length = sizeof *pci;
}

/* NOLINTNEXTLINE(readability-function-size): the interface says so */
EXPORT RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer,
    DWORD TxLength, PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	struct channel *channel;
	struct writer w;
	int r;

	if (RxLength == NULL)
		return IFD_COMMUNICATION_ERROR;
	writer_init(&w, RxBuffer, *RxLength);
	*RxLength = 0;
	if (RxBuffer == NULL || (TxBuffer == NULL && TxLength > 0))
		return IFD_COMMUNICATION_ERROR;
	channel = channel_enter(Lun);
	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	r = channel_transmit(channel, bytes_of(TxBuffer, TxLength), &w);
	tell_protocol(channel_protocol(channel), SendPci.Protocol, RecvPci);
	channel_leave(channel);
	/* pcscd takes success with no status word for an answer of the card. */
	if (r == 0 && (!writer_done(&w) || w.len < 2))
		r = ERR_PROTOCOL;
	if (r < 0) {
		log_debug("no answer from the card: %s", err_text(r));
		return code_of(r);
	}
	*RxLength = (DWORD)w.len;
	return IFD_SUCCESS;
}

/* NOLINTNEXTLINE(readability-function-size): the interface says so */
EXPORT RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength,
    PUCHAR RxBuffer, DWORD RxLength, LPDWORD pdwBytesReturned)
{
	struct channel *channel;
	uint8_t memory[ATTRIBUTES_SIZE_MAX];
	struct writer w;
	RESPONSECODE code;

	if (pdwBytesReturned == NULL)
		return IFD_COMMUNICATION_ERROR;
	*pdwBytesReturned = 0;
	channel = channel_enter(Lun);
	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	channel_leave(channel);

	writer_init(&w, memory, sizeof memory);
	if (attributes_control((uint32_t)dwControlCode, &w) < 0)
		return IFD_ERROR_NOT_SUPPORTED;
	if (RxBuffer == NULL)
		return IFD_COMMUNICATION_ERROR;
	code = give(writer_bytes(&w), &RxLength, RxBuffer);
	if (code == IFD_SUCCESS)
		*pdwBytesReturned = RxLength;
	return code;
}
