/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of results. */
#include <PCSC/winscard.h>
#include <stdio.h>

#include "base/compiler.h"

static const struct {
	LONG result;
	const char *text;
} texts[] = {
	{ SCARD_S_SUCCESS, "Success." },
	{ SCARD_F_INTERNAL_ERROR, "Internal error." },
	{ SCARD_E_CANCELLED, "The call was cancelled." },
	{ SCARD_E_INVALID_HANDLE, "Not a valid handle." },
	{ SCARD_E_INVALID_PARAMETER, "A parameter that cannot be." },
	{ SCARD_E_INVALID_TARGET, "The reader cannot be started." },
	{ SCARD_E_NO_MEMORY, "Out of memory." },
	{ SCARD_F_WAITED_TOO_LONG, "An internal wait took too long." },
	{ SCARD_E_INSUFFICIENT_BUFFER, "The buffer is too small." },
	{ SCARD_E_UNKNOWN_READER, "There is no such reader." },
	{ SCARD_E_TIMEOUT, "The time is over." },
	{ SCARD_E_SHARING_VIOLATION, "Another application uses the card." },
	{ SCARD_E_NO_SMARTCARD, "There is no card in the reader." },
	{ SCARD_E_UNKNOWN_CARD, "Unknown card." },
	{ SCARD_E_CANT_DISPOSE, "The card cannot be left in this way." },
	{ SCARD_E_PROTO_MISMATCH, "The card does not speak this protocol." },
	{ SCARD_E_NOT_READY, "Reader or card is not ready." },
	{ SCARD_E_INVALID_VALUE, "A value that cannot be." },
	{ SCARD_E_SYSTEM_CANCELLED, "The system cancelled the call." },
	{ SCARD_F_COMM_ERROR, "Communication failed." },
	{ SCARD_F_UNKNOWN_ERROR, "Unknown internal error." },
	{ SCARD_E_INVALID_ATR, "The ATR is malformed." },
	{ SCARD_E_NOT_TRANSACTED, "The exchange with the card failed." },
	{ SCARD_E_READER_UNAVAILABLE, "The reader is not available." },
	{ SCARD_P_SHUTDOWN, "Ended by a shutdown." },
	{ SCARD_E_PCI_TOO_SMALL, "The PCI buffer is too small." },
	{ SCARD_E_READER_UNSUPPORTED, "The reader is not supported." },
	{ SCARD_E_DUPLICATE_READER, "There is a reader of this name already." },
	{ SCARD_E_CARD_UNSUPPORTED, "The card is not supported." },
	{ SCARD_E_NO_SERVICE, "No PC/SC service." },
	{ SCARD_E_SERVICE_STOPPED, "The PC/SC service has stopped." },
	{ SCARD_E_UNSUPPORTED_FEATURE, "Not supported." },
	{ SCARD_E_NO_READERS_AVAILABLE, "There is no reader." },
	{ SCARD_E_COMM_DATA_LOST, "Data was lost." },
	{ SCARD_E_NO_KEY_CONTAINER, "There is no such key container." },
	{ SCARD_E_SERVER_TOO_BUSY, "The PC/SC service is too busy." },
	{ SCARD_W_UNSUPPORTED_CARD, "The ATR promises nothing that the reader can do." },
	{ SCARD_W_UNRESPONSIVE_CARD, "The card does not answer." },
	{ SCARD_W_UNPOWERED_CARD, "The card has no power." },
	{ SCARD_W_RESET_CARD, "The card has been reset." },
	{ SCARD_W_REMOVED_CARD, "The card has been taken out." },
	{ SCARD_W_SECURITY_VIOLATION, "Access is denied." },
	{ SCARD_W_WRONG_CHV, "Wrong PIN." },
	{ SCARD_W_CHV_BLOCKED, "The PIN is blocked." },
	{ SCARD_W_EOF, "End of the file." },
	{ SCARD_W_CANCELLED_BY_USER, "The user cancelled." },
	{ SCARD_W_CARD_NOT_AUTHENTICATED, "No PIN was given." },
};

EXPORT const char *pcsc_stringify_error(const LONG result)
{
	static _Thread_local char unknown[] = "Unknown error: 0x00000000";

	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i].result == result)
			return texts[i].text;
	(void)snprintf(
	    unknown, sizeof unknown, "Unknown error: 0x%08lX", (unsigned long)result & 0xFFFFFFFF);
	return unknown;
}
