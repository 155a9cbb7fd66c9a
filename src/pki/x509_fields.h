/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What X.509 certificates and revocation lists have in common. For the files of this folder alone. */
#ifndef PKI_X509_FIELDS_H
#define PKI_X509_FIELDS_H

#include "base/writer.h"
#include "pki/sign_key.h"

/* The last arc below id-ce, 2.5.29. */
enum x509_extension_id {
	X509_SUBJECT_KEY_ID = 14,
	X509_KEY_USAGE = 15,
	X509_PRIVATE_KEY_USAGE_PERIOD = 16,
	X509_SUBJECT_ALT_NAME = 17,
	X509_ISSUER_ALT_NAME = 18,
	X509_BASIC_CONSTRAINTS = 19,
	X509_CRL_NUMBER = 20,
	X509_CRL_DISTRIBUTION_POINTS = 31,
	X509_AUTHORITY_KEY_ID = 35,
	X509_EXTENDED_KEY_USAGE = 37,
};

/* Open an extension up to its OCTET STRING: a standard one, one with an object identifier of its own. */
void x509_open_extension(struct writer *out, enum x509_extension_id extension, bool critical);
void x509_open_private(struct writer *out, struct bytes oid, bool critical);
void x509_close_extension(struct writer *out);

/* The extension that says who signed. As public_key_id(). */
MUST_USE int x509_put_authority_key_id(struct writer *out, const struct sign_key *issuer);

/* Signs the body, and puts it, the algorithm and the signature. As algorithm_sign(); ERR_LIMIT. */
MUST_USE int x509_put_signed(struct writer *out, struct bytes body, const struct sign_key *issuer,
    const struct sign_scheme *scheme);

#endif
