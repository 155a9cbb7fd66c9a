/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AlgorithmIdentifier of digests and signatures (RFC 3279, 4055, 5754; BSI TR-03111, 5.2). */
#include "pki/algorithm.h"

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/der.h"

#define TAG_PSS_DIGEST 0xA0
#define TAG_PSS_MGF 0xA1
#define TAG_PSS_SALT 0xA2

#define PKCS_1 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01    /* 1.2.840.113549.1.1 */
#define X9_62 0x2A, 0x86, 0x48, 0xCE, 0x3D                       /* 1.2.840.10045 */
#define NIST_HASH 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02 /* 2.16.840.1.101.3.4.2 */

struct oid {
	uint8_t len;
	uint8_t bytes[9];
};

static const struct oid digests[DIGEST_KINDS] = {
	[DIGEST_SHA1] = { 5, { 0x2B, 0x0E, 0x03, 0x02, 0x1A } },
	[DIGEST_SHA224] = { 9, { NIST_HASH, 4 } },
	[DIGEST_SHA256] = { 9, { NIST_HASH, 1 } },
	[DIGEST_SHA384] = { 9, { NIST_HASH, 2 } },
	[DIGEST_SHA512] = { 9, { NIST_HASH, 3 } },
};

static const struct oid with_rsa[DIGEST_KINDS] = {
	[DIGEST_SHA1] = { 9, { PKCS_1, 5 } },
	[DIGEST_SHA224] = { 9, { PKCS_1, 14 } },
	[DIGEST_SHA256] = { 9, { PKCS_1, 11 } },
	[DIGEST_SHA384] = { 9, { PKCS_1, 12 } },
	[DIGEST_SHA512] = { 9, { PKCS_1, 13 } },
};

static const struct oid with_ecdsa[DIGEST_KINDS] = {
	[DIGEST_SHA1] = { 7, { X9_62, 4, 1 } },
	[DIGEST_SHA224] = { 8, { X9_62, 4, 3, 1 } },
	[DIGEST_SHA256] = { 8, { X9_62, 4, 3, 2 } },
	[DIGEST_SHA384] = { 8, { X9_62, 4, 3, 3 } },
	[DIGEST_SHA512] = { 8, { X9_62, 4, 3, 4 } },
};

static const struct oid rsa_pss = { 9, { PKCS_1, 10 } };
static const struct oid mgf1 = { 9, { PKCS_1, 8 } };

static void put_oid(struct writer *out, const struct oid *oid)
{
	tlv_put(out, DER_OID, bytes_of(oid->bytes, oid->len));
}

static void put_null(struct writer *out)
{
	tlv_put(out, DER_NULL, bytes_of(NULL, 0));
}

/* RFC 5754, 2: without parameters. */
void algorithm_put_digest(struct writer *out, enum digest_kind kind)
{
	tlv_open(out, DER_SEQUENCE);
	put_oid(out, &digests[kind]);
	tlv_close(out);
}

/* RFC 4055, 2.1: inside those of RSA the parameters are NULL. */
static void put_digest_with_null(struct writer *out, enum digest_kind kind)
{
	tlv_open(out, DER_SEQUENCE);
	put_oid(out, &digests[kind]);
	put_null(out);
	tlv_close(out);
}

/* RFC 4055, 3.1. What is as by default, SHA-1, is left out. */
static void put_pss(struct writer *out, enum digest_kind kind)
{
	tlv_open(out, DER_SEQUENCE);
	if (kind != DIGEST_SHA1) {
		tlv_open(out, TAG_PSS_DIGEST);
		put_digest_with_null(out, kind);
		tlv_close(out);
		tlv_open(out, TAG_PSS_MGF);
		tlv_open(out, DER_SEQUENCE);
		put_oid(out, &mgf1);
		put_digest_with_null(out, kind);
		tlv_close(out);
		tlv_close(out);
		tlv_open(out, TAG_PSS_SALT);
		der_put_unsigned(out, (uint32_t)digest_size(kind));
		tlv_close(out);
	}
	tlv_close(out);
}

void algorithm_put_signature(struct writer *out, const struct sign_scheme *scheme)
{
	tlv_open(out, DER_SEQUENCE);
	if (scheme->ec) {
		put_oid(out, &with_ecdsa[scheme->digest]);
	} else if (scheme->pss) {
		put_oid(out, &rsa_pss);
		put_pss(out, scheme->digest);
	} else {
		put_oid(out, &with_rsa[scheme->digest]);
		put_null(out);
	}
	tlv_close(out);
}

int algorithm_sign(const struct sign_key *key, const struct sign_scheme *scheme, struct bytes in,
    struct writer *out)
{
	uint8_t signature[SIGN_KEY_SIGNATURE_MAX];
	struct bytes plain;
	int r = sign_key_sign(key, scheme, in, signature);

	if (r < 0)
		return r;
	plain = bytes_of(signature, sign_key_signature_size(key));
	if (scheme->ec)
		return ec_signature_to_der(plain, out);
	writer_put(out, plain);
	return out->failed ? ERR_LIMIT : 0;
}
