/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The electronic passport: a document is put on a card, and its files are opened to those who have proved what they must
 * (ICAO 9303-10, 3.11; 9303-11, 4.2 and 7). The commands are those of the base. */
#include "cards/epass/epass.h"

#include <assert.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "cards/eac/eac.h"
#include "cards/epass/ask.h"
#include "cards/epass/document.h"
#include "cards/iso7816/iso7816.h"
#include "fs/coding.h"
#include "fs/fs.h"
#include "fs/transparent.h"

#define FID_APPLICATION 0x0004 /* no standard says one; readers select by name */
#define DELAY_FIRST 250        /* milliseconds */
#define DELAY_MAX 8000

/* As the generic card's, whose users match on it. */
static const uint8_t atr[] = { 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01, 0x00, 0x0B };

static int put_file(struct card *card, enum lds_id id, struct bytes data)
{
	struct fs *fs = card_files(card);
	struct file *df = fs_mf(fs);
	struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_TRANSPARENT,
		.data_coding = CODING_DEFAULT,
		.fid = lds_file(id)->fid,
		.sfi = lds_file(id)->sfi,
		.life_cycle = FCP_LIFE_CYCLE_ACTIVATED,
		.size = data.len };
	struct file *file;
	int r;

	if (!lds_is_in_mf(id))
		df = fs_child(df, FID_APPLICATION);
	r = fs_create(fs, df, &parameters, &file);
	if (r < 0)
		return r;
	return transparent_update(file, 0, data) == SW_OK ? 0 : ERR_LIMIT;
}

static int put_application(struct card *card)
{
	struct fs *fs = card_files(card);
	const struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_DF,
		.fid = FID_APPLICATION,
		.name = lds_aid,
		.life_cycle = FCP_LIFE_CYCLE_ACTIVATED };
	struct file *file;

	return fs_create(fs, fs_mf(fs), &parameters, &file);
}

/* What the card can is what the base takes from the generic card, and that EF.DIR is there. */
static int put_atr_info(struct card *card)
{
	static const uint8_t capabilities[] = { ISO7816_SELECTION, ISO7816_DATA_CODING,
		ISO7816_LENGTHS_AND_CHANNELS };
	uint8_t memory[64];
	struct writer writer;

	writer_init(&writer, memory, sizeof memory);
	lds_put_atr_info(ISO7816_SERVICE | 0x20, BYTES_OF_ARRAY(capabilities), &writer);
	return writer_done(&writer) ? put_file(card, LDS_ATR_INFO, writer_bytes(&writer))
	                            : ERR_LIMIT;
}

static int put_files(struct card *card, const struct epass_document *document)
{
	int r = put_application(card);

	if (r == 0)
		r = put_atr_info(card);
	for (int i = LDS_DG1; r == 0 && i < LDS_FILES; i++)
		if (document->files[i].len > 0)
			r = put_file(card, (enum lds_id)i, buffer_bytes(&document->files[i]));
	return r;
}

static int put_password(struct card *card, enum pace_password kind, struct bytes value)
{
	struct eac_password password = { .len = 0 };
	struct writer writer;
	int r;

	writer_init(&writer, password.value, sizeof password.value);
	writer_put(&writer, value);
	password.len = writer.len;
	r = writer_done(&writer) ? eac_set_password(card, kind, &password) : ERR_LIMIT;
	secret_wipe(&password, sizeof password);
	return r;
}

/* The passwords, and the document number by which Terminal Authentication knows the chip: with its check digit. */
static int put_secrets(struct card *card, const struct epass_document *document)
{
	uint8_t memory[MRZ_INFORMATION_MAX];
	struct writer writer;
	int r;

	writer_init(&writer, memory, sizeof memory);
	mrz_put_information(&document->mrz, &writer);
	r = writer_done(&writer) ? put_password(card, PACE_MRZ, writer_bytes(&writer)) : ERR_LIMIT;
	if (r == 0 && document->can[0] != '\0')
		r = put_password(card, PACE_CAN, bytes_of_string(document->can));
	writer_reset(&writer);
	writer_put(&writer, bytes_of_string(document->mrz.number));
	writer_put_u8(&writer, (uint8_t)document->mrz.number_digit);
	if (r == 0)
		r = eac_set_document_number(card, writer_bytes(&writer));
	secret_wipe(memory, sizeof memory);
	return r;
}

static int put_chip_key(struct card *card, const struct epass_chip_key *key)
{
	uint8_t memory[DH_SIZE_MAX];
	struct writer private;
	struct eac_key eac = { .use = EAC_KEY_CHIP_AUTH,
		.has_id = key->has_key_id,
		.id = key->key_id,
		.parameter_id = key->id,
		.versions = key->n_suites > 0 ? 1u << 1 : 0 };
	int r;

	writer_init(&private, memory, sizeof memory);
	r = key->pair.ec != NULL ? ec_put_private(key->pair.ec, &private)
	                         : dh_put_private(key->pair.dh, &private);
	eac.private = writer_bytes(&private);
	for (size_t i = 0; i < key->n_suites; i++)
		eac.oids[i] = BYTES_OF_ARRAY(key->suites[i]);
	if (r == 0)
		r = eac_add_key(card, &eac);
	secret_wipe(memory, sizeof memory);
	return r;
}

