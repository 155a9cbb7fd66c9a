/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed data read and verified (RFC 5652, 5.1, 5.3 to 5.6; ICAO 9303-10, 4.6.2; ICAO 9303-12, 9). */
#include "pki/cms_read.h"

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cms_oids.h"
#include "pki/der.h"
#include "pki/x509.h"
#include "pki/x509_fields.h"

#define TAG_SOD 0x77
#define TAG_EXPLICIT_0 0xA0
#define TAG_EXPLICIT_1 0xA1
#define TAG_KEY_ID 0x80
#define ATTRIBUTES_MAX 2048

/* The value of a data object that nothing follows. */
static bool only(struct bytes in, uint32_t tag, struct bytes *value)
{
	return tlv_take_tag(&in, tag, value) && in.len == 0;
}

static bool parse_content(struct bytes in, struct cms *cms)
{
	struct bytes explicit;

	if (!tlv_take_tag(&in, DER_OID, &cms->content_type) ||
	    !only(in, TAG_EXPLICIT_0, &explicit) ||
	    !only(explicit, DER_OCTET_STRING, &cms->content))
		return false;
	cms->is_known = cms_content_find(cms->content_type, &cms->kind);
	return true;
}

/* SignerIdentifier. */
static bool take_signer(struct bytes *in, struct cms *cms)
{
	struct bytes both;

	if (tlv_take_tag(in, TAG_KEY_ID, &cms->key_id))
		return cms->key_id.len > 0;
	return tlv_take_tag(in, DER_SEQUENCE, &both) &&
	    der_take_whole(&both, DER_SEQUENCE, &cms->issuer) &&
	    der_take_whole(&both, DER_INTEGER, &cms->serial) && both.len == 0;
}

/* Unsigned attributes at the end are of no use here. */
static bool parse_signer_info(struct bytes in, struct cms *cms)
{
	uint32_t version;

	if (!der_take_unsigned(&in, &version) || !take_signer(&in, cms) ||
	    !der_take_whole(&in, DER_SEQUENCE, &cms->digest))
		return false;
	(void)!tlv_take_tag(&in, TAG_EXPLICIT_0, &cms->attributes);
	return der_take_whole(&in, DER_SEQUENCE, &cms->signature_algorithm) &&
	    tlv_take_tag(&in, DER_OCTET_STRING, &cms->signature);
}

static bool parse_signed_data(struct bytes in, struct cms *cms)
{
	struct bytes digests;
	struct bytes content;
	struct bytes skipped;
	struct bytes signers;
	struct bytes signer;
	uint32_t version;

	if (!der_take_unsigned(&in, &version) || !tlv_take_tag(&in, DER_SET, &digests) ||
	    !tlv_take_tag(&in, DER_SEQUENCE, &content) || !parse_content(content, cms))
		return false;
	(void)!tlv_take_tag(&in, TAG_EXPLICIT_0, &cms->certificates);
	(void)!tlv_take_tag(&in, TAG_EXPLICIT_1, &skipped);
	return tlv_take_tag(&in, DER_SET, &signers) && in.len == 0 &&
	    tlv_take_tag(&signers, DER_SEQUENCE, &signer) && signers.len == 0 &&
	    parse_signer_info(signer, cms);
}

int cms_parse(struct bytes in, struct cms *out)
{
	struct cms cms = { 0 };
	struct bytes content;
	struct bytes explicit;
	struct bytes signed_data;
	struct bytes oid;

	(void)!only(in, TAG_SOD, &in);
	if (!tlv_is_valid(in) || !only(in, DER_SEQUENCE, &content) ||
	    !tlv_take_tag(&content, DER_OID, &oid) || !bytes_equal(oid, cms_signed_data()) ||
	    !only(content, TAG_EXPLICIT_0, &explicit) ||
	    !only(explicit, DER_SEQUENCE, &signed_data) || !parse_signed_data(signed_data, &cms))
		return ERR_FORMAT;
	*out = cms;
	return 0;
}

static bool has_key_id(const struct x509 *x509, struct bytes id)
{
	static const uint8_t oid[] = { 0x55, 0x1D, X509_SUBJECT_KEY_ID };
	struct bytes rest = x509->extensions;
	struct x509_extension extension;
	struct bytes value;

	while (x509_take_extension(&rest, &extension))
		if (bytes_equal(extension.oid, BYTES_OF_ARRAY(oid)) &&
		    only(extension.value, DER_OCTET_STRING, &value) && bytes_equal(value, id))
			return true;
	return false;
}

int cms_signer_certificate(const struct cms *cms, struct x509 *out)
{
	struct bytes rest = cms->certificates;
	struct x509 x509;
	struct tlv tlv;

	while (rest.len > 0 && tlv_take(&rest, &tlv)) {
		if (x509_parse(tlv.whole, &x509) < 0)
			continue;
		if (cms->key_id.len > 0 ? !has_key_id(&x509, cms->key_id)
		                        : !bytes_equal(x509.issuer, cms->issuer) ||
		            !bytes_equal(x509.serial, cms->serial))
			continue;
		*out = x509;
		return 0;
	}
	return ERR_NOT_FOUND;
}

