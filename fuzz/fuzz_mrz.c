/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machine readable zones. One that is accepted has no unknown check digit left, is accepted again as it then is, and comes back out
 * of DG1; one that is refused gets a reason. */
#include <string.h>

#include "check.h"
#include "fuzz.h"
#include "lds/lds.h"

static void check_good(const struct mrz *mrz)
{
	uint8_t file[MRZ_SIZE_MAX + 8], information[MRZ_INFORMATION_MAX];
	char error[MRZ_ERROR_SIZE];
	struct mrz again;
	struct writer w;

	CHECK(mrz->format < MRZ_FORMATS && strchr(mrz->text, '?') == NULL);
	for (int field = 0; field < MRZ_FIELDS; field++)
		CHECK(check_inside(mrz_text(mrz), mrz_field(mrz, (enum mrz_field)field)));
	writer_init(&w, information, sizeof information);
	mrz_put_information(mrz, &w);
	CHECK(writer_done(&w));
	writer_init(&w, file, sizeof file);
	lds_put_dg1(mrz, &w);
	CHECK(writer_done(&w) && lds_parse_dg1(writer_bytes(&w), &again, error) == 0);
	CHECK(strcmp(again.text, mrz->text) == 0 && strcmp(again.number, mrz->number) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char error[MRZ_ERROR_SIZE] = "";
	struct mrz mrz;

	if (mrz_parse(bytes_of(data, len), &mrz, error) == 0)
		check_good(&mrz);
	else
		CHECK(error[0] != '\0' && strlen(error) < MRZ_ERROR_SIZE);
	error[0] = '\0';
	if (lds_parse_dg1(bytes_of(data, len), &mrz, error) != 0)
		CHECK(error[0] != '\0');
	return 0;
}
