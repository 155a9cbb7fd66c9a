/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cryptoflex, the RSA card of Schlumberger, as its makers delivered it: an MF, the card's serial number, and
 * the transport key that lets one create files.
 *
 * The card is older than ISO/IEC 7816-4 and goes its own ways. It has its own files, access conditions in
 * half bytes, and it keeps CHVs and keys in files that are written like any other. What it does follows
 * the descriptions of its commands for programmers and what OpenSC's driver for it, "flex", relies on. */
#include "cards/cryptoflex/cryptoflex.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "iso7816/ins.h"

/* Instructions that ISO/IEC 7816-4 gives another meaning or none. */
enum flex_ins {
	FLEX_INS_INVALIDATE = 0x04,
	FLEX_INS_LOGOUT = 0x22,
	FLEX_INS_VERIFY_KEY = 0x2A,
	FLEX_INS_UNBLOCK_CHV = 0x2C,
	FLEX_INS_DECREASE = 0x30,
	FLEX_INS_INCREASE = 0x32,
	FLEX_INS_REHABILITATE = 0x44,
	FLEX_INS_SEEK = 0xA2,
	FLEX_INS_DIR_NEXT = 0xA8,
	FLEX_INS_GET_AC_KEYS = 0xC4,
	FLEX_INS_CREATE_RECORD = 0xE2,
};

static const uint8_t atr_8k[] = { 0x3B, 0xE2, 0x00, 0x00, 0x40, 0x20, 0x49, 0x06 };
static const uint8_t atr_8k_des[] = { 0x3B, 0xE2, 0x00, 0x00, 0x40, 0x20, 0x49, 0x05 };
static const uint8_t atr_8k_keygen[] = { 0x3B, 0xE2, 0x00, 0x00, 0x40, 0x20, 0x49, 0x07 };
static const uint8_t atr_8k_v2[] = { 0x3B, 0x95, 0x15, 0x40, 0xFF, 0x68, 0x01, 0x02, 0x02, 0x01 };
static const uint8_t atr_8k_win2000[] = { 0x3B, 0x95, 0x15, 0x40, 0x20, 0x68, 0x01, 0x02, 0x00,
	0x00 };
static const uint8_t atr_16k[] = { 0x3B, 0x95, 0x94, 0x40, 0xFF, 0x63, 0x01, 0x01, 0x02, 0x01 };
static const uint8_t atr_16k_ss1[] = { 0x3B, 0x95, 0x15, 0x40, 0xFF, 0x63, 0x01, 0x01, 0x02, 0x01 };
static const uint8_t atr_32k[] = { 0x3B, 0x95, 0x18, 0x40, 0xFF, 0x64, 0x02, 0x01, 0x01, 0x02 };
static const uint8_t atr_32k_egate[] = { 0x3B, 0x95, 0x18, 0x40, 0xFF, 0x62, 0x01, 0x02, 0x01,
	0x04 };

#define MEMORY_8K 8000
#define MEMORY_16K 16000
#define MEMORY_32K 32000

/* clang-format off */
static const struct flex_model models[] = {
	{ "8k",         { atr_8k,         sizeof atr_8k },         MEMORY_8K,  false },
	{ "8k-des",     { atr_8k_des,     sizeof atr_8k_des },     MEMORY_8K,  false },
	{ "8k-keygen",  { atr_8k_keygen,  sizeof atr_8k_keygen },  MEMORY_8K,  true },
	{ "8k-v2",      { atr_8k_v2,      sizeof atr_8k_v2 },      MEMORY_8K,  false },
	{ "8k-win2000", { atr_8k_win2000, sizeof atr_8k_win2000 }, MEMORY_8K,  false },
	{ "16k",        { atr_16k,        sizeof atr_16k },        MEMORY_16K, true },
	{ "16k-ss1",    { atr_16k_ss1,    sizeof atr_16k_ss1 },    MEMORY_16K, true },
	{ "32k",        { atr_32k,        sizeof atr_32k },        MEMORY_32K, true },
	{ "32k-egate",  { atr_32k_egate,  sizeof atr_32k_egate },  MEMORY_32K, true },
};

/* Creating and deleting files in the MF wants key 1, the transport key; listing them, nothing. */
static const struct flex_header header_mf = {
	.kind = FLEX_DF, .fid = FLEX_MF, .size = UINT16_MAX, .valid = true,
	.access = { 0x0F, 0x44, 0x44 }, .keys = { 0x00, 0x11, 0x11 },
};
static const struct flex_header header_serial = {
	.kind = FLEX_TRANSPARENT, .fid = FLEX_FID_SERIAL, .size = 8, .valid = true,
	.access = { 0x0F, 0xFF, 0xFF },
};
static const struct flex_header header_keys = {
	.kind = FLEX_TRANSPARENT, .fid = FLEX_FID_EXTERNAL_KEYS, .size = 38, .valid = true,
	.access = { 0xF4, 0xFF, 0x44 }, .keys = { 0x01, 0x00, 0x11 },
};
/* clang-format on */

static const uint8_t serial[] = { 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00 };

/* Key 0 is none: it has no tries. Key 1 is the transport key of all cards that are not made for somebody. */
static const uint8_t external_keys[] = { 0xFF,                                  /**/
	0x08, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, /**/
	0x08, 0x00, 0x2C, 0x15, 0xE5, 0x26, 0xE9, 0x3E, 0x8A, 0x19, 0x0A, 0x0A, 0x00 };

