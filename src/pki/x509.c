/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X.509 certificates (RFC 5280, 4; ICAO 9303-12, 7.1, tables 3 to 6). */
#include "pki/x509.h"

#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "pki/x509_fields.h"

#define TAG_VERSION 0xA0
#define TAG_EXTENSIONS 0xA3
#define VERSION_3 2
#define TEXT_MAX 64 /* of a name's part (RFC 5280, A.1) */
#define URL_MAX 256

#define TAG_USE_BEGINS 0x80 /* in PrivateKeyUsagePeriod */
#define TAG_USE_ENDS 0x81
#define TAG_EMAIL 0x81 /* in GeneralName */
#define TAG_DIRECTORY_NAME 0xA4
#define TAG_URI 0x86
#define TAG_DISTRIBUTION_POINT 0xA0
#define TAG_FULL_NAME 0xA0

/* The last arc below id-at, 2.5.4. */
enum attribute { COMMON_NAME = 3, COUNTRY = 6, LOCALITY = 7, ORGANIZATION = 10 };

/* 2.23.136.1.1.6.2 and 2.23.136.1.1.3 */
static const uint8_t document_type_oid[] = { 0x67, 0x81, 0x08, 1, 1, 6, 2 };
static const uint8_t master_list_oid[] = { 0x67, 0x81, 0x08, 1, 1, 3 };

static bool are_capitals(const char *text, size_t n)
{
	if (text == NULL || strlen(text) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return false;
	return true;
}

static bool is_text(const char *text, size_t max)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= max;
}

static bool is_ascii(const char *text, size_t max)
{
	if (!is_text(text, max))
		return false;
	for (; *text != '\0'; text++)
		if (*text <= 0x20 || *text > 0x7E)
			return false;
	return true;
}

static bool dates_are_valid(const struct x509_fields *f)
{
	return date_is_valid(f->not_before) && date_is_valid(f->not_after) &&
	    date_is_valid(f->signs_until) && date_compare(f->not_before, f->signs_until) <= 0 &&
	    date_compare(f->signs_until, f->not_after) <= 0;
}

static bool serial_is_valid(struct bytes serial)
{
	return serial.len > 0 && serial.len <= X509_SERIAL_MAX && serial.data[0] != 0 &&
	    (serial.len < X509_SERIAL_MAX || (serial.data[0] & 0x80) == 0);
}

static bool fields_are_valid(const struct x509_fields *f)
{
	if (!are_capitals(f->country, 2) || !are_capitals(f->locality, 3) ||
	    !is_text(f->common_name, TEXT_MAX) || !is_ascii(f->crl, URL_MAX) ||
	    !is_ascii(f->email, URL_MAX) ||
	    (f->organization != NULL && !is_text(f->organization, TEXT_MAX)))
		return false;
	if (!dates_are_valid(f) || !serial_is_valid(f->serial))
		return false;
	if (f->kind == X509_DOCUMENT_SIGNER && f->document_types[0] == NULL)
		return false;
	return (f->kind == X509_CSCA) == (f->issuer.len == 0);
}

static bool is_authority(enum x509_kind kind)
{
	return kind == X509_CSCA || kind == X509_CSCA_LINK;
}

static void put_attribute(
    struct writer *out, enum attribute attribute, enum der_tag tag, const char *text)
{
	const uint8_t oid[] = { 0x55, 0x04, (uint8_t)attribute };

	tlv_open(out, DER_SET);
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(oid));
	tlv_put(out, tag, bytes_of_string(text));
	tlv_close(out);
	tlv_close(out);
}

static void put_subject(struct writer *out, const struct x509_fields *f)
{
	tlv_open(out, DER_SEQUENCE);
	put_attribute(out, COUNTRY, DER_PRINTABLE_STRING, f->country);
	if (f->organization != NULL)
		put_attribute(out, ORGANIZATION, DER_UTF8_STRING, f->organization);
	put_attribute(out, COMMON_NAME, DER_UTF8_STRING, f->common_name);
	tlv_close(out);
}

static int put_key_ids(
    struct writer *out, const struct sign_key *subject, const struct sign_key *issuer)
{
	uint8_t id[PUBLIC_KEY_ID_SIZE];
	int r = x509_put_authority_key_id(out, issuer);

	if (r == 0)
		r = public_key_id(subject, id);
	if (r < 0)
		return r;
	x509_open_extension(out, X509_SUBJECT_KEY_ID, false);
	tlv_put(out, DER_OCTET_STRING, BYTES_OF_ARRAY(id));
	x509_close_extension(out);
	return 0;
}

/* Which of digitalSignature (bit 0), keyCertSign (5) and cRLSign (6); and what a CA is. */
static void put_usage(struct writer *out, enum x509_kind kind)
{
	static const uint8_t signs_data[] = { 7, 0x80 };
	static const uint8_t signs_certificates[] = { 1, 0x06 };

	x509_open_extension(out, X509_KEY_USAGE, true);
	tlv_put(out, DER_BIT_STRING,
	    is_authority(kind) ? BYTES_OF_ARRAY(signs_certificates) : BYTES_OF_ARRAY(signs_data));
	x509_close_extension(out);
	if (is_authority(kind)) {
		x509_open_extension(out, X509_BASIC_CONSTRAINTS, true);
		tlv_open(out, DER_SEQUENCE);
		tlv_put_u8(out, DER_BOOLEAN, 0xFF);
		der_put_unsigned(out, 0);
		tlv_close(out);
		x509_close_extension(out);
	}
	if (kind == X509_MASTER_LIST_SIGNER) {
		x509_open_extension(out, X509_EXTENDED_KEY_USAGE, true);
		tlv_open(out, DER_SEQUENCE);
		tlv_put(out, DER_OID, BYTES_OF_ARRAY(master_list_oid));
		tlv_close(out);
		x509_close_extension(out);
	}
}

