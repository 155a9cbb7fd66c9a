/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Active Authentication, the chip's side (ICAO 9303-11, 6.1 and appendix F): a signature over the terminal's challenge, with RSA
 * after ISO/IEC 9796-2, digital signature scheme 1, or with ECDSA, plain (TR-03111). */
#ifndef AUTH_ACTIVE_AUTH_H
#define AUTH_ACTIVE_AUTH_H

#include "crypto/digest.h"
#include "crypto/ec.h"
#include "crypto/rsa.h"
#include "iso7816/sw.h"

#define ACTIVE_AUTH_CHALLENGE_SIZE 8

/* How the representative ends. */
enum active_auth_trailer {
	ACTIVE_AUTH_TRAILER_BC,   /* one byte, SHA-1 understood: as Doc 9303 has it for SHA-1 */
	ACTIVE_AUTH_TRAILER_HASH, /* two bytes that name the hash function, then CC */
};

struct active_auth_scheme {
	enum digest_kind digest;
	enum active_auth_trailer trailer; /* BC: with SHA-1 alone */
};

/* The length of M1, the message's recoverable part, for a modulus of size bytes. 0: there is no room, or no such trailer. */
size_t active_auth_m1_size(const struct active_auth_scheme *scheme, size_t size);

/* The representative F: 6A, M1, H(M1 || M2), trailer; of size bytes. m1 has active_auth_m1_size() bytes. ERR_FORMAT: not so;
 * ERR_CRYPTO. */
MUST_USE int active_auth_representative(const struct active_auth_scheme *scheme, size_t size,
    struct bytes m1, struct bytes m2, uint8_t *out);

/* INTERNAL AUTHENTICATE with RND.IFD; M1 is drawn. Appends rsa_size() bytes. SW_WRONG_DATA: not 8 bytes;
 * SW_NO_DIAGNOSIS: also of a key whose modulus does not fill its bytes. */
MUST_USE enum sw active_auth_rsa(struct rsa *rsa, const struct active_auth_scheme *scheme,
    struct random *random, struct bytes challenge, struct writer *answer);

/* The same with ECDSA: r and s, each of ec_order_size() bytes. */
MUST_USE enum sw active_auth_ec(
    struct ec_key *key, enum digest_kind digest, struct bytes challenge, struct writer *answer);

#endif
