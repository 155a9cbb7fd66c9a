/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the chip says of its protocols (ICAO 9303-11, 9.2): EF.CardAccess has those of PACE; EF.CardSecurity these and the keys of
 * chip authentication mapping; DG14 all that the terminal must know to be true. */
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cards/epass/document.h"
#include "iso7816/tlv.h"
#include "pki/der.h"
#include "pki/public_key.h"

#define MEMORY_SIZE 32768 /* for what the infos are views of */
#define VERSION_PACE 2
#define VERSION_CHIP_AUTH 1
#define VERSION_TERMINAL_AUTH 1
#define VERSION_ACTIVE_AUTH 1

static const uint8_t oid_terminal_auth[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02 };
static const uint8_t oid_active_auth[] = { 0x67, 0x81, 0x08, 0x01, 0x01, 0x05 };
static const uint8_t oid_chip_key_dh[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x01 };
static const uint8_t oid_chip_key_ec[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02 };

/* ecdsa-plain-signatures and the number of the hash function (BSI TR-03111, 5.2.1.1). */
static const uint8_t oid_plain[DIGEST_KINDS][10] = {
	[DIGEST_SHA1] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x01 },
	[DIGEST_SHA224] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x02 },
	[DIGEST_SHA256] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x03 },
	[DIGEST_SHA384] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x04 },
	[DIGEST_SHA512] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x05 },
};

struct infos {
	size_t n;
	struct security_info list[SECURITY_INFOS_MAX];
	struct writer memory;
	uint8_t bytes[MEMORY_SIZE];
};

static struct infos *infos_new(void)
{
	struct infos *infos = calloc(1, sizeof *infos);

	if (infos != NULL)
		writer_init(&infos->memory, infos->bytes, sizeof infos->bytes);
	return infos;
}

static int add(struct infos *infos, const struct security_info *info)
{
	if (infos->n == SECURITY_INFOS_MAX)
		return ERR_LIMIT;
	infos->list[infos->n++] = *info;
	return 0;
}

/* What has been written to the memory since it had len bytes. */
static struct bytes since(const struct infos *infos, size_t len)
{
	return bytes_after(writer_bytes(&infos->memory), len);
}

static int add_pace(struct infos *infos, const struct epass_document *document)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < document->protocols.n; i++) {
		const struct epass_entry *entry = &document->protocols.entries[i];
		struct security_info info = { .kind = SECURITY_INFO_PACE,
			.version = VERSION_PACE,
			.has_id = true,
			.id = entry->id };
		size_t begin = infos->memory.len;
		uint8_t oid[EPASS_OID_SIZE];

		if (!epass_is_pace(entry->protocol))
			continue;
		epass_entry_oid(entry, oid);
		writer_put(&infos->memory, BYTES_OF_ARRAY(oid));
		info.protocol = since(infos, begin);
		r = infos->memory.failed ? ERR_LIMIT : add(infos, &info);
	}
	return r;
}

/* SubjectPublicKeyInfo with the number of the domain parameters, as mapping wants it, or with the parameters themselves
 * (9303-11, 9.2.5 and 9.2.6). */
static int put_key(const struct agreement *pair, bool standardised, uint8_t id, struct writer *out)
{
	uint8_t memory[AGREEMENT_SIZE_MAX];
	struct writer public;
	int r;

	if (!standardised)
		return pair->ec != NULL ? public_key_put_ec(out, pair->ec, CURVE_EXPLICIT)
		                        : public_key_put_dh(out, pair->dh);
	writer_init(&public, memory, sizeof memory);
	r = agreement_put_public(pair, &public);
	if (r < 0)
		return r;
	tlv_open(out, DER_SEQUENCE);
	security_info_put_standardised(out, id);
	der_put_bits(out, writer_bytes(&public));
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

static int add_public_key(struct infos *infos, const struct epass_chip_key *key, bool standardised)
{
	struct security_info info = { .kind = SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY,
		.has_id = key->has_key_id,
		.id = key->key_id };
	size_t begin = infos->memory.len;
	int r = put_key(&key->pair, standardised, key->id, &infos->memory);

	info.protocol = epass_is_curve(key->id) ? BYTES_OF_ARRAY(oid_chip_key_ec)
	                                        : BYTES_OF_ARRAY(oid_chip_key_dh);
	info.public_key = since(infos, begin);
	return r == 0 ? add(infos, &info) : r;
}

static int add_mapping_keys(struct infos *infos, const struct epass_document *document)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < document->n_keys; i++)
		if (document->keys[i].for_mapping)
			r = add_public_key(infos, &document->keys[i], true);
	return r;
}

