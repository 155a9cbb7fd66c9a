/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message authentication codes: CMAC with AES (RFC 4493, SP 800-38B), and the "retail MAC" with two DES keys
 * (ISO/IEC 9797-1, MAC algorithm 3, ICAO 9303-11, 9.8.6.1). */
#ifndef CRYPTO_MAC_H
#define CRYPTO_MAC_H

#include "base/bytes.h"
#include "crypto/cipher.h"
#include "crypto/digest.h"

#define MAC_SIZE_MAX 16

/* A MAC with its key set up, for any number of messages. */
struct mac;

/* CIPHER_3DES: the retail MAC, 8 bytes, key of 16; AES: CMAC, 16 bytes. ERR_FORMAT: not a key of this
 * kind; ERR_CRYPTO, ERR_NO_MEMORY. */
MUST_USE int mac_new(enum cipher_kind kind, struct bytes key, struct mac **out);
void mac_free(struct mac *mac);

/* A message in parts, after whatever message there was before. */
MUST_USE int mac_start(struct mac *mac);
MUST_USE int mac_update(struct mac *mac, struct bytes in);

/* Adds 80 00 ... up to the end of a block (crypto/pad.h). */
MUST_USE int mac_update_padding(struct mac *mac);

/* Writes cipher_block_size() bytes. The retail MAC wants whole blocks, at least one: ERR_FORMAT, out is
 * untouched. */
MUST_USE int mac_finish(struct mac *mac, uint8_t *out);

/* One message with a key that is used once, as it is: no padding is added. */
MUST_USE int mac_compute(enum cipher_kind kind, struct bytes key, struct bytes in, uint8_t *out);

/* HMAC (FIPS 198-1): digest_size(kind) bytes. ERR_CRYPTO. */
MUST_USE int mac_hmac(enum digest_kind kind, struct bytes key, struct bytes in, uint8_t *out);

#endif
