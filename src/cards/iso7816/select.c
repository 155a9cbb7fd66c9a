/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SELECT (ISO/IEC 7816-4, 11.2.2). */
#include "cards/iso7816/iso7816.h"

#define P2_OCCURRENCE 0x03
#define P2_ANSWER 0x0C
#define P2_RFU 0xF0

static enum sw decode_how(uint8_t p1, enum select_how *out)
{
	switch (p1) {
	case SELECT_FID:
	case SELECT_CHILD_DF:
	case SELECT_CHILD_EF:
	case SELECT_PARENT:
	case SELECT_NAME:
	case SELECT_PATH_FROM_MF:
	case SELECT_PATH_FROM_DF:
		*out = (enum select_how)p1;
		return SW_OK;
	default:
		return SW_WRONG_P1P2;
	}
}

/* The data field that goes with each P1. Other than in the standard, P1 = 00 takes a path too, as many terminals expect. */
static enum sw check_data(enum select_how how, size_t len)
{
	bool right = false;

	switch (how) {
	case SELECT_FID:
		return len % 2 == 0 ? SW_OK : SW_WRONG_DATA;
	case SELECT_PATH_FROM_MF:
	case SELECT_PATH_FROM_DF:
		if (len % 2 != 0)
			return SW_WRONG_DATA;
		right = len > 0;
		break;
	case SELECT_CHILD_DF:
	case SELECT_CHILD_EF:
		right = len == 2;
		break;
	case SELECT_PARENT:
		right = len == 0;
		break;
	case SELECT_NAME:
		right = len > 0 && len <= FCP_DF_NAME_MAX;
		break;
	}
	return right ? SW_OK : SW_NC_P1P2;
}

enum sw select_decode(const struct apdu *apdu, struct select_request *out)
{
	enum sw sw = decode_how(apdu->p1, &out->how);

	if (sw != SW_OK || (apdu->p2 & P2_RFU) != 0)
		return SW_WRONG_P1P2;
	out->occurrence = (enum fs_occurrence)(apdu->p2 & P2_OCCURRENCE);
	out->answer = (enum select_answer)(apdu->p2 & P2_ANSWER);
	out->data = apdu->data;
	if (out->occurrence != FS_FIRST && out->how != SELECT_NAME)
		return SW_WRONG_P1P2;
	return check_data(out->how, apdu->data.len);
}

static uint16_t first_fid(struct bytes path)
{
	uint16_t fid = 0;

	return bytes_take_u16(&path, &fid) ? fid : 0;
}

/* A path from the MF, whose own identifier may stand in front. */
static struct file *by_absolute_path(struct file *mf, struct bytes path)
{
	if (first_fid(path) == FILE_FID_MF)
		path = bytes_after(path, 2);
	return fs_by_path(mf, path);
}

/* A lone identifier: the MF, the current DF, a file directly below it, its parent, a file directly below
 * that. */
static struct file *by_fid(struct file *mf, struct file *df, uint16_t fid)
{
	struct file *parent = file_parent(df);
	struct file *found;

	if (fid == FILE_FID_MF)
		return mf;
	if (fid == FILE_FID_CURRENT || fid == file_fid(df))
		return df;
	found = fs_child(df, fid);
	if (found != NULL || parent == NULL)
		return found;
	return fid == file_fid(parent) ? parent : fs_child(parent, fid);
}

/* P1 = 00: nothing means the MF, two bytes an identifier, more a path. */
static struct file *by_fid_or_path(struct file *mf, struct file *df, struct bytes data)
{
	if (data.len == 0)
		return mf;
	if (data.len == 2)
		return by_fid(mf, df, first_fid(data));
	return first_fid(data) == FILE_FID_MF ? by_absolute_path(mf, data) : fs_by_path(df, data);
}

static struct file *child_of_kind(const struct file *df, struct bytes data, bool want_df)
{
	struct file *child = fs_child(df, first_fid(data));

	return child != NULL && file_is_df(child) == want_df ? child : NULL;
}

static struct file *find(struct card *card, const struct select_request *request)
{
	struct file *mf = fs_mf(card_files(card));
	struct file *df = card_session(card)->df;

	switch (request->how) {
	case SELECT_FID:
		return by_fid_or_path(mf, df, request->data);
	case SELECT_CHILD_DF:
		return child_of_kind(df, request->data, true);
	case SELECT_CHILD_EF:
		return child_of_kind(df, request->data, false);
	case SELECT_PARENT:
		return file_parent(df);
	case SELECT_NAME:
		return fs_by_name(card_files(card), request->data, request->occurrence, df);
	case SELECT_PATH_FROM_MF:
		return by_absolute_path(mf, request->data);
	case SELECT_PATH_FROM_DF:
		return fs_by_path(df, request->data);
	}
	return NULL;
}

/* The template that P2 asks for (7.4.1). File management data is the name alone. */
static void put_answer(const struct file *file, enum select_answer answer, struct writer *out)
{
	struct fcp fcp;

	file_fcp(file, &fcp);
	switch (answer) {
	case SELECT_FCI:
		fcp_encode(&fcp, FCP_TEMPLATE_FCI, out);
		break;
	case SELECT_FCP:
		fcp_encode(&fcp, FCP_TEMPLATE_FCP, out);
		break;
	case SELECT_FMD:
		fcp_encode(&(struct fcp){ .df_name = fcp.df_name }, FCP_TEMPLATE_FMD, out);
		break;
	case SELECT_NOTHING:
		break;
	}
}

/* A file that cannot be used can still be selected: 7816-4, table 6. */
static enum sw state_of(const struct file *file)
{
	if (life_cycle_is_terminated(file_life_cycle(file)))
		return SW_FILE_TERMINATED_WARNING;
	if (life_cycle_is_deactivated(file_life_cycle(file)))
		return SW_FILE_DEACTIVATED_WARNING;
	return SW_OK;
}

enum sw select_take(
    struct card *card, const struct apdu *apdu, struct select_request *request, struct file **out)
{
	enum sw sw = select_decode(apdu, request);

	if (sw != SW_OK)
		return sw;
	*out = find(card, request);
	return *out != NULL ? SW_OK : SW_FILE_NOT_FOUND;
}

enum sw select_answer_with(
    struct card *card, struct file *file, enum select_answer answer, struct writer *out)
{
	session_select(card_session(card), file);
	put_answer(file, answer, out);
	return state_of(file);
}

enum sw select_file(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct select_request request;
	struct file *file = NULL;
	enum sw sw = select_take(card, apdu, &request, &file);

	return sw == SW_OK ? select_answer_with(card, file, request.answer, out) : sw;
}
