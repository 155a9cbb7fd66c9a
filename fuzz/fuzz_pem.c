/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PEM. What is read and written again is read as the same. */
#include "check.h"
#include "fuzz.h"
#include "pki/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t memory[4096];
	static uint8_t text[8192];
	static uint8_t again[4096];
	struct bytes rest = bytes_of(data, len);
	char label[PEM_LABEL_SIZE];
	char same[PEM_LABEL_SIZE];
	struct writer out;
	struct writer w;
	struct writer back;

	writer_init(&out, memory, sizeof memory);
	if (pem_take(&rest, label, &out) != 0)
		return 0;
	CHECK(pem_is_text(bytes_of(data, len)));
	CHECK(check_inside(bytes_of(data, len), rest));
	writer_init(&w, text, sizeof text);
	pem_put(label, writer_bytes(&out), &w);
	CHECK(writer_done(&w));
	rest = writer_bytes(&w);
	writer_init(&back, again, sizeof again);
	if (pem_take(&rest, same, &back) == 0) /* a label may have a NUL inside */
		CHECK(bytes_equal(writer_bytes(&out), writer_bytes(&back)));
	return 0;
}
