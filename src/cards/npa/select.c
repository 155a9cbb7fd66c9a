/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SELECT, with file control information in the order and with the security attributes that readers have recorded. */
#include "cards/iso7816/iso7816.h"
#include "cards/npa/internal.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"

#define SFI_SHIFT 3

/* Of DF eID: who may do what to its passwords and keys, in a form of the card's own; nobody evaluates it. */
static const uint8_t eid_attributes[] = { 0xAB, 0x75, 0x84, 0x01, 0xA4, 0xAF, 0x70, 0xA0, 0x10,
	0xB4, 0x06, 0x95, 0x01, 0x20, 0x83, 0x01, 0x04, 0xB4, 0x06, 0x95, 0x01, 0x20, 0x83, 0x01,
	0x06, 0xA0, 0x54, 0xA4, 0x14, 0x95, 0x01, 0x80, 0x7F, 0x4C, 0x0E, 0x06, 0x09, 0x04, 0x00,
	0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x01, 0x53, 0x01, 0x00, 0xAF, 0x22, 0xA4, 0x18, 0x95,
	0x01, 0x80, 0x7F, 0x4C, 0x12, 0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02,
	0x02, 0x53, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0xA4, 0x06, 0x95, 0x01, 0x80, 0x83, 0x01,
	0x47, 0xA4, 0x18, 0x95, 0x01, 0x80, 0x7F, 0x4C, 0x12, 0x06, 0x09, 0x04, 0x00, 0x7F, 0x00,
	0x07, 0x03, 0x01, 0x02, 0x02, 0x53, 0x05, 0x00, 0x00, 0x00, 0x00, 0x10, 0x7A, 0x06, 0x8A,
	0x01, 0x05, 0x9E, 0x01, 0x03 };

/* How long it is tells something about the holder: that is for those who may read it. */
static void put_ef(struct card *card, const struct file *file, struct writer *out)
{
	if (file_sfi(file) > 0)
		tlv_put_u8(out, 0x88, (uint8_t)(file_sfi(file) << SFI_SHIFT));
	if (npa_allows(card, file, ACCESS_READ) != SW_OK)
		return;
	tlv_put_u16(out, 0x80, (uint16_t)transparent_size(file));
	tlv_put_u16(out, 0x81, (uint16_t)transparent_size(file));
}

static void put_information(
    struct card *card, const struct file *file, uint32_t tag, struct writer *out)
{
	bool df = file_is_df(file);

	tlv_open(out, tag);
	tlv_put_u16(out, 0x83, file_fid(file));
	tlv_put_u8(out, 0x8A, file_life_cycle(file));
	if (!df)
		put_ef(card, file, out);
	if (df && file_fid(file) == NPA_FID_EID)
		writer_put(out, BYTES_OF_ARRAY(eid_attributes));
	if (df)
		tlv_put_u8(out, 0x82, file_descriptor(file));
	else
		tlv_put_u16(out, 0x82, (uint16_t)(file_descriptor(file) << 8));
	if (file_name(file).len > 0)
		tlv_put(out, 0x84, file_name(file));
	tlv_close(out);
}

enum sw npa_select(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct select_request request;
	struct file *file = NULL;
	enum sw sw = select_take(card, apdu, &request, &file);

	if (sw != SW_OK)
		return sw;
	session_select(card_session(card), file);
	if (request.answer == SELECT_FCI)
		put_information(card, file, FCP_TEMPLATE_FCI, out);
	else if (request.answer == SELECT_FCP)
		put_information(card, file, FCP_TEMPLATE_FCP, out);
	else if (request.answer == SELECT_FMD)
		fcp_encode(&(struct fcp){ .df_name = file_name(file) }, FCP_TEMPLATE_FMD, out);
	return SW_OK;
}
