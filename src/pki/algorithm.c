/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AlgorithmIdentifier of digests and signatures (RFC 3279, 4055, 5754; BSI TR-03111, 5.2). */
#include "pki/algorithm.h"

#include <strings.h>

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

static const struct oid rsa_encryption = { 9, { PKCS_1, 1 } };

static const char *const digest_names[DIGEST_KINDS][2] = {
	[DIGEST_SHA1] = { "SHA-1", "SHA1" },
	[DIGEST_SHA224] = { "SHA-224", "SHA224" },
	[DIGEST_SHA256] = { "SHA-256", "SHA256" },
	[DIGEST_SHA384] = { "SHA-384", "SHA384" },
	[DIGEST_SHA512] = { "SHA-512", "SHA512" },
};

const char *algorithm_digest_name(enum digest_kind kind)
{
	return digest_names[kind][0];
}

bool algorithm_digest_find(const char *name, enum digest_kind *out)
{
	for (unsigned i = 0; i < DIGEST_KINDS; i++) {
		if (strcasecmp(name, digest_names[i][0]) != 0 &&
		    strcasecmp(name, digest_names[i][1]) != 0)
			continue;
		*out = (enum digest_kind)i;
		return true;
	}
	return false;
}

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

/* OID and what follows it. */
static bool take_algorithm(struct bytes in, struct bytes *oid, struct bytes *parameters)
{
	return tlv_take_tag(&in, DER_SEQUENCE, parameters) && in.len == 0 &&
	    tlv_take_tag(parameters, DER_OID, oid) && tlv_is_valid(*parameters);
}

static bool is_oid(struct bytes in, const struct oid *oid)
{
	return bytes_equal(in, bytes_of(oid->bytes, oid->len));
}

static bool find(struct bytes oid, const struct oid list[DIGEST_KINDS], enum digest_kind *out)
{
	for (unsigned i = 0; i < DIGEST_KINDS; i++) {
		if (!is_oid(oid, &list[i]))
			continue;
		*out = (enum digest_kind)i;
		return true;
	}
	return false;
}

/* Parameters are absent, or NULL. */
int algorithm_parse_digest(struct bytes in, enum digest_kind *out)
{
	struct bytes oid;
	struct bytes parameters;

	if (!take_algorithm(in, &oid, &parameters))
		return ERR_FORMAT;
	return find(oid, digests, out) ? 0 : ERR_UNSUPPORTED;
}

/* The digest of MGF1. */
static int parse_mgf(struct bytes in, enum digest_kind *out)
{
	struct bytes oid;
	struct bytes parameters;

	if (!take_algorithm(in, &oid, &parameters))
		return ERR_FORMAT;
	return is_oid(oid, &mgf1) ? algorithm_parse_digest(parameters, out) : ERR_UNSUPPORTED;
}

/* RSASSA-PSS-params. */
static int parse_pss(struct bytes in, enum digest_kind *out)
{
	enum digest_kind digest = DIGEST_SHA1;
	enum digest_kind mgf_digest = DIGEST_SHA1;
	uint32_t salt = 20;
	struct bytes rest;
	struct tlv tlv;
	int r = 0;

	if (!tlv_take_tag(&in, DER_SEQUENCE, &rest) || in.len > 0)
		return ERR_FORMAT;
	while (rest.len > 0 && r == 0) {
		if (!tlv_take(&rest, &tlv))
			return ERR_FORMAT;
		if (tlv.tag == TAG_PSS_DIGEST)
			r = algorithm_parse_digest(tlv.value, &digest);
		else if (tlv.tag == TAG_PSS_MGF)
			r = parse_mgf(tlv.value, &mgf_digest);
		else if (tlv.tag == TAG_PSS_SALT && !der_take_unsigned(&tlv.value, &salt))
			r = ERR_FORMAT;
	}
	if (r < 0)
		return r;
	if (digest != mgf_digest || salt != digest_size(digest))
		return ERR_UNSUPPORTED;
	*out = digest;
	return 0;
}

int algorithm_parse_signature(struct bytes in, struct sign_scheme *out)
{
	struct sign_scheme scheme = { 0 };
	struct bytes oid;
	struct bytes parameters;
	int r = 0;

	if (!take_algorithm(in, &oid, &parameters))
		return ERR_FORMAT;
	scheme.ec = find(oid, with_ecdsa, &scheme.digest);
	scheme.pss = is_oid(oid, &rsa_pss);
	if (scheme.pss)
		r = parse_pss(parameters, &scheme.digest);
	else if (!scheme.ec && !find(oid, with_rsa, &scheme.digest))
		r = ERR_UNSUPPORTED;
	if (r == 0)
		*out = scheme;
	return r;
}

bool algorithm_is_rsa(struct bytes in)
{
	struct bytes oid;
	struct bytes parameters;

	return take_algorithm(in, &oid, &parameters) && is_oid(oid, &rsa_encryption);
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

int algorithm_verify(const struct sign_key *key, const struct sign_scheme *scheme, struct bytes in,
    struct bytes signature)
{
	uint8_t plain[SIGN_KEY_SIGNATURE_MAX];

	if (scheme->ec != (key->ec != NULL))
		return ERR_UNSUPPORTED;
	if (scheme->ec) {
		size_t size = sign_key_signature_size(key);
		int r = ec_signature_from_der(signature, size / 2, plain);

		if (r < 0)
			return r;
		signature = bytes_of(plain, size);
	}
	return sign_key_verify(key, scheme, in, signature);
}
