/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key as a terminal gives it to a card, in an extended header list 4D (ISO/IEC 7816-8, and 7816-4, 8.4;
 * docs/generic-card.md), and the template AC that says what kind of key is meant. Pure decoding. */
#ifndef AUTH_KEY_TEMPLATE_H
#define AUTH_KEY_TEMPLATE_H

#include "auth/mechanism.h"

/* What the template says of a key, apart from its value. Views. */
struct key_template {
	uint8_t reference;
	uint8_t uses; /* KEY_USE() of each control reference template */
	bool has_type;
	enum key_type type; /* 80 in AC */
	size_t size;        /* 81 in AC: bits of the modulus, or of a symmetric key; 0: not said */
	struct bytes curve; /* 06 in AC: object identifier of the curve; empty: not said */
	unsigned tries;     /* C0: of external authentication; 0: not counted */
};

/* The value. Views; what is empty is not there. */
struct key_value {
	struct bytes secret; /* symmetric */
	/* RSA: modulus and exponent; the others of a private key alone. */
	struct bytes modulus, exponent, p, q, qinv, dp, dq;
	struct bytes point;  /* EC */
	struct bytes scalar; /* EC, of a private key alone */
};

/* What precedes the value: one or more control reference templates, of which the first has a key's reference 83 or
 * 84, then AC and C0 where they are. SW_WRONG_DATA; SW_FUNCTION_NOT_SUPPORTED: a type of key that there is not. */
MUST_USE enum sw key_template_take(struct bytes *rest, struct key_template *out);

/* All that follows: nothing; 5F48 alone, a secret key; 7F48 and 5F48, the lengths and the parts of a private key; 7F49, a
 * public key. SW_WRONG_DATA. */
MUST_USE enum sw key_value_take(struct bytes *rest, struct key_value *out);

#endif
