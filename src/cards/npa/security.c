/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the card can and with which keys (BSI TR-03110-3, A.1; TR-03127, 3.2.4): EF.CardAccess says it, EF.CardSecurity says it
 * signed and with the public keys. Whichever of both files is given decides what protocols and keys there are; one that is
 * not given is made to fit. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "cards/npa/internal.h"
#include "iso7816/tlv.h"
#include "pki/cms_read.h"
#include "pki/der.h"
#include "pki/security_info.h"
#include "specimen/specimen.h"

#define KEYS_MAX 8
#define INFOS_SIZE_MAX 8192 /* EF.ChipSecurity tells of keys twice */
#define SPKI_MAX (AGREEMENT_SIZE_MAX + 64)
#define KEY_GENERATION 0x41 /* of all cards of a generation: the specimen's */
#define KEY_INDIVIDUAL 0x45 /* for privileged terminals: a card of its own */
#define KEY_SECTOR_AUTHORIZED 0x43
#define KEY_SECTOR 0x44
#define PARAMETER_DEFAULT 13
#define VERSION_MAX 2  /* 3 has keys for pseudonymous signatures */
#define AGREEMENT_DH 1 /* the arc behind the protocol */

#define BSI 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02

/* As the reference's: Terminal and Chip Authentication 2, keys 41 and 45, PACE with brainpoolP256r1. */
static const uint8_t card_access_default[] = { 0x31, 0x81, 0xB3, 0x30, 0x0D, 0x06, 0x08, BSI, 0x02,
	0x02, 0x01, 0x02, 0x30, 0x12, 0x06, 0x0A, BSI, 0x03, 0x02, 0x02, 0x02, 0x01, 0x02, 0x02,
	0x01, 0x41, 0x30, 0x12, 0x06, 0x0A, BSI, 0x03, 0x02, 0x02, 0x02, 0x01, 0x02, 0x02, 0x01,
	0x45, 0x30, 0x12, 0x06, 0x0A, BSI, 0x04, 0x02, 0x02, 0x02, 0x01, 0x02, 0x02, 0x01, 0x0D,
	0x30, 0x1C, 0x06, 0x09, BSI, 0x03, 0x02, 0x30, 0x0C, 0x06, 0x07, 0x04, 0x00, 0x7F, 0x00,
	0x07, 0x01, 0x02, 0x02, 0x01, 0x0D, 0x02, 0x01, 0x41, 0x30, 0x1C, 0x06, 0x09, BSI, 0x03,
	0x02, 0x30, 0x0C, 0x06, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02, 0x02, 0x01, 0x0D,
	0x02, 0x01, 0x45, 0x30, 0x2A, 0x06, 0x08, BSI, 0x06, 0x16, 0x1E, 'h', 't', 't', 'p', ':',
	'/', '/', 'b', 's', 'i', '.', 'b', 'u', 'n', 'd', '.', 'd', 'e', '/', 'c', 'i', 'f', '/',
	'n', 'p', 'a', '.', 'x', 'm', 'l' };

static const uint8_t oid_eid_security[] = { BSI, 7 };
static const uint8_t oid_privileged[] = { BSI, 8 };
static const uint8_t oid_sector_ecdh_sha256[] = { BSI, 5, 2, 3 };
static const uint8_t oid_sector_ecdh[] = { BSI, 5, 2 };
static const uint8_t oid_public_key[] = { BSI, 1 };

struct infos {
	struct security_info list[SECURITY_INFOS_MAX];
	size_t n;
};

/* A key of Chip Authentication, as the infos tell of it. */
struct key_plan {
	struct eac_key key;
	size_t n_oids;
	bool has_domain;
	struct bytes public; /* of it in EF.CardSecurity; empty: it is not there */
	bool is_given;       /* --ca-key is this one */
};

struct security {
	const struct npa_maker *maker;
	const struct dataset *dataset;
	struct infos access;      /* of EF.CardAccess */
	struct infos signed_ones; /* of EF.CardSecurity; none: it is made here */
	struct key_plan plans[KEYS_MAX];
	size_t n_plans;
	struct buffer given;    /* --ca-key */
	struct npa_group group; /* --pseudonyms */

