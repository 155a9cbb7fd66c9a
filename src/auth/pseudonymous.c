/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pseudonymous signatures. */
#include "auth/pseudonymous.h"

#include <string.h>

#include "auth/auxiliary_data.h"
#include "base/err.h"
#include "iso7816/tlv.h"

#define TAG_AUTHENTICATE 0x7C
#define TAG_SIGN 0x73
#define TAG_OID 0x06
#define TAG_SECTOR 0x80
#define TAG_INPUT 0x81
#define TAG_FIRST_PSEUDONYM 0x82
#define TAG_SIGNATURE 0x84
#define TAG_CREDENTIALS 0x73
#define TAG_CREDENTIAL 0x53

bool pseudonymous_suite_parse(struct bytes oid, struct pseudonymous_suite *out)
{
	/* id-PS, 0.4.0.127.0.7.2.2.11; then the variant, ECDH with ECSchnorr, the hash function */
	static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0B };
	static const enum digest_kind digests[] = { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };
	struct bytes rest = bytes_after(oid, sizeof prefix);
	uint8_t variant, kind, digest;

	if (!bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)) || !bytes_take_u8(&rest, &variant) ||
	    !bytes_take_u8(&rest, &kind) || !bytes_take_u8(&rest, &digest) || rest.len > 0 ||
	    variant < PSEUDONYMOUS_PSA || variant > PSEUDONYMOUS_PSC || kind != 2 || digest < 3 ||
	    digest > 5)
		return false;
	memcpy(out->oid, oid.data, sizeof out->oid);
	out->variant = (enum pseudonymous_variant)variant;
	out->digest = digests[digest - 3];
	return true;
}

bool pseudonymous_grants(uint32_t auth_info, bool is_authorized)
{
	return auth_info == 0 || (auth_info == 1 && is_authorized);
}

/* Pseudonyms and signature of a message. */
struct signing {
	const struct pseudonymous *pseudonymous;
	struct bytes sector, message;
	uint8_t names[PSEUDONYMS][EC_POINT_SIZE_MAX];
	uint8_t signature[PSEUDONYM_SIGNATURE_MAX];
};

static int put_names(struct signing *signing, struct pseudonym_input *input, struct writer *answer)
{
	const struct pseudonymous *p = signing->pseudonymous;
	struct writer w;

	for (size_t i = 0; i < PSEUDONYMS; i++) {
		int r;

		if (!p->granted[i])
			continue;
		writer_init(&w, signing->names[i], sizeof signing->names[i]);
		r = pseudonym_put(p->key, i, signing->sector, &w);
		if (r < 0)
			return r;
		input->name[i] = writer_bytes(&w);
		tlv_put(answer, TAG_FIRST_PSEUDONYM + (uint32_t)i, input->name[i]);
	}
	return 0;
}

static int sign(struct signing *signing, struct writer *answer)
{
	const struct pseudonymous *p = signing->pseudonymous;
	struct pseudonym_input input = { .digest = p->suite.digest,
		.sector = signing->sector,
		.message = signing->message,
		.nonce = { p->nonce[0], p->nonce[1] } };
	uint8_t dsi[PSEUDONYMOUS_OID_SIZE + 3];
	struct writer w;
	int r = terminal_sector_check_ps(p->sectors, p->domain, signing->sector);

	if (r == 0)
		r = put_names(signing, &input, answer);
	if (r < 0)
		return r;
	writer_init(&w, dsi, sizeof dsi);
	tlv_put(&w, TAG_OID, BYTES_OF_ARRAY(p->suite.oid));
	input.dsi = writer_bytes(&w);
	writer_init(&w, signing->signature, sizeof signing->signature);
	r = pseudonym_sign(p->key, &input, &w);
	if (r == 0)
		tlv_put(answer, TAG_SIGNATURE, writer_bytes(&w));
	return r;
}

static enum sw answer_with(
    const struct pseudonymous *p, uint32_t tag, struct signing *signing, struct writer *answer)
{
	int r;

	if (!p->granted[0] && !p->granted[1])
		return SW_SECURITY_STATUS;
	signing->pseudonymous = p;
	tlv_open(answer, tag);
	r = sign(signing, answer);
	tlv_close(answer);
	if (r == 0)
		return writer_done(answer) ? SW_OK : SW_NO_DIAGNOSIS;
	return r == ERR_FORMAT || r == ERR_NOT_FOUND ? SW_WRONG_DATA : SW_NO_DIAGNOSIS;
}

/* The sector's public key, and with input what is to be signed. */
static bool parse(struct bytes data, uint32_t tag, struct bytes *sector, struct bytes *input)
{
	struct bytes inside;

	return tlv_take_tag(&data, tag, &inside) && data.len == 0 &&
	    tlv_take_tag(&inside, TAG_SECTOR, sector) &&
	    (input == NULL || tlv_take_tag(&inside, TAG_INPUT, input)) && inside.len == 0;
}

enum sw pseudonymous_general(const struct pseudonymous *pseudonymous, struct bytes data,
    struct bytes message, struct writer *answer)
{
	struct signing signing = { .message = message };

	if (pseudonymous->suite.variant != PSEUDONYMOUS_PSA || message.len == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!parse(data, TAG_AUTHENTICATE, &signing.sector, NULL))
		return SW_WRONG_DATA;
	return answer_with(pseudonymous, TAG_AUTHENTICATE, &signing, answer);
}

/* Whether the terminal has committed itself to this message (A.7.5.5). */
static int check_message(const struct pseudonymous_commitment *commitment, struct bytes message)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	struct bytes sent;
	int r;

	if (!auxiliary_find(commitment->auxiliary, AUXILIARY_PSM_MESSAGE, &sent))
		return ERR_NOT_FOUND;
	r = digest_compute(commitment->digest, message, hash);
	if (r < 0)
		return r;
	return bytes_equal(sent, bytes_of(hash, digest_size(commitment->digest))) ? 0
	                                                                          : ERR_NOT_FOUND;
}

enum sw pseudonymous_message(const struct pseudonymous *pseudonymous, struct bytes data,
    const struct pseudonymous_commitment *commitment, struct writer *answer)
{
	struct signing signing = { .pseudonymous = NULL };
	int r;

	if (pseudonymous->suite.variant != PSEUDONYMOUS_PSM)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!parse(data, TAG_SIGN, &signing.sector, &signing.message))
		return SW_WRONG_DATA;
	r = check_message(commitment, signing.message);
	if (r < 0)
		return r == ERR_NOT_FOUND ? SW_WRONG_DATA : SW_NO_DIAGNOSIS;
	return answer_with(pseudonymous, TAG_SIGN, &signing, answer);
}

void pseudonymous_put_credentials(const struct bytes *contents, size_t n, struct writer *out)
{
	tlv_open(out, TAG_CREDENTIALS);
	for (size_t i = 0; i < n; i++)
		tlv_put(out, TAG_CREDENTIAL, contents[i]);
	tlv_close(out);
}

enum sw pseudonymous_credentials(const struct pseudonymous *pseudonymous, struct bytes data,
    struct bytes credentials, struct writer *answer)
{
	struct signing signing = { .message = credentials };

	if (pseudonymous->suite.variant != PSEUDONYMOUS_PSC || credentials.len == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!parse(data, TAG_SIGN, &signing.sector, NULL))
		return SW_WRONG_DATA;
	return answer_with(pseudonymous, TAG_SIGN, &signing, answer);
}
