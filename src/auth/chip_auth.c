/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication. */
#include "auth/chip_auth.h"

#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "iso7816/tlv.h"

bool chip_auth_fits(const struct suite *suite, const struct agreement *key)
{
	switch ((enum chip_auth_variant)suite->variant) {
	case CHIP_AUTH_DH:
		return key->domain.dh != NULL;
	case CHIP_AUTH_ECDH:
		return key->domain.ec != NULL;
	}
	return false;
}

/* An object that may be there once. */
static bool take_once(const struct tlv *tlv, struct tlv *out)
{
	if (out->tag != 0)
		return false;
	*out = *tlv;
	return true;
}

bool chip_auth_parse_kat(struct bytes data, struct bytes *public, struct bytes *reference)
{
	struct tlv found = { 0 };
	struct tlv named = { 0 };
	struct tlv tlv;

	while (data.len > 0) {
		if (!tlv_take(&data, &tlv))
			return false;
		if (tlv.tag == 0x91 && !take_once(&tlv, &found))
			return false;
		if (tlv.tag == 0x84 && !take_once(&tlv, &named))
			return false;
	}
	if (found.tag == 0)
		return false;
	*public = found.value;
	*reference = named.value;
	return true;
}

/* The shared secret, and with it and the nonce the keys. */
static int derive(struct agreement *key, enum cipher_kind kind, struct bytes public,
    struct bytes nonce, struct session_keys *out)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer shared;
	int r;

	writer_init(&shared, memory, sizeof memory);
	r = agreement_shared(key, public, &shared);
	if (r == 0)
		r = session_keys_derive(kind, writer_bytes(&shared), nonce, out);
	secret_wipe(memory, sizeof memory);
	return r;
}

enum sw chip_auth_set_kat(struct chip_auth *chip_auth, struct bytes data, struct session_keys *out)
{
	static const struct bytes none;
	struct bytes public, reference;

	if (!chip_auth_parse_kat(data, &public, &reference))
		return SW_WRONG_DATA;
	return agreement_sw(derive(chip_auth->key, CIPHER_3DES, public, none, out));
}

/* Some terminals leave the zeros that x begins with out of Comp(PK). */
static struct bytes without_zeros(struct bytes number)
{
	while (number.len > 0 && number.data[0] == 0)
		number = bytes_after(number, 1);
	return number;
}

/* From version 2 on: the key must be the one that Terminal Authentication has been told of. ERR_PROTOCOL: it is another. */
static int check_named(const struct chip_auth *chip_auth, struct bytes public)
{
	uint8_t memory[EC_FIELD_SIZE_MAX];
	struct writer w;
	int r;

	if (chip_auth->compressed.len == 0)
		return 0;
	writer_init(&w, memory, sizeof memory);
	r = agreement_compress(&chip_auth->key->domain, public, &w);
	if (r < 0)
		return r;
	return bytes_equal(without_zeros(writer_bytes(&w)), without_zeros(chip_auth->compressed))
	    ? 0
	    : ERR_PROTOCOL;
}

static int make_nonce(struct chip_auth *chip_auth, uint8_t nonce[CHIP_AUTH_NONCE_SIZE])
{
	if (chip_auth->nonce.len == 0)
		return random_bytes(chip_auth->random, nonce, CHIP_AUTH_NONCE_SIZE);
	if (chip_auth->nonce.len != CHIP_AUTH_NONCE_SIZE)
		return ERR_LIMIT;
	memcpy(nonce, chip_auth->nonce.data, CHIP_AUTH_NONCE_SIZE);
	return 0;
}

static int version_1(struct chip_auth *chip_auth, struct bytes public, struct session_keys *out)
{
	static const struct bytes none;

	return derive(chip_auth->key, chip_auth->suite.kind, public, none, out);
}

/* The token shows that the chip has the keys. */
static int version_2(struct chip_auth *chip_auth, struct bytes public, struct writer *answer,
    struct session_keys *out)
{
	enum cipher_kind kind = chip_auth->suite.kind;
	const struct token_input input = { BYTES_OF_ARRAY(chip_auth->suite.oid),
		&chip_auth->key->domain, public };
	uint8_t nonce[CHIP_AUTH_NONCE_SIZE], token[AGREEMENT_TOKEN_SIZE];
	int r = check_named(chip_auth, public);

	if (r == 0)
		r = make_nonce(chip_auth, nonce);
	if (r == 0)
		r = derive(chip_auth->key, kind, public, BYTES_OF_ARRAY(nonce), out);
	if (r == 0)
		r = agreement_token(kind, &out->mac, &input, token);
	if (r < 0)
		return r;
	tlv_put(answer, 0x81, BYTES_OF_ARRAY(nonce));
	tlv_put(answer, 0x82, BYTES_OF_ARRAY(token));
	return 0;
}

/* The chip's ephemeral key is of this command alone. */
static int version_3(struct chip_auth *chip_auth, struct bytes public, struct writer *answer,
    struct session_keys *out)
{
	static const struct bytes none;
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct agreement key = { .ec = NULL };
	struct writer w;
	int r = check_named(chip_auth, public);

	if (r == 0)
		r = agreement_init(
		    &chip_auth->key->domain, chip_auth->random, chip_auth->private, &key);
	writer_init(&w, memory, sizeof memory);
	if (r == 0)
		r = agreement_put_public(&key, &w);
	if (r == 0)
		r = derive(&key, chip_auth->suite.kind, public, none, out);
	agreement_done(&key);
	if (r == 0)
		tlv_put(answer, 0x81, writer_bytes(&w));
	return r;
}

static int run(struct chip_auth *chip_auth, struct bytes public, struct writer *answer,
    struct session_keys *out)
{
	switch (chip_auth->version) {
	case CHIP_AUTH_1:
		return version_1(chip_auth, public, out);
	case CHIP_AUTH_2:
		return version_2(chip_auth, public, answer, out);
	case CHIP_AUTH_3:
		return version_3(chip_auth, public, answer, out);
	}
	return ERR_UNSUPPORTED;
}

static bool parse_general(struct bytes data, struct bytes *public)
{
	struct bytes inside;

	return tlv_take_tag(&data, 0x7C, &inside) && data.len == 0 &&
	    tlv_take_tag(&inside, 0x80, public) && inside.len == 0;
}

enum sw chip_auth_general(
    struct chip_auth *chip_auth, struct bytes data, struct writer *answer, struct session_keys *out)
{
	struct session_keys keys = { .kind = chip_auth->suite.kind };
	struct bytes public;
	int r;

	if (!chip_auth_fits(&chip_auth->suite, chip_auth->key))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!parse_general(data, &public))
		return SW_WRONG_DATA;
	tlv_open(answer, 0x7C);
	r = run(chip_auth, public, answer, &keys);
	tlv_close(answer);
	if (r == 0 && !writer_done(answer))
		r = ERR_LIMIT;
	if (r == 0)
		*out = keys;
	session_keys_wipe(&keys);
	return agreement_sw(r);
}
