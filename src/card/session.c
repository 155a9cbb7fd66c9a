/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of one logical channel. */
#include "card/session.h"

#include <assert.h>
#include <string.h>

void session_reset(struct session *session, struct file *mf)
{
	*session = (struct session){ .df = mf, .se = SESSION_SE_DEFAULT };
}

void session_set_challenge(struct session *session, struct bytes challenge)
{
	session->challenge_len = challenge.len <= sizeof session->challenge ? challenge.len : 0;
	if (session->challenge_len > 0)
		memcpy(session->challenge, challenge.data, challenge.len);
}

void session_set_environment(
    struct session *session, uint8_t number, const struct environment *environment)
{
	session->se = number;
	session->environment = *environment;
	session->hash_len = 0;
}

/* Makes df the current DF. What was proved to DFs that it is not in ends. */
static void enter(struct session *session, struct file *df)
{
	static const struct environment initial;
	const struct file *common = session->df;

	if (!fs_is_within(df, session->df))
		session_set_environment(session, SESSION_SE_DEFAULT, &initial);
	while (!fs_is_within(df, common))
		common = file_parent(common);
	for (unsigned i = fs_depth(common) + 1; i <= FS_DEPTH_MAX; i++)
		session->status[i] = (struct security_status){ 0 };
	session->df = df;
}

void session_select(struct session *session, struct file *file)
{
	enter(session, file_is_df(file) ? file : file_parent(file));
	session->ef = file_is_df(file) ? NULL : file;
	session->record = 0;
}

void session_leave(struct session *session, const struct file *file)
{
	if (session->ef != NULL && fs_is_within(session->ef, file)) {
		session->ef = NULL;
		session->record = 0;
	}
	if (fs_is_within(session->df, file))
		enter(session, file_parent(file));
}

/* What has been proved of df's own credentials; NULL: df is not on the way to the current DF. */
static struct security_status *status_of(struct session *session, const struct file *df)
{
	return fs_is_within(session->df, df) ? &session->status[fs_depth(df)] : NULL;
}

static uint32_t bit_of(uint8_t number)
{
	assert(number <= REFERENCE_NUMBER);
	return (uint32_t)1 << number;
}

void session_grant(
    struct session *session, enum credential kind, const struct file *df, uint8_t number)
{
	struct security_status *status = status_of(session, df);

	if (status != NULL)
		status->proved[kind] |= bit_of(number);
}

void session_revoke(
    struct session *session, enum credential kind, const struct file *df, uint8_t number)
{
	struct security_status *status = status_of(session, df);

	if (status != NULL)
		status->proved[kind] &= ~bit_of(number);
}

void session_revoke_all(struct session *session, enum credential kind)
{
	for (unsigned i = 0; i <= FS_DEPTH_MAX; i++)
		session->status[i].proved[kind] = 0;
}

bool session_has(
    const struct session *session, enum credential kind, const struct file *df, uint8_t number)
{
	return fs_is_within(session->df, df) &&
	    (session->status[fs_depth(df)].proved[kind] & bit_of(number)) != 0;
}

bool session_has_any(const struct session *session, enum credential kind)
{
	for (unsigned i = 0; i <= FS_DEPTH_MAX; i++) {
		if (session->status[i].proved[kind] != 0)
			return true;
	}
	return false;
}
