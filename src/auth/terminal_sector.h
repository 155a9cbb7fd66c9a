/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sectors of a terminal, which are hashes of public keys in its certificate (BSI TR-03110-3, 2.8 and C.3.2): for Restricted
 * Identification and for pseudonymous signatures. */
#ifndef AUTH_TERMINAL_SECTOR_H
#define AUTH_TERMINAL_SECTOR_H

#include "crypto/digest.h"

#define TERMINAL_SECTORS 2        /* of Restricted Identification */
#define TERMINAL_PS_SECTORS_MAX 8 /* of pseudonymous signatures; more do not count */

struct sector_hash {
	uint8_t value[DIGEST_SIZE_MAX];
	size_t len; /* 0: there is none */
};

struct terminal_sectors {
	enum digest_kind digest; /* the one by which the certificate is signed */
	struct sector_hash sectors[TERMINAL_SECTORS];
	size_t n_ps;
	struct {
		uint32_t domain; /* id of the domain parameters */
		struct sector_hash hash;
	} ps[TERMINAL_PS_SECTORS_MAX];
};

/* Reads the extensions of a certificate, the value of data object 65 (empty: there are none). One that is unknown or malformed
 * does not count: it is no reason to refuse a certificate (C.3). */
void terminal_sectors_read(
    struct bytes extensions, enum digest_kind digest, struct terminal_sectors *out);

/* Whether the certificate has the hash of a public key's data object 7F49 as its sector 0 or 1. ERR_NOT_FOUND: it has not;
 * ERR_CRYPTO. */
MUST_USE int terminal_sector_check(
    const struct terminal_sectors *sectors, size_t sector, struct bytes public_key);

/* The same for pseudonymous signatures with these domain parameters, and a point. */
MUST_USE int terminal_sector_check_ps(
    const struct terminal_sectors *sectors, uint32_t domain, struct bytes point);

#endif
