/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests and signatures as X.509 and CMS have them (RFC 3279, 4055, 5754). */
#ifndef PKI_ALGORITHM_H
#define PKI_ALGORITHM_H

#include "base/writer.h"
#include "pki/sign_key.h"

/* Append an AlgorithmIdentifier. */
void algorithm_put_digest(struct writer *out, enum digest_kind kind);
void algorithm_put_signature(struct writer *out, const struct sign_scheme *scheme);

/* Signs in, and appends the signature as X.509 and CMS have it: for ECDSA a SEQUENCE of two numbers. As sign_key_sign(). */
MUST_USE int algorithm_sign(const struct sign_key *key, const struct sign_scheme *scheme,
    struct bytes in, struct writer *out);

#endif
