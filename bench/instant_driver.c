/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IFD handler with a card inside that answers at once: what PC/SC itself costs. */
#include <stdint.h>
#include <string.h>

#include <ifdhandler.h>

#include "base/compiler.h"

#define RESPONSE_MAX 65533

static const UCHAR atr[] = { 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01, 0x00, 0x0B };

EXPORT RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel)
{
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name)
{
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHCloseChannel(DWORD lun)
{
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
	if (tag == TAG_IFD_ATR && *length >= sizeof(atr)) {
		memcpy(value, atr, sizeof(atr));
		*length = sizeof(atr);
		return IFD_SUCCESS;
	}
	*length = 0;
	return IFD_ERROR_TAG;
}

EXPORT RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value)
{
	return IFD_NOT_SUPPORTED;
}

EXPORT RESPONSECODE IFDHSetProtocolParameters(
    DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3)
{
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR out, PDWORD length)
{
	*length = 0;
	if (action == IFD_POWER_UP || action == IFD_RESET) {
		memcpy(out, atr, sizeof(atr));
		*length = sizeof(atr);
	}
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER send, PUCHAR tx, DWORD tx_length,
    PUCHAR rx, PDWORD rx_length, PSCARD_IO_HEADER receive)
{
	DWORD ne = 0;

	if (tx_length == 5)
		ne = tx[4] != 0 ? tx[4] : 256;
	else if (tx_length == 7 && tx[4] == 0)
		ne = (DWORD)tx[5] << 8 | tx[6];
	if (ne > RESPONSE_MAX)
		ne = RESPONSE_MAX;
	if (*rx_length < ne + 2)
		return IFD_COMMUNICATION_ERROR;
	memset(rx, 0, ne);
	rx[ne] = 0x90;
	rx[ne + 1] = 0x00;
	*rx_length = ne + 2;
	return IFD_SUCCESS;
}

EXPORT RESPONSECODE IFDHControl(
    DWORD lun, DWORD code, PUCHAR tx, DWORD tx_length, PUCHAR rx, DWORD rx_length, LPDWORD returned)
{
	*returned = 0;
	return IFD_ERROR_NOT_SUPPORTED;
}

EXPORT RESPONSECODE IFDHICCPresence(DWORD lun)
{
	return IFD_ICC_PRESENT;
}
