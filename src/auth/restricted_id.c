/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restricted Identification. */
#include "auth/restricted_id.h"

#include "base/err.h"
#include "base/secret.h"
#include "iso7816/tlv.h"
#include "pki/cvc.h"

#define TAG_TEMPLATE 0x7C
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_OID 0x06
#define TAG_FIRST_NUMBER 0x81
#define NUMBERS_MAX 7

/* id-RI, 0.4.0.127.0.7.2.2.5 */
static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05 };

/* Data objects of a sector's public key, and of its identifier. */
static const struct {
	uint32_t key, identifier;
} tags[TERMINAL_SECTORS] = { { 0xA0, 0x81 }, { 0xA2, 0x83 } };

/* The numbers of a public key as they stand (D.3.2, D.3.3). */
enum dh_number { DH_P, DH_Q, DH_G, DH_Y, DH_NUMBERS };
enum ec_number { EC_P, EC_A, EC_B, EC_G, EC_N, EC_POINT, EC_H, EC_NUMBERS };

/* Domain parameters, which are the document verifier's to choose (A.2.1.4), and the public key. Weak ones would tell the private key
 * piece by piece. */
struct sector_key {
	struct domain domain;
	struct ec_group *ec;
	struct dh_group *dh;
	struct bytes public;
};

bool restricted_id_suite_parse(struct bytes oid, struct restricted_id_suite *out)
{
	static const enum digest_kind digests[] = { DIGEST_SHA1, DIGEST_SHA224, DIGEST_SHA256,
		DIGEST_SHA384, DIGEST_SHA512 };
	uint8_t variant, digest;
	struct bytes rest = bytes_after(oid, sizeof prefix);

	if (!bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)) || !bytes_take_u8(&rest, &variant) ||
	    !bytes_take_u8(&rest, &digest) || rest.len > 0 || variant < RESTRICTED_ID_DH ||
	    variant > RESTRICTED_ID_ECDH || digest < 1 || digest > COUNT(digests))
		return false;
	*out = (struct restricted_id_suite){ (enum restricted_id_variant)variant,
		digests[digest - 1] };
	return true;
}

/* Data objects 81, 82, ... in this order; the last one may be missing where that is allowed. */
static bool take_numbers(struct bytes in, struct bytes *numbers, size_t least, size_t most)
{
	size_t n = 0;

	while (n < most && in.len > 0) {
		if (!tlv_take_tag(&in, TAG_FIRST_NUMBER + (uint32_t)n, &numbers[n]) ||
		    numbers[n].len == 0)
			return false;
		n++;
	}
	return in.len == 0 && n >= least;
}

static int read_ec(struct bytes in, struct sector_key *out)
{
	struct bytes numbers[EC_NUMBERS] = { { 0 } };
	struct ec_numbers domain;
	int r;

	if (!take_numbers(in, numbers, EC_NUMBERS - 1, EC_NUMBERS))
		return ERR_FORMAT;
	domain = (struct ec_numbers){ .p = numbers[EC_P],
		.a = numbers[EC_A],
		.b = numbers[EC_B],
		.g = numbers[EC_G],
		.n = numbers[EC_N],
		.h = numbers[EC_H] };
	r = ec_group_explicit(&domain, &out->ec);
	if (r == 0 && !ec_group_is_strong(out->ec))
		r = ERR_FORMAT;
	out->domain.ec = out->ec;
	out->public = numbers[EC_POINT];
	return r;
}

static int read_dh(struct bytes in, struct sector_key *out)
{
	struct bytes numbers[DH_NUMBERS] = { { 0 } };
	int r;

	if (!take_numbers(in, numbers, DH_NUMBERS, DH_NUMBERS))
		return ERR_FORMAT;
	r = dh_group_explicit(numbers[DH_P], numbers[DH_Q], numbers[DH_G], &out->dh);
	if (r == 0 && !dh_group_is_strong(out->dh))
		r = ERR_FORMAT;
	out->domain.dh = out->dh;
	out->public = numbers[DH_Y];
	return r;
}

static void done(struct sector_key *key)
{
	ec_group_free(key->ec);
	dh_group_free(key->dh);
}

/* The value of a public key's data object. Its object identifier is one of id-RI with the same key agreement. */
static int read_key(enum restricted_id_variant variant, struct bytes in, struct sector_key *out)
{
	struct bytes oid;

	if (!tlv_take_tag(&in, TAG_OID, &oid) || !bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)) ||
	    oid.len <= sizeof prefix || oid.data[sizeof prefix] != (uint8_t)variant)
		return ERR_FORMAT;
	return variant == RESTRICTED_ID_ECDH ? read_ec(in, out) : read_dh(in, out);
}

/* The certificate has the hash of the key with the tag that keys have elsewhere (C.3.2.1). */
static int check_sector(
    const struct restricted_id *restricted_id, size_t sector, struct bytes value)
{
	uint8_t memory[CVC_SIZE_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, TAG_PUBLIC_KEY, value);
	if (!writer_done(&w))
		return ERR_LIMIT;
	return terminal_sector_check(restricted_id->sectors, sector, writer_bytes(&w));
}

/* I_ID: the hash of the secret shared with the sector. */
static int identify(const struct restricted_id *restricted_id, const struct sector_key *sector,
    uint8_t out[DIGEST_SIZE_MAX])
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct agreement key = { .ec = NULL };
	struct writer shared;
	int r;

	writer_init(&shared, memory, sizeof memory);
	r = agreement_init(&sector->domain, restricted_id->random, restricted_id->private, &key);
	if (r == 0)
		r = agreement_shared(&key, sector->public, &shared);
	if (r == 0)
		r = digest_compute(restricted_id->suite.digest, writer_bytes(&shared), out);
	agreement_done(&key);
	secret_wipe(memory, sizeof memory);
	return r;
}

static int answer_one(const struct restricted_id *restricted_id, size_t sector, struct bytes value,
    struct writer *answer)
{
	uint8_t identifier[DIGEST_SIZE_MAX];
	struct sector_key key = { .ec = NULL };
	int r = check_sector(restricted_id, sector, value);

	if (r < 0)
		return r;
	r = read_key(restricted_id->suite.variant, value, &key);
	if (r == 0)
		r = identify(restricted_id, &key, identifier);
	done(&key);
	if (r == 0)
		tlv_put(answer, tags[sector].identifier,
		    bytes_of(identifier, digest_size(restricted_id->suite.digest)));
	return r;
}

enum sw restricted_id_general(
    const struct restricted_id *restricted_id, struct bytes data, struct writer *answer)
{
	struct bytes inside, key;
	int r = ERR_FORMAT;

	if (restricted_id->private.len == 0)
		return SW_NO_DIAGNOSIS;
	if (!tlv_take_tag(&data, TAG_TEMPLATE, &inside) || data.len > 0)
		return SW_WRONG_DATA;
	tlv_open(answer, TAG_TEMPLATE);
	for (size_t i = 0; i < TERMINAL_SECTORS; i++) {
		if (!tlv_take_tag(&inside, tags[i].key, &key))
			continue;
		r = answer_one(restricted_id, i, key, answer);
		if (r < 0)
			break;
	}
	tlv_close(answer);
	if (r == 0 && inside.len > 0)
		r = ERR_FORMAT;
	if (r == 0)
		return writer_done(answer) ? SW_OK : SW_NO_DIAGNOSIS;
	return r == ERR_FORMAT || r == ERR_NOT_FOUND || r == ERR_LIMIT ? SW_WRONG_DATA
	                                                               : SW_NO_DIAGNOSIS;
}
