/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Revocation lists (RFC 5280, 5.1 and 5.2). */
#include "pki/x509_crl.h"

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "pki/x509_fields.h"

#define TAG_EXTENSIONS 0xA0
#define VERSION_2 1
#define BODY_MAX 6144

static bool fields_are_valid(const struct x509_crl_fields *f)
{
	if (f->issuer.len == 0 || f->n_serials > X509_REVOKED_MAX ||
	    !date_is_valid(f->this_update) || !date_is_valid(f->next_update))
		return false;
	for (size_t i = 0; i < f->n_serials; i++)
		if (f->serials[i].len == 0 || f->serials[i].len > X509_SERIAL_MAX ||
		    f->serials[i].data[0] == 0)
			return false;
	return true;
}

/* The set must not be there when it is empty. */
static void put_revoked(struct writer *out, const struct x509_crl_fields *f)
{
	if (f->n_serials == 0)
		return;
	tlv_open(out, DER_SEQUENCE);
	for (size_t i = 0; i < f->n_serials; i++) {
		tlv_open(out, DER_SEQUENCE);
		der_put_number(out, f->serials[i]);
		der_put_day(out, f->this_update, false);
		tlv_close(out);
	}
	tlv_close(out);
}

static int put_extensions(
    struct writer *out, const struct x509_crl_fields *f, const struct sign_key *issuer)
{
	int r;

	tlv_open(out, TAG_EXTENSIONS);
	tlv_open(out, DER_SEQUENCE);
	r = x509_put_authority_key_id(out, issuer);
	if (r < 0)
		return r;
	x509_open_extension(out, X509_CRL_NUMBER, false);
	der_put_unsigned(out, f->number);
	x509_close_extension(out);
	tlv_close(out);
	tlv_close(out);
	return 0;
}

/* TBSCertList. */
static int put_body(struct writer *out, const struct x509_crl_fields *f,
    const struct sign_key *issuer, const struct sign_scheme *scheme)
{
	int r;

	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, VERSION_2);
	algorithm_put_signature(out, scheme);
	writer_put(out, f->issuer);
	der_put_day(out, f->this_update, false);
	der_put_day(out, f->next_update, true);
	put_revoked(out, f);
	r = put_extensions(out, f, issuer);
	tlv_close(out);
	return r == 0 && out->failed ? ERR_LIMIT : r;
}

int x509_write_crl(const struct x509_crl_fields *fields, const struct sign_key *issuer,
    const struct sign_scheme *scheme, struct writer *out)
{
	uint8_t memory[BODY_MAX];
	struct writer body;
	int r;

	if (!fields_are_valid(fields))
		return ERR_FORMAT;
	if (scheme->ec != (issuer->ec != NULL))
		return ERR_UNSUPPORTED;
	writer_init(&body, memory, sizeof memory);
	r = put_body(&body, fields, issuer, scheme);
	return r == 0 ? x509_put_signed(out, writer_bytes(&body), issuer, scheme) : r;
}
