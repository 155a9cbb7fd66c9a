/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc-pki show: SecurityInfos, and signed data: EF.SOD, EF.CardSecurity, master lists. */
#include <stdio.h>

#include "base/err.h"
#include "iso7816/tlv.h"
#include "pki/cms_read.h"
#include "pki/der.h"
#include "pki/security_info.h"
#include "pki/x509.h"
#include "vicc-pki/print.h"
#include "vicc-pki/show.h"

#define TAG_DG14 0x6E

static void print_domain(struct bytes domain)
{
	struct public_key_domain parsed;
	const struct ec_group *group;
	struct ec_group *own;
	enum ec_curve curve;
	uint32_t id;

	if (security_info_is_standardised(domain, &id)) {
		print_line("domain parameters", "standardised, number %u", (unsigned)id);
		return;
	}
	if (public_key_parse_domain(domain, &parsed) < 0 || parsed.kind == PUBLIC_KEY_RSA) {
		print_line("domain parameters", "of a kind that is not known here");
		return;
	}
	if (parsed.kind == PUBLIC_KEY_DH) {
		print_line("domain parameters", "DH, %zu bits", parsed.p.len * 8);
		return;
	}
	if (public_key_ec_group(&parsed, &own, &group) < 0) {
		print_line("domain parameters", "EC, NOT valid");
		return;
	}
	print_line("domain parameters", "EC, %s",
	    public_key_curve_of(group, &curve) ? ec_curve_name(curve) : "another curve");
	ec_group_free(own);
}

/* What only some kinds have. */
static void print_rest(const struct security_info *info)
{
	char oid[DER_OID_TEXT_SIZE];

	if (info->domain.len > 0)
		print_domain(info->domain);
	if (info->public_key.len > 0)
		print_public_key(info->public_key);
	if (info->kind == SECURITY_INFO_RESTRICTED_ID)
		print_line("  authorized only", "%s", info->authorized_only ? "yes" : "no");
	if (info->signature.len > 0)
		print_line("  signature", "%s", der_oid_text(info->signature, oid));
	if (info->fid != 0)
		print_line("  EF.CVCA", "%04X", info->fid);
	if (info->url.len > 0)
		print_text("  URL", info->url);
	if (info->kind == SECURITY_INFO_OTHER && info->required.len > 0)
		print_bytes("  data", info->required);
}

static void print_info(const struct security_info *info)
{
	const bool is_pace =
	    info->kind == SECURITY_INFO_PACE || info->kind == SECURITY_INFO_PACE_DOMAIN;
	char name[SECURITY_INFO_NAME_SIZE];
	char oid[DER_OID_TEXT_SIZE];

	(void)security_info_protocol_name(info->protocol, name);
	print_line(security_info_kind_name(info->kind), "%s%s%s", name, name[0] != '\0' ? ", " : "",
	    der_oid_text(info->protocol, oid));
	if (info->kind != SECURITY_INFO_OTHER && info->version > 0)
		print_line("  version", "%u", (unsigned)info->version);
	if (info->has_id)
		print_line(is_pace ? "  parameters" : "  key", "%u", (unsigned)info->id);
	print_rest(info);
}

static bool print_infos(struct bytes in, const char *title)
{
	struct security_info infos[SECURITY_INFOS_MAX];
	size_t n;

	if (security_infos_parse(in, infos, &n) < 0)
		return false;
	print_title("%s", title);
	for (size_t i = 0; i < n; i++)
		print_info(&infos[i]);
	return true;
}

/* EF.CardAccess is the set, DG14 has it in a data object 6E. */
bool show_security_infos(struct bytes in)
{
	struct bytes rest = in;
	struct bytes value;

	if (tlv_take_tag(&rest, TAG_DG14, &value) && rest.len == 0)
		in = value;
	return print_infos(in, "SecurityInfos");
}

static void print_lds(struct bytes content)
{
	struct cms_lds_hashes lds;

	if (cms_parse_lds(content, &lds) < 0) {
		print_line("content", "NOT an LDS security object");
		return;
	}
	print_line("LDS security object", "version %u", (unsigned)lds.version);
	if (lds.lds_version.len > 0) {
		print_text("LDS version", lds.lds_version);
		print_text("Unicode version", lds.unicode_version);
	}
	print_line("digest", "%s", algorithm_digest_name(lds.digest));
	for (size_t i = 0; i < CMS_DATA_GROUPS_MAX; i++) {
		char name[8];

		(void)snprintf(name, sizeof name, "DG%zu", i + 1);
		if (lds.hashes[i].len > 0)
			print_bytes(name, lds.hashes[i]);
	}
}

static void print_list(struct bytes content)
{
	struct bytes certificates;
	struct tlv tlv;

	if (cms_parse_master_list(content, &certificates) < 0) {
		print_line("content", "NOT a master list");
		return;
	}
	while (tlv_take(&certificates, &tlv)) {
		char name[X509_NAME_SIZE];
		char texts[2][DATE_TEXT_SIZE];
		struct x509 x509;

		if (x509_parse(tlv.whole, &x509) < 0) {
			print_line("certificate", "NOT an X.509 certificate");
			continue;
		}
		print_line("certificate", "%s", x509_name_text(x509.subject, name));
		print_line("", "%s to %s", x509_time_text(x509.not_before, texts[0]),
		    x509_time_text(x509.not_after, texts[1]));
	}
}

static void print_content(const struct cms *cms)
{
	char oid[DER_OID_TEXT_SIZE];

	if (!cms->is_known) {
		print_title("Signed data");
		print_line("content", "%s", der_oid_text(cms->content_type, oid));
		return;
	}
	switch (cms->kind) {
	case CMS_LDS_SECURITY_OBJECT:
		print_title("EF.SOD");
		print_lds(cms->content);
		break;
	case CMS_SECURITY_OBJECT:
		if (!print_infos(cms->content, "EF.CardSecurity"))
			print_title("EF.CardSecurity, whose content is NOT SecurityInfos");
		break;
	case CMS_MASTER_LIST:
		print_title("Master list");
		print_list(cms->content);
		break;
	}
}

static const char *judge(const struct cms *cms, const struct x509 *x509, struct random *random)
{
	struct sign_key key;
	int r = sign_key_read(random, x509->public_key, &key);

	if (r < 0)
		return "by a key not known here";
	r = cms_verify(cms, &key);
	sign_key_done(&key);
	return r == 0 ? "right" : r == ERR_UNSUPPORTED ? "by an algorithm not known here" : "WRONG";
}

bool show_signed(struct bytes in, struct random *random)
{
	char text[PRINT_SCHEME_SIZE];
	struct sign_scheme scheme;
	struct bytes rest;
	struct x509 x509;
	struct cms cms;
	struct tlv tlv;

	if (cms_parse(in, &cms) < 0)
		return false;
	print_content(&cms);
	print_line("signature", "%s",
	    cms_scheme(&cms, &scheme) == 0 ? print_scheme(&scheme, text)
	                                   : "by an algorithm not known here");
	if (cms_signer_certificate(&cms, &x509) == 0)
		print_line("", "by the certificate inside: %s", judge(&cms, &x509, random));
	else
		print_line("", "the signer's certificate is not inside");
	rest = cms.certificates;
	while (rest.len > 0 && tlv_take(&rest, &tlv))
		(void)show_x509(tlv.whole, random);
	return true;
}