int cms_scheme(const struct cms *cms, struct sign_scheme *out)
{
	struct sign_scheme scheme = { 0 };
	int r;

	if (!algorithm_is_rsa(cms->signature_algorithm))
		return algorithm_parse_signature(cms->signature_algorithm, out);
	r = algorithm_parse_digest(cms->digest, &scheme.digest);
	if (r == 0)
		*out = scheme;
	return r;
}

/* The value of an attribute that has one value. */
static bool find_attribute(struct bytes attributes, struct bytes type, struct bytes *value)
{
	struct bytes attribute;
	struct bytes oid;

	while (tlv_take_tag(&attributes, DER_SEQUENCE, &attribute))
		if (tlv_take_tag(&attribute, DER_OID, &oid) && bytes_equal(oid, type))
			return only(attribute, DER_SET, value);
	return false;
}

/* RFC 5652, 11.1 and 11.2: both attributes must be there, and be right. */
static int check_attributes(const struct cms *cms)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	enum digest_kind digest;
	struct bytes type;
	struct bytes value;
	int r = algorithm_parse_digest(cms->digest, &digest);

	if (r == 0)
		r = digest_compute(digest, cms->content, hash);
	if (r < 0)
		return r;
	if (!find_attribute(cms->attributes, cms_content_type(), &value) ||
	    !only(value, DER_OID, &type) || !bytes_equal(type, cms->content_type) ||
	    !find_attribute(cms->attributes, cms_message_digest(), &value) ||
	    !only(value, DER_OCTET_STRING, &value) ||
	    !bytes_equal(value, bytes_of(hash, digest_size(digest))))
		return ERR_FORMAT;
	return 0;
}

int cms_verify(const struct cms *cms, const struct sign_key *key)
{
	uint8_t memory[ATTRIBUTES_MAX];
	struct sign_scheme scheme;
	struct writer w;
	int r = cms_scheme(cms, &scheme);

	if (r < 0)
		return r;
	if (cms->attributes.len == 0)
		return algorithm_verify(key, &scheme, cms->content, cms->signature);
	r = check_attributes(cms);
	if (r < 0)
		return r;
	/* What is signed has the tag of a set, what is sent that of its place (5.4). */
	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, DER_SET, cms->attributes);
	if (!writer_done(&w))
		return ERR_LIMIT;
	return algorithm_verify(key, &scheme, writer_bytes(&w), cms->signature);
}

static bool parse_hashes(struct bytes in, struct cms_lds_hashes *out)
{
	while (in.len > 0) {
		struct bytes one;
		struct bytes hash;
		uint32_t number;

		if (!tlv_take_tag(&in, DER_SEQUENCE, &one) || !der_take_unsigned(&one, &number) ||
		    number < 1 || number > CMS_DATA_GROUPS_MAX ||
		    !only(one, DER_OCTET_STRING, &hash) || out->hashes[number - 1].len > 0 ||
		    hash.len != digest_size(out->digest))
			return false;
		out->hashes[number - 1] = hash;
	}
	return true;
}

int cms_parse_lds(struct bytes in, struct cms_lds_hashes *out)
{
	struct cms_lds_hashes lds = { 0 };
	struct bytes content;
	struct bytes digest;
	struct bytes hashes;
	struct bytes versions;
	int r;

	if (!only(in, DER_SEQUENCE, &content) || !der_take_unsigned(&content, &lds.version) ||
	    !der_take_whole(&content, DER_SEQUENCE, &digest) ||
	    !tlv_take_tag(&content, DER_SEQUENCE, &hashes))
		return ERR_FORMAT;
	r = algorithm_parse_digest(digest, &lds.digest);
	if (r < 0)
		return r;
	if (!parse_hashes(hashes, &lds))
		return ERR_FORMAT;
	if (content.len > 0 &&
	    (!only(content, DER_SEQUENCE, &versions) ||
	        !tlv_take_tag(&versions, DER_PRINTABLE_STRING, &lds.lds_version) ||
	        !only(versions, DER_PRINTABLE_STRING, &lds.unicode_version)))
		return ERR_FORMAT;
	*out = lds;
	return 0;
}

int cms_parse_master_list(struct bytes in, struct bytes *certificates)
{
	struct bytes content;
	struct bytes rest;
	struct tlv tlv;
	uint32_t version;

	if (!only(in, DER_SEQUENCE, &content) || !der_take_unsigned(&content, &version) ||
	    !only(content, DER_SET, &rest))
		return ERR_FORMAT;
	for (struct bytes each = rest; each.len > 0;)
		if (!tlv_take(&each, &tlv) || tlv.tag != DER_SEQUENCE)
			return ERR_FORMAT;
	*certificates = rest;
	return 0;
}
