/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PACE: one function a step. */
#include "auth/pace.h"

#include <stdlib.h>
#include <string.h>

#include "auth/pace_internal.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/map.h"
#include "crypto/pad.h"
#include "iso7816/tlv.h"

#define STEP_FAILED 0
#define STEP_SUCCEEDED 5
#define CAM_MAX (EC_FIELD_SIZE_MAX + CIPHER_BLOCK_MAX)

int pace_seed(enum pace_password kind, struct bytes password, struct writer *out)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	int r;

	if (password.len == 0)
		return ERR_FORMAT;
	if (kind != PACE_MRZ) {
		writer_put(out, password);
		return out->failed ? ERR_LIMIT : 0;
	}
	r = digest_compute(DIGEST_SHA1, password, hash);
	if (r < 0)
		return r;
	writer_put(out, bytes_of(hash, digest_size(DIGEST_SHA1)));
	secret_wipe(hash, sizeof hash);
	return out->failed ? ERR_LIMIT : 0;
}

/* P-224's prime is 1 modulo 4, which the point encoding of the integrated mapping does not allow for. */
static bool is_p224(const struct ec_group *group)
{
	return group == ec_group_named(EC_P224);
}

bool pace_is_supported(const struct suite *suite, const struct domain *domain)
{
	switch ((enum pace_variant)suite->variant) {
	case PACE_DH_GM:
	case PACE_DH_IM:
		return domain->dh != NULL;
	case PACE_ECDH_GM:
		return domain->ec != NULL;
	case PACE_ECDH_IM:
		return domain->ec != NULL && !is_p224(domain->ec);
	case PACE_ECDH_CAM:
		return domain->ec != NULL && suite->kind != CIPHER_3DES;
	}
	return false;
}

/* Whether the chip's public key is a point of these domain parameters: those with this order and this generator. */
static int check_chip_key(const struct pace_setup *setup)
{
	const struct domain chip = { ec_group_of(setup->chip), NULL };

	return ec_is_private(setup->chip) && domain_is_same(&setup->domain, &chip) ? 0 : ERR_FORMAT;
}

/* 4.4.3.3: with the integrated mapping as many blocks as the key needs, else any number: 16 bytes. */
static size_t nonce_size(const struct pace *pace)
{
	return pace_is_integrated(pace) && cipher_key_size(pace->setup.suite.kind) > 16 ? 32 : 16;
}

static int draw_nonce(struct pace *pace)
{
	pace->nonce_len = nonce_size(pace);
	if (pace->fixed.nonce.len == 0)
		return random_bytes(pace->setup.random, pace->nonce, pace->nonce_len);
	if (pace->fixed.nonce.len != pace->nonce_len)
		return ERR_FORMAT;
	memcpy(pace->nonce, pace->fixed.nonce.data, pace->nonce_len);
	return 0;
}

int pace_new(const struct pace_setup *setup, struct pace **out)
{
	struct pace *pace;
	int r;

	if (!pace_is_supported(&setup->suite, &setup->domain))
		return ERR_UNSUPPORTED;
	if (setup->suite.variant == PACE_ECDH_CAM && setup->chip == NULL)
		return ERR_UNSUPPORTED;
	r = setup->suite.variant == PACE_ECDH_CAM ? check_chip_key(setup) : 0;
	if (r < 0)
		return r;
	pace = calloc(1, sizeof *pace);
	if (pace == NULL)
		return ERR_NO_MEMORY;
	pace->setup = *setup;
	if (setup->fixed != NULL)
		pace->fixed = *setup->fixed;
	pace->step = 1;
	r = draw_nonce(pace);
	if (r < 0) {
		pace_free(pace);
		return r;
	}
	*out = pace;
	return 0;
}

/* Forgets everything; what follows is refused. */
static void fail(struct pace *pace)
{
	agreement_done(&pace->ephemeral);
	agreement_done(&pace->mapping);
	ec_group_free(pace->mapped_ec);
	dh_group_free(pace->mapped_dh);
	secret_wipe(pace, sizeof *pace);
}

