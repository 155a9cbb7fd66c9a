/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authenticated auxiliary data: what a terminal has committed itself to in Terminal Authentication, and how the chip compares
 * it with what it knows (BSI TR-03110-3, A.7.5 and B.6). */
#ifndef AUTH_AUXILIARY_DATA_H
#define AUTH_AUXILIARY_DATA_H

#include "base/bytes.h"
#include "iso7816/sw.h"

/* Last arcs of the object identifier. */
enum auxiliary_kind {
	AUXILIARY_DATE_OF_BIRTH = 1,
	AUXILIARY_DATE_OF_EXPIRY = 2,
	AUXILIARY_MUNICIPALITY_ID = 3,
	AUXILIARY_PSM_MESSAGE = 4, /* hash of a message that may be signed */
	AUXILIARY_DATA_GROUP =
	    5, /* the contents of DG1, with one arc more; those of DG n are n - 1 more */
};

#define AUXILIARY_DATA_GROUPS 22

/* The value of an object identifier. False: no such kind. */
MUST_USE bool auxiliary_kind_of(struct bytes oid, enum auxiliary_kind *out);

/* The discretionary data of a kind in a data object 67 (empty: the terminal has sent none); of several the last. False: there are
 * none, or the object is malformed. */
MUST_USE bool auxiliary_find(struct bytes object, enum auxiliary_kind kind, struct bytes *value);

/* What a data group of the eID application says: the value of the one object in its template. False: malformed. */
MUST_USE bool auxiliary_stored(struct bytes data_group, struct bytes *value);

/* Dates are YYYYMMDD. Of a date of birth the day, or month and day, may be missing: zeros, spaces, or nothing at all; then it
 * was as late as can be. What is malformed otherwise fails. */

/* Whether the holder was born on the required day or before. */
bool auxiliary_is_old_enough(struct bytes date_of_birth, struct bytes required);

/* Whether the document has not expired on the terminal's day. */
bool auxiliary_is_valid_on(struct bytes date_of_expiry, struct bytes day);

/* Whether the holder lives where, or in a part of where, the terminal says: the first bytes are the same. */
bool auxiliary_is_within(struct bytes municipality_id, struct bytes part);

/* VERIFY and COMPARE: the comparison of one kind with the data group that it is of, both as above. SW_WARNING_CHANGED (6300):
 * it fails; SW_REFERENCE_NOT_FOUND: the terminal has not committed itself to any, the chip has no such data, or nothing
 * is to be compared with this kind. */
MUST_USE enum sw auxiliary_verify(
    enum auxiliary_kind kind, struct bytes object, struct bytes data_group);

#endif
