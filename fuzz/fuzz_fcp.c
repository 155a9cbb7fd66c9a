/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File control parameters: what parses can be encoded, and parses to the same again. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/fcp.h"
#include "iso7816/tlv.h"

#define INPUT_MAX 4096
#define OUTPUT_MAX (INPUT_MAX + 16) /* the template, and sizes that take two bytes where one did */

static void same_numbers(const struct fcp *a, const struct fcp *b)
{
	CHECK(a->has_size == b->has_size && a->size == b->size);
	CHECK(a->has_total_size == b->has_total_size && a->total_size == b->total_size);
	CHECK(a->has_descriptor == b->has_descriptor && a->descriptor == b->descriptor);
	CHECK(a->has_data_coding == b->has_data_coding && a->data_coding == b->data_coding);
	CHECK(a->has_record_size == b->has_record_size && a->record_size == b->record_size);
	CHECK(a->has_record_count == b->has_record_count && a->record_count == b->record_count);
	CHECK(a->has_fid == b->has_fid && a->fid == b->fid);
	CHECK(a->has_sfi == b->has_sfi && a->sfi == b->sfi && a->sfi <= 30);
	CHECK(a->has_life_cycle == b->has_life_cycle && a->life_cycle == b->life_cycle);
}

static void same_views(const struct fcp *a, struct bytes in, const struct fcp *b)
{
	const struct bytes before[] = { a->df_name, a->proprietary, a->security_proprietary,
		a->security_reference, a->security_compact, a->proprietary_tlv,
		a->security_expanded };
	const struct bytes after[] = { b->df_name, b->proprietary, b->security_proprietary,
		b->security_reference, b->security_compact, b->proprietary_tlv,
		b->security_expanded };

	for (size_t i = 0; i < COUNT(before); i++)
		CHECK(check_inside(in, before[i]) && bytes_equal(before[i], after[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t memory[2][OUTPUT_MAX];
	struct bytes in = bytes_of(data, len);
	struct bytes rest;
	struct writer w;
	struct tlv tlv;
	struct fcp fcp;
	struct fcp again;

	if (len > INPUT_MAX || fcp_parse(in, &fcp) < 0)
		return 0;
	writer_init(&w, memory[0], sizeof memory[0]);
	fcp_encode(&fcp, FCP_TEMPLATE_FCP, &w);
	CHECK(writer_done(&w));
	rest = writer_bytes(&w);
	CHECK(tlv_take(&rest, &tlv) && tlv.tag == FCP_TEMPLATE_FCP && rest.len == 0);
	CHECK(fcp_parse(tlv.value, &again) == 0);
	same_numbers(&fcp, &again);
	same_views(&fcp, in, &again);
	writer_init(&w, memory[1], sizeof memory[1]);
	fcp_encode(&again, FCP_TEMPLATE_FCP, &w);
	CHECK(writer_done(&w) && bytes_equal(writer_bytes(&w), tlv.whole));
	return 0;
}
