/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SecurityInfos (ICAO 9303-11, 9.2; BSI TR-03110-3, A.1.1). Readers skip what they do not know; so does this one. */
#include "pki/security_info.h"

#include <assert.h>
#include <stdio.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/der.h"

#define OID_MAX 10

/* What required and optional data consist of. */
enum shape {
	SHAPE_VERSION_ID,    /* INTEGER; INTEGER */
	SHAPE_DOMAIN_ID,     /* AlgorithmIdentifier; INTEGER */
	SHAPE_PUBLIC_KEY_ID, /* SubjectPublicKeyInfo; INTEGER */
	SHAPE_FILE,          /* INTEGER; FileID */
	SHAPE_SIGNATURE,     /* INTEGER; OBJECT IDENTIFIER, which is not optional */
	SHAPE_RESTRICTED,    /* SEQUENCE of version, keyId, authorizedOnly; INTEGER */
	SHAPE_URL,           /* IA5String; anything */
	SHAPE_ANY,
};

#define BSI 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02 /* 0.4.0.127.0.7.2.2 */

static const struct kind {
	const char *name;
	enum shape shape;
	uint8_t prefix_len;
	uint8_t arcs; /* how many more follow */
	uint8_t prefix[OID_MAX];
} kinds[SECURITY_INFO_KINDS] = {
	[SECURITY_INFO_PACE] = { "PACE", SHAPE_VERSION_ID, 8, 2, { BSI, 4 } },
	[SECURITY_INFO_PACE_DOMAIN] = { "PACE domain parameters", SHAPE_DOMAIN_ID, 8, 1,
	    { BSI, 4 } },
	[SECURITY_INFO_CHIP_AUTH] = { "chip authentication", SHAPE_VERSION_ID, 8, 2, { BSI, 3 } },
	[SECURITY_INFO_CHIP_AUTH_DOMAIN] = { "chip authentication domain parameters",
	    SHAPE_DOMAIN_ID, 8, 1, { BSI, 3 } },
	[SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY] = { "chip authentication public key",
	    SHAPE_PUBLIC_KEY_ID, 8, 1, { BSI, 1 } },
	[SECURITY_INFO_TERMINAL_AUTH] = { "terminal authentication", SHAPE_FILE, 8, 0, { BSI, 2 } },
	[SECURITY_INFO_ACTIVE_AUTH] = { "active authentication", SHAPE_SIGNATURE, 6, 0,
	    { 0x67, 0x81, 0x08, 1, 1, 5 } },
	[SECURITY_INFO_RESTRICTED_ID] = { "restricted identification", SHAPE_RESTRICTED, 8, 2,
	    { BSI, 5 } },
	[SECURITY_INFO_RESTRICTED_ID_DOMAIN] = { "restricted identification domain parameters",
	    SHAPE_DOMAIN_ID, 8, 1, { BSI, 5 } },
	[SECURITY_INFO_CARD_INFO] = { "card info", SHAPE_URL, 8, 0, { BSI, 6 } },
	[SECURITY_INFO_OTHER] = { "other", SHAPE_ANY, 0, 0, { 0 } },
};

/* id-PI standardizedDomainParameters, 0.4.0.127.0.7.1.2 */
static const uint8_t standardised_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02 };

enum security_info_kind security_info_kind_of(struct bytes protocol)
{
	for (enum security_info_kind i = 0; i < SECURITY_INFO_OTHER; i++) {
		struct bytes prefix = bytes_of(kinds[i].prefix, kinds[i].prefix_len);

		if (bytes_starts_with(protocol, prefix) &&
		    protocol.len == (size_t)kinds[i].prefix_len + kinds[i].arcs)
			return i;
	}
	return SECURITY_INFO_OTHER;
}

const char *security_info_kind_name(enum security_info_kind kind)
{
	return kinds[kind].name;
}

const char *security_info_protocol_name(struct bytes protocol, char name[SECURITY_INFO_NAME_SIZE])
{
	static const char *const pace[] = { "?", "DH-GM", "ECDH-GM", "DH-IM", "ECDH-IM", "?",
		"ECDH-CAM" };
	static const char *const other[] = { "?", "DH", "ECDH", "?", "?", "?", "?" };
	static const char *const ciphers[] = { "?", "3DES-CBC-CBC", "AES-CBC-CMAC-128",
		"AES-CBC-CMAC-192", "AES-CBC-CMAC-256", "?" };
	static const char *const digests[] = { "?", "SHA-1", "SHA-224", "SHA-256", "SHA-384",
		"SHA-512" };
	const struct kind *kind = &kinds[security_info_kind_of(protocol)];
	bool is_pace =
	    kind == &kinds[SECURITY_INFO_PACE] || kind == &kinds[SECURITY_INFO_PACE_DOMAIN];
	const char *const *last = kind->shape == SHAPE_RESTRICTED ? digests : ciphers;
	unsigned first;
	unsigned second;

	name[0] = '\0';
	if (kind->arcs == 0)
		return name;
	first = protocol.data[kind->prefix_len];
	second = kind->arcs > 1 ? protocol.data[kind->prefix_len + 1U] : 0;
	(void)snprintf(name, SECURITY_INFO_NAME_SIZE, "%s%s%s",
	    (is_pace ? pace : other)[first < COUNT(pace) ? first : 0], kind->arcs > 1 ? "-" : "",
	    kind->arcs > 1 ? last[second < COUNT(ciphers) ? second : 0] : "");
	return name;
}

