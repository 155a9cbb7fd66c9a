/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card of the tests of card_eac. */
#include "eac_card.h"

#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "fs/transparent.h"

#define FID_DG3 0x0103
#define TRANSPARENT 0x01
#define CONTENT_SIZE 300
#define EF_CVCA_SIZE 36

static const uint8_t atr[] = { 0x3B, 0x80, 0x01, 0x81 };
static const uint8_t aid[] = { 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };

struct bytes eac_card_oid(
    uint8_t memory[SUITE_OID_SIZE], enum suite_protocol protocol, uint8_t variant, uint8_t cipher)
{
	static const uint8_t bsi[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02 };

	memcpy(memory, bsi, sizeof bsi);
	memory[sizeof bsi] = (uint8_t)protocol;
	memory[sizeof bsi + 1] = variant;
	memory[sizeof bsi + 2] = cipher;
	return bytes_of(memory, SUITE_OID_SIZE);
}

static enum sw allows(struct card *card, const struct file *file, enum access access)
{
	if (file_parent(file) == fs_mf(card_files(card)))
		return access == ACCESS_READ || access == ACCESS_SELECT ? SW_OK
		                                                        : SW_SECURITY_STATUS;
	if (eac_session(card)->access == EAC_ACCESS_NONE)
		return SW_SECURITY_STATUS;
	if (file_fid(file) == FID_DG3 && access == ACCESS_READ)
		return eac_has_right(card, CHAT_IS, 0) ? SW_OK : SW_SECURITY_STATUS;
	return SW_OK;
}

static int add_file(
    struct card *card, struct file *df, uint16_t fid, size_t size, struct file **out)
{
	const struct fs_parameters parameters = {
		.descriptor = TRANSPARENT, .fid = fid, .sfi = (uint8_t)(fid & 0x1F), .size = size
	};

	return fs_create(card_files(card), df, &parameters, out);
}

static int add_files(struct card *card)
{
	const struct fs_parameters df = {
		.descriptor = 0x38, .fid = 0x0101, .name = BYTES_OF_ARRAY(aid)
	};
	/* of ICAO 9303-11, D.4 */
	static const uint8_t content[] = { 0x60, 0x14, 0x5F, 0x01, 0x04, 0x30, 0x31, 0x30, 0x36,
		0x5F, 0x36, 0x06, 0x30, 0x34, 0x30, 0x30, 0x30, 0x30, 0x5C, 0x02, 0x61, 0x75 };
	struct file *mf = fs_mf(card_files(card)), *lds, *ef;
	int r = add_file(card, mf, 0x011C, CONTENT_SIZE, &ef);

	if (r == 0)
		r = fs_create(card_files(card), mf, &df, &lds);
	if (r == 0)
		r = add_file(card, lds, 0x011E, CONTENT_SIZE, &ef);
	if (r == 0 && transparent_update(ef, 0, BYTES_OF_ARRAY(content)) != SW_OK)
		r = ERR_FORMAT;
	if (r == 0)
		r = add_file(card, lds, FID_DG3, CONTENT_SIZE, &ef);
	if (r == 0)
		r = add_file(card, lds, 0x011C, EF_CVCA_SIZE, &ef);
	return r == 0 ? eac_set_ef_cvca(card, ef) : r;
}

static int set_password(
    struct card *card, enum pace_password kind, const char *value, unsigned tries)
{
	struct eac_password password = { .len = strlen(value), .tries = tries, .tries_max = tries };

	memcpy(password.value, value, password.len);
	return eac_set_password(card, kind, &password);
}

static int set_passwords(struct card *card)
{
	int r = set_password(card, PACE_MRZ, EAC_CARD_MRZ, 0);

	if (r == 0)
		r = set_password(card, PACE_CAN, EAC_CARD_CAN, 0);
	if (r == 0)
		r = set_password(card, PACE_PIN, EAC_CARD_PIN, 3);
	if (r == 0)
		r = set_password(card, PACE_PUK, EAC_CARD_PUK, 0);
	return r;
}

/* Each mapping with two kinds of domain parameters: 2 (DH), 13 (brainpoolP256r1); and 12 (P-256), so that 84 is needed. */
static int add_pace(struct card *card)
{
	static const struct {
		uint8_t variant, cipher, parameters;
	} infos[] = { { PACE_ECDH_GM, 2, 13 }, { PACE_ECDH_GM, 1, 13 }, { PACE_ECDH_GM, 4, 12 },
		{ PACE_ECDH_GM, 4, 13 }, { PACE_DH_GM, 2, 2 }, { PACE_ECDH_IM, 2, 13 },
		{ PACE_ECDH_CAM, 2, 13 } };
	uint8_t memory[SUITE_OID_SIZE];
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(infos); i++)
		r = eac_add_pace(card,
		    eac_card_oid(memory, SUITE_PACE, infos[i].variant, infos[i].cipher),
		    infos[i].parameters);
	return r;
}

/* 1: brainpoolP256r1, 2: DH, with 3DES and AES-128 for version 1; 3: for version 2; 4: the same for privileged terminals. */
static int add_keys(struct card *card)
{
	static const struct {
		uint8_t id, parameters, variant;
		unsigned versions;
		bool privileged;
	} keys[] = { { 1, 13, CHIP_AUTH_ECDH, 1 << 1, false },
		{ 2, 2, CHIP_AUTH_DH, 1 << 1, false }, { 3, 13, CHIP_AUTH_ECDH, 1 << 2, false },
		{ 4, 13, CHIP_AUTH_ECDH, 1 << 2, true } };
	uint8_t memory[2][SUITE_OID_SIZE];
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(keys); i++) {
		const struct eac_key key = { .use = EAC_KEY_CHIP_AUTH,
			.has_id = true,
			.id = keys[i].id,
			.parameter_id = keys[i].parameters,
			.versions = keys[i].versions,
			.privileged_only = keys[i].privileged,
			.oids = { eac_card_oid(memory[0], SUITE_CHIP_AUTH, keys[i].variant, 1),
			    eac_card_oid(memory[1], SUITE_CHIP_AUTH, keys[i].variant, 2) } };

		r = eac_add_key(card, &key);
	}
	return r;
}

static int create(struct card *card, const struct card_setup *setup, void **state)
{
	int r;

	if (setup->empty)
		return 0;
	eac_offer_bac(card);
	eac_offer_terminal_auth(card, 1 << 1 | 1 << 2);
	r = add_files(card);
	if (r == 0)
		r = set_passwords(card);
	if (r == 0)
		r = add_pace(card);
	if (r == 0)
		r = add_keys(card);
	if (r == 0)
		r = eac_set_document_number(card, bytes_of_string(EAC_CARD_NUMBER));
	return r;
}

const struct card_type eac_card = {
	.name = "eac-test",
	.summary = "a card for tests",
	.base = &card_eac,
	.atr = { atr, sizeof atr },
	.envelopes = true,
	.create = create,
	.allows = allows,
};
