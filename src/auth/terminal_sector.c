/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal sectors (BSI TR-03110-3, C.3.2). */
#include "auth/terminal_sector.h"

#include <string.h>

#include "auth/authentication_template.h"
#include "base/err.h"
#include "iso7816/tlv.h"

#define TAG_TEMPLATE 0x73
#define TAG_OID 0x06
#define TAG_FIRST 0x80
#define TAG_PS_TEMPLATE 0xA0
#define TAG_PS_DOMAIN 0x80
#define TAG_PS_HASH 0x81

/* id-sector and id-PS-Sector, 0.4.0.127.0.7.3.1.3.2 and .3 */
static const uint8_t sector_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x03, 0x02 };
static const uint8_t ps_sector_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x03, 0x03 };

static bool keep_hash(struct bytes in, enum digest_kind digest, struct sector_hash *out)
{
	if (in.len != digest_size(digest))
		return false;
	memcpy(out->value, in.data, in.len);
	out->len = in.len;
	return true;
}

static void read_sectors(struct bytes in, struct terminal_sectors *out)
{
	struct terminal_sectors read = *out;
	struct tlv tlv;

	while (in.len > 0) {
		if (!tlv_take(&in, &tlv))
			return;
		if (tlv.tag < TAG_FIRST || tlv.tag >= TAG_FIRST + TERMINAL_SECTORS)
			continue;
		if (!keep_hash(tlv.value, out->digest, &read.sectors[tlv.tag - TAG_FIRST]))
			return;
	}
	*out = read;
}

static void read_ps_sectors(struct bytes in, struct terminal_sectors *out)
{
	struct bytes template, domain, hash;

	while (
	    out->n_ps < TERMINAL_PS_SECTORS_MAX && tlv_take_tag(&in, TAG_PS_TEMPLATE, &template)) {
		if (!tlv_take_tag(&template, TAG_PS_DOMAIN, &domain) ||
		    !tlv_take_tag(&template, TAG_PS_HASH, &hash) || template.len > 0 ||
		    !authentication_number(domain, &out->ps[out->n_ps].domain) ||
		    !keep_hash(hash, out->digest, &out->ps[out->n_ps].hash))
			continue;
		out->n_ps++;
	}
}

void terminal_sectors_read(
    struct bytes extensions, enum digest_kind digest, struct terminal_sectors *out)
{
	struct bytes template, oid;

	*out = (struct terminal_sectors){ .digest = digest };
	while (tlv_take_tag(&extensions, TAG_TEMPLATE, &template)) {
		if (!tlv_take_tag(&template, TAG_OID, &oid))
			continue;
		if (bytes_equal(oid, BYTES_OF_ARRAY(sector_oid)))
			read_sectors(template, out);
		if (bytes_equal(oid, BYTES_OF_ARRAY(ps_sector_oid)))
			read_ps_sectors(template, out);
	}
}

static bool is_hash(const struct sector_hash *hash, const uint8_t *value, size_t len)
{
	return bytes_equal(bytes_of(hash->value, hash->len), bytes_of(value, len));
}

int terminal_sector_check(
    const struct terminal_sectors *sectors, size_t sector, struct bytes public_key)
{
	uint8_t value[DIGEST_SIZE_MAX];
	int r;

	if (sector >= TERMINAL_SECTORS || sectors->sectors[sector].len == 0)
		return ERR_NOT_FOUND;
	r = digest_compute(sectors->digest, public_key, value);
	if (r < 0)
		return r;
	return is_hash(&sectors->sectors[sector], value, digest_size(sectors->digest))
	    ? 0
	    : ERR_NOT_FOUND;
}

int terminal_sector_check_ps(
    const struct terminal_sectors *sectors, uint32_t domain, struct bytes point)
{
	uint8_t value[DIGEST_SIZE_MAX];
	int r = digest_compute(sectors->digest, point, value);

	if (r < 0)
		return r;
	for (size_t i = 0; i < sectors->n_ps; i++)
		if (sectors->ps[i].domain == domain &&
		    is_hash(&sectors->ps[i].hash, value, digest_size(sectors->digest)))
			return 0;
	return ERR_NOT_FOUND;
}
