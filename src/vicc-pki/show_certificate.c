/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc-pki show: CV certificates and requests, X.509 certificates. */
#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cvc_chain.h"
#include "pki/cvc_request.h"
#include "pki/der.h"
#include "pki/x509.h"
#include "vicc-pki/print.h"
#include "vicc-pki/show.h"

#define TAG_OID 0x06
#define VALUES_DEPTH_MAX 8
#define TAG_EXTENSION 0x73

static const char *verdict(int r)
{
	return r == 0 ? "right" : r == ERR_UNSUPPORTED ? "by an algorithm not known here" : "WRONG";
}

static void print_cvc_key(const struct cvc_public_key *key, struct random *random)
{
	struct sign_key usable;
	enum ec_curve curve;

	print_line("algorithm", "%s", cvc_algorithm_name(key->algorithm));
	if (key->n.len > 0) {
		print_line("public key", "RSA, %zu bits", key->n.len * 8);
		print_bytes("", key->n);
		return;
	}
	if (!key->has_domain)
		print_line("public key", "EC, on the curve of the CVCA");
	else if (cvc_key(key, NULL, random, &usable) < 0)
		print_line("public key", "EC, NOT valid");
	else {
		print_line("public key", "EC, %s",
		    public_key_curve_of(ec_group_of(usable.ec), &curve) ? ec_curve_name(curve)
		                                                        : "another curve");
		sign_key_done(&usable);
	}
	print_bytes("", key->point);
}

static void print_rights(const struct chat *chat)
{
	const char *name = "rights";

	for (unsigned bit = 0; bit < chat_rights(chat->type); bit++) {
		const char *right = chat_right_name(chat->type, bit);

		if (!chat_has(chat, bit))
			continue;
		if (right != NULL)
			print_line(name, "%s", right);
		else
			print_line(name, "bit %u, which is reserved", bit);
		name = "";
	}
	if (name[0] != '\0')
		print_line(name, "none");
}

/* id-extensions, 0.4.0.127.0.7.3.1.3, and one number more. */
static const char *extension_name(struct bytes oid, char text[DER_OID_TEXT_SIZE])
{
	static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 3, 1, 3 };
	static const char *const names[] = { NULL, "description", "sector", "pseudonym sector" };

	if (bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)) && oid.len == sizeof prefix + 1) {
		uint8_t arc = oid.data[sizeof prefix];

		if (arc > 0 && arc < COUNT(names))
			return names[arc];
	}
	return der_oid_text(oid, text);
}

static void print_cvc_extensions(struct bytes in)
{
	struct bytes extension;
	struct bytes oid;
	struct tlv tlv;

	while (tlv_take_tag(&in, TAG_EXTENSION, &extension) &&
	    tlv_take_tag(&extension, TAG_OID, &oid)) {
		char text[DER_OID_TEXT_SIZE];
		const char *name = extension_name(oid, text);

		while (tlv_take(&extension, &tlv)) {
			print_bytes(name, tlv.value);
			name = "";
		}
	}
}

static void print_period(struct date from, struct date until)
{
	char texts[2][DATE_TEXT_SIZE];

	print_line("valid", "%s to %s", date_text(from, texts[0]), date_text(until, texts[1]));
}

bool show_cvc(struct bytes in, struct random *random)
{
	struct cvc_issuer itself;
	struct cvc cvc;

	if (cvc_parse(in, &cvc) < 0)
		return false;
	print_title("CV certificate");
	print_text("holder", cvc.chr);
	print_text("issuer", cvc.car);
	print_line(
	    "role", "%s, %s", chat_role_name(chat_role(&cvc.chat)), chat_type_name(cvc.chat.type));
	print_rights(&cvc.chat);
	print_period(cvc.effective, cvc.expiration);
	print_cvc_key(&cvc.key, random);
	print_cvc_extensions(cvc.extensions);
	print_bytes("signature", cvc.signature);
	if (bytes_equal(cvc.car, cvc.chr) && cvc_trust_point(&cvc, &itself))
		print_line("", "by itself: %s", verdict(cvc_verify(&itself, &cvc, random)));
	return true;
}

bool show_request(struct bytes in, struct random *random)
{
	struct cvc_request request;

	if (cvc_request_parse(in, &request) < 0)
		return false;
	print_title("Request for a CV certificate");
	print_text("holder", request.chr);
	if (request.car.len > 0)
		print_text("authority", request.car);
	print_cvc_key(&request.key, random);
	print_cvc_extensions(request.extensions);
	print_line(
	    "signature", "by the key itself: %s", verdict(cvc_request_verify(&request, random)));
	if (request.outer_car.len > 0)
		print_text("authenticated by", request.outer_car);
	return true;
}

/* What an extension tells, as far as it is known here. */
struct x509_facts {
	bool is_authority, is_signer, is_list_signer;
};

static void look_at_extension(const struct x509_extension *extension, struct x509_facts *facts)
{
	static const uint8_t basic_constraints[] = { 0x55, 0x1D, 19 };
	static const uint8_t extended_usage[] = { 0x55, 0x1D, 37 };
	static const uint8_t document_types[] = { 0x67, 0x81, 0x08, 1, 1, 6, 2 };
	static const uint8_t list_signer[] = { 0x67, 0x81, 0x08, 1, 1, 3 };
	struct bytes value = extension->value;
	struct bytes in;
	struct bytes found;

	if (!tlv_take_tag(&value, DER_SEQUENCE, &in))
		return;
	if (bytes_equal(extension->oid, BYTES_OF_ARRAY(basic_constraints)))
		facts->is_authority = tlv_find(in, DER_BOOLEAN, &found);
	else if (bytes_equal(extension->oid, BYTES_OF_ARRAY(document_types)))
		facts->is_signer = true;
	else if (bytes_equal(extension->oid, BYTES_OF_ARRAY(extended_usage)))
		facts->is_list_signer = tlv_find(in, DER_OID, &found) &&
		    bytes_equal(found, BYTES_OF_ARRAY(list_signer));
}

