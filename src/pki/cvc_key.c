/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public keys in CV certificates (BSI TR-03110-3, A.6.4 and D.3). */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cvc_fields.h"

#define TAG_OID 0x06
#define TAG_RSA_N 0x81
#define TAG_RSA_E 0x82
#define TAG_EC_P 0x81
#define TAG_EC_A 0x82
#define TAG_EC_B 0x83
#define TAG_EC_G 0x84
#define TAG_EC_N 0x85
#define TAG_EC_POINT 0x86
#define TAG_EC_H 0x87
#define TAG_EC_FIRST TAG_EC_P
#define N_EC_TAGS 7

/* id-TA, 0.4.0.127.0.7.2.2.2 */
#define ID_TA 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02
#define OID_SIZE 10

static const struct {
	const char *name;
	uint8_t oid[OID_SIZE];
	struct sign_scheme scheme;
} algorithms[CVC_ALGORITHMS] = {
	[CVC_RSA_V1_5_SHA1] = { "RSA-v1-5-SHA-1", { ID_TA, 1, 1 }, { false, false, DIGEST_SHA1 } },
	[CVC_RSA_V1_5_SHA256] = { "RSA-v1-5-SHA-256", { ID_TA, 1, 2 },
	    { false, false, DIGEST_SHA256 } },
	[CVC_RSA_PSS_SHA1] = { "RSA-PSS-SHA-1", { ID_TA, 1, 3 }, { false, true, DIGEST_SHA1 } },
	[CVC_RSA_PSS_SHA256] = { "RSA-PSS-SHA-256", { ID_TA, 1, 4 },
	    { false, true, DIGEST_SHA256 } },
	[CVC_RSA_V1_5_SHA512] = { "RSA-v1-5-SHA-512", { ID_TA, 1, 5 },
	    { false, false, DIGEST_SHA512 } },
	[CVC_RSA_PSS_SHA512] = { "RSA-PSS-SHA-512", { ID_TA, 1, 6 },
	    { false, true, DIGEST_SHA512 } },
	[CVC_ECDSA_SHA1] = { "ECDSA-SHA-1", { ID_TA, 2, 1 }, { true, false, DIGEST_SHA1 } },
	[CVC_ECDSA_SHA224] = { "ECDSA-SHA-224", { ID_TA, 2, 2 }, { true, false, DIGEST_SHA224 } },
	[CVC_ECDSA_SHA256] = { "ECDSA-SHA-256", { ID_TA, 2, 3 }, { true, false, DIGEST_SHA256 } },
	[CVC_ECDSA_SHA384] = { "ECDSA-SHA-384", { ID_TA, 2, 4 }, { true, false, DIGEST_SHA384 } },
	[CVC_ECDSA_SHA512] = { "ECDSA-SHA-512", { ID_TA, 2, 5 }, { true, false, DIGEST_SHA512 } },
};

const char *cvc_algorithm_name(enum cvc_algorithm algorithm)
{
	return algorithms[algorithm].name;
}

bool cvc_algorithm_find(const char *name, enum cvc_algorithm *out)
{
	for (enum cvc_algorithm i = 0; i < CVC_ALGORITHMS; i++) {
		if (strcmp(algorithms[i].name, name) != 0)
			continue;
		*out = i;
		return true;
	}
	return false;
}

const struct sign_scheme *cvc_scheme(enum cvc_algorithm algorithm)
{
	return &algorithms[algorithm].scheme;
}

struct bytes cvc_algorithm_oid(enum cvc_algorithm algorithm)
{
	return bytes_of(algorithms[algorithm].oid, OID_SIZE);
}

