/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what to which file: the one place where it is checked, by dispatch before each command.
 * First the life cycle of the file and of the DFs above it (ISO/IEC 7816-4, 7.4.10; 7816-9, 5), then its
 * access rules (9.3.3), which are in force from the operational state on: a file in creation or
 * initialisation state is still being made. */
#include <assert.h>

#include "base/compiler.h"
#include "card/internal.h"
#include "fs/rules.h"

/* The bits of the access mode byte: what there is no bit for is known by its command header alone. */
static enum rules_mode mode_of(enum access access, bool df)
{
	switch (access) {
	case ACCESS_ALWAYS:
	case ACCESS_PIN:
	case ACCESS_SM:
	case ACCESS_SIGN:
	case ACCESS_SELECT:
		return RULES_NOT_BY_MODE;
	case ACCESS_READ:
		return RULES_EF_READ;
	case ACCESS_UPDATE:
		return RULES_EF_UPDATE;
	case ACCESS_WRITE:
		return RULES_EF_WRITE;
	case ACCESS_GET_DATA:
		return df ? RULES_NOT_BY_MODE : RULES_EF_READ;
	case ACCESS_PUT_DATA: /* in a DF it makes something new, as creating an EF does */
		return df ? RULES_DF_CREATE_EF : RULES_EF_UPDATE;
	case ACCESS_CREATE_EF:
		return RULES_DF_CREATE_EF;
	case ACCESS_CREATE_DF:
		return RULES_DF_CREATE_DF;
	case ACCESS_DELETE:
		return RULES_DELETE_SELF;
	case ACCESS_ACTIVATE:
		return RULES_ACTIVATE;
	case ACCESS_DEACTIVATE:
		return RULES_DEACTIVATE;
	case ACCESS_TERMINATE:
		return RULES_TERMINATE;
	}
	return RULES_NOT_BY_MODE;
}

static bool is_usable(const struct file *file)
{
	uint8_t life_cycle = file_life_cycle(file);

	return !life_cycle_is_deactivated(life_cycle) && !life_cycle_is_terminated(life_cycle);
}

/* Whether the file's own life cycle allows this. */
static bool life_cycle_allows(const struct file *file, enum access access)
{
	uint8_t life_cycle = file_life_cycle(file);

	switch (access) {
	case ACCESS_DELETE:
		return true;
	case ACCESS_ACTIVATE:
	case ACCESS_TERMINATE:
		return !life_cycle_is_terminated(life_cycle);
	case ACCESS_DEACTIVATE:
		return life_cycle_is_activated(life_cycle) || life_cycle_is_deactivated(life_cycle);
	default:
		return is_usable(file);
	}
}

static bool dfs_above_are_usable(const struct file *file)
{
	for (file = file_parent(file); file != NULL; file = file_parent(file)) {
		if (!is_usable(file))
			return false;
	}
	return true;
}

static bool rules_are_in_force(const struct file *file)
{
	uint8_t life_cycle = file_life_cycle(file);

	return life_cycle != FCP_LIFE_CYCLE_CREATION && life_cycle != FCP_LIFE_CYCLE_INITIALISATION;
}

/* Whether a password has been proved, or need not be. A type whose passwords are not among the card's
 * credentials has global ones alone. */
static bool password_proved(struct card *card, const struct file *df, uint8_t reference)
{
	const struct session *session = card_session(card);
	const struct password *password =
	    credentials_find_password(&card->credentials, df, reference);

	if (password != NULL)
		return password->pin.disabled ||
		    session_has(session, CREDENTIAL_PASSWORD, password->df, password->number);
	return (reference & REFERENCE_SPECIFIC) == 0 &&
	    session_has(session, CREDENTIAL_PASSWORD, fs_mf(card->files), reference);
}

static bool key_proved(struct card *card, const struct file *df, uint8_t reference)
{
	const struct session *session = card_session(card);
	const struct card_key *key = credentials_find_key(&card->credentials, df, reference);

	if (key != NULL)
		return session_has(session, CREDENTIAL_KEY, key->df, key->number);
	return (reference & REFERENCE_SPECIFIC) == 0 &&
	    session_has(session, CREDENTIAL_KEY, fs_mf(card->files), reference);
}

