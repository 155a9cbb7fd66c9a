/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to reset (ISO/IEC 7816-3, 8): TS, T0, interface bytes, historical bytes, TCK. */
#include "iso7816/atr.h"

#include "base/err.h"

#define TS_DIRECT 0x3B
#define TS_INVERSE 0x3F

/* The upper half of T0 and of a TD: which interface bytes follow. The lower half: in T0 the number of
 * historical bytes, in a TD the protocol. */
#define Y_TA 0x10
#define Y_TB 0x20
#define Y_TC 0x40
#define Y_TD 0x80

static bool take_if(bool announced, struct bytes *rest, bool *has, uint8_t *out)
{
	*has = announced;
	return !announced || bytes_take_u8(rest, out);
}

static bool take_group(struct bytes *rest, uint8_t y, struct atr_group *out)
{
	return take_if((y & Y_TA) != 0, rest, &out->has_ta, &out->ta) &&
	    take_if((y & Y_TB) != 0, rest, &out->has_tb, &out->tb) &&
	    take_if((y & Y_TC) != 0, rest, &out->has_tc, &out->tc) &&
	    take_if((y & Y_TD) != 0, rest, &out->has_td, &out->td);
}

static int take_groups(struct bytes *rest, uint8_t t0, struct atr *out)
{
	uint8_t y = t0 & 0xF0;

	while (y != 0) {
		struct atr_group *group = &out->groups[out->n_groups];

		if (out->n_groups == ATR_GROUPS_MAX)
			return ERR_LIMIT;
		if (!take_group(rest, y, group))
			return ERR_FORMAT;
		out->n_groups++;
		y = group->has_td ? group->td & 0xF0 : 0;
	}
	return 0;
}

/* 8.2.3: protocols come in ascending order, and T=15, which is none, not in TD1. Sets what the TDs say,
 * and *tck_due: TCK is there unless T=0 is all that is named. */
static int read_protocols(struct atr *atr, bool *tck_due)
{
	uint8_t last = 0;

	*tck_due = false;
	for (size_t i = 0; i < atr->n_groups && atr->groups[i].has_td; i++) {
		uint8_t t = atr->groups[i].td & 0x0F;

		if (t < last || (i == 0 && t == 15))
			return ERR_FORMAT;
		if (i == 0)
			atr->first_protocol = t;
		if (t != 0)
			*tck_due = true;
		if (t != 15)
			atr->protocols |= (uint16_t)(1u << t);
		last = t;
	}
	if (atr->protocols == 0)
		atr->protocols = ATR_T0;
	if (atr->n_groups > 1 && atr->groups[1].has_ta) {
		atr->specific_mode = true;
		atr->specific_protocol = atr->groups[1].ta & 0x0F;
	}
	return 0;
}

static uint8_t xor_of(struct bytes in)
{
	uint8_t sum = 0;
	uint8_t byte;

	while (bytes_take_u8(&in, &byte))
		sum ^= byte;
	return sum;
}

int atr_parse(struct bytes in, struct atr *out)
{
	struct atr atr = { 0 };
	struct bytes rest = in;
	uint8_t t0;
	uint8_t tck;
	int r;

	if (in.len > ATR_SIZE_MAX)
		return ERR_LIMIT;
	if (!bytes_take_u8(&rest, &atr.ts) || !bytes_take_u8(&rest, &t0))
		return ERR_FORMAT;
	if (atr.ts != TS_DIRECT && atr.ts != TS_INVERSE)
		return ERR_FORMAT;
	r = take_groups(&rest, t0, &atr);
	if (r < 0)
		return r;
	r = read_protocols(&atr, &atr.has_tck);
	if (r < 0)
		return r;
	if (!bytes_take(&rest, t0 & 0x0F, &atr.historical))
		return ERR_FORMAT;
	/* 8.2.5: all from T0 to TCK, joined by exclusive or, is 0. */
	if (atr.has_tck && (!bytes_take_u8(&rest, &tck) || xor_of(bytes_after(in, 1)) != 0))
		return ERR_FORMAT;
	if (rest.len > 0)
		return ERR_FORMAT;
	*out = atr;
	return 0;
}

