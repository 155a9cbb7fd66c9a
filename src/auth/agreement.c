/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key agreement in either kind of group. */
#include "auth/agreement.h"

#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/mac.h"
#include "iso7816/tlv.h"

#define FIRST_CURVE 8

int domain_standardized(uint8_t id, struct domain *out)
{
	static const enum dh_name groups[] = { DH_1024_160, DH_2048_224, DH_2048_256 };
	static const enum ec_curve curves[] = { EC_P192, EC_BRAINPOOL_P192R1, EC_P224,
		EC_BRAINPOOL_P224R1, EC_P256, EC_BRAINPOOL_P256R1, EC_BRAINPOOL_P320R1, EC_P384,
		EC_BRAINPOOL_P384R1, EC_BRAINPOOL_P512R1, EC_P521 };
	struct domain domain = { NULL, NULL };

	if (id < COUNT(groups))
		domain.dh = dh_group_named(groups[id]);
	else if (id >= FIRST_CURVE && id - FIRST_CURVE < (int)COUNT(curves))
		domain.ec = ec_group_named(curves[id - FIRST_CURVE]);
	else
		return ERR_NOT_FOUND;
	if (domain.dh == NULL && domain.ec == NULL)
		return ERR_NO_MEMORY;
	*out = domain;
	return 0;
}

static bool ec_is_same(const struct ec_group *a, const struct ec_group *b)
{
	static const enum ec_part parts[] = { EC_PART_P, EC_PART_A, EC_PART_B, EC_PART_G,
		EC_PART_N };
	uint8_t memory[2][EC_POINT_SIZE_MAX];
	struct writer w[2];

	for (size_t i = 0; i < COUNT(parts); i++) {
		writer_init(&w[0], memory[0], sizeof memory[0]);
		writer_init(&w[1], memory[1], sizeof memory[1]);
		if (ec_group_put(a, parts[i], &w[0]) < 0 || ec_group_put(b, parts[i], &w[1]) < 0 ||
		    !bytes_equal(writer_bytes(&w[0]), writer_bytes(&w[1])))
			return false;
	}
	return true;
}

static bool dh_is_same(const struct dh_group *a, const struct dh_group *b)
{
	static const enum dh_part parts[] = { DH_PART_P, DH_PART_Q, DH_PART_G };
	uint8_t memory[2][DH_SIZE_MAX];
	struct writer w[2];

	for (size_t i = 0; i < COUNT(parts); i++) {
		writer_init(&w[0], memory[0], sizeof memory[0]);
		writer_init(&w[1], memory[1], sizeof memory[1]);
		if (dh_group_put(a, parts[i], &w[0]) < 0 || dh_group_put(b, parts[i], &w[1]) < 0 ||
		    !bytes_equal(writer_bytes(&w[0]), writer_bytes(&w[1])))
			return false;
	}
	return true;
}

bool domain_is_same(const struct domain *a, const struct domain *b)
{
	if (a->ec != NULL && b->ec != NULL)
		return ec_is_same(a->ec, b->ec);
	return a->dh != NULL && b->dh != NULL && dh_is_same(a->dh, b->dh);
}

size_t domain_field_size(const struct domain *domain)
{
	return domain->ec != NULL ? ec_field_size(domain->ec) : dh_size(domain->dh);
}

static int import(
    const struct domain *domain, struct random *random, struct bytes private, struct agreement *key)
{
	if (domain->ec != NULL)
		return ec_import_private(domain->ec, random, private, &key->ec);
	return dh_import_private(domain->dh, random, private, &key->dh);
}

static int generate(const struct domain *domain, struct random *random, struct agreement *key)
{
	if (domain->ec != NULL)
		return ec_generate(domain->ec, random, &key->ec);
	return dh_generate(domain->dh, random, &key->dh);
}