	/* EF.CardSecurity or EF.ChipSecurity that is made here, and what its infos are views into. */
	struct infos made;
	struct infos privileged; /* of these those of keys for privileged terminals */
	uint8_t memory[INFOS_SIZE_MAX];
	uint8_t content[INFOS_SIZE_MAX];
};

static int fail(
    const struct npa_maker *maker, const char *option, const char *path, const char *why)
{
	return card_setup_fail(maker->setup, ERR_FORMAT, "--%s %s: %s", option, path, why);
}

/* The default one, with more infos where they are wanted. What is made later has room for them until then. */
static int make_access(struct security *security, struct buffer *out)
{
	struct infos *infos = &security->made;
	struct writer w;
	int r;

	if (!security->maker->options->pseudonyms)
		return buffer_set(out, BYTES_OF_ARRAY(card_access_default));
	r = security_infos_parse(BYTES_OF_ARRAY(card_access_default), infos->list, &infos->n);
	if (r < 0)
		return r;
	npa_pseudonym_access_infos(infos->list + infos->n);
	infos->n += NPA_PSEUDONYM_ACCESS_INFOS;
	writer_init(&w, security->memory, sizeof security->memory);
	r = security_infos_put(infos->list, infos->n, &w);
	return r == 0 ? buffer_set(out, writer_bytes(&w)) : r;
}

static int load_access(struct security *security, struct buffer *out)
{
	const struct npa_maker *maker = security->maker;
	const char *path = maker->options->ef_card_access;
	int r;

	if (path == NULL)
		r = make_access(security, out);
	else
		r = npa_load_file(maker, "ef-cardaccess", path, out);
	if (r == 0 &&
	    security_infos_parse(buffer_bytes(out), security->access.list, &security->access.n) < 0)
		r = fail(maker, "ef-cardaccess", path, "these are no SecurityInfos");
	return r;
}

static int load_signed(struct security *security, struct buffer *out)
{
	const struct npa_maker *maker = security->maker;
	const char *path = maker->options->ef_card_security;
	struct infos *infos = &security->signed_ones;
	struct cms cms;
	int r;

	if (path == NULL)
		return 0;
	r = npa_load_file(maker, "ef-cardsecurity", path, out);
	if (r < 0)
		return r;
	if (cms_parse(buffer_bytes(out), &cms) < 0 ||
	    security_infos_parse(cms.content, infos->list, &infos->n) < 0)
		r = fail(
		    maker, "ef-cardsecurity", path, "this is no signed data with SecurityInfos");
	return r;
}

/* What is not supported is left out, as long as something is left. */
static int add_pace(struct security *security)
{
	const struct npa_maker *maker = security->maker;
	size_t n = 0;

	for (size_t i = 0; i < security->access.n; i++) {
		const struct security_info *info = &security->access.list[i];
		int r;

		if (info->kind != SECURITY_INFO_PACE || !info->has_id || info->id > UINT8_MAX)
			continue;
		r = eac_add_pace(maker->card, info->protocol, (uint8_t)info->id);
		if (r < 0 && r != ERR_UNSUPPORTED)
			return r;
		if (r == 0)
			n++;
	}
	if (n > 0)
		return 0;
	return fail(maker, "ef-cardaccess", maker->options->ef_card_access,
	    "it has no PACE with standardised domain parameters");
}

static bool is_of_plan(const struct key_plan *plan, const struct security_info *info)
{
	return plan->key.has_id == info->has_id && (!info->has_id || plan->key.id == info->id);
}

static struct key_plan *find_plan(struct security *security, const struct security_info *info)
{
	for (size_t i = 0; i < security->n_plans; i++)
		if (is_of_plan(&security->plans[i], info))
			return &security->plans[i];
	return NULL;
}

