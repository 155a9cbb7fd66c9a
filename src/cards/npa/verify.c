/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VERIFY and COMPARE with authenticated auxiliary data: age, validity of the document, municipality, what a data group is (BSI
 * TR-03110-3, B.6, B.14.9 and B.14.10; rights: TR-03110-4, tables 4 and 5). The data groups are what it is compared with. */
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
#define BY_EXTENSION (-2) /* the authorisation to compare the data group */

static const struct comparison {
	enum auxiliary_kind kind;
	int right; /* of authentication terminals */
	uint16_t fid;
} comparisons[] = {
	{ AUXILIARY_DATE_OF_BIRTH, 0, NPA_FID_GROUP(8) },
	{ AUXILIARY_DATE_OF_EXPIRY, NO_RIGHT_NEEDED, NPA_FID_GROUP(3) },
	{ AUXILIARY_MUNICIPALITY_ID, 1, NPA_FID_GROUP(18) },
};

static bool find(struct bytes data, struct comparison *out)
{
	enum auxiliary_kind kind;
	struct bytes oid;

	if (!tlv_take_tag(&data, TAG_OID, &oid) || data.len > 0 || !auxiliary_kind_of(oid, &kind))
		return false;
	if (kind >= AUXILIARY_DATA_GROUP) {
		*out = (struct comparison){ .kind = kind,
			.right = BY_EXTENSION,
			.fid = (uint16_t)NPA_FID_GROUP(kind - AUXILIARY_DATA_GROUP + 1) };
		return true;
	}
	for (size_t i = 0; i < COUNT(comparisons); i++) {
		if (comparisons[i].kind != kind)
			continue;
		*out = comparisons[i];
		return true;
	}
	return false;
}

static bool may(struct card *card, const struct comparison *comparison)
{
	if (comparison->right == NO_RIGHT_NEEDED)
		return npa_is_kind(card, CHAT_AT);
	if (comparison->right == BY_EXTENSION)
		return npa_is_kind(card, CHAT_AT) &&
		    eac_has_authorization(card, AUTHORIZATION_EID_ACCESS,
		        AUTHORIZATION_COMPARE((unsigned)comparison->fid - NPA_FID_GROUP(0)));
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

static enum sw compare(struct card *card, const struct comparison *comparison)
{
	struct bytes auxiliary = eac_session(card)->auxiliary;
	uint8_t memory[AUXILIARY_MAX];
	struct writer object;

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

/* Data groups are for COMPARE alone (B.6). */
enum sw npa_verify_auxiliary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct comparison comparison;

	if ((apdu->p1 << 8 | apdu->p2) != VERIFY_AUXILIARY)
		return SW_WRONG_P1P2;
	if (!find(apdu->data, &comparison) || comparison.right == BY_EXTENSION)
		return SW_REFERENCE_NOT_FOUND;
	return compare(card, &comparison);
}

enum sw npa_compare_auxiliary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct comparison comparison;
	enum sw sw;

	if ((apdu->p1 << 8 | apdu->p2) != COMPARE_BY_OID)
		return SW_WRONG_P1P2;
	if (!find(apdu->data, &comparison))
		return SW_REFERENCE_NOT_FOUND;
	sw = compare(card, &comparison);
	return sw == SW_WARNING_CHANGED ? SW_COMPARISON_FAILED : sw;
}
