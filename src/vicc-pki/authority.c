/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X.509 certificates and revocation lists of those who sign documents. */
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/log.h"
#include "pki/x509_crl.h"
#include "vicc-pki/commands.h"
#include "vicc-pki/days.h"
#include "vicc-pki/keys.h"
#include "vicc-pki/party.h"

#define SERIAL_SIZE 16 /* of a random one */

/* What a kind of certificate is like unless asked otherwise: 9303-12, table 1 gives the times. */
static const struct profile {
	const char *name;
	unsigned months, signs_months;
	struct key_type key_type;
} profiles[] = {
	[X509_CSCA] = { "CSCA", 15 * 12, 5 * 12, { .rsa_bits = 3072 } },
	[X509_CSCA_LINK] = { "CSCA", 15 * 12, 5 * 12, { .rsa_bits = 3072 } },
	[X509_DOCUMENT_SIGNER] = { "Document Signer", 10 * 12 + 3, 3, { .rsa_bits = 2048 } },
	[X509_MASTER_LIST_SIGNER] = { "Master List Signer", 24, 12, { .rsa_bits = 2048 } },
};

/* Memory that the fields point to. */
struct names {
	char country[PARTY_TEXT_SIZE], organization[PARTY_TEXT_SIZE], name[PARTY_TEXT_SIZE];
	uint8_t serial[SERIAL_SIZE];
};

static bool set_serial(
    const struct settings *s, struct random *random, struct names *memory, struct x509_fields *out)
{
	out->serial = bytes_of(s->serial, s->serial_len);
	if (s->serial_len > 0)
		return true;
	if (random_bytes(random, memory->serial, sizeof memory->serial) < 0) {
		log_error("no random numbers");
		return false;
	}
	memory->serial[0] = (uint8_t)((memory->serial[0] & 0x7F) | 0x40);
	out->serial = BYTES_OF_ARRAY(memory->serial);
	return true;
}

static void set_dates(
    const struct settings *s, const struct profile *profile, struct x509_fields *out)
{
	out->not_before = s->from.year != 0 ? s->from : days_today();
	out->not_after =
	    s->until.year != 0 ? s->until : days_after(out->not_before, profile->months);
	out->signs_until = s->signs_until.year != 0
	    ? s->signs_until
	    : days_after(out->not_before, profile->signs_months);
	if (s->signs_until.year == 0 && date_compare(out->not_after, out->signs_until) < 0)
		out->signs_until = out->not_after;
}

static const char *or_else(const char *given, const char *otherwise)
{
	return given != NULL ? given : otherwise;
}

/* A signer is of the issuer's country, and a link certificate is about the issuer himself. */
static void set_names(const struct settings *s, const struct party *issuer, struct names *memory,
    struct x509_fields *out)
{
	const char *country = NULL;
	const char *organization = NULL;
	const char *name = NULL;

	if (issuer != NULL) {
		country = party_attribute(&issuer->x509, PARTY_COUNTRY, memory->country);
		organization =
		    party_attribute(&issuer->x509, PARTY_ORGANIZATION, memory->organization);
		out->issuer = issuer->x509.subject;
	}
	if (out->kind == X509_CSCA_LINK)
		name = party_attribute(&issuer->x509, PARTY_NAME, memory->name);
	out->country = or_else(s->country, or_else(country, "UT"));
	out->organization = or_else(s->organization, organization);
	out->common_name = or_else(s->name, or_else(name, profiles[out->kind].name));
	out->locality = or_else(s->mrz_country, "UTO");
	out->email = or_else(s->email, "csca@utopia.example");
	out->crl = or_else(s->crl_url, "https://utopia.example/csca.crl");
}

/* Says which field it is that x509_write() refuses. */
static void explain(const struct x509_fields *f)
{
	if (date_compare(f->not_after, f->not_before) < 0)
		log_error("--until: the last day is before the first");
	else if (date_compare(f->signs_until, f->not_before) < 0 ||
	    date_compare(f->not_after, f->signs_until) < 0)
		log_error("--signs-until: not between the first day and the last");
	else
		log_error("a field is not as it must be: --country has two capital letters, "
		          "--mrz-country three, --document-type one or two, other texts at most 64 "
		          "bytes, --email and --crl-url no blanks");
}

/* A new key goes into its file when there is a certificate for it. */
static bool write_certificate(const struct settings *s, const struct x509_fields *fields,
    struct sign_key *subject, const struct sign_key *issuer)
{
	struct sign_scheme scheme;
	struct output output;
	bool good;
	int r;