static int plan_key(struct security *security, const struct security_info *info, bool privileged)
{
	struct key_plan *plan = find_plan(security, info);

	if (info->version < 1 || info->version > VERSION_MAX || info->id > UINT8_MAX)
		return 0;
	if (plan == NULL) {
		if (security->n_plans == KEYS_MAX)
			return ERR_LIMIT;
		plan = &security->plans[security->n_plans++];
		*plan = (struct key_plan){ .key = { .use = EAC_KEY_CHIP_AUTH,
			                       .has_id = info->has_id,
			                       .id = (uint8_t)info->id,
			                       .privileged_only = privileged } };
	}
	plan->key.versions |= 1U << info->version;
	if (plan->n_oids == EAC_SUITES_MAX)
		return ERR_LIMIT;
	plan->key.oids[plan->n_oids++] = info->protocol;
	return 0;
}

static void plan_domain(struct security *security, const struct security_info *info)
{
	struct key_plan *plan = find_plan(security, info);
	uint32_t id;

	if (plan == NULL || !security_info_is_standardised(info->domain, &id) || id > UINT8_MAX)
		return;
	plan->has_domain = true;
	plan->key.parameter_id = (uint8_t)id;
}

/* The point or number in a SubjectPublicKeyInfo: a number is an INTEGER in it. */
static struct bytes public_of(struct bytes info)
{
	struct bytes in, bits, number;
	struct tlv algorithm;

	if (!tlv_take_tag(&info, DER_SEQUENCE, &in) || !tlv_take(&in, &algorithm) ||
	    !der_take_bits(&in, &bits))
		return (struct bytes){ 0 };
	in = bits;
	if (bits.len > 0 && bits.data[0] == DER_INTEGER && tlv_take_tag(&in, DER_INTEGER, &number))
		return number;
	return bits;
}

static void plan_public(struct security *security, const struct security_info *info)
{
	struct key_plan *plan = find_plan(security, info);

	if (plan != NULL)
		plan->public = public_of(info->public_key);
}

/* First the keys, then what else is told of them. */
static int plan(struct security *security, const struct infos *infos, bool privileged)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < infos->n; i++) {
		if (infos->list[i].kind == SECURITY_INFO_CHIP_AUTH)
			r = plan_key(security, &infos->list[i], privileged);
	}
	for (size_t i = 0; r == 0 && i < infos->n; i++) {
		if (infos->list[i].kind == SECURITY_INFO_CHIP_AUTH_DOMAIN)
			plan_domain(security, &infos->list[i]);
		if (infos->list[i].kind == SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY)
			plan_public(security, &infos->list[i]);
	}
	return r;
}

/* PrivilegedTerminalInfo (A.1.1.9) has infos of its own inside. */
static int plan_privileged(struct security *security, const struct infos *infos)
{
	struct infos *inner = calloc(1, sizeof *inner);
	int r = inner == NULL ? ERR_NO_MEMORY : 0;

	for (size_t i = 0; r == 0 && i < infos->n; i++) {
		const struct security_info *info = &infos->list[i];

		if (!bytes_equal(info->protocol, BYTES_OF_ARRAY(oid_privileged)) ||
		    security_infos_parse(info->required, inner->list, &inner->n) < 0)
			continue;
		r = plan(security, inner, true);
	}
	free(inner);
	return r;
}

static int make_plans(struct security *security)
{
	const struct infos *infos =
	    security->signed_ones.n > 0 ? &security->signed_ones : &security->access;
	int r = plan(security, infos, false);

	return r == 0 ? plan_privileged(security, &security->access) : r;
}

/* --ca-key as the number that it is: of the file as it is, or of the key in PKCS#8, SEC 1, PEM. Empty: it is none. */
static struct bytes private_number(
    const struct security *security, const struct domain *domain, struct writer *memory)
{
	struct bytes in = buffer_bytes(&security->given);
	struct random *random = card_random_source(security->maker->card);
	struct ec_key *ec = NULL;
	int r;

	if (domain->ec == NULL || in.len == ec_order_size(domain->ec))
		return in;
	if (ec_read(random, in, &ec) < 0)
		return (struct bytes){ NULL, 0 };
	r = ec_put_private(ec, memory);
	ec_free(ec);
	return r == 0 ? writer_bytes(memory) : (struct bytes){ NULL, 0 };
}