void pace_free(struct pace *pace)
{
	if (pace == NULL)
		return;
	fail(pace);
	free(pace);
}

/* Step 1: z = E(K_pi, s). */
static int encrypt_nonce(struct pace *pace, struct bytes data, struct writer *answer)
{
	static const struct bytes none;
	enum cipher_kind kind = pace->setup.suite.kind;
	uint8_t z[PACE_NONCE_MAX];
	struct symmetric_key pi = { .len = 0 };
	int r = kdf_derive(kind, pace->setup.seed, none, KDF_PI, &pi);

	(void)data;
	if (r == 0)
		r = cipher_encrypt_once(
		    kind, key_bytes(&pi), NULL, bytes_of(pace->nonce, pace->nonce_len), z);
	if (r == 0)
		tlv_put(answer, 0x80, bytes_of(z, pace->nonce_len));
	key_wipe(&pi);
	return r;
}

/* Step 2. */
static int map(struct pace *pace, struct bytes data, struct writer *answer)
{
	int r;

	tlv_open(answer, 0x82);
	r = pace_map(pace, data, answer);
	tlv_close(answer);
	secret_wipe(pace->nonce, sizeof pace->nonce);
	return r;
}

static struct bytes public_bytes(const struct pace_public *public)
{
	return bytes_of(public->data, public->len);
}

/* The chip's ephemeral key pair. An x that begins with 00 is passed over: there are terminals that leave such zeros out of
 * Comp(PK), and then nobody would accept their signature in Terminal Authentication. */
static int draw_pair(struct pace *pace, const struct domain *mapped)
{
	struct writer w;
	int r;

	do {
		agreement_done(&pace->ephemeral);
		writer_init(&w, pace->own.data, sizeof pace->own.data);
		r = agreement_init(
		    mapped, pace->setup.random, pace->fixed.private, &pace->ephemeral);
		if (r == 0)
			r = agreement_put_public(&pace->ephemeral, &w);
	} while (r == 0 && mapped->ec != NULL && pace->fixed.private.len == 0 && w.data[1] == 0);
	pace->own.len = w.len;
	return r;
}

/* The public keys of both sides must differ. */
static int keep_other(struct pace *pace, struct bytes other)
{
	other = agreement_canonical(&pace->setup.domain, other);
	if (other.len > sizeof pace->other.data || bytes_equal(public_bytes(&pace->own), other))
		return ERR_FORMAT;
	if (other.len > 0)
		memcpy(pace->other.data, other.data, other.len);
	pace->other.len = other.len;
	return 0;
}

/* Step 3: the key agreement with the mapped domain parameters. */
static int agree(struct pace *pace, struct bytes data, struct writer *answer)
{
	static const struct bytes none;
	const struct domain mapped = { pace->mapped_ec, pace->mapped_dh };
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer shared;
	int r = draw_pair(pace, &mapped);

	if (r == 0)
		r = keep_other(pace, data);
	if (r < 0)
		return r;
	writer_init(&shared, memory, sizeof memory);
	r = agreement_shared(&pace->ephemeral, data, &shared);
	if (r == 0)
		r = session_keys_derive(
		    pace->setup.suite.kind, writer_bytes(&shared), none, &pace->keys);
	if (r == 0)
		tlv_put(answer, 0x84, public_bytes(&pace->own));
	secret_wipe(memory, sizeof memory);
	return r;
}

static int token(const struct pace *pace, const struct pace_public *public, uint8_t *out)
{
	const struct token_input input = { BYTES_OF_ARRAY(pace->setup.suite.oid),
		&pace->setup.domain, public_bytes(public) };

	return agreement_token(pace->setup.suite.kind, &pace->keys.mac, &input, out);
}

