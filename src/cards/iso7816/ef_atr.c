/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EF.ATR/INFO (ISO/IEC 7816-4, 12.2.2): what the card can, as the ATR of --atr auto says it, too. It can be
 * read and deleted, for another to take its place, but not changed. */
#include "base/compiler.h"
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "fs/coding.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"

#define FID_EF_ATR 0x2F01
#define TAG_SERVICE 0x43
#define TAG_CAPABILITIES 0x47
#define TAG_LENGTHS 0x7F66
#define TAG_NUMBER 0x02
#define SIZE_MAX_EF_ATR 64

/* Bytes of a whole command and of a whole response: what a message of the reader holds. */
#define COMMAND_MAX 65535
#define RESPONSE_MAX 65535

/* Positive, so with a zero in front. */
static void put_number(struct writer *out, uint16_t n)
{
	tlv_open(out, TAG_NUMBER);
	writer_put_u8(out, 0);
	writer_put_u16(out, n);
	tlv_close(out);
}

static void put_contents(struct writer *out)
{
	static const uint8_t capabilities[] = { ISO7816_SELECTION, ISO7816_DATA_CODING,
		ISO7816_LENGTHS_AND_CHANNELS };

	tlv_put_u8(out, TAG_SERVICE, ISO7816_SERVICE);
	tlv_put(out, TAG_CAPABILITIES, BYTES_OF_ARRAY(capabilities));
	tlv_open(out, TAG_LENGTHS);
	put_number(out, COMMAND_MAX);
	put_number(out, RESPONSE_MAX);
	tlv_close(out);
}

int ef_atr_create(struct fs *fs)
{
	/* Delete and read: always; nothing else. */
	static const uint8_t rules[] = { 0x41, 0x00, 0x00 };
	uint8_t contents[SIZE_MAX_EF_ATR];
	struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_TRANSPARENT,
		.data_coding = CODING_DEFAULT,
		.fid = FID_EF_ATR,
		.life_cycle = FCP_LIFE_CYCLE_ACTIVATED };
	struct writer writer;
	struct file *file;
	int r;

	writer_init(&writer, contents, sizeof contents);
	put_contents(&writer);
	if (!writer_done(&writer))
		return ERR_LIMIT;
	parameters.size = writer.len;
	parameters.attributes[FILE_SECURITY_COMPACT] = BYTES_OF_ARRAY(rules);
	r = fs_create(fs, fs_mf(fs), &parameters, &file);
	if (r < 0)
		return r;
	return transparent_update(file, 0, writer_bytes(&writer)) == SW_OK ? 0 : ERR_LIMIT;
}
