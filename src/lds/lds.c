/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of the Logical Data Structure (ICAO 9303-10, 3.11 and 4). */
#include "lds/lds.h"

#include <assert.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/err.h"
#include "iso7816/tlv.h"

#define TAG_TAG_LIST 0x5C

/* Of DG1 and EF.COM. */
#define TAG_MRZ 0x5F1F
#define TAG_LDS_VERSION 0x5F01
#define TAG_UNICODE_VERSION 0x5F36

/* Of DG11 and DG12. */
#define TAG_FULL_NAME 0x5F0E
#define TAG_PERSONAL_NUMBER 0x5F10
#define TAG_BIRTH_PLACE 0x5F11
#define TAG_FULL_BIRTH 0x5F2B
#define TAG_AUTHORITY 0x5F19
#define TAG_ISSUED 0x5F26
#define TAG_LIST_SIZE 16

#define TAG_CAR 0x42

/* Of EF.DIR and EF.ATR/INFO. */
#define TAG_APPLICATION 0x61
#define TAG_AID 0x4F
#define TAG_SERVICE 0x43
#define TAG_CAPABILITIES 0x47
#define TAG_LENGTHS 0x7F66
#define TAG_NUMBER 0x02
#define MESSAGE_MAX 0xFFFF /* bytes of a whole command, and of a whole response */

static const uint8_t aid[] = { 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };
const struct bytes lds_aid = { aid, sizeof aid };

static const struct lds_file files[LDS_FILES] = {
	[LDS_DG1] = { "EF.DG1", 0x0101, 0x01, 0x61 },
	[LDS_DG2] = { "EF.DG2", 0x0102, 0x02, 0x75 },
	[LDS_DG3] = { "EF.DG3", 0x0103, 0x03, 0x63 },
	[LDS_DG4] = { "EF.DG4", 0x0104, 0x04, 0x76 },
	[5] = { "EF.DG5", 0x0105, 0x05, 0x65 },
	[6] = { "EF.DG6", 0x0106, 0x06, 0x66 },
	[7] = { "EF.DG7", 0x0107, 0x07, 0x67 },
	[8] = { "EF.DG8", 0x0108, 0x08, 0x68 },
	[9] = { "EF.DG9", 0x0109, 0x09, 0x69 },
	[10] = { "EF.DG10", 0x010A, 0x0A, 0x6A },
	[LDS_DG11] = { "EF.DG11", 0x010B, 0x0B, 0x6B },
	[LDS_DG12] = { "EF.DG12", 0x010C, 0x0C, 0x6C },
	[13] = { "EF.DG13", 0x010D, 0x0D, 0x6D },
	[LDS_DG14] = { "EF.DG14", 0x010E, 0x0E, 0x6E },
	[LDS_DG15] = { "EF.DG15", 0x010F, 0x0F, 0x6F },
	[LDS_DG16] = { "EF.DG16", 0x0110, 0x10, 0x70 },
	[LDS_COM] = { "EF.COM", 0x011E, 0x1E, 0x60 },
	[LDS_SOD] = { "EF.SOD", 0x011D, 0x1D, 0x77 },
	[LDS_CVCA] = { "EF.CVCA", 0x011C, 0x1C, 0 },
	[LDS_CARD_ACCESS] = { "EF.CardAccess", 0x011C, 0x1C, 0x31 },
	[LDS_CARD_SECURITY] = { "EF.CardSecurity", 0x011D, 0x1D, 0x30 },
	[LDS_ATR_INFO] = { "EF.ATR/INFO", 0x2F01, 0x01, 0 },
	[LDS_DIR] = { "EF.DIR", 0x2F00, 0x1E, 0 },
};

const struct lds_file *lds_file(enum lds_id id)
{
	assert(id > 0 && id < LDS_FILES);
	return &files[id];
}

bool lds_is_in_mf(enum lds_id id)
{
	return id >= LDS_CARD_ACCESS;
}

bool lds_find_tag(uint32_t tag, enum lds_id *out)
{
	for (int i = LDS_DG1; i <= LDS_DATA_GROUPS; i++) {
		if (files[i].tag != tag)
			continue;
		*out = (enum lds_id)i;
		return true;
	}
	return false;
}

bool lds_is_file(enum lds_id id, struct bytes in)
{
	struct bytes value;

	return files[id].tag != 0 && tlv_take_tag(&in, files[id].tag, &value) && in.len == 0;
}

static void put_text(struct writer *out, uint32_t tag, const char *text)
{
	tlv_put(out, tag, bytes_of_string(text));
}

void lds_put_dg1(const struct mrz *mrz, struct writer *out)
{
	tlv_open(out, files[LDS_DG1].tag);
	tlv_put(out, TAG_MRZ, mrz_text(mrz));
	tlv_close(out);
}

