/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The security state and the selected files of one logical channel (ISO/IEC 7816-4, 5.4.2 and 9.2). Each
 * member says when it ends. */
#ifndef CARD_SESSION_H
#define CARD_SESSION_H

#include "fs/fs.h"

struct session {
	struct file *df; /* the current DF, never NULL; the MF after power-on and reset */
	struct file
	    *ef; /* the current EF, NULL: none; none after power-on, reset and selection of a DF */
	uint32_t verified; /* bit n: PIN number n is verified; none after power-on and reset */
};

/* As after power-on. */
void session_reset(struct session *session, struct file *mf);

/* Makes file the current DF, or the current EF and its DF the current DF. */
void session_select(struct session *session, struct file *file);

/* Call before file is deleted: selects its parent where the current files are it or below it. */
void session_leave(struct session *session, const struct file *file);

#endif
