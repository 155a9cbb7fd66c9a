/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chip Authentication 3 and pseudonymous signatures, where they are wanted (BSI TR-03110-3, A.1.1.2, A.1.1.5 to A.1.1.7, A.1.2):
 * a key of a group of chips that has been founded for this card, and what EF.CardAccess and EF.CardSecurity tell of it. Whom the
 * pseudonyms are told: TR-03110-4, 2.2.3.2. */
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "cards/npa/internal.h"
#include "crypto/pseudonym.h"

#define KEY_PSEUDONYM 0x46
#define PARAMETERS 13
#define CURVE EC_BRAINPOOL_P256R1
#define VERSION 1
#define CHIP_AUTH_VERSION 3
#define BSI 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02

/* With AES-128, and SHA-256. */
static const uint8_t oid_chip_auth[] = { BSI, 3, 2, 2 };
static const uint8_t oid_chip_auth_domain[] = { BSI, 3, 2 };
static const uint8_t oid_psa[] = { BSI, 11, 1, 2, 3 };
static const uint8_t oid_psm[] = { BSI, 11, 2, 2, 3 };
static const uint8_t oid_psc[] = { BSI, 11, 3, 2, 3 };
static const uint8_t oid_public_key[] = { BSI, 1, 3, 2 };

/* Standardised domain parameters, number 13. */
static const uint8_t domain[] = { 0x30, 0x0C, 0x06, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02,
	0x02, 0x01, PARAMETERS };

/* ps1-authInfo, ps2-authInfo: for all (0), for those with the right (1), for nobody (2). */
static const uint8_t auth_info[PSEUDONYMOUS_VARIANTS][PSEUDONYMS] = { { 0, 1 }, { 2, 1 },
	{ 2, 1 } };

static struct security_info signature_info(
    enum security_info_kind kind, struct bytes oid, enum pseudonymous_variant variant)
{
	const uint8_t *who = auth_info[variant - PSEUDONYMOUS_PSA];

	return (struct security_info){ .kind = kind,
		.protocol = oid,
		.version = VERSION,
		.has_id = true,
		.id = KEY_PSEUDONYM,
		.auth_info = { who[0], who[1] } };
}

void npa_pseudonym_access_infos(struct security_info out[NPA_PSEUDONYM_ACCESS_INFOS])
{
	out[0] = (struct security_info){ .kind = SECURITY_INFO_CHIP_AUTH,
		.protocol = BYTES_OF_ARRAY(oid_chip_auth),
		.version = CHIP_AUTH_VERSION,
		.has_id = true,
		.id = KEY_PSEUDONYM };
	out[1] = (struct security_info){ .kind = SECURITY_INFO_CHIP_AUTH_DOMAIN,
		.protocol = BYTES_OF_ARRAY(oid_chip_auth_domain),
		.domain = BYTES_OF_ARRAY(domain),
		.has_id = true,
		.id = KEY_PSEUDONYM };
	out[2] = signature_info(SECURITY_INFO_PSA, BYTES_OF_ARRAY(oid_psa), PSEUDONYMOUS_PSA);
	out[3] = signature_info(SECURITY_INFO_PSM, BYTES_OF_ARRAY(oid_psm), PSEUDONYMOUS_PSM);
}

void npa_pseudonym_signed_infos(const struct npa_group *group, struct writer *memory,
    struct security_info out[NPA_PSEUDONYM_SIGNED_INFOS])
{
	size_t before = memory->len;

	security_info_put_ps_key(memory, BYTES_OF_ARRAY(domain),
	    bytes_of(group->manager, group->len), bytes_of(group->public, group->len));
	out[0] = signature_info(SECURITY_INFO_PSC, BYTES_OF_ARRAY(oid_psc), PSEUDONYMOUS_PSC);
	out[1] = (struct security_info){ .kind = SECURITY_INFO_PS_PUBLIC_KEY,
		.protocol = BYTES_OF_ARRAY(oid_public_key),
		.public_key = bytes_after(writer_bytes(memory), before),
		.has_id = true,
		.id = KEY_PSEUDONYM };
}

static int put_point(const struct ec_key *key, uint8_t out[EC_POINT_SIZE_MAX])
{
	struct writer w;

	writer_init(&w, out, EC_POINT_SIZE_MAX);
	return ec_put_public(key, &w);
}

/* The manager gives the card its keys, and nobody has his own any more. */
static int issue(
    struct card *card, const struct pseudonym_manager *manager, const struct npa_group *group)
{
	uint8_t first[EC_FIELD_SIZE_MAX], second[EC_FIELD_SIZE_MAX];
	struct eac_key key = { .use = EAC_KEY_PSEUDONYM,
		.has_id = true,
		.id = KEY_PSEUDONYM,
		.parameter_id = PARAMETERS,
		.versions = 1U << CHIP_AUTH_VERSION,
		.manager = bytes_of(group->manager, group->len),
		.oids = { BYTES_OF_ARRAY(oid_chip_auth), BYTES_OF_ARRAY(oid_psa),
		    BYTES_OF_ARRAY(oid_psm), BYTES_OF_ARRAY(oid_psc) } };
	struct writer one, two;
	int r;

	memcpy(key.auth_info, auth_info, sizeof auth_info);
	writer_init(&one, first, sizeof first);
	writer_init(&two, second, sizeof second);
	r = pseudonym_issue(manager, card_random_source(card), &one, &two);
	key.private = writer_bytes(&one);
	key.second = writer_bytes(&two);
	if (r == 0)
		r = eac_add_key(card, &key);
	secret_wipe(first, sizeof first);
	secret_wipe(second, sizeof second);
	return r;
}

int npa_make_pseudonyms(struct card *card, struct npa_group *out)
{
	const struct ec_group *curve = ec_group_named(CURVE);
	struct random *random = card_random_source(card);
	struct ec_key *own = NULL, *group = NULL;
	int r = curve != NULL ? ec_generate(curve, random, &own) : ERR_NO_MEMORY;

	if (r == 0)
		r = ec_generate(curve, random, &group);
	if (r == 0)
		r = put_point(own, out->manager);
	if (r == 0)
		r = put_point(group, out->public);
	if (r == 0) {
		out->len = ec_point_size(curve);
		r = issue(card, &(struct pseudonym_manager){ own, group }, out);
	}
	ec_free(own);
	ec_free(group);
	return r;
}
