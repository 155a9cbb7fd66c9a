/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Object identifiers of protocols. */
#include "auth/suite.h"

#include <string.h>

bool suite_parse(struct bytes oid, enum suite_protocol protocol, struct suite *out)
{
	static const enum cipher_kind kinds[] = { CIPHER_3DES, CIPHER_AES_128, CIPHER_AES_192,
		CIPHER_AES_256 };
	const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, (uint8_t)protocol };
	uint8_t cipher;

	if (oid.len != SUITE_OID_SIZE || !bytes_starts_with(oid, BYTES_OF_ARRAY(prefix)))
		return false;
	cipher = oid.data[SUITE_OID_SIZE - 1];
	if (cipher < 1 || cipher > COUNT(kinds))
		return false;
	memcpy(out->oid, oid.data, SUITE_OID_SIZE);
	out->variant = oid.data[SUITE_OID_SIZE - 2];
	out->kind = kinds[cipher - 1];
	return true;
}
