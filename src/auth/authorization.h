/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authorisation extensions: rights of terminals that have no room in their CHAT (BSI TR-03110-3, 2.7 and C.3.1, TR-03110-4,
 * 2.2.3.2). */
#ifndef AUTH_AUTHORIZATION_H
#define AUTH_AUTHORIZATION_H

#include "base/bytes.h"

#define AUTHORIZATION_SIZE_MAX 6

enum authorization_kind {
	AUTHORIZATION_EID_ACCESS,        /* id-eIDAccess */
	AUTHORIZATION_SPECIAL_FUNCTIONS, /* id-specialFunctions */
	AUTHORIZATIONS,                  /* how many there are */
};

/* Bits of special functions. */
#define AUTHORIZATION_PSM 6
#define AUTHORIZATION_PSC 7

/* Bits of access to the data groups 1 to 22 of the eID application. */
#define AUTHORIZATION_COMPARE(data_group) ((data_group)-1U)
#define AUTHORIZATION_INCLUDE(data_group) ((data_group) + 21U)

struct authorizations {
	uint8_t bits[AUTHORIZATIONS][AUTHORIZATION_SIZE_MAX]; /* bit 0 in the last byte */
};

/* Reads them from extensions: the value of data object 65 of a certificate or of PACE. What is missing or malformed gives no
 * right; bits to the left of those that there are do not count. */
void authorizations_read(struct bytes extensions, struct authorizations *out);

/* Takes away the rights that the others have not. */
void authorizations_limit(struct authorizations *authorizations, const struct authorizations *by);

bool authorization_has(
    const struct authorizations *authorizations, enum authorization_kind kind, unsigned bit);

#endif
