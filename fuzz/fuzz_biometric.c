/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Biometric data groups, and face records by themselves: what is read lies inside. */
#include "check.h"
#include "fuzz.h"
#include "lds/biometric.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct biometric records[BIOMETRIC_RECORDS_MAX];
	struct bytes in = bytes_of(data, len);
	struct picture picture;
	size_t n = 0;

	if (biometric_face(in, &picture) == 0)
		CHECK(check_inside(in, picture.file));
	for (int type = 0; type < BIOMETRIC_TYPES; type++) {
		if (biometric_parse(in, (enum biometric_type)type, records, &n) != 0)
			continue;
		CHECK(n <= BIOMETRIC_RECORDS_MAX);
		for (size_t i = 0; i < n; i++) {
			CHECK(check_inside(in, records[i].record));
			if (biometric_face(records[i].record, &picture) == 0)
				CHECK(check_inside(records[i].record, picture.file));
		}
	}
	return 0;
}
