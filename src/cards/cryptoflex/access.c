/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access conditions of a Cryptoflex: half a byte for each kind of command, and half a byte for the number of
 * the key where one is needed. */
#include "base/bytes.h"
#include "cards/cryptoflex/cryptoflex.h"

enum condition {
	CONDITION_ALWAYS = 0x0,
	CONDITION_CHV1 = 0x1,
	CONDITION_CHV2 = 0x2,
	CONDITION_PROTECTED = 0x3,
	CONDITION_AUTHENTICATED = 0x4,
	CONDITION_CHV1_PROTECTED = 0x6,
	CONDITION_CHV2_PROTECTED = 0x7,
	CONDITION_CHV1_AUTHENTICATED = 0x8,
	CONDITION_CHV2_AUTHENTICATED = 0x9,
	CONDITION_NEVER = 0xF,
};

/* What a condition asks for, all of it. */
struct demands {
	unsigned chv; /* 0: none */
	bool protected;
	bool authenticated;
};

static unsigned half_byte(const uint8_t bytes[3], enum flex_operation operation)
{
	unsigned shift = operation % 2 == 0 ? 4 : 0;

	return bytes[operation / 2] >> shift & 0x0F;
}

/* False: never, or a value that is reserved, which is no better. */
static bool demands_of(enum condition condition, struct demands *out)
{
	*out = (struct demands){ 0 };
	switch (condition) {
	case CONDITION_ALWAYS:
		return true;
	case CONDITION_CHV1:
	case CONDITION_CHV1_PROTECTED:
	case CONDITION_CHV1_AUTHENTICATED:
		out->chv = 1;
		break;
	case CONDITION_CHV2:
	case CONDITION_CHV2_PROTECTED:
	case CONDITION_CHV2_AUTHENTICATED:
		out->chv = 2;
		break;
	case CONDITION_PROTECTED:
	case CONDITION_AUTHENTICATED:
		break;
	case CONDITION_NEVER:
	default:
		return false;
	}
	out->protected = condition == CONDITION_PROTECTED ||
	    condition == CONDITION_CHV1_PROTECTED || condition == CONDITION_CHV2_PROTECTED;
	out->authenticated = condition == CONDITION_AUTHENTICATED ||
	    condition == CONDITION_CHV1_AUTHENTICATED || condition == CONDITION_CHV2_AUTHENTICATED;
	return true;
}

struct flex_file *flex_nearest(const struct flex_file *df, uint16_t fid)
{
	struct flex_file *file = NULL;

	for (; df != NULL && file == NULL; df = df->parent)
		file = flex_tree_child(df, fid);
	return file;
}

void flex_find_chvs(struct flex_state *state)
{
	state->chv[0] = flex_nearest(state->df, FLEX_FID_CHV1);
	state->chv[1] = flex_nearest(state->df, FLEX_FID_CHV2);
}

void flex_find_external_keys(struct flex_state *state)
{
	state->external_keys = flex_nearest(state->df, FLEX_FID_EXTERNAL_KEYS);
}

bool flex_chv_is_verified(const struct flex_state *state, unsigned number)
{
	const struct flex_file *file = state->chv[number - 1];

	return file != NULL && file->verified;
}

static bool key_is_authenticated(const struct flex_state *state, unsigned number)
{
	const struct flex_file *file = state->external_keys;

	return file != NULL && (file->authenticated >> number & 1) != 0;
}

/* In protected mode a command ends with a cryptogram. */
static enum sw take_cryptogram(struct card *card, unsigned key, struct bytes *data)
{
	size_t n;

	if (data == NULL)
		return SW_SECURITY_STATUS;
	if (data->len < FLEX_CRYPTOGRAM_SIZE)
		return flex_wrong_length(data->len + FLEX_CRYPTOGRAM_SIZE);
	n = data->len - FLEX_CRYPTOGRAM_SIZE;
	data->len = n;
	return flex_check_cryptogram(card, key, data->data + n);
}

enum sw flex_access(struct card *card, const struct flex_file *file, enum flex_operation operation,
    struct bytes *data)
{
	const struct flex_state *state = flex_state_of(card);
	unsigned key = half_byte(file->header.keys, operation);
	struct demands demands;

	if (!demands_of((enum condition)half_byte(file->header.access, operation), &demands))
		return SW_SECURITY_STATUS;
	if (demands.chv != 0 && !flex_chv_is_verified(state, demands.chv))
		return SW_SECURITY_STATUS;
	if (demands.authenticated && !key_is_authenticated(state, key))
		return SW_SECURITY_STATUS;
	return demands.protected ? take_cryptogram(card, key, data) : SW_OK;
}