/* Whether the public key of this pair is the one that EF.CardSecurity has. */
static bool is_public(const struct agreement *pair, struct bytes public)
{
	uint8_t memory[AGREEMENT_SIZE_MAX + 1];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	return agreement_put_public(pair, &w) == 0 &&
	    bytes_equal(agreement_canonical(&pair->domain, writer_bytes(&w)),
	        agreement_canonical(&pair->domain, public));
}

/* Whether a private key fits this plan; *out is then its number. */
static bool fits(const struct security *security, const struct key_plan *plan,
    struct writer *memory, struct bytes *out)
{
	struct random *random = card_random_source(security->maker->card);
	struct agreement pair = { 0 };
	struct domain domain;
	bool ok;

	if (domain_standardized(plan->key.parameter_id, &domain) < 0)
		return false;
	*out = private_number(security, &domain, memory);
	if (out->len == 0 || agreement_init(&domain, random, *out, &pair) < 0)
		return false;
	ok = security->signed_ones.n == 0 || is_public(&pair, plan->public);
	agreement_done(&pair);
	return ok;
}

static bool is_default(const struct security *security)
{
	const struct npa_options *options = security->maker->options;

	return options->ef_card_access == NULL && options->ef_card_security == NULL;
}

/* The number of the specimen's key. */
static int specimen_number(const struct security *security, struct writer *memory)
{
	struct ec_key *ec = NULL;
	int r = ec_read(card_random_source(security->maker->card),
	    specimen_file(SPECIMEN_CHIP_AUTH_EC_KEY), &ec);

	if (r == 0)
		r = ec_put_private(ec, memory);
	ec_free(ec);
	return r;
}

static int add_chip_key(struct security *security, struct key_plan *plan)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer w;
	int r = 0;

	writer_init(&w, memory, sizeof memory);
	if (is_default(security) && plan->key.id == KEY_INDIVIDUAL)
		plan->key.privileged_only = true;
	plan->is_given = security->given.len > 0 && fits(security, plan, &w, &plan->key.private);
	if (!plan->is_given) {
		writer_reset(&w);
		if (is_default(security) && plan->key.id == KEY_GENERATION)
			r = specimen_number(security, &w);
		plan->key.private = writer_bytes(&w);
	}
	if (r == 0)
		r = eac_add_key(security->maker->card, &plan->key);
	plan->key.private = (struct bytes){ 0 };
	secret_wipe(memory, sizeof memory);
	return r;
}

static int add_chip_keys(struct security *security)
{
	const struct npa_maker *maker = security->maker;
	bool used = false;
	int r = 0;

	if (maker->options->ca_key != NULL)
		r = npa_load_file(maker, "ca-key", maker->options->ca_key, &security->given);
	for (size_t i = 0; r == 0 && i < security->n_plans; i++) {
		if (!security->plans[i].has_domain)
			continue;
		r = add_chip_key(security, &security->plans[i]);
		used = used || security->plans[i].is_given;
	}
	if (r < 0 || maker->options->ca_key == NULL || used)
		return r;
	return fail(maker, "ca-key", maker->options->ca_key,
	    security->signed_ones.n > 0
	        ? "its public key is not in EF.CardSecurity"
	        : "this is no private key for the domain parameters of EF.CardAccess");
}

static int add_sector_key(struct card *card, const struct security_info *info, uint8_t parameter_id)
{
	const struct eac_key key = { .use = EAC_KEY_SECTOR,
		.has_id = true,
		.id = (uint8_t)info->id,
		.parameter_id = parameter_id,
		.authorized_only = info->authorized_only,
		.oids = { info->protocol } };

	return eac_add_key(card, &key);
}

/* The domain parameters that EF.CardSecurity tells for Restricted Identification. False: none, or not standardised. */
static bool sector_domain(const struct infos *infos, uint8_t *out)
{
	for (size_t i = 0; i < infos->n; i++) {
		uint32_t id;

		if (infos->list[i].kind != SECURITY_INFO_RESTRICTED_ID_DOMAIN ||
		    !security_info_is_standardised(infos->list[i].domain, &id) || id > UINT8_MAX)
			continue;
		*out = (uint8_t)id;
		return true;
	}
	return false;
}

