/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to reset: what parses, encodes to the same bytes; what is made of an ATS or ATQB, parses. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/atr.h"

static void parsed(struct bytes in)
{
	uint8_t memory[ATR_SIZE_MAX];
	struct writer w;
	struct atr atr;

	if (atr_parse(in, &atr) < 0)
		return;
	CHECK(in.len >= 2 && in.len <= ATR_SIZE_MAX && atr.n_groups <= ATR_GROUPS_MAX);
	CHECK(check_inside(in, atr.historical) && atr.historical.len <= ATR_HISTORICAL_MAX);
	CHECK(atr.protocols != 0 && (atr.protocols & ATR_T15) == 0);
	CHECK((atr.protocols & 1u << atr.first_protocol) != 0);
	writer_init(&w, memory, sizeof memory);
	CHECK(atr_encode(&atr, &w) && writer_done(&w));
	CHECK(bytes_equal(writer_bytes(&w), in));
}

static void contactless(const struct writer *w)
{
	struct atr atr;

	CHECK(writer_done(w));
	CHECK(atr_parse(writer_bytes(w), &atr) == 0);
	CHECK(atr.protocols == (ATR_T0 | ATR_T1) && atr.has_tck && !atr.specific_mode);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	uint8_t memory[ATR_SIZE_MAX];
	struct writer w;

	parsed(in);
	writer_init(&w, memory, sizeof memory);
	if (atr_from_ats(in, &w))
		contactless(&w);
	writer_reset(&w);
	if (atr_from_atqb(in, (uint8_t)(len & 0x0F), &w))
		contactless(&w);
	writer_reset(&w);
	CHECK(atr_from_historical(in, &w) == (len <= ATR_HISTORICAL_MAX));
	return 0;
}
