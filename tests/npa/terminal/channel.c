/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands to a card over PC/SC (ISO/IEC 7816-4, 5.1 and 5.3). */
#include "channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <winscard.h>

#define ANSWER_MAX (65536u + 2)

struct channel {
	SCARDCONTEXT context;
	SCARDHANDLE card;
	SCARD_IO_REQUEST protocol;
	bool trace;
	EAC_CTX *eac; /* whose keys protect; NULL: nothing is protected */
};

static void need(LONG r, const char *what)
{
	if (r != SCARD_S_SUCCESS)
		fail("%s: %s", what, pcsc_stringify_error(r));
}

static struct channel *open_channel;

/* Of a terminal that fails: what it left open, pcscd would reset at some time later, and may then take a card that
 * has gone meanwhile for one that is there and mute. */
static void leave(void)
{
	if (open_channel == NULL)
		return;
	(void)SCardDisconnect(open_channel->card, SCARD_RESET_CARD);
	(void)SCardReleaseContext(open_channel->context);
}

struct channel *channel_open(const char *reader, bool trace)
{
	struct channel *channel = keep(sizeof *channel);
	DWORD protocol = 0;

	channel->trace = trace;
	need(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &channel->context), "no PC/SC");
	need(SCardConnect(channel->context, reader, SCARD_SHARE_EXCLUSIVE,
	         SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &channel->card, &protocol),
	    reader);
	channel->protocol = (SCARD_IO_REQUEST){ protocol, sizeof channel->protocol };
	open_channel = channel;
	(void)atexit(leave);
	return channel;
}

void channel_close(struct channel *channel)
{
	open_channel = NULL;
	need(SCardDisconnect(channel->card, SCARD_RESET_CARD), "disconnect");
	need(SCardReleaseContext(channel->context), "release the context");
}

void channel_secure(struct channel *channel, EAC_CTX *eac)
{
	channel->eac = eac;
}

bool channel_is_secure(const struct channel *channel)
{
	return channel->eac != NULL;
}

/* Short lengths where they do, extended ones (of three and two bytes) where one of the two needs it. */
static struct blob encode(const struct command *command)
{
	bool extended = command->data.len > 0xFF || command->ne > 0x100,
	     data = command->data.len > 0;
	unsigned char head[7] = { command->cla, command->ins, command->p1, command->p2 };
	unsigned char le[3] = { 0 };
	size_t n = 4, m = 0;

	if (extended)
		head[n++] = 0;
	if (data && extended)
		head[n++] = (unsigned char)(command->data.len >> 8);
	if (data)
		head[n++] = (unsigned char)command->data.len;
	if (command->ne > 0 && extended)
		le[m++] = (unsigned char)(command->ne >> 8);
	if (command->ne > 0)
		le[m++] = (unsigned char)command->ne;
	if (extended && !data && command->ne == 0)
		fail("an extended command without lengths");
	return blob_join(blob_join(blob_of(head, n), command->data), blob_of(le, m));
}

static struct answer exchange(struct channel *channel, struct command command)
{
	struct blob apdu = encode(&command);
	unsigned char *bytes = keep(ANSWER_MAX);
	DWORD len = ANSWER_MAX;

	need(SCardTransmit(
	         channel->card, &channel->protocol, apdu.data, (DWORD)apdu.len, NULL, bytes, &len),
	    "transmit");
	if (len < 2)
		fail("an answer of %lu bytes", (unsigned long)len);
	return (struct answer){ { bytes, len - 2 },
		(unsigned int)bytes[len - 2] << 8 | bytes[len - 1] };
}

static void trace_command(const struct channel *channel, const struct command *command)
{
	if (!channel->trace)
		return;
	printf("%s %02X %02X %02X %02X (Ne %zu) ", channel->eac != NULL ? ">>" : ">", command->cla,
	    command->ins, command->p1, command->p2, command->ne);
	blob_print("", command->data);
}

static void trace_answer(const struct channel *channel, const struct answer *answer)
{
	if (!channel->trace)
		return;
	printf("%s %04X ", channel->eac != NULL ? "<<" : "<", answer->sw);
	blob_print("", answer->data);
}

struct answer channel_transmit(struct channel *channel, struct command command)
{
	EAC_CTX *eac = channel->eac;
	struct answer answer;

	trace_command(channel, &command);
	answer = exchange(channel, eac != NULL ? secure_wrap(eac, command) : command);
	if (eac != NULL && answer.data.len > 0) {
		answer = secure_unwrap(eac, answer);
	} else if (eac != NULL) {
		/* A status in plain: the card has ended the session. */
		channel->eac = NULL;
	}
	trace_answer(channel, &answer);
	return answer;
}
