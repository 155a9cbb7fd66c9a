/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal does with a card once they know each other: files, comparisons, passwords (BSI TR-03110-3, B.6, B.11;
 * TR-03110-4, 2.2). */
#include "terminal.h"

#define INS_DEACTIVATE 0x04
#define INS_VERIFY 0x20
#define INS_RESET_RETRY_COUNTER 0x2C
#define INS_ACTIVATE 0x44
#define INS_SELECT 0xA4
#define INS_READ_BINARY 0xB0
#define INS_WRITE_BINARY 0xD0
#define INS_UPDATE_BINARY 0xD6
#define CHUNK 0xDF /* what a protected answer of 256 bytes holds, whatever the cipher */

static const unsigned char eid[] = { 0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02 };

/* id-AuxiliaryData, 0.4.0.127.0.7.3.1.4; then the kind of comparison. */
static const unsigned char auxiliary[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x04 };

unsigned int file_read(struct terminal *terminal, unsigned int sfi, struct blob *content)
{
	struct command read = { 0, INS_READ_BINARY, (unsigned char)(0x80 | sfi), 0, { NULL, 0 },
		CHUNK };
	struct blob all = { NULL, 0 };
	struct answer answer;

	for (;;) {
		answer = channel_transmit(terminal->channel, read);
		if (answer.data.len == 0)
			break;
		all = blob_join(all, answer.data);
		if (answer.data.len < CHUNK)
			break;
		read.p1 = (unsigned char)(all.len >> 8);
		read.p2 = (unsigned char)all.len;
	}
	*content = all;
	return all.len > 0 ? SW_OK : answer.sw;
}

static unsigned int select_eid(struct terminal *terminal)
{
	unsigned int sw = SW_OK;

	if (!terminal->in_eid)
		sw = channel_transmit(terminal->channel,
		    (struct command){ 0, INS_SELECT, 0x04, 0x0C, { eid, sizeof eid }, 0 })
		         .sw;
	terminal->in_eid = sw == SW_OK;
	return sw;
}

unsigned int group_read(struct terminal *terminal, unsigned int n, struct blob *content)
{
	unsigned int sw = select_eid(terminal);

	return sw == SW_OK ? file_read(terminal, n, content) : sw;
}

unsigned int group_write(struct terminal *terminal, unsigned int n, struct blob content)
{
	unsigned int sw = select_eid(terminal);
	unsigned char ins = terminal->write_binary ? INS_WRITE_BINARY : INS_UPDATE_BINARY;
	struct command update = { 0, ins, (unsigned char)(0x80 | n), 0, content, 0 };

	return sw == SW_OK ? channel_transmit(terminal->channel, update).sw : sw;
}

static struct blob comparison_oid(enum comparison comparison)
{
	unsigned char kind = (unsigned char)comparison;

	return tlv(0x06, blob_join(blob_of(auxiliary, sizeof auxiliary), blob_of(&kind, 1)));
}

struct blob auxiliary_entry(enum comparison comparison, struct blob reference)
{
	return tlv(0x73, blob_join(comparison_oid(comparison), tlv(0x53, reference)));
}

unsigned int auxiliary_verify(struct terminal *terminal, enum comparison comparison)
{
	unsigned int sw = select_eid(terminal);
	struct command verify = { 0x80, INS_VERIFY, 0x80, 0, comparison_oid(comparison), 0 };

	return sw == SW_OK ? channel_transmit(terminal->channel, verify).sw : sw;
}

unsigned int password_reset(struct terminal *terminal, enum s_type kind, struct blob value)
{
	unsigned char p1 = value.len > 0 ? 0x02 : 0x03;
	struct command reset = { 0, INS_RESET_RETRY_COUNTER, p1, (unsigned char)kind, value, 0 };

	return channel_transmit(terminal->channel, reset).sw;
}

unsigned int password_activate(struct terminal *terminal, enum s_type kind, bool active)
{
	unsigned char ins = active ? INS_ACTIVATE : INS_DEACTIVATE;
	struct command command = { 0, ins, 0x10, (unsigned char)kind, { NULL, 0 }, 0 };

	return channel_transmit(terminal->channel, command).sw;
}