static const char *what_it_is(const struct x509 *x509)
{
	struct bytes rest = x509->extensions;
	struct x509_facts facts = { 0 };
	struct x509_extension extension;

	while (x509_take_extension(&rest, &extension))
		look_at_extension(&extension, &facts);
	if (facts.is_authority)
		return bytes_equal(x509->subject, x509->issuer)
		    ? "certificate of an authority (CSCA)"
		    : "link certificate of an authority (CSCA)";
	if (facts.is_signer)
		return "certificate of a document signer";
	return facts.is_list_signer ? "certificate of a master list signer" : "certificate";
}

static bool is_printable(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.data[i] < 0x20 || in.data[i] > 0x7E)
			return false;
	return in.len > 0;
}

/* The values of all data objects inside, text as text. What is not DER, or too deep, as it is. */
static void print_values(const char *name, struct bytes in, unsigned depth)
{
	struct tlv tlv;

	if (depth == VALUES_DEPTH_MAX || !tlv_is_valid(in)) {
		print_bytes(name, in);
		return;
	}
	while (tlv_take(&in, &tlv)) {
		if (tlv_is_constructed(tlv.tag))
			print_values(name, tlv.value, depth + 1);
		else if (is_printable(tlv.value))
			print_text(name, tlv.value);
		else if (tlv.tag != DER_OID && tlv.tag != DER_INTEGER)
			print_bytes(name, tlv.value);
		else
			continue;
		name = "";
	}
}

/* KeyUsage: bit 0 is the highest of the first byte (RFC 5280, 4.2.1.3). */
static void print_usage(struct bytes in)
{
	static const char *const uses[] = { "digital signature", "non-repudiation",
		"key encipherment", "data encipherment", "key agreement", "certificate signing",
		"CRL signing", "encipher only" };
	const char *name = "key usage";
	struct bytes value;

	if (!tlv_take_tag(&in, DER_BIT_STRING, &value) || value.len < 2)
		return;
	for (unsigned i = 0; i < COUNT(uses); i++) {
		if ((value.data[1] & (0x80 >> i)) == 0)
			continue;
		print_line(name, "%s", uses[i]);
		name = "";
	}
}

static void print_extension(const struct x509_extension *extension)
{
	static const uint8_t standard[] = { 0x55, 0x1D };
	static const uint8_t document_types[] = { 0x67, 0x81, 0x08, 1, 1, 6, 2 };
	static const char *const names[] = { [14] = "subject key id",
		[15] = "key usage",
		[16] = "private key use",
		[17] = "subject alt. name",
		[18] = "issuer alt. name",
		[19] = "basic constraints",
		[31] = "CRL",
		[35] = "authority key id",
		[37] = "extended key usage" };
	char text[DER_OID_TEXT_SIZE];
	const char *name = NULL;
	uint8_t arc = 0;

	if (bytes_starts_with(extension->oid, BYTES_OF_ARRAY(standard)) && extension->oid.len == 3)
		arc = extension->oid.data[2];
	if (arc < COUNT(names))
		name = names[arc];
	if (bytes_equal(extension->oid, BYTES_OF_ARRAY(document_types)))
		name = "document types";
	if (name == NULL)
		name = der_oid_text(extension->oid, text);
	if (arc == 15)
		print_usage(extension->value);
	else if (arc == 19 || arc == 37)
		print_bytes(name, extension->value);
	else
		print_values(name, extension->value, 0);
	if (extension->critical)
		print_line("", "(critical)");
}

static void print_extensions(const struct x509 *x509)
{
	struct bytes rest = x509->extensions;
	struct x509_extension extension;

	while (x509_take_extension(&rest, &extension))
		print_extension(&extension);
}

static void print_signature(const struct x509 *x509, struct random *random)
{
	char text[PRINT_SCHEME_SIZE];
	struct sign_scheme scheme;
	struct sign_key key;

	if (algorithm_parse_signature(x509->algorithm, &scheme) < 0)
		print_line("signature", "by an algorithm not known here");
	else
		print_line("signature", "%s", print_scheme(&scheme, text));
	if (!bytes_equal(x509->subject, x509->issuer) ||
	    sign_key_read(random, x509->public_key, &key) < 0)
		return;
	print_line("", "by itself: %s", verdict(x509_verify(x509, &key)));
	sign_key_done(&key);
}

bool show_x509(struct bytes in, struct random *random)
{
	char name[X509_NAME_SIZE];
	char texts[2][DATE_TEXT_SIZE];
	struct bytes serial;
	struct x509 x509;

	if (x509_parse(in, &x509) < 0)
		return false;
	print_title("X.509 %s", what_it_is(&x509));
	print_line("subject", "%s", x509_name_text(x509.subject, name));
	print_line("issuer", "%s", x509_name_text(x509.issuer, name));
	if (der_take_number(&x509.serial, &serial))
		print_bytes("serial number", serial);
	print_line("valid", "%s to %s", x509_time_text(x509.not_before, texts[0]),
	    x509_time_text(x509.not_after, texts[1]));
	print_public_key(x509.public_key);
	print_extensions(&x509);
	print_signature(&x509, random);
	return true;
}
