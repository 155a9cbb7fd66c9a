/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of one logical channel. */
#include "card/session.h"

void session_reset(struct session *session, struct file *mf)
{
	*session = (struct session){ .df = mf };
}

void session_select(struct session *session, struct file *file)
{
	session->df = file_is_df(file) ? file : file_parent(file);
	session->ef = file_is_df(file) ? NULL : file;
}

void session_leave(struct session *session, const struct file *file)
{
	if (session->ef != NULL && fs_is_within(session->ef, file))
		session->ef = NULL;
	if (fs_is_within(session->df, file))
		session->df = file_parent(file);
}
