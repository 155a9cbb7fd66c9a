/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication. */
#include "auth/terminal_auth.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"

#define COPY_MAX                                                                                   \
	(2 * CVC_SIZE_MAX) /* the views of an issuer: at most a certificate and domain parameters */
#define MESSAGE_MAX 4096

/* An issuer and the memory its views point into. */
struct held {
	struct cvc_issuer issuer;
	uint8_t memory[COPY_MAX];
};

struct terminal_auth {
	struct random *random;
	struct date today;
	struct held trust[TERMINAL_AUTH_TRUST_POINTS];
	struct held holders
	    [2]; /* of the last certificate, and room for the next; name.len 0: there is none */
	unsigned current;
	const struct held *issuer; /* of the next one; NULL: not set */
	bool has_terminal, has_challenge;
	uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE];
};

static void copy_view(struct bytes *view, struct writer *w)
{
	uint8_t *at = writer_reserve(w, view->len);

	if (at == NULL)
		return;
	if (view->len > 0)
		memcpy(at, view->data, view->len);
	view->data = at;
}

/* All views of the issuer into memory of our own. */
static int hold(const struct cvc_issuer *issuer, struct held *out)
{
	struct cvc_issuer copy = *issuer;
	struct cvc_public_key *key = &copy.key;
	struct bytes *const views[] = { &copy.name, &key->n, &key->e, &key->point, &key->domain.p,
		&key->domain.a, &key->domain.b, &key->domain.g, &key->domain.n, &key->domain.h,
		&copy.domain.p, &copy.domain.a, &copy.domain.b, &copy.domain.g, &copy.domain.n,
		&copy.domain.h };
	struct writer w;

	writer_init(&w, out->memory, sizeof out->memory);
	for (size_t i = 0; i < COUNT(views); i++)
		copy_view(views[i], &w);
	if (!writer_done(&w))
		return ERR_LIMIT;
	out->issuer = copy;
	return 0;
}

int terminal_auth_new(const struct terminal_auth_setup *setup, struct terminal_auth **out)
{
	struct terminal_auth *auth = calloc(1, sizeof *auth);
	int r = 0;

	if (auth == NULL)
		return ERR_NO_MEMORY;
	auth->random = setup->random;
	auth->today = setup->today;
	for (size_t i = 0; i < COUNT(auth->trust) && r == 0; i++)
		r = hold(&setup->trust[i], &auth->trust[i]);
	if (r < 0) {
		free(auth);
		return r;
	}
	*out = auth;
	return 0;
}

void terminal_auth_free(struct terminal_auth *auth)
{
	if (auth == NULL)
		return;
	secret_wipe(auth, sizeof *auth);
	free(auth);
}

/* What has been verified so far no longer counts. */
static void begin_anew(struct terminal_auth *auth)
{
	auth->issuer = NULL;
	auth->has_terminal = false;
	auth->has_challenge = false;
	auth->holders[auth->current].issuer = (struct cvc_issuer){ .name = { NULL, 0 } };
}

static bool is_named(const struct held *held, struct bytes reference)
{
	return held->issuer.name.len > 0 && bytes_equal(held->issuer.name, reference);
}

enum sw terminal_auth_set_issuer(struct terminal_auth *auth, struct bytes reference)
{
	const struct held *found = is_named(&auth->holders[auth->current], reference)
	    ? &auth->holders[auth->current]
	    : NULL;

	for (size_t i = 0; i < COUNT(auth->trust) && found == NULL; i++) {
		if (is_named(&auth->trust[i], reference))
			found = &auth->trust[i];
	}
	auth->has_terminal = false;
	auth->issuer = found;
	return found != NULL ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

/* The new holder's views may be into what is held of the last one. */
static enum sw accept(struct terminal_auth *auth, const struct cvc_step *step)
{
	if (hold(&step->holder, &auth->holders[1 - auth->current]) < 0)
		return SW_NO_DIAGNOSIS;
	auth->current = 1 - auth->current;
	auth->today = step->today;
	auth->issuer = NULL;
	return SW_OK;
}

static enum sw verify(
    struct terminal_auth *auth, struct bytes content, struct terminal_auth_news *news)
{
	struct cvc_step step;
	struct cvc cvc;
	enum cvc_verdict verdict;
	enum sw sw;

	if (cvc_parse_content(content, &cvc) < 0)
		return SW_WRONG_DATA;
	verdict = cvc_chain(&auth->issuer->issuer, &cvc, auth->today, auth->random, &step);
	if (verdict != CVC_GOOD)
		return verdict == CVC_UNDECIDED ? SW_NO_DIAGNOSIS : SW_WARNING_CHANGED;
	sw = accept(auth, &step);
	if (sw == SW_OK)
		*news = (struct terminal_auth_news){ step.today, step.is_link };
	return sw;
}

enum sw terminal_auth_verify_certificate(
    struct terminal_auth *auth, struct bytes content, struct terminal_auth_news *news)
{
	enum sw sw =
	    auth->issuer != NULL ? verify(auth, content, news) : SW_CONDITIONS_NOT_SATISFIED;

	auth->has_terminal = false;
	if (sw != SW_OK)
		begin_anew(auth);
	return sw;
}

enum sw terminal_auth_set_terminal(struct terminal_auth *auth, struct bytes reference)
{
	auth->has_challenge = false;
	auth->has_terminal = is_named(&auth->holders[auth->current], reference) &&
	    chat_role(&auth->holders[auth->current].issuer.rights) == CHAT_TERMINAL;
	return auth->has_terminal ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

void terminal_auth_set_challenge(
    struct terminal_auth *auth, const uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE])
{
	memcpy(auth->challenge, challenge, sizeof auth->challenge);
	auth->has_challenge = true;
}

/* ID_PICC || r_PICC || Comp(PK_PCD) || A_PCD */
static int check_signature(const struct terminal_auth *auth,
    const struct terminal_auth_binding *binding, struct bytes signature)
{
	const struct cvc_issuer *terminal = &auth->holders[auth->current].issuer;
	uint8_t message[MESSAGE_MAX];
	struct sign_key key;
	struct writer w;
	int r;

	writer_init(&w, message, sizeof message);
	writer_put(&w, binding->chip);
	writer_put(&w, BYTES_OF_ARRAY(auth->challenge));
	writer_put(&w, binding->terminal);
	writer_put(&w, binding->auxiliary);
	if (!writer_done(&w))
		return ERR_LIMIT;
	r = cvc_key(&terminal->key, &terminal->domain, auth->random, &key);
	if (r < 0)
		return r;
	r = sign_key_verify(&key, cvc_scheme(terminal->key.algorithm), writer_bytes(&w), signature);
	sign_key_done(&key);
	return r;
}

enum sw terminal_auth_verify_signature(struct terminal_auth *auth,
    const struct terminal_auth_binding *binding, struct bytes signature, struct chat *rights)
{
	int r;

	if (!auth->has_terminal || !auth->has_challenge)
		return SW_CONDITIONS_NOT_SATISFIED;
	r = check_signature(auth, binding, signature);
	if (r == 0)
		*rights = auth->holders[auth->current].issuer.rights;
	begin_anew(auth);
	if (r == 0)
		return SW_OK;
	return r == ERR_FORMAT ? SW_WARNING_CHANGED : SW_NO_DIAGNOSIS;
}
