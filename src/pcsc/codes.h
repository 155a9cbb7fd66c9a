/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of PC/SC (part 5; winscard.h) as pcsc-lite uses them, under names of ours: they never
 * meet the SCARD_* macros of an installed winscard.h, and have 32 bits everywhere, as on the wire. */
#ifndef PCSC_CODES_H
#define PCSC_CODES_H

/* Results. */
#define PCSC_OK 0x00000000u
#define PCSC_F_INTERNAL_ERROR 0x80100001u
#define PCSC_E_CANCELLED 0x80100002u
#define PCSC_E_INVALID_HANDLE 0x80100003u
#define PCSC_E_INVALID_PARAMETER 0x80100004u
#define PCSC_E_NO_MEMORY 0x80100006u
#define PCSC_E_INSUFFICIENT_BUFFER 0x80100008u
#define PCSC_E_UNKNOWN_READER 0x80100009u
#define PCSC_E_TIMEOUT 0x8010000Au
#define PCSC_E_SHARING_VIOLATION 0x8010000Bu
#define PCSC_E_NO_SMARTCARD 0x8010000Cu
#define PCSC_E_PROTO_MISMATCH 0x8010000Fu
#define PCSC_E_INVALID_VALUE 0x80100011u
#define PCSC_F_COMM_ERROR 0x80100013u
#define PCSC_E_NOT_TRANSACTED 0x80100016u
#define PCSC_E_READER_UNAVAILABLE 0x80100017u
#define PCSC_E_NO_SERVICE 0x8010001Du
#define PCSC_E_SERVICE_STOPPED 0x8010001Eu
#define PCSC_E_UNSUPPORTED_FEATURE 0x8010001Fu
#define PCSC_E_NO_READERS_AVAILABLE 0x8010002Eu
#define PCSC_W_UNRESPONSIVE_CARD 0x80100066u
#define PCSC_W_UNPOWERED_CARD 0x80100067u
#define PCSC_W_RESET_CARD 0x80100068u
#define PCSC_W_REMOVED_CARD 0x80100069u

/* Scopes, share modes, protocols, dispositions. */
#define PCSC_SCOPE_USER 0u
#define PCSC_SCOPE_TERMINAL 1u
#define PCSC_SCOPE_SYSTEM 2u
#define PCSC_SCOPE_GLOBAL 3u

#define PCSC_SHARE_EXCLUSIVE 1u
#define PCSC_SHARE_SHARED 2u
#define PCSC_SHARE_DIRECT 3u

#define PCSC_PROTOCOL_UNDEFINED 0x0000u
#define PCSC_PROTOCOL_T0 0x0001u
#define PCSC_PROTOCOL_T1 0x0002u
#define PCSC_PROTOCOL_RAW 0x0004u
#define PCSC_PROTOCOL_ANY_OLD 0x1000u /* any; older applications */

#define PCSC_LEAVE_CARD 0u
#define PCSC_RESET_CARD 1u
#define PCSC_UNPOWER_CARD 2u
#define PCSC_EJECT_CARD 3u

/* The state of a reader, as SCardStatus() reports it. */
#define PCSC_UNKNOWN 0x0001u
#define PCSC_ABSENT 0x0002u
#define PCSC_PRESENT 0x0004u
#define PCSC_SWALLOWED 0x0008u /* there, and does not answer */
#define PCSC_POWERED 0x0010u
#define PCSC_NEGOTIABLE 0x0020u
#define PCSC_SPECIFIC 0x0040u

/* Who uses a reader: how many share it, or this. */
#define PCSC_SHARING_EXCLUSIVE (-1)

#endif