const struct flex_model *flex_model_find(const char *name)
{
	for (size_t i = 0; i < COUNT(models); i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

struct flex_state *flex_state_of(const struct card *card)
{
	return card_state(card, &card_cryptoflex);
}

enum sw flex_wrong_length(size_t right)
{
	return (enum sw)(SW_WRONG_LENGTH | (right > UINT8_MAX ? 0 : (unsigned)right));
}

static int add_file(struct flex_tree *tree, const struct flex_header *header, struct bytes contents)
{
	struct flex_file *file;

	switch (flex_tree_add(tree, tree->mf, header, 0, &file)) {
	case SW_OK:
		memcpy(file->body, contents.data, contents.len);
		return 0;
	case SW_MEMORY_FAILURE:
		return ERR_NO_MEMORY;
	default: /* a memory so small was asked for */
		return ERR_LIMIT;
	}
}

static int flex_create(struct card *card, const struct card_setup *setup, void **out)
{
	const struct flex_options *options = setup->own;
	struct flex_state *state = calloc(1, sizeof *state);
	int r;

	if (state == NULL)
		return ERR_NO_MEMORY;
	*out = state;
	state->model = options != NULL && options->model != NULL ? options->model : &models[0];
	card_set_atr(card, setup, state->model->atr);
	r = flex_tree_init(
	    &state->tree, setup->memory > 0 ? setup->memory : state->model->memory, &header_mf);
	if (setup->empty)
		return r;
	if (r == 0)
		r = add_file(&state->tree, &header_serial, BYTES_OF_ARRAY(serial));
	if (r == 0)
		r = add_file(&state->tree, &header_keys, BYTES_OF_ARRAY(external_keys));
	return r;
}

static void flex_reset(struct card *card, void *part)
{
	struct flex_state *state = part;

	for (struct flex_file *file = state->tree.mf; file != NULL; file = flex_tree_next(file)) {
		file->verified = false;
		file->authenticated = 0;
	}
	state->df = NULL;
	flex_enter(state, state->tree.mf);
	state->has_challenge = false;
	secret_wipe(state->challenge, sizeof state->challenge);
}

static void flex_destroy(struct card *card, void *part)
{
	struct flex_state *state = part;

	if (state != NULL)
		flex_tree_done(&state->tree);
	free(state);
}

/* clang-format off */

/* The manual wants C0 for what ISO/IEC 7816-4 has too, and F0 for the rest; cards take any of the three. */
#define ROWS(ins, run) \
	{ 0x00, 0xFF, ins, ACCESS_ALWAYS, run }, \
	{ 0xC0, 0xFF, ins, ACCESS_ALWAYS, run }, \
	{ 0xF0, 0xFF, ins, ACCESS_ALWAYS, run }

static const struct instruction instructions[] = {
	ROWS(FLEX_INS_INVALIDATE,       flex_invalidate),
	ROWS(INS_VERIFY,                flex_verify_chv),
	ROWS(FLEX_INS_LOGOUT,           flex_logout),
	ROWS(INS_CHANGE_REFERENCE_DATA, flex_change_chv),
	ROWS(FLEX_INS_VERIFY_KEY,       flex_verify_key),
	ROWS(FLEX_INS_UNBLOCK_CHV,      flex_unblock_chv),
	ROWS(FLEX_INS_DECREASE,         flex_decrease),
	ROWS(FLEX_INS_INCREASE,         flex_increase),
	ROWS(FLEX_INS_REHABILITATE,     flex_rehabilitate),
	ROWS(INS_GENERATE_KEY_PAIR,     flex_generate_key),
	ROWS(INS_EXTERNAL_AUTHENTICATE, flex_external_authenticate),
	ROWS(INS_GET_CHALLENGE,         flex_get_challenge),
	ROWS(INS_INTERNAL_AUTHENTICATE, flex_internal_authenticate),
	ROWS(FLEX_INS_SEEK,             flex_seek),
	ROWS(INS_SELECT,                flex_select),
	ROWS(FLEX_INS_DIR_NEXT,         flex_dir_next),
	ROWS(INS_READ_BINARY,           flex_read_binary),
	ROWS(INS_READ_RECORD,           flex_read_record),
	ROWS(FLEX_INS_GET_AC_KEYS,      flex_get_ac_keys),
	ROWS(INS_WRITE_BINARY,          flex_update_binary),
	ROWS(INS_UPDATE_BINARY,         flex_update_binary),
	ROWS(INS_UPDATE_RECORD,         flex_update_record),
	ROWS(INS_CREATE_FILE,           flex_create_file),
	ROWS(FLEX_INS_CREATE_RECORD,    flex_create_record),
	ROWS(INS_DELETE_FILE,           flex_delete_file),
};
/* clang-format on */

static int parse_model(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct flex_options *options = own;

	options->model = flex_model_find(value);
	return options->model != NULL ? 0 : ERR_FORMAT;
}

static const struct card_option options[] = {
	{ { CARD_OPTION_ID, 0, "model", "MODEL",
	      "memory, key generation, ATR: 8k, 16k, 32k ... [8k]" },
	    "8k, 8k-des, 8k-keygen, 8k-v2, 8k-win2000, 16k, 16k-ss1, 32k or 32k-egate",
	    parse_model },
};

const struct card_type card_cryptoflex = {
	.name = "cryptoflex",
	.summary = "Schlumberger Cryptoflex",
	.atr = { atr_8k, sizeof atr_8k },
	.options = options,
	.n_options = COUNT(options),
	.own_size = sizeof(struct flex_options),
	.t0 = true,
	.create = flex_create,
	.reset = flex_reset,
	.destroy = flex_destroy,
	.instructions = instructions,
	.n_instructions = COUNT(instructions),
	.save = flex_save,
	.load = flex_load,
	.describe = flex_describe,
	.own_files = true,
};
