/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed data (RFC 5652, 5; ICAO 9303-10, 4.6.2 and appendix D; ICAO 9303-12, 9). */
#include "pki/cms.h"

#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cms_oids.h"
#include "pki/der.h"
#include "pki/x509.h"

#define TAG_SOD 0x77
#define TAG_EXPLICIT_0 0xA0
#define SIGNED_DATA_VERSION 3 /* the content is of another type than data (RFC 5652, 5.1) */
#define SIGNER_INFO_VERSION 1 /* issuerAndSerialNumber */
#define MASTER_LIST_VERSION 0
#define LDS_SIZE_MAX 2048
#define ATTRIBUTES_MAX 256

#define PKCS 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01 /* 1.2.840.113549.1 */

static const uint8_t signed_data[] = { PKCS, 7, 2 };
static const uint8_t content_type[] = { PKCS, 9, 3 };
static const uint8_t message_digest[] = { PKCS, 9, 4 };
static const uint8_t signing_time[] = { PKCS, 9, 5 };

static const uint8_t lds_security_object[] = { 0x67, 0x81, 0x08, 1, 1, 1 };
static const uint8_t security_object[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 3, 2, 1 };
static const uint8_t master_list[] = { 0x67, 0x81, 0x08, 1, 1, 2 };

static const struct bytes contents[] = {
	[CMS_LDS_SECURITY_OBJECT] = { lds_security_object, sizeof lds_security_object },
	[CMS_SECURITY_OBJECT] = { security_object, sizeof security_object },
	[CMS_MASTER_LIST] = { master_list, sizeof master_list },
};

struct bytes cms_content_oid(enum cms_content kind)
{
	return contents[kind];
}

bool cms_content_find(struct bytes oid, enum cms_content *out)
{
	for (unsigned i = 0; i < COUNT(contents); i++) {
		if (!bytes_equal(oid, contents[i]))
			continue;
		*out = (enum cms_content)i;
		return true;
	}
	return false;
}

struct bytes cms_signed_data(void)
{
	return BYTES_OF_ARRAY(signed_data);
}

struct bytes cms_content_type(void)
{
	return BYTES_OF_ARRAY(content_type);
}

struct bytes cms_message_digest(void)
{
	return BYTES_OF_ARRAY(message_digest);
}

/* Attribute: SEQUENCE of a type and a SET of one value. */
static void open_attribute(struct writer *out, struct bytes type)
{
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, type);
	tlv_open(out, DER_SET);
}

static void close_attribute(struct writer *out)
{
	tlv_close(out);
	tlv_close(out);
}

/* The members of signedAttrs. */
static int put_attributes(enum cms_content kind, struct bytes content,
    const struct cms_signer *signer, struct writer *out)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	int r = digest_compute(signer->scheme.digest, content, hash);

	if (r < 0)
		return r;
	open_attribute(out, BYTES_OF_ARRAY(content_type));
	tlv_put(out, DER_OID, cms_content_oid(kind));
	close_attribute(out);
	open_attribute(out, BYTES_OF_ARRAY(message_digest));
	tlv_put(out, DER_OCTET_STRING, bytes_of(hash, digest_size(signer->scheme.digest)));
	close_attribute(out);
	if (signer->day.year != 0) {
		open_attribute(out, BYTES_OF_ARRAY(signing_time));
		der_put_day(out, signer->day, false);
		close_attribute(out);
	}
	return out->failed ? ERR_LIMIT : 0;
}

static int put_signer_info(struct bytes attributes, const struct x509 *certificate,
    const struct cms_signer *signer, struct writer *out)
{
	uint8_t memory[ATTRIBUTES_MAX + 8];
	struct writer set;
	int r;

	/* What is signed has the tag of a set, what is sent that of its place (RFC 5652, 5.4). */
	writer_init(&set, memory, sizeof memory);
	if (!der_put_set(&set, DER_SET, attributes) || set.failed)
		return ERR_LIMIT;
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, SIGNER_INFO_VERSION);
	tlv_open(out, DER_SEQUENCE);
	writer_put(out, certificate->issuer);
	writer_put(out, certificate->serial);
	tlv_close(out);
	algorithm_put_digest(out, signer->scheme.digest);
	if (!der_put_set(out, TAG_EXPLICIT_0, attributes))
		return ERR_LIMIT;
	algorithm_put_signature(out, &signer->scheme);
	tlv_open(out, DER_OCTET_STRING);
	r = algorithm_sign(signer->key, &signer->scheme, writer_bytes(&set), out);
	tlv_close(out);
	tlv_close(out);
	return r;
}

/* Sorted, as a set is. */
static bool is_before(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	return memcmp(a.data, b.data, n) < 0;
}