static bool proved(
    void *self, const struct file *df, enum rules_credential credential, int reference)
{
	struct card *card = self;
	uint8_t plain = (uint8_t)(reference & (REFERENCE_SPECIFIC | REFERENCE_NUMBER));

	if (reference == RULES_ANY_REFERENCE)
		return session_has_any(card_session(card),
		    credential == RULES_KEY ? CREDENTIAL_KEY : CREDENTIAL_PASSWORD);
	if (plain != reference)
		return false; /* bits 7 and 6 are no part of any reference */
	return credential == RULES_KEY ? key_proved(card, df, plain)
	                               : password_proved(card, df, plain);
}

static bool is_protected(void *self, unsigned protection)
{
	static const struct {
		unsigned rule, session;
	} pairs[] = {
		{ RULES_COMMAND_CHECKSUM, SESSION_COMMAND_AUTHENTIC },
		{ RULES_COMMAND_CIPHER, SESSION_COMMAND_CONFIDENTIAL },
		{ RULES_RESPONSE_CHECKSUM, SESSION_RESPONSE_AUTHENTIC },
		{ RULES_RESPONSE_CIPHER, SESSION_RESPONSE_CONFIDENTIAL },
	};
	unsigned has = card_session(self)->protection;

	for (size_t i = 0; i < COUNT(pairs); i++) {
		if ((protection & pairs[i].rule) != 0 && (has & pairs[i].session) == 0)
			return false;
	}
	return true;
}

/* Whose rules count, and for what: a file without rules is deleted as its DF's say for what is in it, and
 * reading data objects of a DF is free unless a rule names the command. */
static bool rules_allow_access(
    struct card *card, const struct apdu *apdu, const struct file *file, enum access access)
{
	const struct rules_judge judge = { card, proved, is_protected };
	struct rules_request request = { .mode = mode_of(access, file_is_df(file)),
		.cla = apdu->cla,
		.ins = apdu->ins,
		.p1 = apdu->p1,
		.p2 = apdu->p2,
		.environment = card_session(card)->se,
		.free_if_not_covered = access == ACCESS_GET_DATA && file_is_df(file) };

	if (access == ACCESS_DELETE && !rules_exist(file) && file_parent(file) != NULL) {
		file = file_parent(file);
		request.mode = RULES_DF_DELETE_CHILD;
	}
	return !rules_are_in_force(file) || rules_allow(file, &request, &judge);
}

bool card_password_is_proved(struct card *card, const struct file *df, uint8_t reference)
{
	return password_proved(card, df, reference);
}

/* What the card's type and its bases have to say besides. */
static enum sw types_allow(struct card *card, const struct file *file, enum access access)
{
	enum sw sw = SW_OK;

	for (size_t i = 0; sw == SW_OK && i < card->depth; i++) {
		if (card->line[i]->allows != NULL)
			sw = card->line[i]->allows(card, file, access);
	}
	return sw;
}

enum sw card_check_access(
    struct card *card, const struct apdu *apdu, const struct file *file, enum access access)
{
	if (access == ACCESS_SELECT)
		return types_allow(card, file, access);
	if (!dfs_above_are_usable(file) || !life_cycle_allows(file, access))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!rules_allow_access(card, apdu, file, access))
		return SW_SECURITY_STATUS;
	return types_allow(card, file, access);
}

enum sw access_check(
    struct card *card, const struct instruction *row, const struct apdu *apdu, struct target *out)
{
	enum sw sw;

	*out = (struct target){ .access = row->access };
	if (life_cycle_is_terminated(file_life_cycle(fs_mf(card->files))))
		return SW_CONDITIONS_NOT_SATISFIED; /* TERMINATE CARD USAGE: 7816-9 */
	if (row->access == ACCESS_ALWAYS)
		return SW_OK;
	if (row->access == ACCESS_PIN)
		return session_has_any(card_session(card), CREDENTIAL_PASSWORD)
		    ? SW_OK
		    : SW_SECURITY_STATUS;
	if (row->access == ACCESS_SM)
		return is_protected(card, RULES_COMMAND_CHECKSUM) ? SW_OK : SW_SECURITY_STATUS;
	assert(row->target != NULL);
	sw = row->target(card, apdu, out);
	return sw == SW_OK ? card_check_access(card, apdu, out->file, out->access) : sw;
}
