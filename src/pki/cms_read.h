/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed data read and verified: one signer, whose certificate is inside. */
#ifndef PKI_CMS_READ_H
#define PKI_CMS_READ_H

#include "pki/cms.h"

/* Everything is a view into the signed data. */
struct cms {
	bool is_known; /* what kind the content is */
	enum cms_content kind;
	struct bytes content_type; /* object identifier */
	struct bytes content;
	struct bytes certificates;   /* data objects, one behind the other */
	struct bytes issuer, serial; /* the signer's, data objects; empty: a key identifier tells */
	struct bytes key_id;         /* empty: issuer and serial tell */
	struct bytes digest, signature_algorithm; /* AlgorithmIdentifier, data objects */
	struct bytes attributes; /* the members of signedAttrs; empty: there are none */
	struct bytes signature;
};

/* ContentInfo with SignedData, or EF.SOD, which has it in a data object 77. ERR_FORMAT. */
MUST_USE int cms_parse(struct bytes in, struct cms *out);

/* The signer's certificate among those inside. ERR_NOT_FOUND. */
struct x509;
MUST_USE int cms_signer_certificate(const struct cms *cms, struct x509 *out);

/* How the signer signed. ERR_FORMAT, ERR_UNSUPPORTED. */
MUST_USE int cms_scheme(const struct cms *cms, struct sign_scheme *out);

/* Whether the signature is that of the key, and the digest inside that of the content: 0, ERR_FORMAT if not,
 * ERR_UNSUPPORTED; ERR_LIMIT: more attributes than we look at; ERR_CRYPTO. */
MUST_USE int cms_verify(const struct cms *cms, const struct sign_key *key);

struct cms_lds_hashes {
	uint32_t version;
	enum digest_kind digest;
	struct bytes hashes[CMS_DATA_GROUPS_MAX];  /* empty: there is none */
	struct bytes lds_version, unicode_version; /* characters; empty: not told */
};

/* LDSSecurityObject. ERR_FORMAT; ERR_UNSUPPORTED: another digest. */
MUST_USE int cms_parse_lds(struct bytes in, struct cms_lds_hashes *out);

/* CscaMasterList: certificates one behind the other. ERR_FORMAT. */
MUST_USE int cms_parse_master_list(struct bytes in, struct bytes *certificates);

#endif