static int add_sector_keys(struct security *security)
{
	const struct infos *infos = &security->signed_ones;
	uint8_t parameter_id = 0;
	int r = 0;

	if (!sector_domain(infos, &parameter_id))
		return 0;
	for (size_t i = 0; r == 0 && i < infos->n; i++) {
		if (infos->list[i].kind == SECURITY_INFO_RESTRICTED_ID &&
		    infos->list[i].id <= UINT8_MAX)
			r = add_sector_key(security->maker->card, &infos->list[i], parameter_id);
	}
	return r;
}

/* The SubjectPublicKeyInfo of a key of standardised domain parameters. */
static int put_public(
    const struct security *security, unsigned index, uint8_t parameter_id, struct writer *out)
{
	uint8_t memory[AGREEMENT_SIZE_MAX + 1], number[SPKI_MAX];
	struct writer w, bits;
	struct domain domain;
	int r = domain_standardized(parameter_id, &domain);

	writer_init(&w, memory, sizeof memory);
	writer_init(&bits, number, sizeof number);
	if (r < 0)
		return r;
	if (!eac_put_public_key(security->maker->card, EAC_KEY_CHIP_AUTH, index, &w))
		return ERR_NOT_FOUND;
	if (domain.dh != NULL)
		der_put_number(&bits, writer_bytes(&w));
	else
		writer_put(&bits, writer_bytes(&w));
	tlv_open(out, DER_SEQUENCE);
	security_info_put_standardised(out, parameter_id);
	der_put_bits(out, writer_bytes(&bits));
	tlv_close(out);
	return 0;
}

static int append(struct infos *infos, const struct security_info *info)
{
	if (infos->n == SECURITY_INFOS_MAX)
		return ERR_LIMIT;
	infos->list[infos->n++] = *info;
	return 0;
}

/* Whether EF.CardAccess tells everybody of the key. */
static bool is_told(const struct security *security, const struct key_plan *plan)
{
	for (size_t i = 0; i < security->access.n; i++) {
		const struct security_info *info = &security->access.list[i];

		if (info->kind == SECURITY_INFO_CHIP_AUTH && is_of_plan(plan, info))
			return true;
	}
	return false;
}

/* A public key, to where the other infos of its key are. */
static int add_public_info(struct security *security, const struct key_plan *plan, bool privileged,
    const struct security_info *info)
{
	int r = 0;

	if (!plan->key.privileged_only)
		return append(&security->made, info);
	if (!privileged)
		return 0;
	r = append(&security->privileged, info);
	return r == 0 && is_told(security, plan) ? append(&security->made, info) : r;
}

/* Appends what EF.CardSecurity has beyond EF.CardAccess (A.1.2.2): the public keys, ... */
static int add_public_infos(struct security *security, bool privileged, struct writer *memory)
{
	unsigned index = 0;

	for (size_t i = 0; i < security->n_plans; i++) {
		const struct eac_key *key = &security->plans[i].key;
		struct security_info info = { .kind = SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY,
			.has_id = key->has_id,
			.id = key->id };
		size_t before = memory->len;
		int r;

		if (!security->plans[i].has_domain)
			continue;
		r = put_public(security, index++, key->parameter_id, memory);
		if (r < 0)
			return r;
		info.public_key = bytes_after(writer_bytes(memory), before);
		before = memory->len;
		writer_put(memory, BYTES_OF_ARRAY(oid_public_key));
		writer_put_u8(memory, key->oids[0].data[sizeof oid_public_key]);
		info.protocol = bytes_after(writer_bytes(memory), before);
		r = add_public_info(security, &security->plans[i], privileged, &info);
		if (r < 0)
			return r;
	}
	return 0;
}

/* ... in EF.ChipSecurity those for privileged terminals inside PrivilegedTerminalInfo (A.1.2.3), ... */
static int add_privileged_info(struct security *security, struct writer *memory)
{
	struct security_info info = { .kind = SECURITY_INFO_PRIVILEGED,
		.protocol = BYTES_OF_ARRAY(oid_privileged) };
	size_t before = memory->len;
	int r;

	if (security->privileged.n == 0)
		return 0;
	r = security_infos_put(security->privileged.list, security->privileged.n, memory);
	if (r < 0)
		return r;
	info.required = bytes_after(writer_bytes(memory), before);
	return append(&security->made, &info);
}

