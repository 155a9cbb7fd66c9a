/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed data (CMS, RFC 5652) as travel documents have it: EF.SOD (ICAO 9303-10, 4.6.2), EF.CardSecurity (ICAO 9303-11,
 * 9.2; BSI TR-03110-3, A.1.2), master lists (ICAO 9303-12, 9). */
#ifndef PKI_CMS_H
#define PKI_CMS_H

#include "base/date.h"
#include "pki/algorithm.h"

#define CMS_DATA_GROUPS_MAX 16

enum cms_content {
	CMS_LDS_SECURITY_OBJECT, /* of EF.SOD */
	CMS_SECURITY_OBJECT,     /* SecurityInfos, of EF.CardSecurity */
	CMS_MASTER_LIST,
};

/* Who signs, and how. */
struct cms_signer {
	const struct sign_key *key;
	struct sign_scheme scheme;
	struct bytes certificate;        /* the signer's, X.509 */
	struct bytes issuer_certificate; /* carried besides; empty: it is not */
	struct date day;                 /* of signing; year 0: not said */
};

/* Appends ContentInfo with SignedData about the content. ERR_FORMAT: the certificate cannot be read; ERR_UNSUPPORTED: the
 * scheme is not for the key; ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int cms_sign(enum cms_content kind, struct bytes content, const struct cms_signer *signer,
    struct writer *out);

struct cms_lds {
	unsigned
	    version; /* of the LDS security object: 0, or 1, which tells the two versions below */
	enum digest_kind digest;
	const char *lds_version;     /* "0108" */
	const char *unicode_version; /* "040000" */
	struct bytes
	    data_groups[CMS_DATA_GROUPS_MAX]; /* the files; empty: there is none. DG1 comes first */
};

/* Appends LDSSecurityObject. ERR_FORMAT: less than two data groups, or a version is missing; ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int cms_put_lds(const struct cms_lds *lds, struct writer *out);

/* Appends EF.SOD, with its tag 77. As the two above. */
MUST_USE int cms_put_sod(
    const struct cms_lds *lds, const struct cms_signer *signer, struct writer *out);

/* Appends CscaMasterList of certificates one behind the other. ERR_FORMAT: none, or malformed, or more than DER_SET_MAX;
 * ERR_LIMIT. */
MUST_USE int cms_put_master_list(struct bytes certificates, struct writer *out);

#endif
