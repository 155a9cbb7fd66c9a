/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Object identifiers of curves (RFC 5480, RFC 5639), as in data object 06. */
#ifndef PKI_CURVE_H
#define PKI_CURVE_H

#include "crypto/ec.h"

struct bytes curve_oid(enum ec_curve curve);
MUST_USE bool curve_find(struct bytes oid, enum ec_curve *out);

#endif
