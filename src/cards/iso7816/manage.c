/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CREATE FILE and DELETE FILE (ISO/IEC 7816-9). */
#include "base/compiler.h"
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "fs/coding.h"
#include "fs/records.h"
#include "fs/rules.h"
#include "iso7816/tlv.h"

#define P2_SFI_RFU 0x07

/* Security attributes that the card would not enforce are refused, not ignored: those of channels (8E), of
 * data objects (A0), in proprietary form (86, A1). */
static bool asks_for_more(struct bytes template)
{
	static const uint32_t tags[] = { 0x86, 0x8E, 0xA0, 0xA1 };
	struct bytes value;

	for (size_t i = 0; i < COUNT(tags); i++) {
		if (tlv_find(template, tags[i], &value))
			return true;
	}
	return false;
}

/* The data field is one template: FCP, or FCI as some terminals send. */
static enum sw parse_template(struct bytes data, struct fcp *out)
{
	struct tlv tlv;

	if (!tlv_take(&data, &tlv) || data.len > 0)
		return SW_WRONG_DATA;
	if (tlv.tag != FCP_TEMPLATE_FCP && tlv.tag != FCP_TEMPLATE_FCI)
		return SW_WRONG_DATA;
	if (fcp_parse(tlv.value, out) < 0)
		return SW_WRONG_DATA;
	return asks_for_more(tlv.value) ? SW_FUNCTION_NOT_SUPPORTED : SW_OK;
}

/* P1 is the file descriptor byte, P2 the short EF identifier, where they are not 0: they stand for the
 * data objects 82 and 88, and must not contradict them. */
static enum sw take_p1p2(const struct apdu *apdu, struct fcp *fcp)
{
	uint8_t sfi = apdu->p2 >> 3;

	if ((apdu->p2 & P2_SFI_RFU) != 0 || sfi > FILE_SFI_MAX)
		return SW_WRONG_P1P2;
	if (apdu->p1 != 0) {
		if (fcp->has_descriptor && fcp->descriptor != apdu->p1)
			return SW_WRONG_DATA;
		fcp->has_descriptor = true;
		fcp->descriptor = apdu->p1;
	}
	if (sfi != 0) {
		if (fcp->has_sfi && fcp->sfi != sfi)
			return SW_WRONG_DATA;
		fcp->has_sfi = true;
		fcp->sfi = sfi;
	}
	return SW_OK;
}

/* A file can be created in any state but terminated (7816-4, table 13). */
static bool life_cycle_is_possible(uint8_t life_cycle)
{
	return life_cycle == FCP_LIFE_CYCLE_CREATION ||
	    life_cycle == FCP_LIFE_CYCLE_INITIALISATION ||
	    (life_cycle & 0xFC) == FCP_LIFE_CYCLE_DEACTIVATED;
}

/* Objects that must be there, and those that do not go with this kind of file. */
static enum sw check_objects(const struct fcp *fcp, enum file_kind kind)
{
	bool has_size = fcp->has_size || fcp->has_total_size || fcp->has_record_count;
	bool fits = kind == FILE_DF ? !fcp->has_sfi : has_size && fcp->df_name.len == 0;

	if (!fits || !fcp->has_fid || file_fid_is_reserved(fcp->fid))
		return SW_WRONG_DATA;
	if (fcp->has_life_cycle && !life_cycle_is_possible(fcp->life_cycle))
		return SW_WRONG_DATA;
	if (fcp->has_record_size != (kind == FILE_RECORDS))
		return SW_WRONG_DATA;
	return rules_are_valid(fcp) ? SW_OK : SW_WRONG_DATA;
}

static void fill_attributes(const struct fcp *fcp, struct bytes attributes[FILE_ATTRIBUTES])
{
	attributes[FILE_SECURITY_REFERENCE] = fcp->security_reference;
	attributes[FILE_SECURITY_COMPACT] = fcp->security_compact;
	attributes[FILE_SECURITY_EXPANDED] = fcp->security_expanded;
	attributes[FILE_SECURITY_ENVIRONMENTS] = fcp->security_environments;
	attributes[FILE_PROPRIETARY] = fcp->proprietary;
	attributes[FILE_PROPRIETARY_TLV] = fcp->proprietary_tlv;
}

static void fill(const struct fcp *fcp, enum file_kind kind, struct fs_parameters *out)
{
	*out = (struct fs_parameters){
		.descriptor = fcp->descriptor,
		.data_coding = fcp->has_data_coding ? fcp->data_coding : CODING_DEFAULT,
		.fid = fcp->fid,
		.sfi = fcp->sfi,
		.name = fcp->df_name,
		.life_cycle = fcp->has_life_cycle ? fcp->life_cycle : FCP_LIFE_CYCLE_ACTIVATED,
	};
	fill_attributes(fcp, out->attributes);
	if (kind != FILE_DF)
		out->size = fcp->has_size ? fcp->size : fcp->total_size;
}