/* A_IC = E(KS_enc, CA_IC), padded; the IV is E(KS_enc, -1) (4.4.3.5). */
static int put_chip_authentication(struct pace *pace, struct writer *answer)
{
	enum cipher_kind kind = pace->setup.suite.kind;
	struct bytes enc = key_bytes(&pace->keys.enc);
	uint8_t data[CAM_MAX], iv[CIPHER_BLOCK_MAX];
	size_t len = ec_order_size(pace->setup.domain.ec);
	int r = map_chip_authentication(pace->setup.chip, pace->mapping.ec, data);

	memset(iv, 0xFF, sizeof iv);
	if (r == 0)
		r = cipher_encrypt_once(kind, enc, NULL, BYTES_OF_ARRAY(iv), iv);
	if (r == 0) {
		len = pad_add(data, len, cipher_block_size(kind));
		r = cipher_encrypt_once(kind, enc, iv, bytes_of(data, len), data);
	}
	if (r == 0)
		tlv_put(answer, 0x8A, bytes_of(data, len));
	secret_wipe(data, sizeof data);
	return r;
}

/* Step 4: each side's token is over the public key of the other. ERR_PROTOCOL: the terminal's is wrong. */
static int authenticate(struct pace *pace, struct bytes data, struct writer *answer)
{
	uint8_t mac[AGREEMENT_TOKEN_SIZE];
	int r = token(pace, &pace->own, mac);

	if (r < 0)
		return r;
	if (data.len != sizeof mac)
		return ERR_FORMAT;
	if (!secret_equal(data, BYTES_OF_ARRAY(mac)))
		return ERR_PROTOCOL;
	r = token(pace, &pace->other, mac);
	if (r < 0)
		return r;
	tlv_put(answer, 0x86, BYTES_OF_ARRAY(mac));
	for (size_t i = 0; i < PACE_CARS; i++) {
		if (pace->setup.car[i].len > 0)
			tlv_put(answer, 0x87 + (uint32_t)i, pace->setup.car[i]);
	}
	return pace->setup.suite.variant == PACE_ECDH_CAM ? put_chip_authentication(pace, answer)
	                                                  : 0;
}

/* The one data object of a step; step 1 has none. */
static bool parse(unsigned step, struct bytes data, struct bytes *value)
{
	struct bytes inside;

	if (!tlv_take_tag(&data, 0x7C, &inside) || data.len > 0)
		return false;
	if (step == 1) {
		*value = inside;
		return inside.len == 0;
	}
	return tlv_take_tag(&inside, 0x81 + 2 * (step - 2), value) && inside.len == 0;
}

static enum sw run(struct pace *pace, bool last, struct bytes data, struct writer *answer)
{
	static int (*const steps[])(struct pace *, struct bytes, struct writer *) = { encrypt_nonce,
		map, agree, authenticate };
	bool final = pace->step == COUNT(steps);
	struct bytes value;
	int r;

	if (final && !last)
		return SW_LAST_OF_CHAIN_EXPECTED;
	if (!final && last)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!parse(pace->step, data, &value))
		return SW_WRONG_DATA;
	tlv_open(answer, 0x7C);
	r = steps[pace->step - 1](pace, value, answer);
	tlv_close(answer);
	if (r == 0 && !writer_done(answer))
		r = ERR_LIMIT;
	return agreement_sw(r);
}

enum sw pace_step(struct pace *pace, bool last, struct bytes data, struct writer *answer)
{
	enum sw sw = SW_CONDITIONS_NOT_SATISFIED;

	if (pace->step != STEP_FAILED && pace->step != STEP_SUCCEEDED)
		sw = run(pace, last, data, answer);
	if (sw == SW_OK)
		pace->step++;
	else
		fail(pace);
	return sw;
}

const struct session_keys *pace_keys(const struct pace *pace)
{
	return pace->step == STEP_SUCCEEDED ? &pace->keys : NULL;
}

struct bytes pace_chip_public(const struct pace *pace)
{
	static const struct bytes none;

	return pace->step == STEP_SUCCEEDED ? public_bytes(&pace->own) : none;
}

struct bytes pace_terminal_public(const struct pace *pace)
{
	static const struct bytes none;

	return pace->step == STEP_SUCCEEDED ? public_bytes(&pace->other) : none;
}