	if (!keys_scheme(s, issuer, &scheme) || !output_init(&output))
		return false;
	r = x509_write(fields, subject, issuer, &scheme, &output.w);
	if (r == ERR_FORMAT)
		explain(fields);
	else if (r < 0)
		log_error("cannot make the certificate: %s", err_text(r));
	good = r == 0 && keys_save_with(s, subject, &output, s->pem ? "CERTIFICATE" : NULL);
	output_done(&output);
	return good;
}

static bool certify(const struct settings *s, struct random *random, enum x509_kind kind,
    const struct party *issuer)
{
	struct x509_fields fields = { .kind = kind, .curve_form = s->curve_form };
	struct names memory;
	struct sign_key subject;
	bool good;

	set_names(s, issuer, &memory, &fields);
	set_dates(s, &profiles[kind], &fields);
	if (kind == X509_DOCUMENT_SIGNER) {
		fields.document_types[0] = "P";
		for (size_t i = 0; i < s->n_document_types; i++)
			fields.document_types[i] = s->document_types[i];
	}
	if (!set_serial(s, random, &memory, &fields) || !files_may_write(s->out, s->force) ||
	    !keys_get(random, s, kind == X509_CSCA, profiles[kind].key_type, &subject))
		return false;
	good = write_certificate(s, &fields, &subject, issuer != NULL ? &issuer->key : &subject);
	sign_key_done(&subject);
	return good;
}

static bool run(const struct settings *s, enum x509_kind kind)
{
	struct random *random;
	struct party issuer;
	bool good = false;

	if (random_new(bytes_of(NULL, 0), &random) < 0) {
		log_error("%s", err_text(ERR_NO_MEMORY));
		return false;
	}
	if (kind == X509_CSCA) {
		good = certify(s, random, kind, NULL);
	} else if (party_load(random, s->issuer, s->issuer_key, &issuer)) {
		good = certify(s, random, kind, &issuer);
		party_done(&issuer);
	}
	random_free(random);
	return good;
}

bool command_csca(const struct settings *settings)
{
	return run(settings, X509_CSCA);
}

bool command_csca_link(const struct settings *settings)
{
	return run(settings, X509_CSCA_LINK);
}

bool command_signer(const struct settings *settings)
{
	return run(settings, X509_DOCUMENT_SIGNER);
}

bool command_master_list_signer(const struct settings *settings)
{
	return run(settings, X509_MASTER_LIST_SIGNER);
}

/* Serial numbers in hexadecimal. */
static bool take_serials(
    const struct settings *s, struct writer *memory, struct x509_crl_fields *out)
{
	if (s->n_revoked > X509_REVOKED_MAX) {
		log_error("--revoke: at most %d serial numbers", X509_REVOKED_MAX);
		return false;
	}
	for (size_t i = 0; i < s->n_revoked; i++) {
		size_t before = memory->len;

		if (!hex_decode(s->revoked[i], memory)) {
			log_error("--revoke %s: not a serial number in hexadecimal", s->revoked[i]);
			return false;
		}
		out->serials[i] = bytes_after(writer_bytes(memory), before);
	}
	out->n_serials = s->n_revoked;
	return true;
}

static bool write_crl(const struct settings *s, const struct party *issuer)
{
	uint8_t memory[X509_REVOKED_MAX * X509_SERIAL_MAX];
	struct x509_crl_fields fields = { .issuer = issuer->x509.subject, .number = s->crl_number };
	struct sign_scheme scheme;
	struct output output;
	struct writer serials;
	bool good;
	int r;

	writer_init(&serials, memory, sizeof memory);
	fields.this_update = s->from.year != 0 ? s->from : days_today();
	fields.next_update = s->until.year != 0 ? s->until : days_after(fields.this_update, 3);
	if (!take_serials(s, &serials, &fields) || !keys_scheme(s, &issuer->key, &scheme) ||
	    !output_init(&output))
		return false;
	r = x509_write_crl(&fields, &issuer->key, &scheme, &output.w);
	if (r < 0)
		log_error("--revoke: a serial number has 1 to 20 bytes, the first of them not 00");
	good = r == 0 && output_save(&output, s->out, s->pem ? "X509 CRL" : NULL, s->force);
	output_done(&output);
	return good;
}

bool command_crl(const struct settings *settings)
{
	struct random *random;
	struct party issuer;
	bool good = false;

	if (random_new(bytes_of(NULL, 0), &random) < 0)
		return false;
	if (party_load(random, settings->issuer, settings->issuer_key, &issuer)) {
		good = write_crl(settings, &issuer);
		party_done(&issuer);
	}
	random_free(random);
	return good;
}
