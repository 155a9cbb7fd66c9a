/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures. One that is accepted has a size, fits into each biometric record, and is found in a face record again. */
#include <stdlib.h>

#include "check.h"
#include "fuzz.h"
#include "lds/biometric.h"

static void check_record(enum biometric_type type, const struct picture *picture)
{
	size_t size = picture->file.len + BIOMETRIC_OVERHEAD;
	static struct biometric records[BIOMETRIC_RECORDS_MAX];
	uint8_t *memory = malloc(size);
	struct picture again;
	struct writer w;
	size_t n;

	CHECK(memory != NULL);
	writer_init(&w, memory, size);
	CHECK(biometric_put(type, picture, &w) == 0 && writer_done(&w));
	CHECK(biometric_parse(writer_bytes(&w), type, records, &n) == 0 && n == 1);
	if (type == BIOMETRIC_FACE) {
		CHECK(biometric_face(records[0].record, &again) == 0);
		CHECK(bytes_equal(again.file, picture->file) && again.kind == picture->kind);
	}
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct picture picture;

	if (len > BIOMETRIC_PICTURE_MAX || picture_parse(bytes_of(data, len), &picture) != 0)
		return 0;
	CHECK(picture.width > 0 && picture.height > 0 && picture.components > 0);
	for (int type = 0; type < BIOMETRIC_TYPES; type++)
		check_record((enum biometric_type)type, &picture);
	return 0;
}