int agreement_init(
    const struct domain *domain, struct random *random, struct bytes private, struct agreement *out)
{
	struct agreement key = { .domain = *domain };
	int r = private.len > 0 ? import(domain, random, private, &key)
	                        : generate(domain, random, &key);

	if (r == 0)
		*out = key;
	return r;
}

void agreement_done(struct agreement *agreement)
{
	ec_free(agreement->ec);
	dh_free(agreement->dh);
	*agreement = (struct agreement){ .ec = NULL };
}

struct bytes agreement_canonical(const struct domain *domain, struct bytes public)
{
	size_t zeros = 0;

	if (domain->ec != NULL)
		return public;
	while (zeros < public.len && public.data[zeros] == 0)
		zeros++;
	return bytes_after(public, zeros);
}

int agreement_put_public(const struct agreement *agreement, struct writer *out)
{
	uint8_t memory[DH_SIZE_MAX];
	struct writer w;
	int r;

	if (agreement->ec != NULL)
		return ec_put_public(agreement->ec, out);
	writer_init(&w, memory, sizeof memory);
	r = dh_put_public(agreement->dh, &w);
	if (r < 0)
		return r;
	writer_put(out, agreement_canonical(&agreement->domain, writer_bytes(&w)));
	return out->failed ? ERR_LIMIT : 0;
}

int agreement_shared(struct agreement *agreement, struct bytes public, struct writer *out)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	size_t n = domain_field_size(&agreement->domain);
	int r;

	if (writer_left(out) < n)
		return ERR_LIMIT;
	if (agreement->ec != NULL)
		r = ec_shared_x(agreement->ec, public, memory);
	else
		r = dh_shared(agreement->dh, public, memory);
	if (r == 0)
		writer_put(out, bytes_of(memory, n));
	secret_wipe(memory, sizeof memory);
	return r;
}

int agreement_compress(const struct domain *domain, struct bytes public, struct writer *out)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	int r;

	if (domain->ec != NULL) {
		if (public.len != ec_point_size(domain->ec))
			return ERR_FORMAT;
		writer_put(out, bytes_of(public.data + 1, ec_field_size(domain->ec)));
		return out->failed ? ERR_LIMIT : 0;
	}
	r = digest_compute(DIGEST_SHA1, agreement_canonical(domain, public), hash);
	if (r < 0)
		return r;
	writer_put(out, bytes_of(hash, digest_size(DIGEST_SHA1)));
	return out->failed ? ERR_LIMIT : 0;
}

int agreement_token(enum cipher_kind kind, const struct symmetric_key *key,
    const struct token_input *input, uint8_t out[AGREEMENT_TOKEN_SIZE])
{
	uint8_t memory[AGREEMENT_SIZE_MAX + 32];
	uint8_t value[MAC_SIZE_MAX];
	struct mac *mac = NULL;
	struct writer w;
	int r;

	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7F49);
	tlv_put(&w, 0x06, input->oid);
	tlv_put(&w, input->domain->ec != NULL ? 0x86 : 0x84,
	    agreement_canonical(input->domain, input->public));
	tlv_close(&w);
	if (!writer_done(&w))
		return ERR_LIMIT;
	r = mac_new(kind, key_bytes(key), &mac);
	if (r == 0)
		r = mac_start(mac);
	if (r == 0)
		r = mac_update(mac, writer_bytes(&w));
	if (r == 0 && kind == CIPHER_3DES)
		r = mac_update_padding(mac);
	if (r == 0)
		r = mac_finish(mac, value);
	if (r == 0)
		memcpy(out, value, AGREEMENT_TOKEN_SIZE);
	mac_free(mac);
	secret_wipe(value, sizeof value);
	return r;
}

enum sw agreement_sw(int r)
{
	switch (r) {
	case 0:
		return SW_OK;
	case ERR_FORMAT:
		return SW_WRONG_DATA;
	case ERR_PROTOCOL:
		return SW_WARNING_CHANGED;
	default:
		return SW_NO_DIAGNOSIS;
	}
}
