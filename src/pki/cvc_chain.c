/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains of CV certificates (BSI TR-03110-3, 2.5 and C.4). */
#include "pki/cvc_chain.h"

#include "base/err.h"

const char *cvc_verdict_text(enum cvc_verdict verdict)
{
	static const char *const texts[] = {
		[CVC_GOOD] = "good",
		[CVC_OTHER_ISSUER] = "issued by another authority",
		[CVC_ROLE] = "the issuer may not issue such a certificate",
		[CVC_EXPIRED] = "expired",
		[CVC_DOMAIN] = "domain parameters are missing, or are out of place",
		[CVC_BAD_SIGNATURE] = "the signature is wrong",
		[CVC_UNDECIDED] = "cannot be decided",
	};

	return texts[verdict];
}

bool cvc_trust_point(const struct cvc *cvc, struct cvc_issuer *out)
{
	if (chat_role(&cvc->chat) != CHAT_CVCA ||
	    (cvc_scheme(cvc->key.algorithm)->ec && !cvc->key.has_domain))
		return false;
	*out = (struct cvc_issuer){
		.name = cvc->chr, .key = cvc->key, .domain = cvc->key.domain, .rights = cvc->chat
	};
	return true;
}

static bool is_later(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year > b.year;
	return a.month != b.month ? a.month > b.month : a.day > b.day;
}

/* A CVCA issues links and document verifiers, these terminals, and terminals nothing; all of one kind. */
static bool may_issue(const struct chat *issuer, const struct chat *holder)
{
	enum chat_role role = chat_role(holder);

	if (issuer->type != holder->type)
		return false;
	if (chat_role(issuer) == CHAT_CVCA)
		return role != CHAT_TERMINAL;
	return chat_role(issuer) != CHAT_TERMINAL && role == CHAT_TERMINAL;
}

/* Below the CVCA nobody has parameters of their own (D.3.3), since a chain has one set (2.3). A link certificate that has
 * none goes on with those of before. */
static bool domain_of(
    const struct cvc_issuer *issuer, const struct cvc *cvc, struct ec_numbers *domain)
{
	*domain = issuer->domain;
	if (!cvc_scheme(cvc->key.algorithm)->ec) {
		*domain = (struct ec_numbers){ 0 };
		return true;
	}
	if (cvc->key.has_domain) {
		*domain = cvc->key.domain;
		return chat_role(&cvc->chat) == CHAT_CVCA;
	}
	return issuer->domain.p.len > 0;
}

int cvc_verify(const struct cvc_issuer *issuer, const struct cvc *cvc, struct random *random)
{
	struct sign_key key;
	int r =
	    cvc_key(&issuer->key, issuer->domain.p.len > 0 ? &issuer->domain : NULL, random, &key);

	if (r < 0)
		return r;
	r = sign_key_verify(&key, cvc_scheme(issuer->key.algorithm), cvc->body, cvc->signature);
	sign_key_done(&key);
	return r;
}

/* Those who are trusted to know the day: the CVCA, document verifiers, and terminals of official domestic ones. */
static bool may_set_date(const struct cvc_issuer *issuer, const struct cvc *cvc)
{
	return chat_role(&cvc->chat) != CHAT_TERMINAL ||
	    chat_role(&issuer->rights) == CHAT_DV_DOMESTIC;
}

enum cvc_verdict cvc_chain(const struct cvc_issuer *issuer, const struct cvc *cvc,
    struct date today, struct random *random, struct cvc_step *out)
{
	struct cvc_step step = { .today = today };
	int r;

	if (!bytes_equal(issuer->name, cvc->car))
		return CVC_OTHER_ISSUER;
	if (!may_issue(&issuer->rights, &cvc->chat))
		return CVC_ROLE;
	step.is_link = chat_role(&cvc->chat) == CHAT_CVCA;
	if (!domain_of(issuer, cvc, &step.holder.domain))
		return CVC_DOMAIN;
	r = cvc_verify(issuer, cvc, random);
	if (r < 0)
		return r == ERR_FORMAT ? CVC_BAD_SIGNATURE : CVC_UNDECIDED;
	if (!step.is_link && today.year != 0 && is_later(today, cvc->expiration))
		return CVC_EXPIRED;
	step.holder.name = cvc->chr;
	step.holder.key = cvc->key;
	step.holder.rights = cvc->chat;
	/* A new trust point has its own rights (C.4): otherwise no right could ever be added. */
	if (!step.is_link)
		chat_limit(&step.holder.rights, &issuer->rights);
	if (may_set_date(issuer, cvc) && is_later(cvc->effective, today))
		step.today = cvc->effective;
	*out = step;
	return CVC_GOOD;
}
