/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Card verifiable certificates (BSI TR-03110-3, appendices C and D). */
#include "pki/cvc.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cvc_fields.h"

#define TAG_CHAT 0x7F4C
#define TAG_EFFECTIVE 0x5F25
#define TAG_EXPIRATION 0x5F24
#define TAG_EXTENSION 0x73
#define TAG_OID 0x06
#define DATE_SIZE 6

static bool is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool cvc_reference_is_valid(struct bytes reference)
{
	size_t sequence;

	if (reference.len < CVC_REFERENCE_MIN || reference.len > CVC_REFERENCE_MAX ||
	    !is_letter(reference.data[0]) || !is_letter(reference.data[1]))
		return false;
	sequence = reference.len - 5;
	for (size_t i = 2; i < reference.len; i++) {
		uint8_t c = reference.data[i];
		bool figure = c >= '0' && c <= '9';

		if (i < sequence ? c < 0x20 || (c > 0x7E && c < 0xA0) : !is_letter(c) && !figure)
			return false;
	}
	return true;
}

/* Six figures YYMMDD, a byte each. */
static bool parse_date(struct bytes in, struct date *out)
{
	char text[DATE_TEXT_SIZE];
	const uint8_t *d = in.data;

	if (in.len != DATE_SIZE)
		return false;
	for (size_t i = 0; i < DATE_SIZE; i++)
		if (d[i] > 9)
			return false;
	(void)snprintf(text, sizeof text, "20%u%u-%u%u-%u%u", d[0] % 10U, d[1] % 10U, d[2] % 10U,
	    d[3] % 10U, d[4] % 10U, d[5] % 10U);
	return date_parse(text, out);
}

static void put_date(struct writer *out, uint32_t tag, struct date date)
{
	const uint8_t figures[DATE_SIZE] = { (uint8_t)(date.year / 10 % 10),
		(uint8_t)(date.year % 10), (uint8_t)(date.month / 10), (uint8_t)(date.month % 10),
		(uint8_t)(date.day / 10), (uint8_t)(date.day % 10) };

	tlv_put(out, tag, BYTES_OF_ARRAY(figures));
}

/* Discretionary data templates, each with an object identifier before what it says (C.3). */
bool cvc_extensions_are_valid(struct bytes in)
{
	struct bytes extension;
	struct bytes oid;

	while (in.len > 0)
		if (!tlv_take_tag(&in, TAG_EXTENSION, &extension) || !tlv_is_valid(extension) ||
		    !tlv_take_tag(&extension, TAG_OID, &oid) || oid.len == 0)
			return false;
	return true;
}

/* What follows the public key. */
static int parse_holder(struct bytes in, struct cvc *cvc)
{
	struct bytes chat;
	struct bytes effective;
	struct bytes expiration;

	if (!tlv_take_tag(&in, TAG_CHR, &cvc->chr) || !cvc_reference_is_valid(cvc->chr) ||
	    !tlv_take_tag(&in, TAG_CHAT, &chat) || !tlv_take_tag(&in, TAG_EFFECTIVE, &effective) ||
	    !parse_date(effective, &cvc->effective) ||
	    !tlv_take_tag(&in, TAG_EXPIRATION, &expiration) ||
	    !parse_date(expiration, &cvc->expiration) ||
	    date_compare(cvc->expiration, cvc->effective) < 0 ||
	    !cvc_parse_extensions(in, &cvc->extensions))
		return ERR_FORMAT;
	return chat_parse(chat, &cvc->chat);
}

bool cvc_parse_extensions(struct bytes in, struct bytes *out)
{
	return in.len == 0 ||
	    (tlv_take_tag(&in, TAG_EXTENSIONS, out) && in.len == 0 && out->len > 0 &&
	        cvc_extensions_are_valid(*out));
}

