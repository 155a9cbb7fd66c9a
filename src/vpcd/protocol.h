/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vpcd protocol, version 1 (docs/vpcd-protocol.md): each message is a length of two bytes, big-
 * endian, and that many bytes. */
#ifndef VPCD_PROTOCOL_H
#define VPCD_PROTOCOL_H

#define VPCD_PORT 35963 /* of slot 0; slot n has this plus n */

#define VPCD_LENGTH_SIZE 2
#define VPCD_MESSAGE_MAX 65535 /* bytes after the length */

/* What a message holds at most: a command of 4 + 3 + data + 2 bytes, a response of data + 2 bytes. */
#define VPCD_COMMAND_DATA_MAX 65526
#define VPCD_RESPONSE_DATA_MAX 65533

/* A message of one byte from the reader is one of these; longer ones are commands. */
enum vpcd_control {
	VPCD_POWER_OFF = 0x00,
	VPCD_POWER_ON = 0x01,
	VPCD_RESET = 0x02,
	VPCD_GET_ATR = 0x04, /* the only one that is answered */
};

#endif