/* ... and there what the data groups are, ... */
static int add_eid_info(struct security *security, struct writer *memory)
{
	struct security_info info = { .kind = SECURITY_INFO_EID_SECURITY,
		.protocol = BYTES_OF_ARRAY(oid_eid_security) };
	size_t before = memory->len;
	int r = npa_put_eid_security(security->dataset, memory);

	if (r < 0)
		return r;
	info.required = bytes_after(writer_bytes(memory), before);
	return append(&security->made, &info);
}

/* ... and Restricted Identification. */
static int add_sector_infos(struct security *security, struct writer *memory)
{
	const struct security_info sectors[] = {
		{ .kind = SECURITY_INFO_RESTRICTED_ID,
		    .protocol = BYTES_OF_ARRAY(oid_sector_ecdh_sha256),
		    .version = 1,
		    .id = KEY_SECTOR_AUTHORIZED,
		    .authorized_only = true },
		{ .kind = SECURITY_INFO_RESTRICTED_ID,
		    .protocol = BYTES_OF_ARRAY(oid_sector_ecdh_sha256),
		    .version = 1,
		    .id = KEY_SECTOR },
	};
	struct security_info domain = { .kind = SECURITY_INFO_RESTRICTED_ID_DOMAIN,
		.protocol = BYTES_OF_ARRAY(oid_sector_ecdh) };
	struct infos *infos = &security->made;
	size_t before = memory->len;

	if (infos->n + COUNT(sectors) + 1 > SECURITY_INFOS_MAX)
		return ERR_LIMIT;
	for (size_t i = 0; i < COUNT(sectors); i++)
		infos->list[infos->n++] = sectors[i];
	security_info_put_standardised(memory, PARAMETER_DEFAULT);
	domain.domain = bytes_after(writer_bytes(memory), before);
	infos->list[infos->n++] = domain;
	return 0;
}

int npa_read_signer(struct card *card, struct sign_key *key, struct cms_signer *out)
{
	int r = sign_key_read(card_random_source(card), specimen_file(SPECIMEN_SIGNER_KEY), key);

	if (r < 0)
		return r;
	*out = (struct cms_signer){ .key = key,
		.certificate = specimen_file(SPECIMEN_SIGNER_CERTIFICATE),
		.scheme = { .ec = key->ec != NULL, .digest = DIGEST_SHA256 } };
	return 0;
}

/* ... and pseudonymous signatures. */
static int add_pseudonym_infos(struct security *security, struct writer *memory)
{
	struct infos *infos = &security->made;

	if (!security->maker->options->pseudonyms)
		return 0;
	if (infos->n + NPA_PSEUDONYM_SIGNED_INFOS > SECURITY_INFOS_MAX)
		return ERR_LIMIT;
	npa_pseudonym_signed_infos(&security->group, memory, infos->list + infos->n);
	infos->n += NPA_PSEUDONYM_SIGNED_INFOS;
	return 0;
}

static int put_signed(const struct security *security, struct bytes content, struct writer *out)
{
	struct cms_signer signer;
	struct sign_key key = { 0 };
	int r = npa_read_signer(security->maker->card, &key, &signer);

	if (r < 0)
		return r;
	r = cms_sign(CMS_SECURITY_OBJECT, content, &signer, out);
	sign_key_done(&key);
	return r;
}

/* An info of EF.CardAccess about a key that only privileged terminals may use. */
static bool is_privileged(struct security *security, const struct security_info *info)
{
	const struct key_plan *plan;

	if (info->kind != SECURITY_INFO_CHIP_AUTH && info->kind != SECURITY_INFO_CHIP_AUTH_DOMAIN)
		return false;
	plan = find_plan(security, info);
	return plan != NULL && plan->key.privileged_only;
}

