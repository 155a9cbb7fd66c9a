/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificates of CVCAs that a card trusts, for one kind of terminal (BSI TR-03110-3, 2.5 and A.7.2.1). Copies, since
 * link certificates add to them; the card keeps them in its image. */
#ifndef AUTH_TRUST_POINTS_H
#define AUTH_TRUST_POINTS_H

#include "pki/cvc_chain.h"

#define TRUST_POINTS_MAX 2 /* as many as the standard allows */

struct trust_point {
	size_t len;
	uint8_t certificate[CVC_SIZE_MAX]; /* data object 7F21 */
};

/* The one that has come into effect last is the first. All zero: none. */
struct trust_points {
	size_t n;
	struct trust_point points[TRUST_POINTS_MAX];
};

/* Takes a certificate up, in the place of the oldest one if there is no room. Its signature is not looked at. ERR_FORMAT,
 * ERR_UNSUPPORTED: no certificate; not of a CVCA, without domain parameters, or of another kind of terminal than
 * those that are there; ERR_EXISTS: its name is known; ERR_LIMIT: it is older than those there are. Unchanged then. */
MUST_USE int trust_points_add(struct trust_points *trust, struct bytes certificate);

/* The certificate with index i, less than n: as it is, and what it says. */
struct bytes trust_points_certificate(const struct trust_points *trust, size_t i);
struct cvc trust_points_cvc(const struct trust_points *trust, size_t i);

/* The reference to be told to terminals in the place i: empty where there is none. */
struct bytes trust_points_name(const struct trust_points *trust, size_t i);

/* Which one has this name. */
MUST_USE bool trust_points_find(const struct trust_points *trust, struct bytes name, size_t *i);

#endif
