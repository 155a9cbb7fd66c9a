/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SubjectPublicKeyInfo (RFC 3279, 2.3; RFC 5480, 2; BSI TR-03111, 5.1.1). */
#include "pki/public_key.h"

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/curve.h"
#include "pki/der.h"

#define RSA_PUBLIC_KEY_MAX 1100 /* SubjectPublicKeyInfo of RSA with 4096 bits */
#define EC_PARAMETERS_VERSION 1

static const uint8_t rsa_encryption[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1 };
static const uint8_t ec_public_key[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1 };
static const uint8_t prime_field[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 1, 1 };
static const uint8_t dh_public_number[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3E, 2, 1 };

/* A number of the group as an INTEGER, or its bytes as an OCTET STRING. */
static int put_part(
    struct writer *out, const struct ec_group *group, enum ec_part part, enum der_tag tag)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = ec_group_put(group, part, &w);
	if (r < 0)
		return r;
	if (tag == DER_INTEGER)
		der_put_number(out, writer_bytes(&w));
	else
		tlv_put(out, tag, writer_bytes(&w));
	return 0;
}

/* ECParameters, specifiedCurve (TR-03111, 5.1.1). */
static int put_numbers(struct writer *out, const struct ec_group *group)
{
	int r;

	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, EC_PARAMETERS_VERSION);
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(prime_field));
	r = put_part(out, group, EC_PART_P, DER_INTEGER);
	tlv_close(out);
	tlv_open(out, DER_SEQUENCE);
	if (r == 0)
		r = put_part(out, group, EC_PART_A, DER_OCTET_STRING);
	if (r == 0)
		r = put_part(out, group, EC_PART_B, DER_OCTET_STRING);
	tlv_close(out);
	if (r == 0)
		r = put_part(out, group, EC_PART_G, DER_OCTET_STRING);
	if (r == 0)
		r = put_part(out, group, EC_PART_N, DER_INTEGER);
	if (r == 0)
		r = put_part(out, group, EC_PART_H, DER_INTEGER);
	tlv_close(out);
	return r;
}

static int put_curve(struct writer *out, const struct ec_group *group, enum curve_form form)
{
	enum ec_curve curve;

	if (form == CURVE_EXPLICIT)
		return put_numbers(out, group);
	if (!public_key_curve_of(group, &curve))
		return ERR_UNSUPPORTED;
	tlv_put(out, DER_OID, curve_oid(curve));
	return 0;
}

int public_key_put_ec(struct writer *out, const struct ec_key *key, enum curve_form form)
{
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer point;
	int r;

	writer_init(&point, memory, sizeof memory);
	r = ec_put_public(key, &point);
	if (r < 0)
		return r;
	tlv_open(out, DER_SEQUENCE);
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(ec_public_key));
	r = put_curve(out, ec_group_of(key), form);
	tlv_close(out);
	der_put_bits(out, writer_bytes(&point));
	tlv_close(out);
	return r == 0 && out->failed ? ERR_LIMIT : r;
}

static int put_dh_part(struct writer *out, const struct dh_group *group, enum dh_part part)
{
	uint8_t memory[DH_SIZE_MAX];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = dh_group_put(group, part, &w);
	if (r == 0)
		der_put_number(out, writer_bytes(&w));
	return r;
}

/* DomainParameters of X9.42: p, g, q. */
static int put_dh_domain(struct writer *out, const struct dh_group *group)
{
	static const enum dh_part parts[] = { DH_PART_P, DH_PART_G, DH_PART_Q };
	int r = 0;

	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(dh_public_number));
	tlv_open(out, DER_SEQUENCE);
	for (size_t i = 0; i < COUNT(parts) && r == 0; i++)
		r = put_dh_part(out, group, parts[i]);
	tlv_close(out);
	tlv_close(out);
	return r;
}

int public_key_put_dh(struct writer *out, const struct dh_key *key)
{
	uint8_t memory[DH_SIZE_MAX];
	uint8_t number[DH_SIZE_MAX + 8];
	struct writer w;
	struct writer value;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = dh_put_public(key, &w);
	if (r < 0)
		return r;
	writer_init(&value, number, sizeof number);
	der_put_number(&value, writer_bytes(&w));
	tlv_open(out, DER_SEQUENCE);
	r = put_dh_domain(out, dh_group_of(key));
	der_put_bits(out, writer_bytes(&value));
	tlv_close(out);
	return r == 0 && out->failed ? ERR_LIMIT : r;
}

int public_key_put(struct writer *out, const struct sign_key *key, enum curve_form form)
{
	return key->ec != NULL ? public_key_put_ec(out, key->ec, form)
	                       : rsa_write_public(key->rsa, out);
}

int public_key_id(const struct sign_key *key, uint8_t id[PUBLIC_KEY_ID_SIZE])
{
	uint8_t memory[RSA_PUBLIC_KEY_MAX];
	struct writer w;
	struct bytes rest;
	struct bytes in;
	struct tlv algorithm;
	struct bytes bits;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = public_key_put(&w, key, CURVE_EXPLICIT);
	if (r < 0)
		return r;
	rest = writer_bytes(&w);
	if (!tlv_take_tag(&rest, DER_SEQUENCE, &in) || !tlv_take(&in, &algorithm) ||
	    !der_take_bits(&in, &bits))
		return ERR_CRYPTO;
	return digest_compute(DIGEST_SHA1, bits, id);
}

static bool take_coefficients(struct bytes *in, struct ec_numbers *numbers)
{
	struct bytes curve;
	struct bytes seed;

	return tlv_take_tag(in, DER_SEQUENCE, &curve) &&
	    tlv_take_tag(&curve, DER_OCTET_STRING, &numbers->a) &&
	    tlv_take_tag(&curve, DER_OCTET_STRING, &numbers->b) &&
	    (curve.len == 0 || (der_take_bits(&curve, &seed) && curve.len == 0));
}

