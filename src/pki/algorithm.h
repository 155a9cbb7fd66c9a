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

/* Read one. ERR_FORMAT; ERR_UNSUPPORTED: another algorithm, or PSS with a salt that is not as long as the digest. */
MUST_USE int algorithm_parse_digest(struct bytes in, enum digest_kind *out);
MUST_USE int algorithm_parse_signature(struct bytes in, struct sign_scheme *out);

/* Whether the AlgorithmIdentifier is that of RSA keys, which CMS takes for PKCS#1 v1.5 with any digest (RFC 3370, 3.2). */
bool algorithm_is_rsa(struct bytes in);

/* "SHA-256"; also "sha256", "sha-256". */
const char *algorithm_digest_name(enum digest_kind kind);
bool algorithm_digest_find(const char *name, enum digest_kind *out);

/* Signs in, and appends the signature as X.509 and CMS have it: for ECDSA a SEQUENCE of two numbers. As sign_key_sign(). */
MUST_USE int algorithm_sign(const struct sign_key *key, const struct sign_scheme *scheme,
    struct bytes in, struct writer *out);

/* A signature of that form. As sign_key_verify(). */
MUST_USE int algorithm_verify(const struct sign_key *key, const struct sign_scheme *scheme,
    struct bytes in, struct bytes signature);

#endif
