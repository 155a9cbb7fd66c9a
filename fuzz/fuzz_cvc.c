/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CV certificates. Of one that is read, each field lies inside, and its body can be written again, to be read as the
 * same; with itself as the trust point its signature can be looked at. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"
#include "pki/cvc_chain.h"

static void rewrite(const struct cvc *cvc)
{
	static uint8_t memory[2 * CVC_SIZE_MAX];
	static uint8_t again[2 * CVC_SIZE_MAX];
	struct cvc same;
	struct writer body;
	struct writer w;

	writer_init(&body, memory, sizeof memory);
	CHECK(cvc_put_body(cvc, &body) == 0 && writer_done(&body));
	CHECK(body.len <= cvc->body.len);
	writer_init(&w, again, sizeof again);
	tlv_open(&w, 0x7F21);
	writer_put(&w, writer_bytes(&body));
	tlv_put(&w, 0x5F37, cvc->signature);
	tlv_close(&w);
	CHECK(writer_done(&w) && cvc_parse(writer_bytes(&w), &same) == 0);
	CHECK(bytes_equal(same.body, writer_bytes(&body)));
	CHECK(bytes_equal(same.car, cvc->car) && bytes_equal(same.chr, cvc->chr));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	static struct random *random_numbers;
	struct cvc_issuer issuer;
	struct cvc_step step;
	struct cvc cvc;

	if (random_numbers == NULL)
		CHECK(random_new(bytes_of_string("fuzz"), &random_numbers) == 0);

	if (cvc_parse(in, &cvc) != 0 && cvc_parse_content(in, &cvc) != 0)
		return 0;
	CHECK(check_inside(in, cvc.body) && check_inside(in, cvc.signature));
	CHECK(check_inside(cvc.body, cvc.car) && check_inside(cvc.body, cvc.chr));
	CHECK(check_inside(cvc.body, cvc.extensions) && check_inside(cvc.body, cvc.key.point));
	rewrite(&cvc);
	if (cvc_trust_point(&cvc, &issuer))
		CHECK(cvc_chain(&issuer, &cvc, (struct date){ 0 }, random_numbers, &step) <=
		    CVC_UNDECIDED);
	return 0;
}