static int put_protocols(struct card *card, const struct epass_document *document)
{
	uint8_t oid[EPASS_OID_SIZE];
	int r = 0;

	if (epass_protocols_has(&document->protocols, EPASS_BAC))
		eac_offer_bac(card);
	for (size_t i = 0; r == 0 && i < document->protocols.n; i++) {
		const struct epass_entry *entry = &document->protocols.entries[i];

		if (!epass_is_pace(entry->protocol))
			continue;
		epass_entry_oid(entry, oid);
		r = eac_add_pace(card, BYTES_OF_ARRAY(oid), entry->id);
	}
	for (size_t i = 0; r == 0 && i < document->n_keys; i++)
		r = put_chip_key(card, &document->keys[i]);
	return r;
}

static int put_active_auth(struct card *card, const struct epass_document *document)
{
	const struct active_auth_scheme scheme = { .digest = document->active_auth.digest,
		.trailer = document->active_auth.digest == DIGEST_SHA1 ? ACTIVE_AUTH_TRAILER_BC
		                                                       : ACTIVE_AUTH_TRAILER_HASH };

	if (document->active_auth_key.len == 0)
		return 0;
	return eac_set_active_auth(card, document->active_auth_key, &scheme);
}

static struct file *ef_cvca(const struct file *df)
{
	return fs_child(df, lds_file(LDS_CVCA)->fid);
}

static int put_terminal_auth(struct card *card, const struct epass_document *document)
{
	struct file *df = fs_child(fs_mf(card_files(card)), FID_APPLICATION);
	int r = 0;

	if (document->trust.n == 0)
		return 0;
	eac_offer_terminal_auth(card, 1u << 1);
	for (size_t i = 0; r == 0 && i < document->trust.n; i++)
		r = eac_add_trust_point(card, trust_points_certificate(&document->trust, i));
	return r == 0 ? eac_set_ef_cvca(card, ef_cvca(df)) : r;
}

static int put_document(struct card *card, const struct epass_document *document)
{
	int r = put_files(card, document);

	if (r == 0)
		r = put_secrets(card, document);
	if (r == 0)
		r = put_protocols(card, document);
	if (r == 0)
		r = put_active_auth(card, document);
	if (r == 0)
		r = put_terminal_auth(card, document);
	if (document->delay)
		eac_set_delay(card, DELAY_FIRST, DELAY_MAX);
	return r;
}

static int make(
    struct card *card, struct epass_options *options, bool unattended, char error[CARD_ERROR_SIZE])
{
	struct epass_document *document = NULL;
	char picture[EPASS_PATH_MAX];
	int r = 0;

	if (epass_options_are_bare(options) && !unattended)
		r = epass_ask(options, picture, error);
	if (r == 0)
		r = epass_document_new(options, card_random_source(card), &document, error);
	if (r < 0)
		return r;
	assert(document != NULL);
	r = put_document(card, document);
	if (r == ERR_LIMIT)
		(void)snprintf(error, CARD_ERROR_SIZE, "the files do not fit into the card");
	epass_document_free(document);
	return r;
}

static int create(struct card *card, const struct card_setup *setup, void **state)
{
	struct epass_options options = { .specimen = setup->own == NULL };
	char error[CARD_ERROR_SIZE] = "";
	int r;

	if (setup->empty)
		return 0;
	if (setup->own != NULL)
		options = *(const struct epass_options *)setup->own;
	r = make(card, &options, setup->unattended, error);
	secret_wipe(&options, sizeof options);
	return r < 0 && error[0] != '\0' ? card_setup_fail(setup, r, "%s", error) : r;
}

/* Terminals that may see fingers and irises have a right for each, wherever Terminal Authentication is offered; elsewhere they are
 * open to those who have got in. */
static enum sw allows_sensitive(struct card *card, const struct file *file)
{
	unsigned bit;

	if (!eac_offers_terminal_auth(card))
		return SW_OK;
	if (!chat_right_find(
	        CHAT_IS, file_fid(file) == lds_file(LDS_DG3)->fid ? "read-dg3" : "read-dg4", &bit))
		return SW_SECURITY_STATUS;
	return eac_has_right(card, CHAT_IS, bit) ? SW_OK : SW_SECURITY_STATUS;
}

/* 9303-10, 3.11.1: EF.CardSecurity after PACE; the others of the MF are free, those of the application open after BAC or PACE. */
static enum sw allows(struct card *card, const struct file *file, enum access access)
{
	enum eac_access got = eac_session(card)->access;
	uint16_t fid = file_fid(file);

	if (file_is_df(file))
		return SW_OK;
	if (fs_depth(file) == 1) {
		if (fid != lds_file(LDS_CARD_SECURITY)->fid)
			return SW_OK;
		return got == EAC_ACCESS_PACE ? SW_OK : SW_SECURITY_STATUS;
	}
	if (got == EAC_ACCESS_NONE)
		return SW_SECURITY_STATUS;
	if (access != ACCESS_SELECT &&
	    (fid == lds_file(LDS_DG3)->fid || fid == lds_file(LDS_DG4)->fid))
		return allows_sensitive(card, file);
	return SW_OK;
}

const struct card_type card_epass = {
	.name = "ePass",
	.summary = "electronic passport (ICAO 9303)",
	.base = &card_eac,
	.atr = { atr, sizeof atr },
	.options = epass_option_table,
	.n_options = EPASS_OPTIONS,
	.own_size = sizeof(struct epass_options),
	.check = epass_options_check,
	.create = create,
	.allows = allows,
};
