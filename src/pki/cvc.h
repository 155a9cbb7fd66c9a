/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card verifiable certificates (BSI TR-03110-3, appendices C and D): read, written and signed. */
#ifndef PKI_CVC_H
#define PKI_CVC_H

#include "base/date.h"
#include "base/writer.h"
#include "pki/chat.h"
#include "pki/sign_key.h"

#define CVC_SIZE_MAX 4096
#define CVC_REFERENCE_MIN 8 /* country (2), mnemonic (1 to 9), sequence number (5) */
#define CVC_REFERENCE_MAX 16

/* The algorithms of terminal authentication (A.6.4). */
enum cvc_algorithm {
	CVC_RSA_V1_5_SHA1,
	CVC_RSA_V1_5_SHA256,
	CVC_RSA_PSS_SHA1,
	CVC_RSA_PSS_SHA256,
	CVC_RSA_V1_5_SHA512,
	CVC_RSA_PSS_SHA512,
	CVC_ECDSA_SHA1,
	CVC_ECDSA_SHA224,
	CVC_ECDSA_SHA256,
	CVC_ECDSA_SHA384,
	CVC_ECDSA_SHA512,
	CVC_ALGORITHMS, /* how many there are */
};

const char *cvc_algorithm_name(enum cvc_algorithm algorithm); /* "ECDSA-SHA-256" */
bool cvc_algorithm_find(const char *name, enum cvc_algorithm *out);
const struct sign_scheme *cvc_scheme(enum cvc_algorithm algorithm);

/* The object identifier's value, and which one it is. */
struct bytes cvc_algorithm_oid(enum cvc_algorithm algorithm);
bool cvc_algorithm_of(struct bytes oid, enum cvc_algorithm *out);

/* A public key as it stands in a certificate (D.3): RSA n and e, or EC point and, all of them or none, the domain
 * parameters. */
struct cvc_public_key {
	enum cvc_algorithm algorithm;
	struct bytes n, e;
	struct bytes point;
	bool has_domain;
	struct ec_numbers domain;
};

/* Everything is a view into the certificate. */
struct cvc {
	struct bytes car, chr;
	struct cvc_public_key key;
	struct chat chat;
	struct date effective, expiration;
	struct bytes extensions; /* the value of data object 65; empty: there are none */
	struct bytes body;       /* data object 7F4E, which is what is signed */
	struct bytes signature;
};

/* A whole certificate, data object 7F21. ERR_FORMAT; ERR_UNSUPPORTED: profile, algorithm or kind of terminal. */
MUST_USE int cvc_parse(struct bytes in, struct cvc *out);

/* Its body and signature alone, as PSO: VERIFY CERTIFICATE has them. */
MUST_USE int cvc_parse_content(struct bytes in, struct cvc *out);

/* Two letters, one to nine characters of ISO/IEC 8859-1, five letters or figures. */
bool cvc_reference_is_valid(struct bytes reference);

/* Appends data object 7F4E for all but body and signature. ERR_FORMAT: a field that cvc_parse() would refuse;
 * ERR_LIMIT: *out has failed. */
MUST_USE int cvc_put_body(const struct cvc *cvc, struct writer *out);

/* Appends a whole certificate, signed with the key by the algorithm. ERR_FORMAT, ERR_LIMIT, as sign_key_sign(). */
MUST_USE int cvc_sign(const struct cvc *cvc, const struct sign_key *key,
    enum cvc_algorithm algorithm, struct writer *out);

/* The public key, ready for use. domain: its parameters where the certificate has none; may be NULL. random must outlive
 * the key. ERR_FORMAT: not a key, or without parameters; ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int cvc_key(const struct cvc_public_key *public, const struct ec_numbers *domain,
    struct random *random, struct sign_key *out);

/* The public part of a key for a certificate, written to memory, which must outlive *out. ERR_UNSUPPORTED: the algorithm
 * is not for this kind of key. */
MUST_USE int cvc_public_key_of(const struct sign_key *key, enum cvc_algorithm algorithm,
    struct writer *memory, struct cvc_public_key *out);

#endif
