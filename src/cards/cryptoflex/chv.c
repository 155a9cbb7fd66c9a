/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card holder verification of a Cryptoflex: VERIFY CHV, CHANGE CHV, UNBLOCK CHV, and LOGOUT AC. A CHV is in a
 * file, and the one in force is that of the current DF or of the nearest DF around it which has one:
 *
 *   0       whether there is a CHV: not 00 (01, or FF as many clients write)
 *   1, 2    not used
 *   3..10   the CHV
 *   11, 12  how many tries it gives, and how many are left
 *   13..20  the CHV's unblocking CHV
 *   21, 22  its tries
 */
#include <string.h>

#include "base/secret.h"
#include "cards/cryptoflex/cryptoflex.h"

#define ACTIVATION 0
#define SECRET_CHV 3
#define SECRET_UNBLOCK 13
#define SECRET_SIZE 8
#define TRIES_MAX 8 /* behind the beginning of a secret */
#define TRIES_LEFT 9
#define FILE_SIZE 23

#define LOGOUT_CHV1 0x01 /* in P1 */
#define LOGOUT_CHV2 0x02
#define LOGOUT_KEYS 0x04
#define LOGOUT_ALL 0x07

static bool is_chv_file(const struct flex_file *file)
{
	return file != NULL && file->header.kind == FLEX_TRANSPARENT &&
	    file->header.size >= FILE_SIZE;
}

bool flex_chv_tries(const struct flex_file *file, uint8_t *tries, uint8_t *unblock_tries)
{
	if (!is_chv_file(file))
		return false;
	*tries = file->body[SECRET_CHV + TRIES_LEFT];
	*unblock_tries = file->body[SECRET_UNBLOCK + TRIES_LEFT];
	return true;
}

/* The CHV file in force that P2 names. */
static enum sw find(struct flex_state *state, const struct apdu *apdu, struct flex_file **out)
{
	struct flex_file *file;

	if (apdu->p1 != 0 || apdu->p2 < 1 || apdu->p2 > FLEX_CHVS)
		return FLEX_SW_WRONG_P1P2;
	flex_find_chvs(state);
	file = state->chv[apdu->p2 - 1];
	if (!is_chv_file(file) || file->body[ACTIVATION] == 0)
		return FLEX_SW_NO_SECRET;
	if (!file->header.valid)
		return FLEX_SW_INVALIDATED;
	*out = file;
	return SW_OK;
}

/* The counter has fallen before anything is compared. */
static enum sw present(struct card *card, struct flex_file *file, size_t secret, struct bytes data)
{
	uint8_t *at = file->body + secret;

	if (at[TRIES_LEFT] == 0)
		return SW_AUTH_BLOCKED;
	at[TRIES_LEFT]--;
	card_changed(card);
	if (card_commit(card) < 0)
		return SW_MEMORY_FAILURE;
	if (!secret_equal(bytes_of(at, SECRET_SIZE), bytes_first(data, SECRET_SIZE))) {
		file->verified = false;
		return FLEX_SW_REJECTED;
	}
	at[TRIES_LEFT] = at[TRIES_MAX];
	card_changed(card);
	return SW_OK;
}

/* How all three begin: the data is n secrets. */
static enum sw begin(
    struct flex_state *state, const struct apdu *apdu, size_t n, struct flex_file **file)
{
	enum sw sw = find(state, apdu, file);

	if (sw == SW_OK && apdu->data.len != n * SECRET_SIZE)
		return flex_wrong_length(n * SECRET_SIZE);
	return sw;
}

enum sw flex_verify_chv(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_file *file = NULL;
	enum sw sw = begin(flex_state_of(card), apdu, 1, &file);

	if (sw == SW_OK)
		sw = present(card, file, SECRET_CHV, apdu->data);
	if (sw == SW_OK)
		file->verified = true;
	return sw;
}

enum sw flex_change_chv(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_file *file = NULL;
	enum sw sw = begin(flex_state_of(card), apdu, 2, &file);

	if (sw == SW_OK)
		sw = present(card, file, SECRET_CHV, apdu->data);
	if (sw != SW_OK)
		return sw;
	memcpy(file->body + SECRET_CHV, apdu->data.data + SECRET_SIZE, SECRET_SIZE);
	file->verified = true;
	return SW_OK;
}

enum sw flex_unblock_chv(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_file *file = NULL;
	enum sw sw = begin(flex_state_of(card), apdu, 2, &file);

	if (sw == SW_OK)
		sw = present(card, file, SECRET_UNBLOCK, apdu->data);
	if (sw != SW_OK)
		return sw;
	memcpy(file->body + SECRET_CHV, apdu->data.data + SECRET_SIZE, SECRET_SIZE);
	file->body[SECRET_CHV + TRIES_LEFT] = file->body[SECRET_CHV + TRIES_MAX];
	file->verified = true;
	return SW_OK;
}

/* P1 says which rights to give up. */
enum sw flex_logout(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct flex_state *state = flex_state_of(card);

	if (apdu->p1 == 0 || apdu->p1 > LOGOUT_ALL || apdu->p2 != 0)
		return FLEX_SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return flex_wrong_length(0);
	for (struct flex_file *file = state->tree.mf; file != NULL; file = flex_tree_next(file)) {
		if ((apdu->p1 & LOGOUT_CHV1) != 0 && file->header.fid == FLEX_FID_CHV1)
			file->verified = false;
		if ((apdu->p1 & LOGOUT_CHV2) != 0 && file->header.fid == FLEX_FID_CHV2)
			file->verified = false;
		if ((apdu->p1 & LOGOUT_KEYS) != 0)
			file->authenticated = 0;
	}
	return SW_OK;
}