static int parse_numbers(struct bytes in, struct ec_numbers *out)
{
	struct ec_numbers numbers = { 0 };
	struct bytes field;
	struct bytes oid;
	uint32_t version;

	if (!der_take_unsigned(&in, &version) || !tlv_take_tag(&in, DER_SEQUENCE, &field) ||
	    !tlv_take_tag(&field, DER_OID, &oid))
		return ERR_FORMAT;
	if (!bytes_equal(oid, BYTES_OF_ARRAY(prime_field)))
		return ERR_UNSUPPORTED;
	if (!der_take_number(&field, &numbers.p) || field.len > 0 ||
	    !take_coefficients(&in, &numbers) || !tlv_take_tag(&in, DER_OCTET_STRING, &numbers.g) ||
	    !der_take_number(&in, &numbers.n))
		return ERR_FORMAT;
	if (in.len > 0 && (!der_take_number(&in, &numbers.h) || in.len > 0))
		return ERR_FORMAT;
	*out = numbers;
	return 0;
}

static int parse_ec(struct bytes in, struct public_key_domain *out)
{
	struct tlv tlv;

	out->kind = PUBLIC_KEY_EC;
	if (!tlv_take(&in, &tlv) || in.len > 0)
		return ERR_FORMAT;
	if (tlv.tag == DER_SEQUENCE)
		return parse_numbers(tlv.value, &out->ec);
	if (tlv.tag != DER_OID || !curve_find(tlv.value, &out->curve))
		return ERR_UNSUPPORTED;
	out->is_named = true;
	return 0;
}

/* What may follow q, a cofactor and how the numbers were found, is of no use here. */
static int parse_dh(struct bytes in, struct public_key_domain *out)
{
	struct bytes numbers;

	out->kind = PUBLIC_KEY_DH;
	if (!tlv_take_tag(&in, DER_SEQUENCE, &numbers) || in.len > 0 ||
	    !der_take_number(&numbers, &out->p) || !der_take_number(&numbers, &out->g) ||
	    !der_take_number(&numbers, &out->q))
		return ERR_FORMAT;
	return 0;
}

int public_key_parse_domain(struct bytes in, struct public_key_domain *out)
{
	struct public_key_domain domain = { .kind = PUBLIC_KEY_RSA };
	struct bytes value;
	struct bytes oid;
	int r = 0;

	if (!tlv_take_tag(&in, DER_SEQUENCE, &value) || in.len > 0 ||
	    !tlv_take_tag(&value, DER_OID, &oid) || !tlv_is_valid(value))
		return ERR_FORMAT;
	if (bytes_equal(oid, BYTES_OF_ARRAY(ec_public_key)))
		r = parse_ec(value, &domain);
	else if (bytes_equal(oid, BYTES_OF_ARRAY(dh_public_number)))
		r = parse_dh(value, &domain);
	else if (!bytes_equal(oid, BYTES_OF_ARRAY(rsa_encryption)))
		r = ERR_UNSUPPORTED;
	if (r == 0)
		*out = domain;
	return r;
}

int public_key_parse(struct bytes in, struct public_key *out)
{
	struct public_key key;
	struct bytes content;
	struct tlv algorithm;
	int r;

	if (!tlv_take_tag(&in, DER_SEQUENCE, &content) || in.len > 0 ||
	    !tlv_take(&content, &algorithm) || !der_take_bits(&content, &key.value) ||
	    content.len > 0)
		return ERR_FORMAT;
	r = public_key_parse_domain(algorithm.whole, &key.domain);
	if (r < 0)
		return r;
	if (key.domain.kind == PUBLIC_KEY_DH) {
		struct bytes bits = key.value;

		if (!der_take_number(&bits, &key.value) || bits.len > 0)
			return ERR_FORMAT;
	}
	*out = key;
	return 0;
}

int public_key_ec_group(
    const struct public_key_domain *domain, struct ec_group **own, const struct ec_group **out)
{
	int r;

	if (domain->kind != PUBLIC_KEY_EC)
		return ERR_UNSUPPORTED;
	*own = NULL;
	if (domain->is_named) {
		*out = ec_group_named(domain->curve);
		return *out != NULL ? 0 : ERR_CRYPTO;
	}
	r = ec_group_explicit(&domain->ec, own);
	if (r == 0)
		*out = *own;
	return r;
}

int public_key_dh_group(const struct public_key_domain *domain, struct dh_group **out)
{
	if (domain->kind != PUBLIC_KEY_DH)
		return ERR_UNSUPPORTED;
	return dh_group_explicit(domain->p, domain->q, domain->g, out);
}

static bool is_same(const struct ec_group *a, const struct ec_group *b)
{
	uint8_t memory[2][EC_POINT_SIZE_MAX];

	for (enum ec_part part = EC_PART_P; part <= EC_PART_H; part++) {
		struct writer w[2];

		writer_init(&w[0], memory[0], sizeof memory[0]);
		writer_init(&w[1], memory[1], sizeof memory[1]);
		if (ec_group_put(a, part, &w[0]) < 0 || ec_group_put(b, part, &w[1]) < 0 ||
		    !bytes_equal(writer_bytes(&w[0]), writer_bytes(&w[1])))
			return false;
	}
	return true;
}

bool public_key_curve_of(const struct ec_group *group, enum ec_curve *out)
{
	for (unsigned i = 0; i < EC_CURVES; i++) {
		const struct ec_group *named = ec_group_named((enum ec_curve)i);

		if (named == NULL || (group != named && !is_same(group, named)))
			continue;
		*out = (enum ec_curve)i;
		return true;
	}
	return false;
}
