/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of PACE's passwords: counted, suspended, resumed, blocked, unblocked (BSI TR-03110-2, 3.3; TR-03127). */
#ifndef CARDS_EAC_PASSWORD_H
#define CARDS_EAC_PASSWORD_H

#include "cards/eac/eac.h"

/* What MSE:Set AT answers for PACE with this password: SW_OK; a warning, after which PACE goes on or is refused at its first
 * command: 63C2, 63C1 (suspended), 63C0 (blocked); SW_REFERENCE_NOT_FOUND: there is none; deactivated. */
MUST_USE enum sw eac_password_status(struct card *card, enum pace_password kind);

/* Whether PACE may run with it now: at the first GENERAL AUTHENTICATE. */
MUST_USE enum sw eac_password_may_run(struct card *card, enum pace_password kind);

/* Before the terminal's token is compared: the counter falls, and is saved. SW_MEMORY_FAILURE: it could not be. */
MUST_USE enum sw eac_password_begin_try(struct card *card, enum pace_password kind);

/* After it: the counter is restored, the PIN resumed for this session (CAN) or unblocked by uses of the PUK, as the standard
 * says for each. */
MUST_USE enum sw eac_password_end_try(struct card *card, enum pace_password kind, bool right);

#endif
