/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VERIFY and COMPARE with authenticated auxiliary data: age, validity of the document, municipality (BSI TR-03110-3, B.6, B.14.9
 * and B.14.10; rights: TR-03110-4, table 4). What the terminal's data is compared with are the data groups. */
#include "auth/auxiliary_data.h"
#include "base/compiler.h"
#include "cards/eac/eac.h"
#include "cards/npa/internal.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"

#define VERIFY_AUXILIARY 0x8000 /* P1 and P2 */
#define COMPARE_BY_OID 0x0000
#define TAG_OID 0x06
#define TAG_AUXILIARY 0x67
#define AUXILIARY_MAX 4200

#define NO_RIGHT_NEEDED (-1)

static const struct comparison {
	enum auxiliary_kind kind;
	int right; /* of authentication terminals */
	uint16_t fid;
} comparisons[] = {
	{ AUXILIARY_DATE_OF_BIRTH, 0, NPA_FID_GROUP(8) },
	{ AUXILIARY_DATE_OF_EXPIRY, NO_RIGHT_NEEDED, NPA_FID_GROUP(3) },
	{ AUXILIARY_MUNICIPALITY_ID, 1, NPA_FID_GROUP(18) },
};

static const struct comparison *find(struct bytes data)
{
	enum auxiliary_kind kind;
	struct bytes oid;

	if (!tlv_take_tag(&data, TAG_OID, &oid) || data.len > 0 || !auxiliary_kind_of(oid, &kind))
		return NULL;
	for (size_t i = 0; i < COUNT(comparisons); i++) {
		if (comparisons[i].kind == kind)
			return &comparisons[i];
	}
	return NULL;
}

static bool may(struct card *card, const struct comparison *comparison)
{
	if (comparison->right == NO_RIGHT_NEEDED)
		return npa_is_kind(card, CHAT_AT);
	return npa_has_right(card, (unsigned)comparison->right);
}

/* The data group; empty: there is none. */
static struct bytes stored(const struct card *card, uint16_t fid)
{
	const struct file *df = fs_child(fs_mf(card_files(card)), NPA_FID_EID);
	const struct file *file = df != NULL ? fs_child(df, fid) : NULL;
	struct bytes contents = { NULL, 0 };

	if (file == NULL || file_kind(file) != FILE_TRANSPARENT ||
	    transparent_read(file, 0, transparent_size(file), &contents) != SW_OK)
		return (struct bytes){ NULL, 0 };
	return contents;
}

static enum sw compare(struct card *card, struct bytes data)
{
	const struct comparison *comparison = find(data);
	struct bytes auxiliary = eac_session(card)->auxiliary;
	uint8_t memory[AUXILIARY_MAX];
	struct writer object;

	if (comparison == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (!may(card, comparison))
		return SW_SECURITY_STATUS;
	writer_init(&object, memory, sizeof memory);
	if (auxiliary.len > 0)
		tlv_put(&object, TAG_AUXILIARY, auxiliary);
	if (!writer_done(&object))
		return SW_REFERENCE_NOT_FOUND;
	return auxiliary_verify(
	    comparison->kind, writer_bytes(&object), stored(card, comparison->fid));
}

enum sw npa_verify_auxiliary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if ((apdu->p1 << 8 | apdu->p2) != VERIFY_AUXILIARY)
		return SW_WRONG_P1P2;
	return compare(card, apdu->data);
}

enum sw npa_compare_auxiliary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	enum sw sw;

	if ((apdu->p1 << 8 | apdu->p2) != COMPARE_BY_OID)
		return SW_WRONG_P1P2;
	sw = compare(card, apdu->data);
	return sw == SW_WARNING_CHANGED ? SW_COMPARISON_FAILED : sw;
}