/* GeneralizedTime of a day, under an implicit tag. */
static void put_time(struct writer *out, uint32_t tag, struct date date, const char *time)
{
	char text[DATE_TEXT_SIZE];

	(void)date_text(date, text);
	tlv_open(out, tag);
	writer_put(out, bytes_of((const uint8_t *)text, 4));
	writer_put(out, bytes_of((const uint8_t *)text + 5, 2));
	writer_put(out, bytes_of((const uint8_t *)text + 8, 2));
	writer_put(out, bytes_of_string(time));
	tlv_close(out);
}

static void put_use(struct writer *out, const struct x509_fields *f)
{
	x509_open_extension(out, X509_PRIVATE_KEY_USAGE_PERIOD, false);
	tlv_open(out, DER_SEQUENCE);
	put_time(out, TAG_USE_BEGINS, f->not_before, "000000Z");
	put_time(out, TAG_USE_ENDS, f->signs_until, "235959Z");
	tlv_close(out);
	x509_close_extension(out);
}

/* How to reach the authority, and its country as in the machine readable zone (9303-12, 7.1.1). */
static void put_alt_name(
    struct writer *out, enum x509_extension_id extension, const struct x509_fields *f)
{
	x509_open_extension(out, extension, false);
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, TAG_EMAIL, bytes_of_string(f->email));
	tlv_open(out, TAG_DIRECTORY_NAME);
	tlv_open(out, DER_SEQUENCE);
	put_attribute(out, LOCALITY, DER_PRINTABLE_STRING, f->locality);
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	x509_close_extension(out);
}

static void put_crl(struct writer *out, const char *url)
{
	x509_open_extension(out, X509_CRL_DISTRIBUTION_POINTS, false);
	tlv_open(out, DER_SEQUENCE);
	tlv_open(out, DER_SEQUENCE);
	tlv_open(out, TAG_DISTRIBUTION_POINT);
	tlv_open(out, TAG_FULL_NAME);
	tlv_put(out, TAG_URI, bytes_of_string(url));
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	x509_close_extension(out);
}

static int put_document_types(struct writer *out, const struct x509_fields *f)
{
	uint8_t memory[X509_DOCUMENT_TYPES_MAX * 4];
	struct writer types;

	writer_init(&types, memory, sizeof memory);
	for (size_t i = 0; i < X509_DOCUMENT_TYPES_MAX && f->document_types[i] != NULL; i++) {
		size_t n = strlen(f->document_types[i]);

		if ((n != 1 && n != 2) || !are_capitals(f->document_types[i], n))
			return ERR_FORMAT;
		tlv_put(&types, DER_PRINTABLE_STRING, bytes_of_string(f->document_types[i]));
	}
	x509_open_private(out, BYTES_OF_ARRAY(document_type_oid), false);
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, 0);
	if (!der_put_set(out, DER_SET, writer_bytes(&types)))
		return ERR_FORMAT;
	tlv_close(out);
	x509_close_extension(out);
	return 0;
}

static int put_extensions(struct writer *out, const struct x509_fields *f,
    const struct sign_key *subject, const struct sign_key *issuer)
{
	int r;

	tlv_open(out, TAG_EXTENSIONS);
	tlv_open(out, DER_SEQUENCE);
	r = put_key_ids(out, subject, issuer);
	if (r < 0)
		return r;
	put_usage(out, f->kind);
	put_use(out, f);
	put_alt_name(out, X509_SUBJECT_ALT_NAME, f);
	put_alt_name(out, X509_ISSUER_ALT_NAME, f);
	put_crl(out, f->crl);
	if (f->kind == X509_DOCUMENT_SIGNER)
		r = put_document_types(out, f);
	tlv_close(out);
	tlv_close(out);
	return r;
}

/* TBSCertificate. */
static int put_body(struct writer *out, const struct x509_fields *f, const struct sign_key *subject,
    const struct sign_key *issuer, const struct sign_scheme *scheme)
{
	int r;

	tlv_open(out, DER_SEQUENCE);
	tlv_open(out, TAG_VERSION);
	der_put_unsigned(out, VERSION_3);
	tlv_close(out);
	der_put_number(out, f->serial);
	algorithm_put_signature(out, scheme);
	if (f->kind == X509_CSCA)
		put_subject(out, f);
	else
		writer_put(out, f->issuer);
	tlv_open(out, DER_SEQUENCE);
	der_put_day(out, f->not_before, false);
	der_put_day(out, f->not_after, true);
	tlv_close(out);
	put_subject(out, f);
	r = public_key_put(out, subject, f->curve_form);
	if (r == 0)
		r = put_extensions(out, f, subject, issuer);
	tlv_close(out);
	return r == 0 && out->failed ? ERR_LIMIT : r;
}

int x509_write(const struct x509_fields *fields, const struct sign_key *subject,
    const struct sign_key *issuer, const struct sign_scheme *scheme, struct writer *out)
{
	uint8_t memory[X509_SIZE_MAX - 1024];
	struct writer body;
	int r;

	if (!fields_are_valid(fields))
		return ERR_FORMAT;
	if (scheme->ec != (issuer->ec != NULL))
		return ERR_UNSUPPORTED;
	writer_init(&body, memory, sizeof memory);
	r = put_body(&body, fields, subject, issuer, scheme);
	return r == 0 ? x509_put_signed(out, writer_bytes(&body), issuer, scheme) : r;
}