int lds_parse_dg1(struct bytes file, struct mrz *out, char error[MRZ_ERROR_SIZE])
{
	struct bytes value, mrz;

	if (tlv_take_tag(&file, files[LDS_DG1].tag, &value) && file.len == 0 &&
	    tlv_take_tag(&value, TAG_MRZ, &mrz) && value.len == 0)
		return mrz_parse(mrz, out, error);
	(void)snprintf(
	    error, MRZ_ERROR_SIZE, "it is not data object 61 with data object 5F1F in it");
	return ERR_FORMAT;
}

void lds_put_com(const struct lds_com *com, struct writer *out)
{
	uint8_t memory[LDS_DATA_GROUPS];
	struct writer tags;

	writer_init(&tags, memory, sizeof memory);
	for (size_t i = LDS_DG1; i <= LDS_DATA_GROUPS; i++)
		if (com->has[i])
			writer_put_u8(&tags, (uint8_t)files[i].tag);
	tlv_open(out, files[LDS_COM].tag);
	put_text(out, TAG_LDS_VERSION, com->version);
	put_text(out, TAG_UNICODE_VERSION, LDS_UNICODE_VERSION);
	tlv_put(out, TAG_TAG_LIST, writer_bytes(&tags));
	tlv_close(out);
}

struct detail {
	uint32_t tag;
	const char *text; /* NULL: it is left out */
};

/* A list of the tags, then the data objects (4.7.11). */
static void put_details(enum lds_id id, const struct detail *details, size_t n, struct writer *out)
{
	uint8_t memory[TAG_LIST_SIZE];
	struct writer tags;

	writer_init(&tags, memory, sizeof memory);
	for (size_t i = 0; i < n; i++)
		if (details[i].text != NULL)
			writer_put_u16(&tags, (uint16_t)details[i].tag);
	tlv_open(out, files[id].tag);
	tlv_put(out, TAG_TAG_LIST, writer_bytes(&tags));
	for (size_t i = 0; i < n; i++)
		if (details[i].text != NULL)
			put_text(out, details[i].tag, details[i].text);
	tlv_close(out);
}

void lds_put_dg11(const struct lds_person *person, struct writer *out)
{
	const struct detail details[] = {
		{ TAG_FULL_NAME, person->name },
		{ TAG_PERSONAL_NUMBER, person->personal_number },
		{ TAG_FULL_BIRTH, person->birth },
		{ TAG_BIRTH_PLACE, person->birth_place },
	};

	put_details(LDS_DG11, details, COUNT(details), out);
}

void lds_put_dg12(const struct lds_document *document, struct writer *out)
{
	const struct detail details[] = {
		{ TAG_AUTHORITY, document->authority },
		{ TAG_ISSUED, document->issued },
	};

	put_details(LDS_DG12, details, COUNT(details), out);
}

int lds_put_dg14(const struct security_info *infos, size_t n, struct writer *out)
{
	int r;

	tlv_open(out, files[LDS_DG14].tag);
	r = security_infos_put(infos, n, out);
	if (r < 0)
		return r;
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

void lds_put_dg15(struct bytes public_key, struct writer *out)
{
	tlv_put(out, files[LDS_DG15].tag, public_key);
}

void lds_put_cvca(struct bytes newest, struct bytes older, struct writer *out)
{
	size_t begin = out->len;

	if (newest.len > 0)
		tlv_put(out, TAG_CAR, newest);
	if (older.len > 0)
		tlv_put(out, TAG_CAR, older);
	if (out->len - begin > LDS_CVCA_SIZE)
		writer_fail(out);
	while (!out->failed && out->len - begin < LDS_CVCA_SIZE)
		writer_put_u8(out, 0);
}

void lds_put_dir(const struct bytes *aids, size_t n, struct writer *out)
{
	for (size_t i = 0; i < n; i++) {
		tlv_open(out, TAG_APPLICATION);
		tlv_put(out, TAG_AID, aids[i]);
		tlv_close(out);
	}
}

/* Positive, so with a zero in front. */
static void put_message_size(struct writer *out)
{
	tlv_open(out, TAG_NUMBER);
	writer_put_u8(out, 0);
	writer_put_u16(out, MESSAGE_MAX);
	tlv_close(out);
}

void lds_put_atr_info(uint8_t service, struct bytes capabilities, struct writer *out)
{
	tlv_put_u8(out, TAG_SERVICE, service);
	tlv_put(out, TAG_CAPABILITIES, capabilities);
	tlv_open(out, TAG_LENGTHS);
	put_message_size(out);
	put_message_size(out);
	tlv_close(out);
}
