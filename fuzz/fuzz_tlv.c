/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BER-TLV and COMPACT-TLV. What is valid can be written again, with templates and lengths of our own: no
 * longer than it was, and the same from then on. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"

#define INPUT_MAX 70000 /* long enough for a length of three bytes */

/* Writes all that is in in anew, and looks at each data object on the way. */
static void rewrite(struct bytes in, struct writer *w)
{
	struct bytes rest = in;
	struct tlv tlv;

	while (rest.len > 0) {
		struct bytes before = rest;

		CHECK(tlv_take(&rest, &tlv));
		CHECK(tlv_is_tag(tlv.tag));
		CHECK(tlv.whole.data == before.data && tlv.whole.len == before.len - rest.len);
		CHECK(check_inside(tlv.whole, tlv.value));
		if (!tlv_is_constructed(tlv.tag)) {
			tlv_put(w, tlv.tag, tlv.value);
			continue;
		}
		tlv_open(w, tlv.tag);
		rewrite(tlv.value, w);
		tlv_close(w);
	}
}

static void valid(struct bytes in)
{
	static uint8_t memory[2][INPUT_MAX];
	struct bytes first;
	struct writer w;

	if (!tlv_is_valid(in))
		return;
	writer_init(&w, memory[0], sizeof memory[0]);
	rewrite(in, &w);
	CHECK(writer_done(&w) && w.len <= in.len);
	first = writer_bytes(&w);
	CHECK(tlv_is_valid(first));
	writer_init(&w, memory[1], first.len);
	rewrite(first, &w);
	CHECK(writer_done(&w) && bytes_equal(writer_bytes(&w), first));
}

/* Of data that need not be valid: what is taken lies inside, and tlv_find() finds the first of a tag. */
static void any(struct bytes in)
{
	struct bytes rest = in;
	struct bytes found;
	struct tlv tlv;
	size_t count = 0;

	while (tlv_take(&rest, &tlv)) {
		CHECK(check_inside(in, tlv.whole) && check_inside(tlv.whole, tlv.value));
		if (++count > 8)
			continue;
		CHECK(tlv_find(in, tlv.tag, &found));
		CHECK(found.data <= tlv.value.data || tlv.value.len == 0 || found.len == 0);
	}
	CHECK(!tlv_take(&rest, &tlv) && check_inside(in, rest));
}

static void compact(struct bytes in)
{
	struct bytes rest = in;
	struct bytes value;
	uint8_t tag;

	while (tlv_compact_take(&rest, &tag, &value)) {
		uint8_t memory[16];
		struct writer w;

		CHECK(tag >= 1 && tag <= 15 && value.len <= 15 && check_inside(in, value));
		writer_init(&w, memory, sizeof memory);
		tlv_compact_put(&w, tag, value);
		CHECK(writer_done(&w) && w.len == value.len + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);

	if (len > INPUT_MAX)
		return 0;
	any(in);
	valid(in);
	compact(in);
	return 0;
}
