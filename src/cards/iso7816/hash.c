/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operation HASH (ISO/IEC 7816-8): the hash-code stays on the card for the signature that follows, and is
 * returned if Le asks for it. */
#include <string.h>

#include "auth/mechanism.h"
#include "cards/iso7816/operation.h"
#include "iso7816/tlv.h"

/* As the template for hash-codes says, else that for signatures. */
static enum digest_kind choose(const struct session *session)
{
	static const struct {
		enum crt_kind kind;
		enum crt_use use;
	} places[] = {
		{ CRT_HT, CRT_INTERNAL },
		{ CRT_HT, CRT_EXTERNAL },
		{ CRT_DST, CRT_INTERNAL },
		{ CRT_DST, CRT_EXTERNAL },
	};
	enum digest_kind kind = DIGEST_SHA256;

	for (size_t i = 0; i < COUNT(places); i++) {
		const struct crt *crt = &session->environment.crts[places[i].kind][places[i].use];

		if (crt->has_algorithm && mechanism_hash(crt->algorithm, &kind))
			return kind;
	}
	return kind;
}

static void keep(
    struct session *session, const struct apdu *apdu, struct bytes hash, struct writer *out)
{
	memcpy(session->hash, hash.data, hash.len);
	session->hash_len = hash.len;
	if (apdu->ne > 0)
		writer_put(out, hash);
}

static enum sw hash(struct card *card, const struct apdu *apdu, struct bytes in, struct writer *out)
{
	struct session *session = card_session(card);
	enum digest_kind kind = choose(session);
	uint8_t code[DIGEST_SIZE_MAX];

	session->hash_len = 0;
	if (digest_compute(kind, in, code) < 0)
		return SW_NO_DIAGNOSIS;
	keep(session, apdu, bytes_of(code, digest_size(kind)), out);
	return SW_OK;
}

enum sw hash_plain(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return hash(card, apdu, apdu->data, out);
}

/* 90: a hash-code that the terminal has computed; 80: a message. Both together, a hash-code halfway and the rest
 * of the message, is nothing that this card can continue. */
enum sw hash_objects(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct session *session = card_session(card);
	struct bytes rest = apdu->data;
	struct tlv tlv;

	if (!tlv_take(&rest, &tlv))
		return SW_WRONG_DATA;
	if (tlv.tag == OBJECT_PLAIN && rest.len == 0)
		return hash(card, apdu, tlv.value, out);
	if (tlv.tag != OBJECT_HASH)
		return SW_WRONG_DATA;
	if (rest.len > 0)
		return SW_FUNCTION_NOT_SUPPORTED;
	if (tlv.value.len != digest_size(choose(session)))
		return SW_WRONG_DATA;
	keep(session, apdu, tlv.value, out);
	return SW_OK;
}
