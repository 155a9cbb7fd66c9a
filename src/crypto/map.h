/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mappings of PACE: new generators out of a nonce (ICAO 9303-11, 4.4.3.3; BSI TR-03110-3, A.3.5). */
#ifndef CRYPTO_MAP_H
#define CRYPTO_MAP_H

#include "crypto/dh.h"
#include "crypto/ec.h"

/* Generic mapping: G' = s * G + H, where H is the point that a Diffie-Hellman of the mapping keys gave
 * (ec_shared_point(), dh_shared()); in groups modulo a prime g' = g^s * h. ERR_FORMAT: h is not valid, or the
 * result is neutral; ERR_CRYPTO. */
MUST_USE int map_generic_ec(
    const struct ec_group *group, struct bytes s, struct bytes h, struct ec_group **out);
MUST_USE int map_generic_dh(
    const struct dh_group *group, struct bytes s, struct bytes h, struct dh_group **out);

/* Integrated mapping of what the pseudo-random function R(s, t) gave: for curves the point encoding of ICAO
 * 9303-11, B.2 (p must be 3 mod 4: ERR_UNSUPPORTED), modulo a prime the power of (p-1)/q. ERR_FORMAT: the result
 * is neutral; ERR_CRYPTO. */
MUST_USE int map_integrated_ec(
    const struct ec_group *group, struct bytes prf, struct ec_group **out);
MUST_USE int map_integrated_dh(
    const struct dh_group *group, struct bytes prf, struct dh_group **out);

/* Chip authentication mapping: mapping / chip mod n, in ec_order_size() bytes (ICAO 9303-11, 4.4.3.3.3). Both are
 * private keys of one group. ERR_NOT_FOUND: one is not private; ERR_CRYPTO. */
MUST_USE int map_chip_authentication(
    const struct ec_key *chip, const struct ec_key *mapping, uint8_t *out);

#endif
