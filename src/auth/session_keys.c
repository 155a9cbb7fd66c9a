/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of a new session. */
#include "auth/session_keys.h"

#include "base/secret.h"

void session_keys_wipe(struct session_keys *keys)
{
	secret_wipe(keys, sizeof *keys);
}

int session_keys_derive(
    enum cipher_kind kind, struct bytes secret, struct bytes nonce, struct session_keys *out)
{
	struct session_keys keys = { .kind = kind };
	int r = kdf_derive(kind, secret, nonce, KDF_ENC, &keys.enc);

	if (r == 0)
		r = kdf_derive(kind, secret, nonce, KDF_MAC, &keys.mac);
	if (r == 0)
		*out = keys;
	session_keys_wipe(&keys);
	return r;
}

struct sm_setup session_keys_setup(const struct session_keys *keys)
{
	return (struct sm_setup){
		.profile = SM_ICAO,
		.kind = keys->kind,
		.enc = key_bytes(&keys->enc),
		.mac = key_bytes(&keys->mac),
		.counter = bytes_of(keys->counter, cipher_block_size(keys->kind)),
	};
}
