/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a protocol leaves behind: the keys of a new session of secure messaging (ICAO 9303-11, 9.8). */
#ifndef AUTH_SESSION_KEYS_H
#define AUTH_SESSION_KEYS_H

#include "crypto/kdf.h"
#include "sm/sm.h"

/* Wipe them on every way out. */
struct session_keys {
	enum cipher_kind kind;
	struct symmetric_key enc, mac;
	uint8_t counter[CIPHER_BLOCK_MAX]; /* SSC, one block */
};

void session_keys_wipe(struct session_keys *keys);

/* Derived from a shared secret and, where the protocol has one, a nonce (else empty); the counter is zero. ERR_CRYPTO:
 * *out is untouched. */
MUST_USE int session_keys_derive(
    enum cipher_kind kind, struct bytes secret, struct bytes nonce, struct session_keys *out);

/* For sm_new(): views into *keys. */
struct sm_setup session_keys_setup(const struct session_keys *keys);

#endif