void security_info_put_standardised(struct writer *out, uint32_t id)
{
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(standardised_oid));
	der_put_unsigned(out, id);
	tlv_close(out);
}

bool security_info_is_standardised(struct bytes domain, uint32_t *id)
{
	struct bytes in;
	struct bytes oid;
	uint32_t number;

	if (!tlv_take_tag(&domain, DER_SEQUENCE, &in) || domain.len > 0 ||
	    !tlv_take_tag(&in, DER_OID, &oid) ||
	    !bytes_equal(oid, BYTES_OF_ARRAY(standardised_oid)) ||
	    !der_take_unsigned(&in, &number) || in.len > 0)
		return false;
	*id = number;
	return true;
}

/* A data object and nothing behind it. */
static bool is_sequence(struct bytes in, struct bytes *value)
{
	return tlv_take_tag(&in, DER_SEQUENCE, value) && in.len == 0;
}

static bool is_unsigned(struct bytes in, uint32_t *out)
{
	return der_take_unsigned(&in, out) && in.len == 0;
}

static bool parse_id(struct security_info *info)
{
	info->has_id = info->optional.len > 0;
	return !info->has_id || is_unsigned(info->optional, &info->id);
}

static bool parse_domain(struct bytes in)
{
	struct bytes value;
	struct bytes oid;

	return is_sequence(in, &value) && tlv_take_tag(&value, DER_OID, &oid) && oid.len > 0 &&
	    tlv_is_valid(value);
}

static bool parse_public_key(struct bytes in)
{
	struct bytes value;
	struct bytes bits;
	struct tlv algorithm;

	return is_sequence(in, &value) && tlv_take(&value, &algorithm) &&
	    parse_domain(algorithm.whole) && der_take_bits(&value, &bits) && value.len == 0;
}

static bool parse_file(struct security_info *info)
{
	struct bytes in;
	struct bytes fid;
	struct bytes sfi;

	if (info->optional.len == 0)
		return true;
	if (!is_sequence(info->optional, &in) || !tlv_take_tag(&in, DER_OCTET_STRING, &fid) ||
	    !bytes_take_u16(&fid, &info->fid) || fid.len > 0)
		return false;
	if (in.len == 0)
		return true;
	return tlv_take_tag(&in, DER_OCTET_STRING, &sfi) && in.len == 0 &&
	    bytes_take_u8(&sfi, &info->sfi) && sfi.len == 0;
}

static bool parse_signature(struct security_info *info)
{
	struct bytes in = info->optional;

	return tlv_take_tag(&in, DER_OID, &info->signature) && info->signature.len > 0 &&
	    in.len == 0;
}

static bool parse_restricted(struct security_info *info)
{
	struct bytes in;
	struct bytes flag;

	if (!is_sequence(info->required, &in) || !der_take_unsigned(&in, &info->version) ||
	    !der_take_unsigned(&in, &info->id) || !tlv_take_tag(&in, DER_BOOLEAN, &flag) ||
	    flag.len != 1 || in.len > 0)
		return false;
	info->has_id = true;
	info->authorized_only = flag.data[0] != 0;
	return info->optional.len == 0 || is_unsigned(info->optional, &info->max_key_length);
}

static bool parse_url(struct security_info *info)
{
	struct bytes in = info->required;

	return tlv_take_tag(&in, DER_IA5_STRING, &info->url) && in.len == 0;
}

static bool parse_shape(struct security_info *info)
{
	switch (kinds[info->kind].shape) {
	case SHAPE_VERSION_ID:
		return is_unsigned(info->required, &info->version) && parse_id(info);
	case SHAPE_DOMAIN_ID:
		info->domain = info->required;
		return parse_domain(info->domain) && parse_id(info);
	case SHAPE_PUBLIC_KEY_ID:
		info->public_key = info->required;
		return parse_public_key(info->public_key) && parse_id(info);
	case SHAPE_FILE:
		return is_unsigned(info->required, &info->version) && parse_file(info);
	case SHAPE_SIGNATURE:
		return is_unsigned(info->required, &info->version) && parse_signature(info);
	case SHAPE_RESTRICTED:
		return parse_restricted(info);
	case SHAPE_URL:
		return parse_url(info);
	case SHAPE_ANY:
		return true;
	}
	return false;
}

