/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions, and what is signed (RFC 5280, 4.1.1, 4.2 and 5.1.1). */
#include "pki/x509_fields.h"

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/algorithm.h"
#include "pki/der.h"
#include "pki/public_key.h"

#define TAG_KEY_ID 0x80 /* in AuthorityKeyIdentifier */

void x509_open_private(struct writer *out, struct bytes oid, bool critical)
{
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, DER_OID, oid);
	if (critical)
		tlv_put_u8(out, DER_BOOLEAN, 0xFF);
	tlv_open(out, DER_OCTET_STRING);
}

void x509_open_extension(struct writer *out, enum x509_extension_id extension, bool critical)
{
	const uint8_t oid[] = { 0x55, 0x1D, (uint8_t)extension };

	x509_open_private(out, BYTES_OF_ARRAY(oid), critical);
}

void x509_close_extension(struct writer *out)
{
	tlv_close(out);
	tlv_close(out);
}

int x509_put_authority_key_id(struct writer *out, const struct sign_key *issuer)
{
	uint8_t id[PUBLIC_KEY_ID_SIZE];
	int r = public_key_id(issuer, id);

	if (r < 0)
		return r;
	x509_open_extension(out, X509_AUTHORITY_KEY_ID, false);
	tlv_open(out, DER_SEQUENCE);
	tlv_put(out, TAG_KEY_ID, BYTES_OF_ARRAY(id));
	tlv_close(out);
	x509_close_extension(out);
	return 0;
}

int x509_put_signed(struct writer *out, struct bytes body, const struct sign_key *issuer,
    const struct sign_scheme *scheme)
{
	uint8_t memory[SIGN_KEY_SIGNATURE_MAX];
	struct writer signature;
	int r;

	writer_init(&signature, memory, sizeof memory);
	r = algorithm_sign(issuer, scheme, body, &signature);
	if (r < 0)
		return r;
	tlv_open(out, DER_SEQUENCE);
	writer_put(out, body);
	algorithm_put_signature(out, scheme);
	der_put_bits(out, writer_bytes(&signature));
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}
