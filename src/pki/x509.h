/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X.509 certificates of those who sign travel documents (RFC 5280; profiles of ICAO 9303-12, 7.1). */
#ifndef PKI_X509_H
#define PKI_X509_H

#include "base/date.h"
#include "pki/algorithm.h"
#include "pki/public_key.h"

#define X509_SIZE_MAX 6144
#define X509_SERIAL_MAX 20
#define X509_DOCUMENT_TYPES_MAX 16

enum x509_kind {
	X509_CSCA,               /* country signing certification authority, signed by itself */
	X509_CSCA_LINK,          /* the same with a new key or name, signed with the key before */
	X509_DOCUMENT_SIGNER,    /* signs EF.SOD */
	X509_MASTER_LIST_SIGNER, /* signs master lists */
};

struct x509_fields {
	enum x509_kind kind;
	const char *country;      /* two capital letters */
	const char *locality;     /* three capital letters, as in the machine readable zone */
	const char *organization; /* may be NULL */
	const char *common_name;
	const char *crl;     /* URL of the revocation list */
	const char *email;   /* of the issuer */
	struct bytes serial; /* big-endian, positive, not longer than X509_SERIAL_MAX */
	struct date not_before, not_after;
	struct date signs_until;                             /* the end of the private key's use */
	const char *document_types[X509_DOCUMENT_TYPES_MAX]; /* of a document signer: "P", "ID" */
	struct bytes issuer; /* the issuer's name, a data object; CSCA: empty */
	enum curve_form curve_form;
};

/* Appends a certificate for the subject's key, signed by the issuer's. ERR_FORMAT: a field is missing or not as it must be;
 * ERR_LIMIT; ERR_UNSUPPORTED: the scheme is not for the issuer's key; ERR_CRYPTO. */
MUST_USE int x509_write(const struct x509_fields *fields, const struct sign_key *subject,
    const struct sign_key *issuer, const struct sign_scheme *scheme, struct writer *out);

/* What a certificate says, in views into it. */
struct x509 {
	struct bytes whole;
	struct bytes serial;                /* INTEGER, a data object; so are the next three */
	struct bytes issuer, subject;       /* Name */
	struct bytes public_key;            /* SubjectPublicKeyInfo */
	struct bytes not_before, not_after; /* characters of UTCTime or GeneralizedTime */
	struct bytes extensions;            /* the SEQUENCE's value; empty: there are none */
	struct bytes body;                  /* what is signed, a data object */
	struct bytes algorithm;             /* of the signature, a data object */
	struct bytes signature;
};

/* Reads a certificate, without looking at its signature. ERR_FORMAT. */
MUST_USE int x509_parse(struct bytes in, struct x509 *out);

/* Whether a certificate is signed with this key: 0, ERR_FORMAT if it is not, ERR_UNSUPPORTED: by an algorithm that is not of
 * this key, or not known; ERR_CRYPTO. */
MUST_USE int x509_verify(const struct x509 *x509, const struct sign_key *issuer);

struct x509_extension {
	struct bytes oid;
	bool critical;
	struct bytes value; /* what its OCTET STRING holds */
};

/* The next of struct x509's extensions. */
MUST_USE bool x509_take_extension(struct bytes *rest, struct x509_extension *out);

/* A name as people write it, "C=UT, O=Utopia, CN=CSCA"; what is not printable ASCII is escaped, what does not fit is cut. */
#define X509_NAME_SIZE 512
const char *x509_name_text(struct bytes name, char text[X509_NAME_SIZE]);

/* "2026-01-31" of UTCTime or GeneralizedTime; "?" if it is none. */
const char *x509_time_text(struct bytes time, char text[DATE_TEXT_SIZE]);

#endif