int security_info_parse(struct bytes in, struct security_info *out)
{
	struct security_info info = { 0 };
	struct tlv required;
	struct tlv optional;

	if (!tlv_take_tag(&in, DER_OID, &info.protocol) || info.protocol.len == 0 ||
	    !tlv_take(&in, &required) || !tlv_is_valid(required.whole))
		return ERR_FORMAT;
	info.required = required.whole;
	if (in.len > 0) {
		if (!tlv_take(&in, &optional) || in.len > 0 || !tlv_is_valid(optional.whole))
			return ERR_FORMAT;
		info.optional = optional.whole;
	}
	info.kind = security_info_kind_of(info.protocol);
	if (!parse_shape(&info))
		return ERR_FORMAT;
	*out = info;
	return 0;
}

int security_infos_parse(struct bytes in, struct security_info infos[SECURITY_INFOS_MAX], size_t *n)
{
	struct bytes set;
	struct bytes one;
	size_t count = 0;
	int r;

	if (!tlv_take_tag(&in, DER_SET, &set) || in.len > 0)
		return ERR_FORMAT;
	for (; set.len > 0; count++) {
		if (!tlv_take_tag(&set, DER_SEQUENCE, &one))
			return ERR_FORMAT;
		if (count == SECURITY_INFOS_MAX)
			return ERR_LIMIT;
		r = security_info_parse(one, &infos[count]);
		if (r < 0)
			return r;
	}
	*n = count;
	return 0;
}

static void put_id(const struct security_info *info, struct writer *out)
{
	if (info->has_id)
		der_put_unsigned(out, info->id);
}

static void put_file(const struct security_info *info, struct writer *out)
{
	if (info->fid == 0)
		return;
	tlv_open(out, DER_SEQUENCE);
	tlv_put_u16(out, DER_OCTET_STRING, info->fid);
	if (info->sfi != 0)
		tlv_put_u8(out, DER_OCTET_STRING, info->sfi);
	tlv_close(out);
}

static void put_restricted(const struct security_info *info, struct writer *out)
{
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, info->version);
	der_put_unsigned(out, info->id);
	tlv_put_u8(out, DER_BOOLEAN, info->authorized_only ? 0xFF : 0);
	tlv_close(out);
	if (info->max_key_length != 0)
		der_put_unsigned(out, info->max_key_length);
}

static void put_shape(const struct security_info *info, struct writer *out)
{
	switch (kinds[info->kind].shape) {
	case SHAPE_VERSION_ID:
		der_put_unsigned(out, info->version);
		put_id(info, out);
		break;
	case SHAPE_DOMAIN_ID:
		writer_put(out, info->domain);
		put_id(info, out);
		break;
	case SHAPE_PUBLIC_KEY_ID:
		writer_put(out, info->public_key);
		put_id(info, out);
		break;
	case SHAPE_FILE:
		der_put_unsigned(out, info->version);
		put_file(info, out);
		break;
	case SHAPE_SIGNATURE:
		der_put_unsigned(out, info->version);
		tlv_put(out, DER_OID, info->signature);
		break;
	case SHAPE_RESTRICTED:
		put_restricted(info, out);
		break;
	case SHAPE_URL:
		tlv_put(out, DER_IA5_STRING, info->url);
		writer_put(out, info->optional);
		break;
	case SHAPE_ANY:
		writer_put(out, info->required);
		writer_put(out, info->optional);
		break;
	}
}

int security_info_put(const struct security_info *info, struct writer *out)
{
	const size_t before = out->len;
	struct bytes value;
	struct bytes whole;
	struct security_info same;

	if (security_info_kind_of(info->protocol) != info->kind)
		return ERR_FORMAT;
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, info->protocol);
	put_shape(info, out);
	tlv_close(out);
	if (out->failed)
		return ERR_LIMIT;
	/* What cannot be read again is not written. */
	whole = bytes_after(writer_bytes(out), before);
	if (tlv_take_tag(&whole, DER_SEQUENCE, &value) && security_info_parse(value, &same) == 0)
		return 0;
	writer_fail(out);
	return ERR_FORMAT;
}

int security_infos_put(const struct security_info *infos, size_t n, struct writer *out)
{
	uint8_t memory[SECURITY_INFOS_SIZE_MAX];
	struct writer members;
	int r = n <= SECURITY_INFOS_MAX ? 0 : ERR_LIMIT;

	writer_init(&members, memory, sizeof memory);
	for (size_t i = 0; i < n && r == 0; i++)
		r = security_info_put(&infos[i], &members);
	if (r < 0)
		return r;
	if (!der_put_set(out, DER_SET, writer_bytes(&members)))
		return ERR_FORMAT;
	return out->failed ? ERR_LIMIT : 0;
}