bool cvc_algorithm_of(struct bytes oid, enum cvc_algorithm *out)
{
	for (enum cvc_algorithm i = 0; i < CVC_ALGORITHMS; i++) {
		if (!bytes_equal(cvc_algorithm_oid(i), oid))
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* The data objects 81 to 87 in rising order, each at most once; absent ones stay empty. */
static bool take_numbers(struct bytes in, struct bytes numbers[N_EC_TAGS])
{
	uint32_t next = TAG_EC_FIRST;
	struct tlv tlv;

	while (in.len > 0) {
		if (!tlv_take(&in, &tlv) || tlv.tag < next || tlv.tag >= TAG_EC_FIRST + N_EC_TAGS ||
		    tlv.value.len == 0)
			return false;
		numbers[tlv.tag - TAG_EC_FIRST] = tlv.value;
		next = tlv.tag + 1;
	}
	return true;
}

static void key_of_numbers(const struct bytes numbers[N_EC_TAGS], struct cvc_public_key *key)
{
	if (!algorithms[key->algorithm].scheme.ec) {
		key->n = numbers[TAG_RSA_N - TAG_EC_FIRST];
		key->e = numbers[TAG_RSA_E - TAG_EC_FIRST];
		return;
	}
	key->point = numbers[TAG_EC_POINT - TAG_EC_FIRST];
	key->domain = (struct ec_numbers){ .p = numbers[TAG_EC_P - TAG_EC_FIRST],
		.a = numbers[TAG_EC_A - TAG_EC_FIRST],
		.b = numbers[TAG_EC_B - TAG_EC_FIRST],
		.g = numbers[TAG_EC_G - TAG_EC_FIRST],
		.n = numbers[TAG_EC_N - TAG_EC_FIRST],
		.h = numbers[TAG_EC_H - TAG_EC_FIRST] };
	key->has_domain = key->domain.p.len > 0;
}

bool cvc_public_key_is_valid(const struct cvc_public_key *key)
{
	const struct ec_numbers *d = &key->domain;

	if (!algorithms[key->algorithm].scheme.ec)
		return key->n.len > 0 && key->e.len > 0 && key->point.len == 0;
	if (key->point.len == 0 || key->n.len > 0)
		return false;
	if (key->has_domain)
		return d->p.len > 0 && d->a.len > 0 && d->b.len > 0 && d->g.len > 0 &&
		    d->n.len > 0 && d->h.len > 0;
	return d->p.len + d->a.len + d->b.len + d->g.len + d->n.len + d->h.len == 0;
}

int cvc_public_key_parse(struct bytes in, struct cvc_public_key *out)
{
	struct cvc_public_key key = { 0 };
	struct bytes numbers[N_EC_TAGS] = { { 0 } };
	struct bytes oid;

	if (!tlv_take_tag(&in, TAG_OID, &oid))
		return ERR_FORMAT;
	if (!cvc_algorithm_of(oid, &key.algorithm))
		return ERR_UNSUPPORTED;
	if (!take_numbers(in, numbers))
		return ERR_FORMAT;
	if (!algorithms[key.algorithm].scheme.ec)
		for (size_t i = TAG_RSA_E + 1 - TAG_EC_FIRST; i < N_EC_TAGS; i++)
			if (numbers[i].len > 0)
				return ERR_FORMAT;
	key_of_numbers(numbers, &key);
	if (!cvc_public_key_is_valid(&key))
		return ERR_FORMAT;
	*out = key;
	return 0;
}

void cvc_public_key_put(const struct cvc_public_key *key, uint32_t tag, struct writer *out)
{
	tlv_open(out, tag);
	tlv_put(out, TAG_OID, cvc_algorithm_oid(key->algorithm));
	if (!algorithms[key->algorithm].scheme.ec) {
		tlv_put(out, TAG_RSA_N, key->n);
		tlv_put(out, TAG_RSA_E, key->e);
	} else {
		if (key->has_domain) {
			tlv_put(out, TAG_EC_P, key->domain.p);
			tlv_put(out, TAG_EC_A, key->domain.a);
			tlv_put(out, TAG_EC_B, key->domain.b);
			tlv_put(out, TAG_EC_G, key->domain.g);
			tlv_put(out, TAG_EC_N, key->domain.n);
		}
		tlv_put(out, TAG_EC_POINT, key->point);
		if (key->has_domain)
			tlv_put(out, TAG_EC_H, key->domain.h);
	}
	tlv_close(out);
}

int cvc_key(const struct cvc_public_key *public, const struct ec_numbers *domain,
    struct random *random, struct sign_key *out)
{
	const struct rsa_numbers rsa = { .n = public->n, .e = public->e };
	struct sign_key key = { 0 };
	int r;

	if (!algorithms[public->algorithm].scheme.ec) {
		r = rsa_import(random, &rsa, &key.rsa);
	} else {
		if (public->has_domain)
			domain = &public->domain;
		if (domain == NULL)
			return ERR_FORMAT;
		r = ec_group_explicit(domain, &key.group);
		if (r == 0)
			r = ec_import_public(key.group, public->point, &key.ec);
	}
	if (r < 0)
		sign_key_done(&key);
	else
		*out = key;
	return r;
}

/* Writes with one of the functions of crypto/ and returns what it wrote. */
static int put_group(
    const struct ec_group *group, enum ec_part part, struct writer *memory, struct bytes *out)
{
	size_t before = memory->len;
	int r = ec_group_put(group, part, memory);

	if (r == 0)
		*out = bytes_after(writer_bytes(memory), before);
	return r;
}

static int put_ec(const struct sign_key *key, struct writer *memory, struct cvc_public_key *out)
{
	const struct ec_group *group = ec_group_of(key->ec);
	struct bytes *parts[] = {
		[EC_PART_P] = &out->domain.p,
		[EC_PART_A] = &out->domain.a,
		[EC_PART_B] = &out->domain.b,
		[EC_PART_G] = &out->domain.g,
		[EC_PART_N] = &out->domain.n,
		[EC_PART_H] = &out->domain.h,
	};
	size_t before = memory->len;
	int r = ec_put_public(key->ec, memory);

	out->point = bytes_after(writer_bytes(memory), before);
	out->has_domain = true;
	for (size_t i = 0; i < COUNT(parts) && r == 0; i++)
		r = put_group(group, (enum ec_part)i, memory, parts[i]);
	return r;
}

static int put_rsa(const struct sign_key *key, struct writer *memory, struct cvc_public_key *out)
{
	size_t before = memory->len;
	int r = rsa_put_part(key->rsa, RSA_PART_N, 0, memory);

	out->n = bytes_after(writer_bytes(memory), before);
	before = memory->len;
	if (r == 0)
		r = rsa_put_part(key->rsa, RSA_PART_E, 0, memory);
	out->e = bytes_after(writer_bytes(memory), before);
	return r;
}

int cvc_public_key_of(const struct sign_key *key, enum cvc_algorithm algorithm,
    struct writer *memory, struct cvc_public_key *out)
{
	struct cvc_public_key public = { .algorithm = algorithm };
	int r;

	if (algorithms[algorithm].scheme.ec != (key->ec != NULL))
		return ERR_UNSUPPORTED;
	r = key->ec != NULL ? put_ec(key, memory, &public) : put_rsa(key, memory, &public);
	if (r == 0)
		*out = public;
	return r;
}
