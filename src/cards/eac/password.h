/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of PACE's passwords: counted, suspended, resumed, blocked, unblocked (BSI TR-03110-2, 2.2 and 2.4; TR-03127, 3.3). */
#ifndef CARDS_EAC_PASSWORD_H
#define CARDS_EAC_PASSWORD_H

#include "cards/eac/eac.h"

/* The right of authentication terminals to use the CAN (TR-03110-4, table 4). */
#define EAC_AT_CAN_ALLOWED 4

/* What MSE:Set AT answers for PACE with this password: SW_OK; a warning, after which PACE goes on or is refused at its first
 * command: 63C2, 63C1 (suspended), 63C0 (blocked); SW_REFERENCE_NOT_FOUND: there is none; deactivated. */
MUST_USE enum sw eac_password_status(struct card *card, enum pace_password kind);

/* Whether PACE may run with it now: at the first GENERAL AUTHENTICATE. */
MUST_USE enum sw eac_password_may_run(struct card *card, enum pace_password kind);

/* Whether a terminal that asks with this CHAT may use the password: inspection systems MRZ and CAN, authentication terminals
 * the PIN, or the CAN if they ask for that right, signature terminals all but the MRZ; a transport PIN nobody. SW_WRONG_DATA:
 * not (TR-03110-2, 2.3.2.1; TR-03127, 3.3.3). */
MUST_USE enum sw eac_password_allows_chat(
    struct card *card, enum pace_password kind, const struct chat *chat);

/* Before the terminal's token is compared: the counter falls, and is saved. SW_MEMORY_FAILURE: it could not be. */
MUST_USE enum sw eac_password_begin_try(struct card *card, enum pace_password kind);

/* After it: the counter is restored, or SW_OK is not answered: 63Cx with the tries that are left, 6300 where they are not
 * counted. A suspended password is resumed by the session that the CAN opens; the PUK's session may unblock it. */
MUST_USE enum sw eac_password_end_try(struct card *card, enum pace_password kind, bool right);

/* RESET RETRY COUNTER gives all tries again: by the PUK as often as that may be used, or by a terminal with the right. What
 * else it asks for is the caller's to see to. SW_SECURITY_STATUS: the PUK is used up; SW_MEMORY_FAILURE. */
MUST_USE enum sw eac_password_unblock(struct card *card, enum pace_password kind, bool by_puk);

#endif
