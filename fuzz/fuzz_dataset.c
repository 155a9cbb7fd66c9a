/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dataset files of the identity card. What is read lies inside, and becomes data groups that are one data object each, but for
 * those whose bytes the file gives. */
#include "cards/npa/dataset.h"
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"

#define MEMORY (4 * DATASET_GROUP_MAX)

static void check_group(const struct dataset *dataset, unsigned n)
{
	static uint8_t memory[MEMORY];
	struct bytes group;
	struct writer w;
	struct tlv tlv;
	bool raw = (n == 12 && dataset->values[DATASET_DG12].given) ||
	    (n == 14 && dataset->values[DATASET_DG14].given) ||
	    (n == 15 && dataset->values[DATASET_DG15].given) ||
	    (n == 16 && dataset->values[DATASET_DG16].given) ||
	    (n == 21 && dataset->values[DATASET_DG21].given);

	writer_init(&w, memory, sizeof memory);
	if (!dataset_put_group(dataset, n, &w))
		return;
	CHECK(writer_done(&w));
	group = writer_bytes(&w);
	CHECK(raw || (tlv_take(&group, &tlv) && group.len == 0 && tlv_is_valid(tlv.whole)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	struct dataset dataset;
	struct dataset_error error = { 0 };

	dataset_init(&dataset);
	if (dataset_parse(in, &dataset, &error) < 0) {
		CHECK(error.line >= 1 && error.rule != NULL);
		return 0;
	}
	for (unsigned n = 1; n <= DATASET_GROUPS; n++)
		check_group(&dataset, n);
	return 0;
}