static int add_chip_key(struct infos *infos, const struct epass_chip_key *key)
{
	int r = add_public_key(infos, key, false);

	for (size_t i = 0; r == 0 && i < key->n_suites; i++) {
		const struct security_info info = { .kind = SECURITY_INFO_CHIP_AUTH,
			.protocol = BYTES_OF_ARRAY(key->suites[i]),
			.version = VERSION_CHIP_AUTH,
			.has_id = key->has_key_id,
			.id = key->key_id };

		r = add(infos, &info);
	}
	return r;
}

static int add_chip_auth(struct infos *infos, const struct epass_document *document)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < document->n_keys; i++)
		if (document->keys[i].n_suites > 0)
			r = add_chip_key(infos, &document->keys[i]);
	return r;
}

static int add_others(struct infos *infos, const struct epass_document *document)
{
	const struct security_info terminal_auth = { .kind = SECURITY_INFO_TERMINAL_AUTH,
		.protocol = BYTES_OF_ARRAY(oid_terminal_auth),
		.version = VERSION_TERMINAL_AUTH };
	const struct security_info active_auth = { .kind = SECURITY_INFO_ACTIVE_AUTH,
		.protocol = BYTES_OF_ARRAY(oid_active_auth),
		.version = VERSION_ACTIVE_AUTH,
		.signature = BYTES_OF_ARRAY(oid_plain[document->active_auth.digest]) };
	int r = 0;

	if (epass_protocols_has(&document->protocols, EPASS_TA))
		r = add(infos, &terminal_auth);
	if (r == 0 && document->active_auth_key.len > 0 && document->active_auth.ec)
		r = add(infos, &active_auth);
	return r;
}

int epass_put_card_access(const struct epass_document *document, struct writer *out)
{
	struct infos *infos = infos_new();
	int r = infos == NULL ? ERR_NO_MEMORY : add_pace(infos, document);

	if (r == 0)
		r = security_infos_put(infos->list, infos->n, out);
	free(infos);
	return r;
}

int epass_put_card_security(const struct epass_document *document, struct writer *out)
{
	struct infos *infos = infos_new();
	int r = infos == NULL ? ERR_NO_MEMORY : add_pace(infos, document);

	if (r == 0)
		r = add_mapping_keys(infos, document);
	if (r == 0)
		r = security_infos_put(infos->list, infos->n, out);
	free(infos);
	return r;
}

int epass_put_dg14(const struct epass_document *document, struct writer *out)
{
	struct infos *infos = infos_new();
	int r = infos == NULL ? ERR_NO_MEMORY : add_pace(infos, document);

	if (r == 0)
		r = add_chip_auth(infos, document);
	if (r == 0)
		r = add_others(infos, document);
	if (r == 0)
		r = lds_put_dg14(infos->list, infos->n, out);
	free(infos);
	return r;
}

bool epass_has_dg14(const struct epass_document *document)
{
	const struct epass_protocols *list = &document->protocols;

	return epass_protocols_has_pace(list) || epass_protocols_has(list, EPASS_CA) ||
	    epass_protocols_has(list, EPASS_TA) ||
	    (document->active_auth_key.len > 0 && document->active_auth.ec);
}