int cvc_take_profile(struct bytes *in)
{
	struct bytes profile;

	if (!tlv_take_tag(in, TAG_PROFILE, &profile) || profile.len != 1)
		return ERR_FORMAT;
	return profile.data[0] == PROFILE ? 0 : ERR_UNSUPPORTED;
}

bool cvc_parse_signed(struct bytes in, struct tlv *body, struct bytes *signature)
{
	return tlv_take(&in, body) && body->tag == TAG_BODY &&
	    tlv_take_tag(&in, TAG_SIGNATURE, signature) && signature->len > 0 && in.len == 0;
}

static int parse_body(struct bytes in, struct cvc *cvc)
{
	struct bytes key;
	int r = cvc_take_profile(&in);

	if (r < 0)
		return r;
	if (!tlv_take_tag(&in, TAG_CAR, &cvc->car) || !cvc_reference_is_valid(cvc->car) ||
	    !tlv_take_tag(&in, TAG_PUBLIC_KEY, &key))
		return ERR_FORMAT;
	r = cvc_public_key_parse(key, &cvc->key);
	return r == 0 ? parse_holder(in, cvc) : r;
}

int cvc_parse_content(struct bytes in, struct cvc *out)
{
	struct cvc cvc = { 0 };
	struct tlv body;
	int r;

	if (in.len > CVC_SIZE_MAX || !cvc_parse_signed(in, &body, &cvc.signature))
		return ERR_FORMAT;
	cvc.body = body.whole;
	r = parse_body(body.value, &cvc);
	if (r == 0)
		*out = cvc;
	return r;
}

int cvc_parse(struct bytes in, struct cvc *out)
{
	struct bytes content;

	if (!tlv_take_tag(&in, TAG_CERTIFICATE, &content) || in.len > 0)
		return ERR_FORMAT;
	return cvc_parse_content(content, out);
}

int cvc_put_body(const struct cvc *cvc, struct writer *out)
{
	if (!cvc_reference_is_valid(cvc->car) || !cvc_reference_is_valid(cvc->chr) ||
	    !date_is_valid(cvc->effective) || !date_is_valid(cvc->expiration) ||
	    date_compare(cvc->expiration, cvc->effective) < 0 ||
	    !cvc_public_key_is_valid(&cvc->key) || !cvc_extensions_are_valid(cvc->extensions))
		return ERR_FORMAT;
	tlv_open(out, TAG_BODY);
	tlv_put_u8(out, TAG_PROFILE, PROFILE);
	tlv_put(out, TAG_CAR, cvc->car);
	cvc_public_key_put(&cvc->key, TAG_PUBLIC_KEY, out);
	tlv_put(out, TAG_CHR, cvc->chr);
	chat_put(&cvc->chat, out);
	put_date(out, TAG_EFFECTIVE, cvc->effective);
	put_date(out, TAG_EXPIRATION, cvc->expiration);
	if (cvc->extensions.len > 0)
		tlv_put(out, TAG_EXTENSIONS, cvc->extensions);
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

int cvc_put_signed(struct writer *out, struct bytes body, const struct sign_key *key,
    const struct sign_scheme *scheme)
{
	uint8_t signature[SIGN_KEY_SIGNATURE_MAX];
	int r = sign_key_sign(key, scheme, body, signature);

	if (r < 0)
		return r;
	tlv_open(out, TAG_CERTIFICATE);
	writer_put(out, body);
	tlv_put(out, TAG_SIGNATURE, bytes_of(signature, sign_key_signature_size(key)));
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

int cvc_sign(const struct cvc *cvc, const struct sign_key *key, enum cvc_algorithm algorithm,
    struct writer *out)
{
	uint8_t memory[CVC_SIZE_MAX];
	struct writer body;
	int r;

	writer_init(&body, memory, sizeof memory);
	r = cvc_put_body(cvc, &body);
	return r == 0 ? cvc_put_signed(out, writer_bytes(&body), key, cvc_scheme(algorithm)) : r;
}
