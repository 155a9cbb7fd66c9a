/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The protocol between pcsc-lite's client library and its service, versions 4:4 to 4:6, as our service
 * speaks it. Everything is in the byte order and alignment of the machine, since both ends are on it.
 *
 * A request is a header and a body; an answer is a body alone, the same as the request's with the
 * results filled in. An APDU, or what goes to and from a reader, follows its body. */
#ifndef PCSC_PROTOCOL_H
#define PCSC_PROTOCOL_H

#include <stdint.h>

#include "pcsc/manager.h"

#define PROTOCOL_MAJOR 4
#define PROTOCOL_MINOR_OLDEST 4
#define PROTOCOL_MINOR 5 /* a client of 4:6 is told this one, and takes it */

#define PROTOCOL_ATTRIBUTE_MAX 264
#define PROTOCOL_DATA_MAX (4 + 3 + 65536 + 3 + 2) /* an APDU, either way */

enum protocol_command {
	PROTOCOL_ESTABLISH_CONTEXT = 0x01,
	PROTOCOL_RELEASE_CONTEXT = 0x02,
	PROTOCOL_CONNECT = 0x04,
	PROTOCOL_RECONNECT = 0x05,
	PROTOCOL_DISCONNECT = 0x06,
	PROTOCOL_BEGIN_TRANSACTION = 0x07,
	PROTOCOL_END_TRANSACTION = 0x08,
	PROTOCOL_TRANSMIT = 0x09,
	PROTOCOL_CONTROL = 0x0A,
	PROTOCOL_STATUS = 0x0B,
	PROTOCOL_CANCEL = 0x0D,
	PROTOCOL_GET_ATTRIBUTE = 0x0F,
	PROTOCOL_SET_ATTRIBUTE = 0x10,
	PROTOCOL_VERSION = 0x11,
	PROTOCOL_GET_STATES = 0x12,
	PROTOCOL_WATCH = 0x13, /* answered by the states; later, once, by a struct protocol_event */
	PROTOCOL_UNWATCH = 0x14, /* answered by an event, unless one is on its way already */
	PROTOCOL_GET_READER_EVENTS = 0x15, /* 4:5 */
	PROTOCOL_GET_STATES_COUNT = 0x16,  /* 4:6 */
	PROTOCOL_GET_STATES_ARRAY = 0x17,  /* 4:6 */
};

struct protocol_header {
	uint32_t size; /* of the body */
	uint32_t command;
};

struct protocol_version {
	int32_t major;
	int32_t minor;
	uint32_t result;
};

struct protocol_establish {
	uint32_t scope;
	uint32_t context;
	uint32_t result;
};

struct protocol_release {
	uint32_t context;
	uint32_t result;
};

struct protocol_connect {
	uint32_t context;
	char reader[PCSC_READER_NAME_SIZE];
	uint32_t share;
	uint32_t protocols;
	int32_t card;
	uint32_t protocol;
	uint32_t result;
};

struct protocol_reconnect {
	int32_t card;
	uint32_t share;
	uint32_t protocols;
	uint32_t initialization;
	uint32_t protocol;
	uint32_t result;
};

struct protocol_disconnect { /* and end of transaction */
	int32_t card;
	uint32_t disposition;
	uint32_t result;
};

struct protocol_begin { /* and status; cancel, with a context instead of a card */
	int32_t card;
	uint32_t result;
};

struct protocol_transmit {
	int32_t card;
	uint32_t send_protocol;
	uint32_t send_pci_length;
	uint32_t send_length;
	uint32_t receive_protocol;
	uint32_t receive_pci_length;
	uint32_t receive_length;
	uint32_t result;
};

struct protocol_control {
	int32_t card;
	uint32_t code;
	uint32_t send_length;
	uint32_t receive_max;
	uint32_t receive_length;
	uint32_t result;
};

struct protocol_attribute {
	int32_t card;
	uint32_t attribute;
	uint8_t value[PROTOCOL_ATTRIBUTE_MAX];
	uint32_t length;
	uint32_t result;
};

struct protocol_event {
	uint32_t timeout; /* not used */
	uint32_t result;
};

struct protocol_reader_events {
	uint32_t count; /* readers that have come or gone since the service started */
	uint32_t result;
};

/* The state of a reader on the wire is struct pcsc_reader_state as it lies in memory. */
_Static_assert(sizeof(struct pcsc_reader_state) == 184, "as in pcsc-lite's protocol");
_Static_assert(sizeof(struct protocol_connect) == 152, "as in pcsc-lite's protocol");
_Static_assert(sizeof(struct protocol_attribute) == 280, "as in pcsc-lite's protocol");

#endif
