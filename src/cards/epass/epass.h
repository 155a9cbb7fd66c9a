/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The electronic passport (ICAO 9303). */
#ifndef CARDS_EPASS_EPASS_H
#define CARDS_EPASS_EPASS_H

#include "card/type.h"
#include "cards/epass/protocols.h"
#include "lds/lds.h"

#define EPASS_CAN_SIZE 6
#define EPASS_TRUST_POINTS_MAX 2 /* as many as auth/trust_points.h keeps */

/* What the command line says of a passport; all zero: nothing. Paths are borrowed. */
struct epass_options {
	bool specimen;
	bool has_mrz;
	struct mrz mrz;
	const char *picture;
	const char *dg[LDS_DATA_GROUPS + 1]; /* by number; NULL: not given */
	const char *com, *sod;
	const char *can;
	const char *lds_version; /* LDS_VERSION_1_7, ...; NULL: the first */
	bool has_digest;
	enum digest_kind digest; /* of EF.SOD */
	bool has_protocols;
	struct epass_protocols protocols;
	size_t n_trust_points;
	const char *trust_points[EPASS_TRUST_POINTS_MAX];
	const char *signer_certificate, *signer_key;
	bool delay;
};

extern const struct card_type card_epass;

/* options.c */
#define EPASS_OPTIONS 14
extern const struct card_option epass_option_table[EPASS_OPTIONS];
MUST_USE int epass_options_check(const void *own, char error[CARD_ERROR_SIZE]);

/* Whether nothing is said of the holder: the passport is to be the specimen, or asked for. */
bool epass_options_are_bare(const struct epass_options *options);

#endif
