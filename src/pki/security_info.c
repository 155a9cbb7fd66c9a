/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SecurityInfos (ICAO 9303-11, 9.2; BSI TR-03110-3, A.1.1). Readers skip what they do not know; so does this one. */
#include "pki/security_info.h"

#include <assert.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/der.h"

#define OID_MAX 10
#define MEMBERS_SIZE_MAX                                                                           \
	16384 /* a key with each of the standardised domain parameters, explicitly */
#define TAG_PS_PARAMETER 0x81
#define TAG_PS_KEY 0x82

/* What required and optional data consist of. */
enum shape {
	SHAPE_VERSION_ID,    /* INTEGER; INTEGER */
	SHAPE_DOMAIN_ID,     /* AlgorithmIdentifier; INTEGER */
	SHAPE_PUBLIC_KEY_ID, /* SubjectPublicKeyInfo; INTEGER */
	SHAPE_FILE,          /* INTEGER; FileID */
	SHAPE_SIGNATURE,     /* INTEGER; OBJECT IDENTIFIER, which is not optional */
	SHAPE_RESTRICTED,    /* SEQUENCE of version, keyId, authorizedOnly; INTEGER */
	SHAPE_URL,           /* IA5String; anything */
	SHAPE_PSEUDONYMOUS,  /* SEQUENCE of version, ps1-authInfo, ps2-authInfo; INTEGER */
	SHAPE_PS_PUBLIC_KEY, /* SEQUENCE of SubjectPublicKeyInfo; SEQUENCE of two INTEGER */
	SHAPE_PASSWORD,      /* SEQUENCE of pwdId; SEQUENCE of flags and more */
	SHAPE_EID_SECURITY,  /* EIDSecurityObject; anything */
	SHAPE_INFOS,         /* SET OF SecurityInfo; nothing */
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
	[SECURITY_INFO_PSA] = { "pseudonymous signature authentication", SHAPE_PSEUDONYMOUS, 10, 1,
	    { BSI, 11, 1, 2 } },
	[SECURITY_INFO_PSM] = { "pseudonymous signature of messages", SHAPE_PSEUDONYMOUS, 10, 1,
	    { BSI, 11, 2, 2 } },
	[SECURITY_INFO_PSC] = { "pseudonymous signature of credentials", SHAPE_PSEUDONYMOUS, 10, 1,
	    { BSI, 11, 3, 2 } },
	[SECURITY_INFO_PS_PUBLIC_KEY] = { "pseudonymous signature public key", SHAPE_PS_PUBLIC_KEY,
	    10, 0, { BSI, 1, 3, 2 } },
	[SECURITY_INFO_PASSWORD] = { "password", SHAPE_PASSWORD, 8, 1, { BSI, 12 } },
	[SECURITY_INFO_EID_SECURITY] = { "eID security", SHAPE_EID_SECURITY, 8, 0, { BSI, 7 } },
	[SECURITY_INFO_PRIVILEGED] = { "privileged terminals", SHAPE_INFOS, 8, 0, { BSI, 8 } },
	[SECURITY_INFO_MOBILE_EID] = { "mobile eID type", SHAPE_VERSION_ID, 9, 1,
	    { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02, 0x03, 0x02 } },
	[SECURITY_INFO_OTHER] = { "other", SHAPE_ANY, 0, 0, { 0 } },
};

/* id-PI standardizedDomainParameters, 0.4.0.127.0.7.1.2 */
static const uint8_t standardised_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02 };

/* ecPSPublicKey, 0.4.0.127.0.7.1.1.2.3 */
static const uint8_t ps_key_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x02, 0x03 };

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

#define NAMES_MAX 7

/* What the arcs after a prefix mean. */
static const char *const mappings[NAMES_MAX] = { NULL, "DH-GM", "ECDH-GM", "DH-IM", "ECDH-IM", NULL,
	"ECDH-CAM" };
static const char *const agreements[NAMES_MAX] = { NULL, "DH", "ECDH" };
static const char *const ciphers[NAMES_MAX] = { NULL, "3DES-CBC-CBC", "AES-CBC-CMAC-128",
	"AES-CBC-CMAC-192", "AES-CBC-CMAC-256" };
static const char *const digests[NAMES_MAX] = { NULL, "SHA-1", "SHA-224", "SHA-256", "SHA-384",
	"SHA-512" };
static const char *const passwords[NAMES_MAX] = { NULL, "MRZ", "CAN", "PIN", "PUK" };
static const char *const mobile_types[NAMES_MAX] = { NULL, "certified secure element",
	"endorsed secure element", "hardware key store" };

