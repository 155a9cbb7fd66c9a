/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who signs: an X.509 certificate and its private key. */
#include "vicc-pki/party.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "vicc-pki/keys.h"

bool party_certificate(const char *path, struct buffer *file, struct x509 *out)
{
	if (!files_read_der(path, file)) {
		buffer_done(file);
		return false;
	}
	if (x509_parse(buffer_bytes(file), out) == 0)
		return true;
	log_error("%s: not an X.509 certificate", path);
	buffer_done(file);
	return false;
}

/* Whether the key's public part is the one in the certificate. */
static bool is_key_of(const struct x509 *x509, struct random *random, const struct sign_key *key)
{
	uint8_t ids[2][PUBLIC_KEY_ID_SIZE];
	struct sign_key other;
	bool same;

	if (sign_key_read(random, x509->public_key, &other) < 0)
		return false;
	same = public_key_id(key, ids[0]) == 0 && public_key_id(&other, ids[1]) == 0 &&
	    memcmp(ids[0], ids[1], PUBLIC_KEY_ID_SIZE) == 0;
	sign_key_done(&other);
	return same;
}

bool party_load(struct random *random, const char *certificate, const char *key, struct party *out)
{
	struct party party;

	if (!party_certificate(certificate, &party.file, &party.x509))
		return false;
	if (!keys_load(random, key, true, &party.key)) {
		buffer_done(&party.file);
		return false;
	}
	if (!is_key_of(&party.x509, random, &party.key)) {
		log_error("%s: not the key of the certificate in %s", key, certificate);
		party_done(&party);
		return false;
	}
	*out = party;
	return true;
}

void party_done(struct party *party)
{
	buffer_done(&party->file);
	sign_key_done(&party->key);
}

const char *party_attribute(
    const struct x509 *x509, enum party_attribute attribute, char text[PARTY_TEXT_SIZE])
{
	const uint8_t wanted[] = { 0x55, 0x04, (uint8_t)attribute };
	struct bytes name = x509->subject;
	struct bytes rest;
	struct bytes set;

	if (!tlv_take_tag(&name, DER_SEQUENCE, &rest))
		return NULL;
	while (tlv_take_tag(&rest, DER_SET, &set)) {
		struct bytes pair;
		struct bytes oid;
		struct tlv value;

		if (!tlv_take_tag(&set, DER_SEQUENCE, &pair) ||
		    !tlv_take_tag(&pair, DER_OID, &oid) ||
		    !bytes_equal(oid, BYTES_OF_ARRAY(wanted)) || !tlv_take(&pair, &value) ||
		    value.value.len >= PARTY_TEXT_SIZE)
			continue;
		memcpy(text, value.value.data, value.value.len);
		text[value.value.len] = '\0';
		return text;
	}
	return NULL;
}