/* What EF.CardAccess has; without what is for privileged terminals, or with it, which is told anew inside
 * PrivilegedTerminalInfo. */
static int collect_access_infos(struct security *security, bool privileged)
{
	bool for_privileged;
	int r = 0;

	security->made.n = 0;
	security->privileged.n = 0;
	for (size_t i = 0; r == 0 && i < security->access.n; i++) {
		const struct security_info *info = &security->access.list[i];

		if (info->kind == SECURITY_INFO_PRIVILEGED) {
			if (privileged)
				r = security_infos_parse(info->required, security->privileged.list,
				    &security->privileged.n);
			continue;
		}
		for_privileged = is_privileged(security, info);
		if (for_privileged && !privileged)
			continue;
		r = append(&security->made, info);
		if (r == 0 && for_privileged)
			r = append(&security->privileged, info);
	}
	return r;
}

/* All that EF.CardAccess has, and more. */
static int collect_infos(struct security *security, bool privileged)
{
	struct writer w;
	int r = collect_access_infos(security, privileged);

	writer_init(&w, security->memory, sizeof security->memory);
	if (r == 0)
		r = add_public_infos(security, privileged, &w);
	if (r == 0)
		r = add_privileged_info(security, &w);
	if (r == 0 && privileged)
		r = add_eid_info(security, &w);
	if (r == 0)
		r = add_sector_infos(security, &w);
	if (r == 0)
		r = add_pseudonym_infos(security, &w);
	return r == 0 && !writer_done(&w) ? ERR_LIMIT : r;
}

/* EF.CardSecurity of our own, or EF.ChipSecurity, which has the keys for privileged terminals, too. */
static int sign_security(struct security *security, bool privileged, struct buffer *out)
{
	struct writer content, file;
	int r = collect_infos(security, privileged);

	writer_init(&content, security->content, sizeof security->content);
	if (r == 0)
		r = security_infos_put(security->made.list, security->made.n, &content);
	if (r == 0)
		r = buffer_resize(out, out->max);
	if (r < 0)
		return r;
	writer_init(&file, out->data, out->len);
	r = put_signed(security, writer_bytes(&content), &file);
	return r == 0 ? buffer_resize(out, file.len) : r;
}

static bool has_privileged_keys(const struct security *security)
{
	for (size_t i = 0; i < security->n_plans; i++) {
		if (security->plans[i].key.privileged_only)
			return true;
	}
	return false;
}

/* What is not given. */
static int make_files(struct security *security, struct npa_security_files *files)
{
	const struct security_info keys[] = {
		{ .protocol = BYTES_OF_ARRAY(oid_sector_ecdh_sha256),
		    .id = KEY_SECTOR_AUTHORIZED,
		    .authorized_only = true },
		{ .protocol = BYTES_OF_ARRAY(oid_sector_ecdh_sha256), .id = KEY_SECTOR },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(keys); i++)
		r = add_sector_key(security->maker->card, &keys[i], PARAMETER_DEFAULT);
	if (r == 0 && security->maker->options->pseudonyms)
		r = npa_make_pseudonyms(security->maker->card, &security->group);
	if (r == 0)
		r = sign_security(security, false, &files->card_security);
	if (r == 0 && has_privileged_keys(security))
		r = sign_security(security, true, &files->chip_security);
	return r;
}

int npa_make_security(
    const struct npa_maker *maker, const struct dataset *dataset, struct npa_security_files *files)
{
	struct security *security = calloc(1, sizeof *security);
	int r;

	if (security == NULL)
		return ERR_NO_MEMORY;
	security->maker = maker;
	security->dataset = dataset;
	buffer_init(&security->given, NPA_FILE_MAX);
	r = load_access(security, &files->card_access);
	if (r == 0)
		r = load_signed(security, &files->card_security);
	if (r == 0)
		r = add_pace(security);
	if (r == 0)
		r = make_plans(security);
	if (r == 0)
		r = add_chip_keys(security);
	if (r == 0)
		r = security->signed_ones.n > 0 ? add_sector_keys(security)
		                                : make_files(security, files);
	buffer_done(&security->given);
	free(security);
	return r;
}
