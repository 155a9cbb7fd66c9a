/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a new card (BSI TR-03127, 3.2): MF, DF eID with the holder's data groups, DF CIA (ISO/IEC 7816-15) that describes
 * DF eSign, and that. */
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "cards/iso7816/iso7816.h"
#include "cards/npa/internal.h"
#include "iso7816/tlv.h"

#define EF_INFO_MAX 64
#define SFI_EF_DIR 0x1E
#define SFI_CHIP_SECURITY 0x1B
#define SFI_CARD_ACCESS 0x1C
#define SFI_CARD_SECURITY 0x1D
#define KEY_SHOWN_SIZE 40 /* of a dataset's line, in an error line */
#define MESSAGE_MAX 65535 /* bytes of a whole command, and of a whole response */

static const uint8_t aid_eid[] = { 0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02 };
static const uint8_t aid_cia[] = { 0xE8, 0x28, 0xBD, 0x08, 0x0F, 0xA0, 0x00, 0x00, 0x01, 0x67, 0x45,
	0x53, 0x49, 0x47, 0x4E };
static const uint8_t aid_esign[] = { 0xA0, 0x00, 0x00, 0x01, 0x67, 0x45, 0x53, 0x49, 0x47, 0x4E };

/* CIA, ePassport, eID, eSign: each application with its name. */
static const uint8_t ef_dir[] = { 0x61, 0x32, 0x4F, 0x0F, 0xE8, 0x28, 0xBD, 0x08, 0x0F, 0xA0, 0x00,
	0x00, 0x01, 0x67, 0x45, 0x53, 0x49, 0x47, 0x4E, 0x50, 0x0F, 0x43, 0x49, 0x41, 0x20, 0x7A,
	0x75, 0x20, 0x44, 0x46, 0x2E, 0x65, 0x53, 0x69, 0x67, 0x6E, 0x51, 0x00, 0x73, 0x0C, 0x4F,
	0x0A, 0xA0, 0x00, 0x00, 0x01, 0x67, 0x45, 0x53, 0x49, 0x47, 0x4E, 0x61, 0x09, 0x4F, 0x07,
	0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01, 0x61, 0x0B, 0x4F, 0x09, 0xE8, 0x07, 0x04, 0x00,
	0x7F, 0x00, 0x07, 0x03, 0x02, 0x61, 0x0C, 0x4F, 0x0A, 0xA0, 0x00, 0x00, 0x01, 0x67, 0x45,
	0x53, 0x49, 0x47, 0x4E };

/* EF.OD: where the next three are. */
static const uint8_t cia_5031[] = { 0xA0, 0x06, 0x30, 0x04, 0x04, 0x02, 0x44, 0x00, 0xA4, 0x06,
	0x30, 0x04, 0x04, 0x02, 0x44, 0x04, 0xA8, 0x06, 0x30, 0x04, 0x04, 0x02, 0x44, 0x08 };

/* EF.CIAInfo: "eSign Application", ECDSA. */
static const uint8_t cia_5032[] = { 0x30, 0x36, 0x02, 0x01, 0x01, 0x80, 0x11, 0x65, 0x53, 0x69,
	0x67, 0x6E, 0x20, 0x41, 0x70, 0x70, 0x6C, 0x69, 0x63, 0x61, 0x74, 0x69, 0x6F, 0x6E, 0x03,
	0x02, 0x06, 0xC0, 0xA2, 0x1A, 0x30, 0x18, 0x02, 0x01, 0x01, 0x02, 0x02, 0x10, 0x41, 0x05,
	0x00, 0x03, 0x02, 0x06, 0x40, 0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04,
	0x01 };

/* EF.PrKD: "PrK.ICC.QES", key 84, behind the PIN. */
static const uint8_t cia_4400[] = { 0xA0, 0x38, 0x30, 0x17, 0x0C, 0x0B, 0x50, 0x72, 0x4B, 0x2E,
	0x49, 0x43, 0x43, 0x2E, 0x51, 0x45, 0x53, 0x03, 0x02, 0x07, 0x80, 0x04, 0x01, 0x01, 0x02,
	0x01, 0x01, 0x30, 0x15, 0x04, 0x01, 0x46, 0x03, 0x03, 0x06, 0x00, 0x40, 0x03, 0x02, 0x03,
	0xB8, 0x02, 0x02, 0x00, 0x84, 0xA1, 0x03, 0x02, 0x01, 0x01, 0xA1, 0x06, 0x30, 0x04, 0x30,
	0x02, 0x04, 0x00 };

