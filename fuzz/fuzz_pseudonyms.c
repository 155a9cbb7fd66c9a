/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data fields of Restricted Identification, of pseudonymous signatures and of Chip Authentication 3; the first byte chooses. The
 * terminal's certificate has the hash of whatever key it sends. */
#include <string.h>

#include "auth/chip_auth.h"
#include "auth/pseudonymous.h"
#include "auth/restricted_id.h"
#include "check.h"
#include "fuzz.h"
#include "iso7816/tlv.h"
#include "pki/cvc.h"

#define ANSWER_MAX 4096
#define DOMAIN_ID 13 /* brainpoolP256r1 */

static const uint8_t one[] = { 0x12, 0x34, 0x56, 0x78, 0x9A }, other[] = { 0x42 };

static struct random *card_random(void)
{
	static struct random *random;

	if (random == NULL)
		CHECK(random_new(BYTES_OF_ARRAY(one), &random) == 0);
	return random;
}

static const struct ec_group *group(void)
{
	return ec_group_named(EC_BRAINPOOL_P256R1);
}

static void certify(struct bytes hashed, struct sector_hash *out)
{
	CHECK(digest_compute(DIGEST_SHA256, hashed, out->value) == 0);
	out->len = digest_size(DIGEST_SHA256);
}

static void check(enum sw sw, struct writer *w)
{
	CHECK(sw == SW_OK || sw == SW_WRONG_DATA);
	CHECK(sw != SW_OK || (writer_done(w) && tlv_is_valid(writer_bytes(w))));
}

static void restricted_id(enum restricted_id_variant variant, struct bytes in, struct writer *w)
{
	static uint8_t memory[CVC_SIZE_MAX];
	struct terminal_sectors sectors = { .digest = DIGEST_SHA256 };
	const struct restricted_id r = { .suite = { variant, DIGEST_SHA256 },
		.private = BYTES_OF_ARRAY(one),
		.sectors = &sectors,
		.random = card_random() };
	struct bytes rest = in, inside;
	struct writer key;
	struct tlv tlv;

	if (tlv_take_tag(&rest, 0x7C, &inside))
		for (size_t i = 0; i < TERMINAL_SECTORS && tlv_take(&inside, &tlv); i++) {
			writer_init(&key, memory, sizeof memory);
			tlv_put(&key, 0x7F49, tlv.value);
			if (writer_done(&key) && (tlv.tag == 0xA0 || tlv.tag == 0xA2))
				certify(writer_bytes(&key), &sectors.sectors[tlv.tag == 0xA2]);
		}
	check(restricted_id_general(&r, in, w), w);
}

static void pseudonymous(uint8_t variant, struct bytes in, struct writer *w)
{
	const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0B, variant, 2, 3 };
	struct terminal_sectors sectors = {
		.digest = DIGEST_SHA256, .n_ps = 1, .ps = { { .domain = DOMAIN_ID } }
	};
	struct pseudonymous p = {
		.domain = DOMAIN_ID, .granted = { true, true }, .sectors = &sectors
	};
	const struct bytes private[] = { BYTES_OF_ARRAY(one), BYTES_OF_ARRAY(other) };
	uint8_t manager[EC_POINT_SIZE_MAX];
	struct bytes rest = in, inside, sector;
	struct writer point;

	writer_init(&point, manager, sizeof manager);
	CHECK(ec_group_put(group(), EC_PART_G, &point) == 0);
	CHECK(pseudonym_import(group(), card_random(), writer_bytes(&point), private, &p.key) == 0);
	CHECK(pseudonymous_suite_parse(BYTES_OF_ARRAY(oid), &p.suite));
	if (tlv_take_tag(&rest, variant == PSEUDONYMOUS_PSA ? 0x7C : 0x73, &inside) &&
	    tlv_take_tag(&inside, 0x80, &sector))
		certify(sector, &sectors.ps[0].hash);
	if (variant == PSEUDONYMOUS_PSA)
		check(pseudonymous_general(&p, in, BYTES_OF_ARRAY(one), w), w);
	else
		check(pseudonymous_credentials(&p, in, BYTES_OF_ARRAY(one), w), w);
	pseudonym_free(p.key);
}

static void chip_auth(struct bytes in, struct writer *w)
{
	static const uint8_t oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 2, 2 };
	struct agreement key = { .domain = { .ec = group() } };
	struct chip_auth c = { .version = CHIP_AUTH_3,
		.key = &key,
		.random = card_random(),
		.private = BYTES_OF_ARRAY(one) };
	struct session_keys keys = { .enc = { .len = 0 } };
	enum sw sw;

	CHECK(suite_parse(BYTES_OF_ARRAY(oid), SUITE_CHIP_AUTH, &c.suite));
	sw = chip_auth_general(&c, in, w, &keys);
	check(sw, w);
	CHECK((sw == SW_OK) == (keys.enc.len > 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t memory[ANSWER_MAX];
	struct bytes in = bytes_of(data, len);
	struct writer w;
	uint8_t choice;

	writer_init(&w, memory, sizeof memory);
	if (!bytes_take_u8(&in, &choice))
		return 0;
	switch (choice % 5) {
	case 0:
		restricted_id(RESTRICTED_ID_ECDH, in, &w);
		break;
	case 1:
		restricted_id(RESTRICTED_ID_DH, in, &w);
		break;
	case 2:
		pseudonymous(PSEUDONYMOUS_PSA, in, &w);
		break;
	case 3:
		pseudonymous(PSEUDONYMOUS_PSC, in, &w);
		break;
	default:
		chip_auth(in, &w);
	}
	return 0;
}
