/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication. */
#include "auth/terminal_auth.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "iso7816/tlv.h"

#define COPY_MAX                                                                                   \
	(2 * CVC_SIZE_MAX) /* the views of an issuer: at most a certificate and domain parameters */
#define MESSAGE_MAX 4608   /* auxiliary data of 4096 bytes, and the rest of the binding */

/* The holder of a certificate, and the memory its views point into. */
struct held {
	struct cvc_issuer issuer; /* name.len 0: there is none */
	struct authorizations authorizations;
	struct terminal_sectors sectors;
	uint8_t memory[COPY_MAX];
};

enum issuer { ISSUER_NONE, ISSUER_TRUST_POINT, ISSUER_HOLDER };

struct terminal_auth {
	struct terminal_auth_setup setup;
	struct chat confined;
	struct authorizations confined_authorizations;
	struct held holders[2]; /* of the last certificate, and room for the next */
	unsigned current;
	enum issuer issuer; /* of the next certificate */
	size_t trust_point; /* which one */
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

	if (auth == NULL)
		return ERR_NO_MEMORY;
	auth->setup = *setup;
	if (setup->confined != NULL) {
		auth->confined = *setup->confined;
		authorizations_read(setup->extensions, &auth->confined_authorizations);
		auth->setup.confined = &auth->confined;
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

static struct held *last_holder(struct terminal_auth *auth)
{
	return &auth->holders[auth->current];
}

static bool is_last_holder(struct terminal_auth *auth, struct bytes reference)
{
	const struct cvc_issuer *holder = &last_holder(auth)->issuer;

	return holder->name.len > 0 && bytes_equal(holder->name, reference);
}

enum sw terminal_auth_set_issuer(struct terminal_auth *auth, struct bytes reference)
{
	auth->has_terminal = false;
	if (is_last_holder(auth, reference))
		auth->issuer = ISSUER_HOLDER;
	else if (trust_points_find(auth->setup.trust, reference, &auth->trust_point))
		auth->issuer = ISSUER_TRUST_POINT;
	else
		auth->issuer = ISSUER_NONE;
	return auth->issuer != ISSUER_NONE ? SW_OK : SW_REFERENCE_NOT_FOUND;
}

/* A trust point that has expired verifies nothing but link certificates (2.5.1). */
static bool may_verify(
    const struct terminal_auth *auth, const struct cvc *trust_point, const struct cvc *cvc)
{
	return auth->setup.ignore_dates || chat_role(&cvc->chat) == CHAT_CVCA ||
	    date_compare(*auth->setup.today, trust_point->expiration) <= 0;
}

/* Whose key verifies the next certificate, and what he can give. */
struct authority {
	struct cvc_issuer issuer;
	struct authorizations authorizations;
};

/* False: the certificate is not to be verified at all. */
static bool find_authority(struct terminal_auth *auth, const struct cvc *cvc, struct authority *out)
{
	struct cvc trust_point;
	size_t known;

	/* A name that is known is not given to another key (A.7.2). */
	if (trust_points_find(auth->setup.trust, cvc->chr, &known))
		return false;
	if (auth->issuer == ISSUER_HOLDER) {
		out->issuer = last_holder(auth)->issuer;
		out->authorizations = last_holder(auth)->authorizations;
		return true;
	}
	trust_point = trust_points_cvc(auth->setup.trust, auth->trust_point);
	authorizations_read(trust_point.extensions, &out->authorizations);
	return may_verify(auth, &trust_point, cvc) && cvc_trust_point(&trust_point, &out->issuer);
}

/* Algorithm and key size are the same throughout a chain, but for links (2.3). */
static bool is_of_same_size(const struct cvc_public_key *a, const struct cvc_public_key *b)
{
	return a->algorithm == b->algorithm && a->n.len == b->n.len && a->point.len == b->point.len;
}

/* A link certificate as it came; or, where its domain parameters are those of before, with them, because the trust point that
 * has them will go: then its signature is of another body, but nobody verifies it again. */
static int put_link(const struct cvc *cvc, const struct ec_numbers *domain, struct bytes content,
    struct writer *out)
{
	struct cvc whole = *cvc;
	int r = 0;

	tlv_open(out, 0x7F21);
	if (!cvc_scheme(cvc->key.algorithm)->ec || cvc->key.has_domain) {
		writer_put(out, content);
	} else {
		whole.key.has_domain = true;
		whole.key.domain = *domain;
		r = cvc_put_body(&whole, out);
		tlv_put(out, 0x5F37, cvc->signature);
	}
	tlv_close(out);
	if (r == 0 && !writer_done(out))
		r = ERR_LIMIT;
	return r;
}

static int keep_link(struct terminal_auth *auth, const struct cvc *cvc, const struct cvc_step *step,
    struct bytes content)
{
	uint8_t memory[CVC_SIZE_MAX];
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	r = put_link(cvc, &step->holder.domain, content, &w);
	return r == 0 ? trust_points_add(auth->setup.trust, writer_bytes(&w)) : r;
}

/* The new holder's views may be into what is held of the last one. */
static int keep_holder(struct terminal_auth *auth, const struct cvc *cvc,
    const struct cvc_step *step, const struct authority *authority)
{
	struct held *next = &auth->holders[1 - auth->current];
	int r = hold(&step->holder, next);

	if (r < 0)
		return r;
	authorizations_read(cvc->extensions, &next->authorizations);
	authorizations_limit(&next->authorizations, &authority->authorizations);
	terminal_sectors_read(
	    cvc->extensions, cvc_scheme(authority->issuer.key.algorithm)->digest, &next->sectors);
	auth->current = 1 - auth->current;
	return 0;
}

static bool advance(struct terminal_auth *auth, struct date today)
{
	if (auth->setup.ignore_dates || date_compare(today, *auth->setup.today) <= 0)
		return false;
	*auth->setup.today = today;
	return true;
}

static enum cvc_verdict judge(struct terminal_auth *auth, const struct cvc *cvc,
    const struct authority *authority, struct cvc_step *step)
{
	static const struct date no_date;
	enum cvc_verdict verdict = cvc_chain(&authority->issuer, cvc,
	    auth->setup.ignore_dates ? no_date : *auth->setup.today, auth->setup.random, step);

	if (verdict == CVC_GOOD && !step->is_link &&
	    !is_of_same_size(&authority->issuer.key, &cvc->key))
		return CVC_DOMAIN;
	return verdict;
}

static enum sw verify(struct terminal_auth *auth, struct bytes content, bool *changed)
{
	struct authority authority;
	struct cvc_step step;
	struct cvc cvc;
	enum cvc_verdict verdict;
	int r;

	if (cvc_parse_content(content, &cvc) < 0)
		return SW_WRONG_DATA;
	if (!find_authority(auth, &cvc, &authority))
		return SW_WARNING_CHANGED;
	verdict = judge(auth, &cvc, &authority, &step);
	if (verdict != CVC_GOOD)
		return verdict == CVC_UNDECIDED ? SW_NO_DIAGNOSIS : SW_WARNING_CHANGED;
	r = step.is_link ? keep_link(auth, &cvc, &step, content)
	                 : keep_holder(auth, &cvc, &step, &authority);
	if (r < 0)
		return r == ERR_LIMIT ? SW_WARNING_CHANGED : SW_NO_DIAGNOSIS;
	*changed = advance(auth, step.today) || step.is_link;
	return SW_OK;
}

enum sw terminal_auth_verify_certificate(
    struct terminal_auth *auth, struct bytes content, bool *changed)
{
	enum sw sw = auth->issuer != ISSUER_NONE ? verify(auth, content, changed)
	                                         : SW_CONDITIONS_NOT_SATISFIED;

	auth->issuer = ISSUER_NONE;
	auth->has_terminal = false;
	return sw;
}

enum sw terminal_auth_set_terminal(
    struct terminal_auth *auth, struct bytes reference, struct bytes algorithm)
{
	const struct cvc_issuer *holder = &last_holder(auth)->issuer;

	auth->has_terminal = false;
	if (!is_last_holder(auth, reference) || chat_role(&holder->rights) != CHAT_TERMINAL)
		return SW_REFERENCE_NOT_FOUND;
	if (algorithm.len > 0 && !bytes_equal(algorithm, cvc_algorithm_oid(holder->key.algorithm)))
		return SW_WRONG_DATA;
	auth->has_terminal = true;
	return SW_OK;
}

void terminal_auth_set_challenge(
    struct terminal_auth *auth, const uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE])
{
	memcpy(auth->challenge, challenge, sizeof auth->challenge);
	auth->has_challenge = true;
}

/* ID_PICC || r_PICC || Comp(PK_PCD) || A_PCD */
static int check_signature(
    struct terminal_auth *auth, const struct terminal_auth_binding *binding, struct bytes signature)
{
	const struct cvc_issuer *holder = &last_holder(auth)->issuer;
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
	r = cvc_key(&holder->key, &holder->domain, auth->setup.random, &key);
	if (r < 0)
		return r;
	r = sign_key_verify(&key, cvc_scheme(holder->key.algorithm), writer_bytes(&w), signature);
	sign_key_done(&key);
	return r;
}

/* What the chain leaves, and what PACE has confined it to. False: that was of another kind of terminal. */
static bool confine(const struct terminal_auth *auth, struct terminal *who)
{
	if (auth->setup.confined == NULL)
		return true;
	if (auth->setup.confined->type != who->rights.type)
		return false;
	chat_limit(&who->rights, auth->setup.confined);
	authorizations_limit(&who->authorizations, &auth->confined_authorizations);
	return true;
}

enum sw terminal_auth_verify_signature(struct terminal_auth *auth,
    const struct terminal_auth_binding *binding, struct bytes signature, struct terminal *out)
{
	struct held *holder = last_holder(auth);
	struct terminal who = { .rights = holder->issuer.rights,
		.authorizations = holder->authorizations,
		.digest = cvc_scheme(holder->issuer.key.algorithm)->digest,
		.sectors = holder->sectors };
	int r;

	if (!auth->has_terminal || !auth->has_challenge)
		return SW_CONDITIONS_NOT_SATISFIED;
	auth->has_terminal = false;
	auth->has_challenge = false;
	if (!confine(auth, &who))
		return SW_CONDITIONS_NOT_SATISFIED;
	r = check_signature(auth, binding, signature);
	if (r < 0)
		return r == ERR_FORMAT ? SW_WARNING_CHANGED : SW_NO_DIAGNOSIS;
	*out = who;
	holder->issuer = (struct cvc_issuer){ .name = { NULL, 0 } };
	return SW_OK;
}