/* EF.CD: the certificates of the authority (C000) and of the holder (C001). */
static const uint8_t cia_4404[] = { 0x30, 0x35, 0x30, 0x21, 0x0C, 0x1F, 0x5A, 0x65, 0x72, 0x74,
	0x69, 0x66, 0x69, 0x6B, 0x61, 0x74, 0x20, 0x64, 0x65, 0x73, 0x20, 0x5A, 0x44, 0x41, 0x20,
	0x66, 0xC3, 0xBC, 0x72, 0x20, 0x64, 0x69, 0x65, 0x20, 0x51, 0x45, 0x53, 0x30, 0x06, 0x04,
	0x01, 0x45, 0x01, 0x01, 0xFF, 0xA1, 0x08, 0x30, 0x06, 0x30, 0x04, 0x04, 0x02, 0xC0, 0x00,
	0x30, 0x3A, 0x30, 0x26, 0x0C, 0x24, 0x5A, 0x65, 0x72, 0x74, 0x69, 0x66, 0x69, 0x6B, 0x61,
	0x74, 0x20, 0x64, 0x65, 0x73, 0x20, 0x49, 0x6E, 0x68, 0x61, 0x62, 0x65, 0x72, 0x73, 0x20,
	0x66, 0xC3, 0xBC, 0x72, 0x20, 0x64, 0x69, 0x65, 0x20, 0x51, 0x45, 0x53, 0x30, 0x06, 0x04,
	0x01, 0x46, 0x01, 0x01, 0x00, 0xA1, 0x08, 0x30, 0x06, 0x30, 0x04, 0x04, 0x02, 0xC0, 0x01 };

/* EF.AOD: "eSign-PIN", 81. */
static const uint8_t cia_4408[] = { 0x30, 0x2F, 0x30, 0x0F, 0x0C, 0x09, 0x65, 0x53, 0x69, 0x67,
	0x6E, 0x2D, 0x50, 0x49, 0x4E, 0x03, 0x02, 0x06, 0x40, 0x30, 0x03, 0x04, 0x01, 0x01, 0xA1,
	0x17, 0x30, 0x15, 0x03, 0x03, 0x02, 0x48, 0x1C, 0x0A, 0x01, 0x01, 0x02, 0x01, 0x06, 0x02,
	0x01, 0x00, 0x80, 0x01, 0x81, 0x30, 0x02, 0x04, 0x00 };

#define BYTES(array)                                                                               \
	{                                                                                          \
		array, sizeof(array)                                                               \
	}

static const struct npa_file cia_files[] = {
	{ 0x5031, 0x11, BYTES(cia_5031) },
	{ 0x5032, 0x12, BYTES(cia_5032) },
	{ 0x4400, 0, BYTES(cia_4400) },
	{ 0x4404, 0, BYTES(cia_4404) },
	{ 0x4408, 0, BYTES(cia_4408) },
};

/* EF.ATR/INFO (ISO/IEC 7816-4, 12.2.2): what the ATR says, and how long messages may be. */
static int add_info(struct card *card, struct file *mf)
{
	/* Selection by name, path and identifier, short identifiers; data units of one byte; chaining, extended length. */
	static const uint8_t capabilities[] = { 0xF4, 0x41, 0xE0 };
	uint8_t memory[EF_INFO_MAX];
	struct npa_file file = { .fid = NPA_FID_EF_INFO };
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put_u8(&w, 0x43, 0xF8);
	tlv_put(&w, 0x47, BYTES_OF_ARRAY(capabilities));
	tlv_open(&w, 0x7F66);
	for (int i = 0; i < 2; i++) {
		tlv_open(&w, 0x02);
		writer_put_u8(&w, 0);
		writer_put_u16(&w, MESSAGE_MAX);
		tlv_close(&w);
	}
	tlv_close(&w);
	file.contents = writer_bytes(&w);
	return writer_done(&w) ? npa_add_file(card, mf, &file) : ERR_LIMIT;
}

static int add_df(struct card *card, uint16_t fid, struct bytes name, struct file **out)
{
	const struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_DF,
		.fid = fid,
		.name = name,
		.life_cycle = FCP_LIFE_CYCLE_ACTIVATED };

	return fs_create(card_files(card), fs_mf(card_files(card)), &parameters, out);
}

