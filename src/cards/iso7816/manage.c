/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CREATE FILE and DELETE FILE (ISO/IEC 7816-9). */
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "iso7816/tlv.h"

#define P2_SFI_RFU 0x07
#define DATA_CODING_DEFAULT 0x01 /* one-time write, data units of one byte: as the ATR says */

/* The data field is one template: FCP, or FCI as some terminals send. */
static enum sw parse_template(struct bytes data, struct fcp *out)
{
	struct tlv tlv;

	if (!tlv_take(&data, &tlv) || data.len > 0)
		return SW_WRONG_DATA;
	if (tlv.tag != FCP_TEMPLATE_FCP && tlv.tag != FCP_TEMPLATE_FCI)
		return SW_WRONG_DATA;
	return sw_of(fcp_parse(tlv.value, out));
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

/* Rules that the card would not enforce, and data that it would not keep, are refused. */
static bool asks_for_more(const struct fcp *fcp)
{
	return fcp->security_reference.len > 0 || fcp->security_compact.len > 0 ||
	    fcp->security_expanded.len > 0 || fcp->security_proprietary.len > 0 ||
	    fcp->proprietary.len > 0 || fcp->proprietary_tlv.len > 0;
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
	bool has_size = fcp->has_size || fcp->has_total_size;
	bool fits = kind == FILE_DF ? !fcp->has_sfi : has_size && fcp->df_name.len == 0;

	if (!fits || !fcp->has_fid || file_fid_is_reserved(fcp->fid))
		return SW_WRONG_DATA;
	if (fcp->has_life_cycle && !life_cycle_is_possible(fcp->life_cycle))
		return SW_WRONG_DATA;
	return asks_for_more(fcp) ? SW_FUNCTION_NOT_SUPPORTED : SW_OK;
}

static void fill(const struct fcp *fcp, enum file_kind kind, struct fs_parameters *out)
{
	*out = (struct fs_parameters){
		.descriptor = fcp->descriptor,
		.data_coding = fcp->has_data_coding ? fcp->data_coding : DATA_CODING_DEFAULT,
		.fid = fcp->fid,
		.sfi = fcp->sfi,
		.name = fcp->df_name,
		.life_cycle = fcp->has_life_cycle ? fcp->life_cycle : FCP_LIFE_CYCLE_ACTIVATED,
	};
	if (kind != FILE_DF)
		out->size = fcp->has_size ? fcp->size : fcp->total_size;
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
	if (sw == SW_OK)
		fill(&fcp, kind, out);
	return sw;
}

enum sw manage_create_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct session *session = card_session(card);
	struct fs *fs = card_files(card);
	struct fs_parameters parameters = { 0 };
	struct file *named;
	struct file *file;
	int r;
	enum sw sw = manage_decode_create(apdu, &parameters);

	if (sw != SW_OK)
		return sw;
	if (parameters.fid == file_fid(session->df))
		return SW_WRONG_DATA;
	if (parameters.name.len > 0) {
		named = fs_by_name(fs, parameters.name, FS_FIRST, NULL);
		if (named != NULL && bytes_equal(file_name(named), parameters.name))
			return SW_DF_NAME_EXISTS;
	}
	r = fs_create(fs, session->df, &parameters, &file);
	if (r == 0)
		session_select(session, file);
	return sw_of(r);
}

/* Without data the current file, else a file directly below the current DF, or one of the current files
 * itself. Files further away are not looked for: deleting the wrong one cannot be undone. */
static enum sw find(struct card *card, struct bytes data, struct file **out)
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
	*out = fs_child(session->df, fid);
	if (*out == NULL && fid == file_fid(session->df))
		*out = session->df;
	return *out == NULL ? SW_FILE_NOT_FOUND : SW_OK;
}

enum sw manage_delete_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = NULL;
	enum sw sw;

	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	sw = find(card, apdu->data, &file);
	if (sw != SW_OK)
		return sw;
	if (file_parent(file) == NULL)
		return SW_CONDITIONS_NOT_SATISFIED; /* the MF stays */
	card_delete_file(card, file);
	return SW_OK;
}