/* The indicator bits of group i, which stand in T0 or in the TD of the group before. */
static uint8_t indicator(const struct atr *atr, size_t i)
{
	const struct atr_group *group = &atr->groups[i];

	if (i >= atr->n_groups)
		return 0;
	return (uint8_t)((group->has_ta ? Y_TA : 0) | (group->has_tb ? Y_TB : 0) |
	    (group->has_tc ? Y_TC : 0) | (group->has_td ? Y_TD : 0));
}

static void put_group(const struct atr *atr, size_t i, struct writer *w)
{
	const struct atr_group *group = &atr->groups[i];

	/* Nothing would announce the next one. */
	if (i + 1 < atr->n_groups && !group->has_td)
		writer_fail(w);
	if (group->has_ta)
		writer_put_u8(w, group->ta);
	if (group->has_tb)
		writer_put_u8(w, group->tb);
	if (group->has_tc)
		writer_put_u8(w, group->tc);
	if (group->has_td)
		writer_put_u8(w, (uint8_t)(indicator(atr, i + 1) | (group->td & 0x0F)));
}

bool atr_encode(const struct atr *atr, struct writer *out)
{
	struct atr check = *atr;
	uint8_t memory[ATR_SIZE_MAX];
	struct writer w;
	bool tck_due = false;

	writer_init(&w, memory, sizeof memory);
	if (atr->n_groups > ATR_GROUPS_MAX || atr->historical.len > ATR_HISTORICAL_MAX ||
	    read_protocols(&check, &tck_due) < 0) {
		writer_fail(out);
		return false;
	}
	writer_put_u8(&w, atr->ts);
	writer_put_u8(&w, (uint8_t)(indicator(atr, 0) | atr->historical.len));
	for (size_t i = 0; i < atr->n_groups; i++)
		put_group(atr, i, &w);
	writer_put(&w, atr->historical);
	if (tck_due)
		writer_put_u8(&w, xor_of(bytes_after(writer_bytes(&w), 1)));
	/* What parses is right in every other respect, TS for one. */
	if (!writer_done(&w) || atr_parse(writer_bytes(&w), &check) < 0)
		writer_fail(out);
	writer_put(out, writer_bytes(&w));
	return !out->failed;
}

/* ISO/IEC 14443-4, 5.2: TL counts itself and all behind it but the CRC; T0 says which of TA, TB and TC
 * are there. */
bool atr_from_ats(struct bytes ats, struct writer *out)
{
	struct bytes rest = ats;
	struct atr_group ignored;
	uint8_t tl;
	uint8_t t0 = 0;

	if (!bytes_take_u8(&rest, &tl) || tl != ats.len || (tl > 1 && !bytes_take_u8(&rest, &t0)) ||
	    (t0 & 0x80) != 0 || !take_group(&rest, t0 & 0x70, &ignored)) {
		writer_fail(out);
		return false;
	}
	return atr_from_historical(rest, out);
}

bool atr_from_historical(struct bytes historical, struct writer *out)
{
	const struct atr atr = {
		.ts = TS_DIRECT,
		.groups = { { .has_td = true, .td = 0 }, { .has_td = true, .td = 1 } },
		.n_groups = 2,
		.historical = historical,
	};

	return atr_encode(&atr, out);
}

/* ISO/IEC 14443-3, 7.9: 50, PUPI (4 bytes), application data (4), protocol info (3, or 4 when extended). */
bool atr_from_atqb(struct bytes atqb, uint8_t mbli, struct writer *out)
{
	const uint8_t last = (uint8_t)(mbli << 4);
	uint8_t memory[8];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	if ((atqb.len != 12 && atqb.len != 13) || atqb.data[0] != 0x50 || mbli > 0x0F) {
		writer_fail(out);
		return false;
	}
	writer_put(&w, bytes_first(bytes_after(atqb, 5), 7));
	writer_put_u8(&w, last);
	return atr_from_historical(writer_bytes(&w), out);
}
