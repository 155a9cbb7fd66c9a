/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests for CV certificates (BSI TR-03110-3, C.2). */
#include "pki/cvc_request.h"

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cvc_fields.h"

#define TAG_AUTHENTICATED 0x67

static int parse_body(struct bytes in, struct cvc_request *request)
{
	struct bytes key;
	int r = cvc_take_profile(&in);

	if (r < 0)
		return r;
	if (tlv_take_tag(&in, TAG_CAR, &request->car) && !cvc_reference_is_valid(request->car))
		return ERR_FORMAT;
	if (!tlv_take_tag(&in, TAG_PUBLIC_KEY, &key) ||
	    !tlv_take_tag(&in, TAG_CHR, &request->chr) || !cvc_reference_is_valid(request->chr) ||
	    !cvc_parse_extensions(in, &request->extensions))
		return ERR_FORMAT;
	r = cvc_public_key_parse(key, &request->key);
	if (r == 0 && cvc_scheme(request->key.algorithm)->ec && !request->key.has_domain)
		return ERR_FORMAT;
	return r;
}

int cvc_request_parse(struct bytes in, struct cvc_request *out)
{
	struct cvc_request request = { 0 };
	struct bytes authenticated;
	struct bytes content;
	struct bytes outer_signature;
	struct tlv body;
	int r;

	if (in.len > CVC_SIZE_MAX)
		return ERR_FORMAT;
	if (tlv_take_tag(&in, TAG_AUTHENTICATED, &authenticated)) {
		if (in.len > 0)
			return ERR_FORMAT;
		in = authenticated;
	}
	if (!tlv_take_tag(&in, TAG_CERTIFICATE, &content))
		return ERR_FORMAT;
	if (in.len > 0 &&
	    (!tlv_take_tag(&in, TAG_CAR, &request.outer_car) ||
	        !cvc_reference_is_valid(request.outer_car) ||
	        !tlv_take_tag(&in, TAG_SIGNATURE, &outer_signature) || in.len > 0))
		return ERR_FORMAT;
	if (!cvc_parse_signed(content, &body, &request.signature))
		return ERR_FORMAT;
	request.body = body.whole;
	r = parse_body(body.value, &request);
	if (r == 0)
		*out = request;
	return r;
}

static int put_body(const struct cvc_request *request, struct writer *out)
{
	if ((request->car.len > 0 && !cvc_reference_is_valid(request->car)) ||
	    !cvc_reference_is_valid(request->chr) || !cvc_public_key_is_valid(&request->key) ||
	    !cvc_extensions_are_valid(request->extensions))
		return ERR_FORMAT;
	tlv_open(out, TAG_BODY);
	tlv_put_u8(out, TAG_PROFILE, PROFILE);
	if (request->car.len > 0)
		tlv_put(out, TAG_CAR, request->car);
	cvc_public_key_put(&request->key, TAG_PUBLIC_KEY, out);
	tlv_put(out, TAG_CHR, request->chr);
	if (request->extensions.len > 0)
		tlv_put(out, TAG_EXTENSIONS, request->extensions);
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

int cvc_request_sign(
    const struct cvc_request *request, const struct sign_key *key, struct writer *out)
{
	uint8_t memory[CVC_SIZE_MAX];
	struct writer body;
	int r;

	writer_init(&body, memory, sizeof memory);
	r = put_body(request, &body);
	if (r < 0)
		return r;
	return cvc_put_signed(out, writer_bytes(&body), key, cvc_scheme(request->key.algorithm));
}

int cvc_request_verify(const struct cvc_request *request, struct random *random)
{
	struct sign_key key;
	int r = cvc_key(&request->key, NULL, random, &key);

	if (r < 0)
		return r;
	r = sign_key_verify(
	    &key, cvc_scheme(request->key.algorithm), request->body, request->signature);
	sign_key_done(&key);
	return r;
}
