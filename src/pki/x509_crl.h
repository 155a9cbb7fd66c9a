/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Revocation lists of those who issue certificates (RFC 5280, 5; profile of ICAO 9303-12, 7.1.4). */
#ifndef PKI_X509_CRL_H
#define PKI_X509_CRL_H

#include "pki/x509.h"

#define X509_REVOKED_MAX 100

struct x509_crl_fields {
	struct bytes issuer; /* its name, a data object */
	struct date this_update, next_update;
	uint32_t number;
	struct bytes serials[X509_REVOKED_MAX]; /* big-endian, positive; revoked on the first day */
	size_t n_serials;
};

/* Appends a list signed by the issuer. ERR_FORMAT: a serial number or a date is not as it must be; ERR_LIMIT; ERR_UNSUPPORTED:
 * the scheme is not for the key; ERR_CRYPTO. */
MUST_USE int x509_write_crl(const struct x509_crl_fields *fields, const struct sign_key *issuer,
    const struct sign_scheme *scheme, struct writer *out);

#endif
