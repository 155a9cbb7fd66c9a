/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests for CV certificates. Of one that is read, each field lies inside, and its signature can be looked at. */
#include "check.h"
#include "fuzz.h"
#include "pki/cvc_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	static struct random *random_numbers;
	struct cvc_request request;

	if (random_numbers == NULL)
		CHECK(random_new(bytes_of_string("fuzz"), &random_numbers) == 0);
	if (cvc_request_parse(in, &request) != 0)
		return 0;
	CHECK(check_inside(in, request.body) && check_inside(in, request.signature));
	CHECK(check_inside(request.body, request.car) && check_inside(request.body, request.chr));
	CHECK(check_inside(request.body, request.extensions));
	CHECK(check_inside(request.body, request.key.point));
	CHECK(check_inside(in, request.outer_car));
	CHECK(cvc_reference_is_valid(request.chr));
	CHECK(cvc_request_verify(&request, random_numbers) <= 0);
	return 0;
}