static bool is_variable(uint8_t descriptor)
{
	uint8_t structure = descriptor & FILE_DESCRIPTOR_STRUCTURE;

	return structure == FCP_DESCRIPTOR_LINEAR_VARIABLE ||
	    structure == FCP_DESCRIPTOR_LINEAR_VARIABLE_TLV;
}

/* With a number of records, those of fixed size are all there at once, in the logical erased state, and
 * there will never be more; without it, records are appended as long as there is room. */
static enum sw fill_records(const struct fcp *fcp, struct fs_parameters *out)
{
	bool variable = is_variable(fcp->descriptor);
	size_t all = (size_t)fcp->record_size * fcp->record_count;

	if (fcp->record_size == 0 || fcp->record_count > RECORDS_MAX)
		return SW_WRONG_DATA;
	if (fcp->has_record_count && fcp->record_count == 0)
		return SW_WRONG_DATA;
	if (!fcp->has_size && !fcp->has_total_size)
		out->size = all;
	if (!variable && out->size < all)
		return SW_WRONG_DATA;
	out->record_size = fcp->record_size;
	if (fcp->has_record_count)
		out->max_records = fcp->record_count;
	else
		out->max_records = variable ? RECORDS_MAX : out->size / out->record_size;
	if (out->max_records > RECORDS_MAX)
		out->max_records = RECORDS_MAX;
	out->n_records = fcp->has_record_count && !variable ? fcp->record_count : 0;
	return SW_OK;
}

enum sw manage_decode_create(const struct apdu *apdu, struct fs_parameters *out)
{
	struct fcp fcp = { 0 };
	enum file_kind kind;
	enum sw sw = parse_template(apdu->data, &fcp);

	if (sw == SW_OK)
		sw = take_p1p2(apdu, &fcp);
	if (sw != SW_OK)
		return sw;
	if (!fcp.has_descriptor)
		return SW_WRONG_DATA;
	if (!file_kind_of(fcp.descriptor, &kind))
		return SW_FUNCTION_NOT_SUPPORTED;
	sw = check_objects(&fcp, kind);
	if (sw != SW_OK)
		return sw;
	fill(&fcp, kind, out);
	return kind == FILE_RECORDS ? fill_records(&fcp, out) : SW_OK;
}

enum sw manage_target_create(struct card *card, const struct apdu *apdu, struct target *out)
{
	struct fs_parameters parameters;
	enum sw sw = manage_decode_create(apdu, &parameters);

	out->file = card_session(card)->df;
	if (sw == SW_OK &&
	    (parameters.descriptor & FILE_DESCRIPTOR_CATEGORY) == FCP_DESCRIPTOR_DF &&
	    (parameters.descriptor & FILE_DESCRIPTOR_STRUCTURE) == 0)
		out->access = ACCESS_CREATE_DF;
	return sw;
}

enum sw manage_create_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct session *session = card_session(card);
	struct file *df = card_target_file(card);
	struct fs *fs = card_files(card);
	struct fs_parameters parameters = { 0 };
	struct file *named;
	struct file *file;
	int r;
	enum sw sw = manage_decode_create(apdu, &parameters);

	if (sw != SW_OK)
		return sw;
	if (parameters.fid == file_fid(df))
		return SW_WRONG_DATA;
	if (parameters.name.len > 0) {
		named = fs_by_name(fs, parameters.name, FS_FIRST, NULL);
		if (named != NULL && bytes_equal(file_name(named), parameters.name))
			return SW_DF_NAME_EXISTS;
	}
	r = fs_create(fs, df, &parameters, &file);
	if (r == 0)
		session_select(session, file);
	return sw_of(r);
}

/* P1 = 00: without data the current file, else a file directly below the current DF, or that DF itself.
 * Files further away are not looked for: doing it to the wrong one cannot be undone. */
static enum sw find_by_fid(struct card *card, struct bytes data, struct file **out)
{
	struct session *session = card_session(card);
	struct file *current = session->ef != NULL ? session->ef : session->df;
	uint16_t fid;

	if (data.len == 0) {
		*out = current;
		return SW_OK;
	}
	if (data.len != 2 || !bytes_take_u16(&data, &fid))
		return SW_WRONG_DATA;
	if (fid == FILE_FID_MF && file_parent(session->df) == NULL)
		*out = session->df;
	else
		*out = fs_child(session->df, fid);
	if (*out == NULL && fid == file_fid(session->df))
		*out = session->df;
	return *out == NULL ? SW_FILE_NOT_FOUND : SW_OK;
}

/* The other P1 are those of SELECT. */
enum sw manage_target(struct card *card, const struct apdu *apdu, struct target *out)
{
	struct select_request request;

	if (apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->p1 == 0)
		return find_by_fid(card, apdu->data, &out->file);
	return select_take(card, apdu, &request, &out->file);
}

enum sw manage_delete_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);

	if (file_parent(file) == NULL)
		return SW_CONDITIONS_NOT_SATISFIED; /* the MF stays */
	card_delete_file(card, file);
	return SW_OK;
}