static int add_mf_files(struct card *card, const struct npa_security_files *security)
{
	const struct npa_file files[] = {
		{ NPA_FID_CARD_ACCESS, SFI_CARD_ACCESS, buffer_bytes(&security->card_access) },
		{ NPA_FID_CARD_SECURITY, SFI_CARD_SECURITY,
		    buffer_bytes(&security->card_security) },
		{ NPA_FID_CHIP_SECURITY, SFI_CHIP_SECURITY,
		    buffer_bytes(&security->chip_security) },
		{ NPA_FID_EF_DIR, SFI_EF_DIR, BYTES(ef_dir) },
	};
	struct file *mf = fs_mf(card_files(card));
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(files); i++) {
		if (files[i].contents.len > 0)
			r = npa_add_file(card, mf, &files[i]);
	}
	return r == 0 ? add_info(card, mf) : r;
}

int npa_load_dataset(const struct npa_maker *maker, struct buffer *text, struct dataset *dataset)
{
	const char *path = maker->options->dataset;
	struct dataset_error error;
	char key[KEY_SHOWN_SIZE];
	int r;

	dataset_init(dataset);
	if (path == NULL)
		return 0;
	r = npa_load_file(maker, "datasetfile", path, text);
	if (r == 0 && dataset_parse(buffer_bytes(text), dataset, &error) < 0)
		r = card_setup_fail(maker->setup, ERR_FORMAT, "--datasetfile %s: line %u: %s%s%s",
		    path, error.line, log_escape(error.key, key, sizeof key),
		    error.key.len > 0 ? ": " : "", error.rule);
	return r;
}

static int add_groups(struct card *card, struct file *df, const struct dataset *dataset)
{
	uint8_t *memory = malloc(DATASET_GROUP_MAX);
	int r = memory != NULL ? 0 : ERR_NO_MEMORY;

	for (unsigned n = 1; r == 0 && n <= DATASET_GROUPS; n++) {
		struct npa_file file = { .fid = (uint16_t)NPA_FID_GROUP(n), .sfi = (uint8_t)n };
		struct writer w;

		writer_init(&w, memory, DATASET_GROUP_MAX);
		if (!dataset_put_group(dataset, n, &w))
			continue;
		file.contents = writer_bytes(&w);
		r = writer_done(&w) ? npa_add_file(card, df, &file) : ERR_LIMIT;
	}
	free(memory);
	return r;
}

static int add_eid(struct card *card, const struct dataset *dataset)
{
	struct file *df;
	int r = add_df(card, NPA_FID_EID, BYTES_OF_ARRAY(aid_eid), &df);

	return r == 0 ? add_groups(card, df, dataset) : r;
}

static int add_cia(struct card *card)
{
	struct file *df;
	int r = add_df(card, NPA_FID_CIA, BYTES_OF_ARRAY(aid_cia), &df);

	for (size_t i = 0; r == 0 && i < COUNT(cia_files); i++)
		r = npa_add_file(card, df, &cia_files[i]);
	return r;
}

/* A certificate that is given, or an empty file for one. */
static int add_certificate(const struct npa_maker *maker, struct file *df, const char *option,
    const char *path, uint16_t fid)
{
	struct npa_file file = { .fid = fid };
	struct buffer contents;
	int r = 0;

	buffer_init(&contents, NPA_FILE_MAX);
	if (path != NULL)
		r = npa_load_certificate(maker, option, path, &contents);
	file.contents = buffer_bytes(&contents);
	if (r == 0)
		r = npa_add_file(maker->card, df, &file);
	buffer_done(&contents);
	return r;
}

static int add_esign(const struct npa_maker *maker)
{
	const struct npa_options *options = maker->options;
	struct file *df;
	int r = add_df(maker->card, NPA_FID_ESIGN, BYTES_OF_ARRAY(aid_esign), &df);

	if (r == 0)
		r = add_certificate(
		    maker, df, "esign-ca-cert", options->esign_ca_cert, NPA_FID_CA_CERTIFICATE);
	if (r == 0)
		r = add_certificate(
		    maker, df, "esign-cert", options->esign_cert, NPA_FID_CERTIFICATE);
	return r == 0 ? npa_make_esign(maker, df) : r;
}

int npa_make_tree(const struct npa_maker *maker, const struct dataset *dataset,
    const struct npa_security_files *security)
{
	int r = add_mf_files(maker->card, security);

	if (r == 0)
		r = add_eid(maker->card, dataset);
	if (r == 0)
		r = add_cia(maker->card);
	if (r == 0)
		r = add_esign(maker);
	return r == 0 ? npa_make_epassport(maker) : r;
}