static const char *const *names_of(const struct kind *kind)
{
	if (kind == &kinds[SECURITY_INFO_PACE] || kind == &kinds[SECURITY_INFO_PACE_DOMAIN])
		return mappings;
	if (kind == &kinds[SECURITY_INFO_MOBILE_EID])
		return mobile_types;
	if (kind->shape == SHAPE_PSEUDONYMOUS)
		return digests;
	return kind->shape == SHAPE_PASSWORD ? passwords : agreements;
}

static const char *name_of(const char *const *names, unsigned arc)
{
	return arc < NAMES_MAX && names[arc] != NULL ? names[arc] : "?";
}

const char *security_info_protocol_name(struct bytes protocol, char name[SECURITY_INFO_NAME_SIZE])
{
	const struct kind *kind = &kinds[security_info_kind_of(protocol)];
	const char *first;
	const char *second = "";

	name[0] = '\0';
	if (kind->arcs == 0)
		return name;
	first = name_of(names_of(kind), protocol.data[kind->prefix_len]);
	if (kind->arcs > 1)
		second = name_of(kind->shape == SHAPE_RESTRICTED ? digests : ciphers,
		    protocol.data[kind->prefix_len + 1U]);
	(void)snprintf(
	    name, SECURITY_INFO_NAME_SIZE, "%s%s%s", first, kind->arcs > 1 ? "-" : "", second);
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

static bool parse_pseudonymous(struct security_info *info)
{
	struct bytes in;

	return is_sequence(info->required, &in) && der_take_unsigned(&in, &info->version) &&
	    der_take_unsigned(&in, &info->auth_info[0]) &&
	    der_take_unsigned(&in, &info->auth_info[1]) && in.len == 0 && parse_id(info);
}

/* An INTEGER under another tag, which may be missing. */
static bool take_tagged(struct bytes *in, uint32_t tag, bool *has, uint32_t *out)
{
	uint8_t memory[8];
	struct writer w;
	struct bytes value;

	*has = tlv_take_tag(in, tag, &value);
	if (!*has)
		return true;
	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, DER_INTEGER, value);
	return writer_done(&w) && is_unsigned(writer_bytes(&w), out);
}

static void put_tagged(struct writer *out, uint32_t tag, uint32_t number)
{
	uint8_t memory[8];
	struct writer w;
	struct bytes whole, value;

	writer_init(&w, memory, sizeof memory);
	der_put_unsigned(&w, number);
	whole = writer_bytes(&w);
	if (tlv_take_tag(&whole, DER_INTEGER, &value))
		tlv_put(out, tag, value);
}

static bool parse_ps_public_key(struct security_info *info)
{
	struct bytes in, optional;

	if (!is_sequence(info->required, &in) || !parse_public_key(in))
		return false;
	info->public_key = in;
	if (info->optional.len == 0)
		return true;
	return is_sequence(info->optional, &optional) &&
	    take_tagged(&optional, TAG_PS_PARAMETER, &info->has_parameter, &info->parameter) &&
	    take_tagged(&optional, TAG_PS_KEY, &info->has_id, &info->id) && optional.len == 0;
}

/* PwdFlags: a BIT STRING whose first bit is flag number 0. */
static bool parse_flags(struct bytes in, uint16_t *out)
{
	struct bytes bits;
	uint8_t unused, byte;
	uint16_t flags = 0;

	if (!tlv_take_tag(&in, DER_BIT_STRING, &bits) || !bytes_take_u8(&bits, &unused) ||
	    unused > 7 || bits.len > sizeof flags || (bits.len == 0 && unused > 0))
		return false;
	for (unsigned at = 0; bytes_take_u8(&bits, &byte); at += 8)
		for (unsigned i = 0; i < 8; i++)
			if ((byte >> (7 - i) & 1) != 0)
				flags = (uint16_t)(flags | 1U << (at + i));
	*out = flags;
	return true;
}

static bool parse_password(struct security_info *info)
{
	struct bytes in, optional;

	if (!is_sequence(info->required, &in) || !is_unsigned(in, &info->id))
		return false;
	info->has_id = true;
	return info->optional.len == 0 ||
	    (is_sequence(info->optional, &optional) && parse_flags(optional, &info->flags));
}

/* The hashes of a valid object, each a SEQUENCE of number and hash. */
static bool open_eid_security(struct bytes object, struct tlv *algorithm, struct bytes *hashes)
{
	struct bytes in;

	return is_sequence(object, &in) && tlv_take(&in, algorithm) &&
	    parse_domain(algorithm->whole) && is_sequence(in, hashes);
}

