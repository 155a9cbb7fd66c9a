/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a run of PACE, known to pace.c and pace_map.c. */
#ifndef AUTH_PACE_INTERNAL_H
#define AUTH_PACE_INTERNAL_H

#include "auth/pace.h"

#define PACE_NONCE_MAX 32

struct pace_public {
	uint8_t data[AGREEMENT_SIZE_MAX];
	size_t len;
};

struct pace {
	struct pace_setup setup;
	struct pace_fixed fixed;
	unsigned step; /* that is due: 1 to 4; 5: succeeded; 0: failed */
	uint8_t nonce[PACE_NONCE_MAX];
	size_t nonce_len;
	struct agreement mapping; /* kept for chip authentication mapping */
	struct ec_group *mapped_ec;
	struct dh_group *mapped_dh;
	struct agreement ephemeral;
	struct pace_public own, other;
	struct session_keys keys;
};

bool pace_is_integrated(const struct pace *pace);

/* The mapping data of the terminal to the mapped domain parameters, and the chip's mapping data appended to *answer. ERR_FORMAT:
 * they are invalid; ERR_CRYPTO, ERR_LIMIT. */
MUST_USE int pace_map(struct pace *pace, struct bytes data, struct writer *answer);

#endif
