/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Auxiliary data of a terminal and the data group that they are compared with; the first byte says how many bytes the former have. As
 * extensions of a certificate the same bytes are read for sectors. */
#include "auth/auxiliary_data.h"
#include "auth/terminal_sector.h"
#include "check.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	struct bytes object, data_group, value;
	struct terminal_sectors sectors;
	uint8_t n;

	if (!bytes_take_u8(&in, &n))
		return 0;
	object = bytes_first(in, n);
	data_group = bytes_after(in, n);
	for (unsigned i = AUXILIARY_DATE_OF_BIRTH; i < AUXILIARY_DATA_GROUP + AUXILIARY_DATA_GROUPS;
	     i++) {
		enum sw sw = auxiliary_verify((enum auxiliary_kind)i, object, data_group);

		CHECK(sw == SW_OK || sw == SW_WARNING_CHANGED || sw == SW_REFERENCE_NOT_FOUND);
		if (!auxiliary_find(object, (enum auxiliary_kind)i, &value))
			CHECK(sw == SW_REFERENCE_NOT_FOUND);
		else
			CHECK(check_inside(object, value));
	}
	terminal_sectors_read(in, DIGEST_SHA256, &sectors);
	CHECK(sectors.n_ps <= TERMINAL_PS_SECTORS_MAX);
	CHECK(sectors.sectors[0].len == 0 || sectors.sectors[0].len == 32);
	return 0;
}