static bool take_hash(struct bytes *hashes, uint32_t *number, struct bytes *hash)
{
	struct bytes one;

	return tlv_take_tag(hashes, DER_SEQUENCE, &one) && der_take_unsigned(&one, number) &&
	    tlv_take_tag(&one, DER_OCTET_STRING, hash) && one.len == 0;
}

static bool parse_eid_security(const struct security_info *info)
{
	struct bytes hashes, hash;
	struct tlv algorithm;
	uint32_t number;

	if (!open_eid_security(info->required, &algorithm, &hashes))
		return false;
	while (hashes.len > 0)
		if (!take_hash(&hashes, &number, &hash))
			return false;
	return true;
}

bool security_info_eid_algorithm(const struct security_info *info, struct bytes *out)
{
	struct bytes hashes;
	struct tlv algorithm;

	if (info->kind != SECURITY_INFO_EID_SECURITY ||
	    !open_eid_security(info->required, &algorithm, &hashes))
		return false;
	*out = algorithm.whole;
	return true;
}

bool security_info_eid_hash(
    const struct security_info *info, uint32_t data_group, struct bytes *out)
{
	struct bytes hashes, hash;
	struct tlv algorithm;
	uint32_t number;

	if (info->kind != SECURITY_INFO_EID_SECURITY ||
	    !open_eid_security(info->required, &algorithm, &hashes))
		return false;
	while (take_hash(&hashes, &number, &hash)) {
		if (number != data_group)
			continue;
		*out = hash;
		return true;
	}
	return false;
}

/* What is inside is read by whoever wants it: it might hold the same again. */
static bool parse_infos(struct security_info *info)
{
	struct bytes in = info->required, set;

	return tlv_take_tag(&in, DER_SET, &set) && in.len == 0 && info->optional.len == 0;
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
	case SHAPE_PSEUDONYMOUS:
		return parse_pseudonymous(info);
	case SHAPE_PS_PUBLIC_KEY:
		return parse_ps_public_key(info);
	case SHAPE_PASSWORD:
		return parse_password(info);
	case SHAPE_EID_SECURITY:
		return parse_eid_security(info);
	case SHAPE_INFOS:
		return parse_infos(info);
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

static void put_pseudonymous(const struct security_info *info, struct writer *out)
{
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, info->version);
	der_put_unsigned(out, info->auth_info[0]);
	der_put_unsigned(out, info->auth_info[1]);
	tlv_close(out);
	put_id(info, out);
}

static void put_ps_public_key(const struct security_info *info, struct writer *out)
{
	tlv_put(out, DER_SEQUENCE, info->public_key);
	if (!info->has_parameter && !info->has_id)
		return;
	tlv_open(out, DER_SEQUENCE);
	if (info->has_parameter)
		put_tagged(out, TAG_PS_PARAMETER, info->parameter);
	if (info->has_id)
		put_tagged(out, TAG_PS_KEY, info->id);
	tlv_close(out);
}

void security_info_put_ps_key(
    struct writer *out, struct bytes domain, struct bytes manager, struct bytes group)
{
	tlv_open(out, DER_SEQUENCE);
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, BYTES_OF_ARRAY(ps_key_oid));
	tlv_open(out, DER_SEQUENCE);
	writer_put(out, domain);
	tlv_put(out, DER_OCTET_STRING, manager);
	tlv_close(out);
	tlv_close(out);
	der_put_bits(out, group);
	tlv_close(out);
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
	case SHAPE_PSEUDONYMOUS:
		put_pseudonymous(info, out);
		break;
	case SHAPE_PS_PUBLIC_KEY:
		put_ps_public_key(info, out);
		break;
	case SHAPE_PASSWORD:
	case SHAPE_EID_SECURITY:
	case SHAPE_INFOS:
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
	struct buffer memory;
	struct writer members;
	int r;

	if (n > SECURITY_INFOS_MAX)
		return ERR_LIMIT;
	buffer_init(&memory, MEMBERS_SIZE_MAX);
	r = buffer_resize(&memory, memory.max);
	writer_init(&members, memory.data, memory.len);
	for (size_t i = 0; i < n && r == 0; i++)
		r = security_info_put(&infos[i], &members);
	if (r == 0 && !der_put_set(out, DER_SET, writer_bytes(&members)))
		r = ERR_FORMAT;
	buffer_done(&memory);
	return r == 0 && out->failed ? ERR_LIMIT : r;
}
