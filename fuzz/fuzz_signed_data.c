/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed data, certificates and public keys: what is read lies inside, and can be looked at. */
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"
#include "pki/cms_read.h"
#include "pki/der.h"
#include "pki/x509.h"

static struct random *random_numbers;

static void look_at_key(struct bytes in, struct bytes info)
{
	struct public_key key;
	const struct ec_group *group;
	struct ec_group *own;
	enum ec_curve curve;

	if (public_key_parse(info, &key) != 0)
		return;
	CHECK(check_inside(in, key.value) && check_inside(in, key.domain.p));
	CHECK(check_inside(in, key.domain.ec.g) && check_inside(in, key.domain.ec.h));
	if (public_key_ec_group(&key.domain, &own, &group) != 0)
		return;
	(void)public_key_curve_of(group, &curve);
	ec_group_free(own);
}

static void look_at_certificate(struct bytes in, const struct x509 *x509)
{
	struct bytes rest = x509->extensions;
	struct x509_extension extension;
	char name[X509_NAME_SIZE];
	char day[DATE_TEXT_SIZE];
	struct sign_key key;

	CHECK(check_inside(in, x509->subject) && check_inside(in, x509->signature));
	CHECK(x509_name_text(x509->subject, name)[0] != '\1');
	CHECK(x509_time_text(x509->not_after, day)[0] != '\0');
	while (x509_take_extension(&rest, &extension))
		CHECK(check_inside(in, extension.oid) && check_inside(in, extension.value));
	look_at_key(in, x509->public_key);
	if (sign_key_read(random_numbers, x509->public_key, &key) != 0)
		return;
	CHECK(x509_verify(x509, &key) <= 0);
	sign_key_done(&key);
}

static void look_at_signed(struct bytes in, const struct cms *cms)
{
	struct cms_lds_hashes lds;
	struct bytes certificates;
	struct sign_key key;
	struct x509 x509;

	CHECK(check_inside(in, cms->content) && check_inside(in, cms->attributes));
	CHECK(check_inside(in, cms->certificates) && check_inside(in, cms->signature));
	if (cms_parse_lds(cms->content, &lds) == 0)
		CHECK(check_inside(cms->content, lds.hashes[0]));
	if (cms_parse_master_list(cms->content, &certificates) == 0)
		CHECK(check_inside(cms->content, certificates));
	if (cms_signer_certificate(cms, &x509) != 0)
		return;
	look_at_certificate(in, &x509);
	if (sign_key_read(random_numbers, x509.public_key, &key) != 0)
		return;
	CHECK(cms_verify(cms, &key) <= 0);
	sign_key_done(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes in = bytes_of(data, len);
	struct x509 x509;
	struct cms cms;

	if (random_numbers == NULL)
		CHECK(random_new(bytes_of_string("fuzz"), &random_numbers) == 0);
	if (cms_parse(in, &cms) == 0)
		look_at_signed(in, &cms);
	else if (x509_parse(in, &x509) == 0)
		look_at_certificate(in, &x509);
	else
		look_at_key(in, in);
	return 0;
}
