/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X.509 certificates read (RFC 5280, 4.1). */
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "pki/x509.h"

#define TAG_VERSION 0xA0
#define TAG_EXTENSIONS 0xA3

static bool take_time(struct bytes *rest, struct bytes *time)
{
	struct tlv tlv;

	if (!tlv_take(rest, &tlv) || (tlv.tag != DER_UTC_TIME && tlv.tag != DER_GENERALIZED_TIME))
		return false;
	*time = tlv.value;
	return true;
}

static bool parse_body(struct bytes in, struct x509 *x509)
{
	struct bytes version;
	struct bytes algorithm;
	struct bytes validity;
	struct tlv tlv;

	if (!tlv_take_tag(&in, TAG_VERSION, &version) ||
	    !der_take_whole(&in, DER_INTEGER, &x509->serial) ||
	    !der_take_whole(&in, DER_SEQUENCE, &algorithm) ||
	    !der_take_whole(&in, DER_SEQUENCE, &x509->issuer) ||
	    !tlv_take_tag(&in, DER_SEQUENCE, &validity) ||
	    !take_time(&validity, &x509->not_before) || !take_time(&validity, &x509->not_after) ||
	    validity.len > 0 || !der_take_whole(&in, DER_SEQUENCE, &x509->subject) ||
	    !der_take_whole(&in, DER_SEQUENCE, &x509->public_key))
		return false;
	while (in.len > 0) {
		if (!tlv_take(&in, &tlv))
			return false;
		if (tlv.tag == TAG_EXTENSIONS &&
		    (!tlv_take_tag(&tlv.value, DER_SEQUENCE, &x509->extensions) ||
		        tlv.value.len > 0))
			return false;
	}
	return true;
}

int x509_parse(struct bytes in, struct x509 *out)
{
	struct x509 x509 = { .whole = in };
	struct bytes content;
	struct bytes body;

	if (!tlv_is_valid(in) || !tlv_take_tag(&in, DER_SEQUENCE, &content) || in.len > 0 ||
	    !der_take_whole(&content, DER_SEQUENCE, &x509.body) ||
	    !der_take_whole(&content, DER_SEQUENCE, &x509.algorithm) ||
	    !der_take_bits(&content, &x509.signature) || content.len > 0)
		return ERR_FORMAT;
	in = x509.body;
	if (!tlv_take_tag(&in, DER_SEQUENCE, &body) || !parse_body(body, &x509))
		return ERR_FORMAT;
	*out = x509;
	return 0;
}

int x509_verify(const struct x509 *x509, const struct sign_key *issuer)
{
	struct sign_scheme scheme;
	int r = algorithm_parse_signature(x509->algorithm, &scheme);

	return r < 0 ? r : algorithm_verify(issuer, &scheme, x509->body, x509->signature);
}

bool x509_take_extension(struct bytes *rest, struct x509_extension *out)
{
	struct x509_extension extension = { .critical = false };
	struct bytes r = *rest;
	struct bytes in;
	struct tlv tlv;

	if (!tlv_take_tag(&r, DER_SEQUENCE, &in) || !tlv_take_tag(&in, DER_OID, &extension.oid) ||
	    !tlv_take(&in, &tlv))
		return false;
	if (tlv.tag == DER_BOOLEAN) {
		extension.critical = tlv.value.len == 1 && tlv.value.data[0] != 0;
		if (!tlv_take(&in, &tlv))
			return false;
	}
	if (tlv.tag != DER_OCTET_STRING || in.len > 0)
		return false;
	extension.value = tlv.value;
	*out = extension;
	*rest = r;
	return true;
}

/* What the last arc of an attribute below 2.5.4 is called (RFC 4514, 3). */
static const char *attribute_name(struct bytes oid, char text[DER_OID_TEXT_SIZE])
{
	static const struct {
		uint8_t arc;
		const char *name;
	} names[] = { { 3, "CN" }, { 5, "serialNumber" }, { 6, "C" }, { 7, "L" }, { 8, "ST" },
		{ 10, "O" }, { 11, "OU" } };

	for (size_t i = 0; i < COUNT(names) && oid.len == 3; i++)
		if (oid.data[0] == 0x55 && oid.data[1] == 4 && oid.data[2] == names[i].arc)
			return names[i].name;
	return der_oid_text(oid, text);
}

static bool take_attribute(struct bytes *rest, struct bytes *oid, struct bytes *value)
{
	struct bytes in;
	struct tlv tlv;

	if (!tlv_take_tag(rest, DER_SEQUENCE, &in) || !tlv_take_tag(&in, DER_OID, oid) ||
	    !tlv_take(&in, &tlv) || in.len > 0)
		return false;
	*value = tlv.value;
	return true;
}

static size_t add_attribute(struct bytes oid, struct bytes value, char *text, size_t size)
{
	char name[DER_OID_TEXT_SIZE];
	char shown[X509_NAME_SIZE];
	int n = snprintf(
	    text, size, "%s=%s", attribute_name(oid, name), log_escape(value, shown, sizeof shown));

	return n > 0 && (size_t)n < size ? (size_t)n : size - 1;
}

const char *x509_name_text(struct bytes name, char text[X509_NAME_SIZE])
{
	struct bytes rest;
	struct bytes set;
	struct bytes oid;
	struct bytes value;
	size_t len = 0;

	text[0] = '\0';
	if (!tlv_take_tag(&name, DER_SEQUENCE, &rest))
		return "?";
	while (tlv_take_tag(&rest, DER_SET, &set))
		while (take_attribute(&set, &oid, &value)) {
			const char *comma = len > 0 ? ", " : "";
			int n = snprintf(text + len, X509_NAME_SIZE - len, "%s", comma);

			len += n > 0 && (size_t)n < X509_NAME_SIZE - len ? (size_t)n : 0;
			len += add_attribute(oid, value, text + len, X509_NAME_SIZE - len);
		}
	return text;
}

const char *x509_time_text(struct bytes time, char text[DATE_TEXT_SIZE])
{
	const bool is_short = time.len == 13; /* YYMMDDHHMMSSZ */
	char figures[9] = "20";
	size_t n = is_short ? 2 : 0;

	if (!is_short && time.len != 15)
		return "?";
	for (size_t i = 0; n < 8; i++, n++) {
		if (time.data[i] < '0' || time.data[i] > '9')
			return "?";
		figures[n] = (char)time.data[i];
	}
	if (is_short && figures[2] >= '5')
		figures[0] = '1', figures[1] = '9';
	(void)snprintf(text, DATE_TEXT_SIZE, "%.4s-%.2s-%.2s", figures, figures + 4, figures + 6);
	return text;
}
