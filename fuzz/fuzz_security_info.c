/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SecurityInfos. What is read lies inside, has a name, and can be written again, to be read as the same kind. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "pki/security_info.h"

static void check_one(struct bytes in, const struct security_info *info)
{
	static uint8_t memory[SECURITY_INFOS_SIZE_MAX];
	char name[SECURITY_INFO_NAME_SIZE];
	char oid[DER_OID_TEXT_SIZE];
	struct security_info same;
	struct bytes rest;
	struct bytes value;
	struct writer w;

	CHECK(check_inside(in, info->protocol) && check_inside(in, info->required));
	CHECK(check_inside(in, info->optional) && check_inside(in, info->url));
	CHECK(security_info_protocol_name(info->protocol, name) == name);
	CHECK(der_oid_text(info->protocol, oid)[0] != '\0');
	writer_init(&w, memory, sizeof memory);
	if (security_info_put(info, &w) != 0)
		return; /* too long */
	rest = writer_bytes(&w);
	CHECK(tlv_take_tag(&rest, DER_SEQUENCE, &value) && rest.len == 0);
	CHECK(security_info_parse(value, &same) == 0 && same.kind == info->kind);
	CHECK(same.version == info->version && same.has_id == info->has_id && same.id == info->id);
	CHECK(same.fid == info->fid && bytes_equal(same.url, info->url));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct security_info infos[SECURITY_INFOS_MAX];
	static uint8_t memory[SECURITY_INFOS_SIZE_MAX];
	struct bytes in = bytes_of(data, len);
	struct writer w;
	size_t n;

	if (security_infos_parse(in, infos, &n) != 0)
		return 0;
	CHECK(n <= SECURITY_INFOS_MAX);
	for (size_t i = 0; i < n; i++)
		check_one(in, &infos[i]);
	writer_init(&w, memory, sizeof memory);
	if (security_infos_put(infos, n, &w) == 0)
		CHECK(security_infos_parse(writer_bytes(&w), infos, &n) == 0);
	return 0;
}
