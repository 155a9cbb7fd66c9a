/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication as a series of steps: a byte that says which, two of length, the data. The keys of the chain are
 * known numbers, so that certificates in the corpus are good ones: CVCA, document verifier and terminal have the private keys
 * 11..11, 22..22 and 33..33 on brainpoolP256r1. */
#include <string.h>

#include "auth/terminal_auth.h"
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"

#define STEPS_MAX 16
#define KEY_SIZE 32

enum step { SET_ISSUER, VERIFY_CERTIFICATE, SET_TERMINAL, SET_CHALLENGE, VERIFY_SIGNATURE, STEPS };

static const uint8_t chip[] = { 0xC1 }, key_of_terminal[] = { 0xC2 };
static const uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static struct random *card_random(void)
{
	static struct random *random;

	if (random == NULL)
		CHECK(random_new(BYTES_OF_ARRAY(challenge), &random) == 0);
	return random;
}

/* The CVCA that the card trusts; nobody asks for its signature. */
static void trust(struct trust_points *out)
{
	static uint8_t memory[CVC_SIZE_MAX], certificate[CVC_SIZE_MAX], d[KEY_SIZE];
	struct sign_key key = { .ec = NULL };
	struct cvc cvc = { .car = bytes_of_string("UTCVCA00001"),
		.chr = bytes_of_string("UTCVCA00001"),
		.chat = { .type = CHAT_AT, .bits = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF } },
		.effective = { 2026, 1, 1 },
		.expiration = { 2026, 12, 31 } };
	struct writer w;

	memset(d, 0x11, sizeof d);
	CHECK(ec_import_private(ec_group_named(EC_BRAINPOOL_P256R1), card_random(),
	          BYTES_OF_ARRAY(d), &key.ec) == 0);
	writer_init(&w, memory, sizeof memory);
	CHECK(cvc_public_key_of(&key, CVC_ECDSA_SHA256, &w, &cvc.key) == 0);
	writer_init(&w, certificate, sizeof certificate);
	tlv_open(&w, 0x7F21);
	CHECK(cvc_put_body(&cvc, &w) == 0);
	tlv_put_u8(&w, 0x5F37, 0);
	tlv_close(&w);
	CHECK(writer_done(&w) && trust_points_add(out, writer_bytes(&w)) == 0);
	sign_key_done(&key);
}

/* The trust points can be read, and are in order. */
static void check_trust(const struct trust_points *points)
{
	CHECK(points->n >= 1 && points->n <= TRUST_POINTS_MAX);
	for (size_t i = 0; i < points->n; i++) {
		struct cvc cvc = trust_points_cvc(points, i);
		struct cvc_issuer issuer;

		CHECK(cvc_trust_point(&cvc, &issuer) && cvc.chat.type == CHAT_AT);
		CHECK(i == 0 ||
		    date_compare(trust_points_cvc(points, i - 1).effective, cvc.effective) >= 0);
	}
}

static enum sw take_step(struct terminal_auth *auth, enum step step, struct bytes data)
{
	static const struct bytes none;
	const struct terminal_auth_binding binding = { BYTES_OF_ARRAY(chip),
		BYTES_OF_ARRAY(key_of_terminal), none };
	struct terminal who;
	bool changed;
	enum sw sw;

	switch (step) {
	case SET_ISSUER:
		return terminal_auth_set_issuer(auth, data);
	case VERIFY_CERTIFICATE:
		return terminal_auth_verify_certificate(auth, data, &changed);
	case SET_TERMINAL:
		return terminal_auth_set_terminal(auth, data, none);
	case SET_CHALLENGE:
		terminal_auth_set_challenge(auth, challenge);
		return SW_OK;
	case VERIFY_SIGNATURE:
		sw = terminal_auth_verify_signature(auth, &binding, data, &who);
		CHECK(sw != SW_OK || chat_role(&who.rights) == CHAT_TERMINAL);
		return sw;
	case STEPS:
		break;
	}
	return SW_NO_DIAGNOSIS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct trust_points points;
	struct date today = { 2026, 2, 1 };
	const struct terminal_auth_setup setup = {
		.trust = &points, .today = &today, .random = card_random()
	};
	struct bytes in = bytes_of(data, len);
	struct terminal_auth *auth;
	bool named = false; /* a terminal has been, and nothing has failed since */

	points.n = 0;
	trust(&points);
	CHECK(terminal_auth_new(&setup, &auth) == 0);
	for (unsigned i = 0; i < STEPS_MAX; i++) {
		struct date before = today;
		struct bytes message;
		uint8_t step;
		uint16_t n;
		enum sw sw;

		if (!bytes_take_u8(&in, &step) || !bytes_take_u16(&in, &n) ||
		    !bytes_take(&in, n < in.len ? n : in.len, &message))
			break;
		step %= STEPS;
		sw = take_step(auth, (enum step)step, message);
		CHECK(step != VERIFY_SIGNATURE || sw != SW_OK || named);
		if (step != SET_CHALLENGE)
			named = step == SET_TERMINAL && sw == SW_OK;
		CHECK(date_compare(today, before) >= 0);
		check_trust(&points);
	}
	terminal_auth_free(auth);
	return 0;
}
