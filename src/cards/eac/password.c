/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of PACE's passwords (BSI TR-03110-2, 2.2.3 and 2.4; TR-03110-3, B.14.1, B.14.2 and B.14.11; TR-03127, 3.3). A
 * password whose tries are counted is suspended at the last one, blocked at none. What resumes a suspended one is not
 * kept: it is that the current session was opened with the CAN. */
#include "cards/eac/password.h"

#include <assert.h>

/* The one that has to be given again before a try that is the last. */
#define TRIES_SUSPENDED 1

static bool is_counted(const struct eac_password *password)
{
	return password->tries_max > 0;
}

/* 2.2.3: the CAN resumes the others as long as the session that it has opened lasts. */
static bool is_resumed(struct card *card)
{
	const struct eac_session *session = eac_session(card);

	return session->access == EAC_ACCESS_PACE && session->password == PACE_CAN;
}

static struct eac_password *find(struct card *card, enum pace_password kind)
{
	struct eac_password *password = eac_password(card, kind);

	return password != NULL && password->len > 0 ? password : NULL;
}

enum sw eac_password_status(struct card *card, enum pace_password kind)
{
	const struct eac_password *password = find(card, kind);

	if (password == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (password->deactivated)
		return SW_FILE_DEACTIVATED_WARNING;
	if (!is_counted(password) || password->tries >= password->tries_max)
		return SW_OK;
	return sw_counter(password->tries);
}

enum sw eac_password_may_run(struct card *card, enum pace_password kind)
{
	const struct eac_password *password = find(card, kind);

	if (password == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (password->deactivated)
		return SW_REFERENCE_DATA_UNUSABLE;
	if (!is_counted(password))
		return SW_OK;
	if (password->tries == 0)
		return SW_AUTH_BLOCKED;
	if (password->tries == TRIES_SUSPENDED && !is_resumed(card))
		return SW_CONDITIONS_NOT_SATISFIED;
	return SW_OK;
}

/* Saves at once what has changed. */
static enum sw commit(struct card *card)
{
	card_changed(card);
	return card_commit(card) == 0 ? SW_OK : SW_MEMORY_FAILURE;
}

enum sw eac_password_begin_try(struct card *card, enum pace_password kind)
{
	enum sw sw = eac_password_may_run(card, kind);
	struct eac_password *password = find(card, kind);

	if (sw != SW_OK || !is_counted(password))
		return sw;
	password->tries--;
	return commit(card);
}

enum sw eac_password_end_try(struct card *card, enum pace_password kind, bool right)
{
	struct eac_password *password = find(card, kind);

	assert(password != NULL);
	if (!is_counted(password))
		return right ? SW_OK : SW_WARNING_CHANGED;
	if (!right)
		return sw_counter(password->tries);
	password->tries = password->tries_max;
	card_changed(card);
	return SW_OK;
}

enum sw eac_password_allows_chat(
    struct card *card, enum pace_password kind, const struct chat *chat)
{
	const struct eac_password *password = find(card, kind);

	if (password == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (password->transport)
		return SW_WRONG_DATA;
	switch (chat->type) {
	case CHAT_IS:
		return kind == PACE_MRZ || kind == PACE_CAN ? SW_OK : SW_WRONG_DATA;
	case CHAT_AT:
		if (kind == PACE_CAN)
			return chat_has(chat, EAC_AT_CAN_ALLOWED) ? SW_OK : SW_WRONG_DATA;
		return kind == PACE_PIN ? SW_OK : SW_WRONG_DATA;
	case CHAT_ST:
		return kind == PACE_MRZ ? SW_WRONG_DATA : SW_OK;
	case CHAT_TYPES:
		break;
	}
	return SW_WRONG_DATA;
}

/* A use of the PUK is gone before it has had its effect. */
static enum sw take_use(struct card *card)
{
	struct eac_password *puk = find(card, PACE_PUK);

	if (puk == NULL)
		return SW_SECURITY_STATUS;
	if (puk->uses_max == 0)
		return SW_OK;
	if (puk->uses == 0)
		return SW_SECURITY_STATUS;
	puk->uses--;
	return commit(card);
}

enum sw eac_password_unblock(struct card *card, enum pace_password kind, bool by_puk)
{
	struct eac_password *password = find(card, kind);
	enum sw sw;

	if (password == NULL)
		return SW_REFERENCE_NOT_FOUND;
	sw = by_puk ? take_use(card) : SW_OK;
	if (sw != SW_OK)
		return sw;
	password->tries = password->tries_max;
	card_changed(card);
	return SW_OK;
}