static bool put_certificates(const struct cms_signer *signer, struct writer *out)
{
	struct bytes first = signer->certificate;
	struct bytes second = signer->issuer_certificate;

	if (second.len > 0 && is_before(second, first)) {
		first = second;
		second = signer->certificate;
	}
	tlv_open(out, TAG_EXPLICIT_0);
	writer_put(out, first);
	writer_put(out, second);
	tlv_close(out);
	return !out->failed;
}

static void put_content(enum cms_content kind, struct bytes content, struct writer *out)
{
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, cms_content_oid(kind));
	tlv_open(out, TAG_EXPLICIT_0);
	tlv_put(out, DER_OCTET_STRING, content);
	tlv_close(out);
	tlv_close(out);
}

static bool certificates_are_valid(const struct cms_signer *signer, struct x509 *certificate)
{
	struct x509 issuer;

	return x509_parse(signer->certificate, certificate) == 0 &&
	    (signer->issuer_certificate.len == 0 ||
	        x509_parse(signer->issuer_certificate, &issuer) == 0);
}

int cms_sign(enum cms_content kind, struct bytes content, const struct cms_signer *signer,
    struct writer *out)
{
	uint8_t memory[ATTRIBUTES_MAX];
	struct writer attributes;
	struct x509 certificate;
	int r;

	if (!certificates_are_valid(signer, &certificate))
		return ERR_FORMAT;
	writer_init(&attributes, memory, sizeof memory);
	r = put_attributes(kind, content, signer, &attributes);
	if (r < 0)
		return r;
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(signed_data));
	tlv_open(out, TAG_EXPLICIT_0);
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, SIGNED_DATA_VERSION);
	tlv_open(out, DER_SET);
	algorithm_put_digest(out, signer->scheme.digest);
	tlv_close(out);
	put_content(kind, content, out);
	if (!put_certificates(signer, out))
		return ERR_LIMIT;
	tlv_open(out, DER_SET);
	r = put_signer_info(writer_bytes(&attributes), &certificate, signer, out);
	if (r < 0)
		return r;
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

static int put_hashes(const struct cms_lds *lds, struct writer *out)
{
	size_t count = 0;

	tlv_open(out, DER_SEQUENCE);
	for (size_t i = 0; i < CMS_DATA_GROUPS_MAX; i++) {
		uint8_t hash[DIGEST_SIZE_MAX];
		int r;

		if (lds->data_groups[i].len == 0)
			continue;
		r = digest_compute(lds->digest, lds->data_groups[i], hash);
		if (r < 0)
			return r;
		tlv_open(out, DER_SEQUENCE);
		der_put_unsigned(out, (uint32_t)i + 1);
		tlv_put(out, DER_OCTET_STRING, bytes_of(hash, digest_size(lds->digest)));
		tlv_close(out);
		count++;
	}
	tlv_close(out);
	return count < 2 ? ERR_FORMAT : 0;
}

int cms_put_lds(const struct cms_lds *lds, struct writer *out)
{
	int r;

	if (lds->version > 1 ||
	    (lds->version == 1 && (lds->lds_version == NULL || lds->unicode_version == NULL)))
		return ERR_FORMAT;
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, lds->version);
	algorithm_put_digest(out, lds->digest);
	r = put_hashes(lds, out);
	if (r < 0)
		return r;
	if (lds->version == 1) {
		tlv_open(out, DER_SEQUENCE);
		tlv_put(out, DER_PRINTABLE_STRING, bytes_of_string(lds->lds_version));
		tlv_put(out, DER_PRINTABLE_STRING, bytes_of_string(lds->unicode_version));
		tlv_close(out);
	}
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

int cms_put_sod(const struct cms_lds *lds, const struct cms_signer *signer, struct writer *out)
{
	uint8_t memory[LDS_SIZE_MAX];
	struct writer content;
	int r;

	writer_init(&content, memory, sizeof memory);
	r = cms_put_lds(lds, &content);
	if (r < 0)
		return r;
	tlv_open(out, TAG_SOD);
	r = cms_sign(CMS_LDS_SECURITY_OBJECT, writer_bytes(&content), signer, out);
	tlv_close(out);
	return r == 0 && out->failed ? ERR_LIMIT : r;
}

int cms_put_master_list(struct bytes certificates, struct writer *out)
{
	struct bytes rest = certificates;
	struct x509 certificate;
	struct tlv tlv;

	if (certificates.len == 0)
		return ERR_FORMAT;
	while (rest.len > 0)
		if (!tlv_take(&rest, &tlv) || x509_parse(tlv.whole, &certificate) < 0)
			return ERR_FORMAT;
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, MASTER_LIST_VERSION);
	if (!der_put_set(out, DER_SET, certificates))
		return ERR_FORMAT;
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}
