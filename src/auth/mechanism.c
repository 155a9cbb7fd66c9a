/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Algorithm references. */
#include "auth/mechanism.h"

#include "base/compiler.h"

#define ANY_TYPE 0 /* no key is needed */

enum hash_use { NO_HASH, MAY_HASH, MUST_HASH };

/* The first row for a kind of template and a type of key has the default; that of HT is 40. */
static const struct {
	enum crt_kind kind;
	unsigned type;
	enum mechanism mechanism;
	enum hash_use hash;
} rows[] = {
	{ CRT_AT, KEY_3DES, MECHANISM_ECB, NO_HASH },
	{ CRT_AT, KEY_3DES, MECHANISM_CBC, NO_HASH },
	{ CRT_AT, KEY_3DES, MECHANISM_MUTUAL, NO_HASH },
	{ CRT_AT, KEY_AES, MECHANISM_ECB, NO_HASH },
	{ CRT_AT, KEY_AES, MECHANISM_CBC, NO_HASH },
	{ CRT_AT, KEY_AES, MECHANISM_MUTUAL, NO_HASH },
	{ CRT_AT, KEY_RSA, MECHANISM_PKCS1, MAY_HASH },
	{ CRT_AT, KEY_RSA, MECHANISM_PSS, MUST_HASH },
	{ CRT_AT, KEY_EC, MECHANISM_ECDSA, MAY_HASH },
	{ CRT_KAT, KEY_EC, MECHANISM_ECDH, NO_HASH },
	{ CRT_HT, ANY_TYPE, MECHANISM_NONE, MUST_HASH },
	{ CRT_CCT, KEY_3DES, MECHANISM_MAC, NO_HASH },
	{ CRT_CCT, KEY_AES, MECHANISM_MAC, NO_HASH },
	{ CRT_DST, KEY_RSA, MECHANISM_PKCS1, MAY_HASH },
	{ CRT_DST, KEY_RSA, MECHANISM_PSS, MUST_HASH },
	{ CRT_DST, KEY_EC, MECHANISM_ECDSA, MAY_HASH },
	{ CRT_CT, KEY_3DES, MECHANISM_CBC, NO_HASH },
	{ CRT_CT, KEY_3DES, MECHANISM_ECB, NO_HASH },
	{ CRT_CT, KEY_AES, MECHANISM_CBC, NO_HASH },
	{ CRT_CT, KEY_AES, MECHANISM_ECB, NO_HASH },
	{ CRT_CT, KEY_RSA, MECHANISM_RSA_CIPHER, NO_HASH },
	{ CRT_CT, KEY_RSA, MECHANISM_OAEP, MUST_HASH },
	{ CRT_CT, KEY_EC, MECHANISM_ECDH, NO_HASH },
};

/* By the left half of a reference. */
static const struct {
	uint8_t half;
	enum digest_kind kind;
} hashes[] = {
	{ 0x10, DIGEST_SHA1 },
	{ 0x30, DIGEST_SHA224 },
	{ 0x40, DIGEST_SHA256 },
	{ 0x50, DIGEST_SHA384 },
	{ 0x60, DIGEST_SHA512 },
};

enum mechanism mechanism_of(uint8_t algorithm)
{
	return (enum mechanism)(algorithm & 0x0F);
}

bool mechanism_hash(uint8_t algorithm, enum digest_kind *out)
{
	for (size_t i = 0; i < COUNT(hashes); i++) {
		if (hashes[i].half == (algorithm & 0xF0)) {
			*out = hashes[i].kind;
			return true;
		}
	}
	return false;
}

static bool row_allows(size_t i, enum crt_kind kind, uint8_t algorithm)
{
	enum digest_kind hash;
	bool has_hash = mechanism_hash(algorithm, &hash);

	if (rows[i].kind != kind || rows[i].mechanism != mechanism_of(algorithm))
		return false;
	if (!has_hash && (algorithm & 0xF0) != 0)
		return false;
	return has_hash ? rows[i].hash != NO_HASH : rows[i].hash != MUST_HASH;
}

bool mechanism_is_valid(enum crt_kind kind, uint8_t algorithm)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (row_allows(i, kind, algorithm))
			return true;
	}
	return false;
}

bool mechanism_fits(enum crt_kind kind, enum key_type type, uint8_t algorithm)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].type == type && row_allows(i, kind, algorithm))
			return true;
	}
	return false;
}

bool mechanism_default(enum crt_kind kind, enum key_type type, uint8_t *out)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].kind == kind && rows[i].type == type) {
			*out = (uint8_t)rows[i].mechanism;
			return true;
		}
	}
	return false;
}
