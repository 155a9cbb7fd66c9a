/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The card behind PCSC-Lite's driver tester (handler_test): it takes and gives as many bytes as it is
 * told, to try each case of APDU and each length, and lets itself be waited for.
 *
 *   00 A4 04 00 06 A0 00 00 00 18 FF (or 50)  select the test application
 *   80 30 00 00 [00]       case 1
 *   80 32 00 00 Lc data    case 3
 *   80 34 HH LL Le         case 2: HHLL bytes 00 01 02 ... FF 00 ...
 *   80 36 HH LL Lc data Le case 4: the same as an APDU; without Le as a T=0 TPDU: 61 LL, then 80 C0 00 00 LL
 *   80 38 00 XX            time request: answered after XX hundredths of a second
 *
 * An application on a card of this kind counts loops and says no more of the unit than that the time grows
 * with XX. With hundredths of a second XX = 40, which test scripts use, is more than half a second. */
#include "cards/handler_test.h"

#include "base/compiler.h"
#include "iso7816/ins.h"

#define TIME_UNIT 10 /* milliseconds */

/* T=0 and T=1, waiting and guard times of a slow card. */
static const uint8_t atr[] = { 0x3B, 0xD6, 0x18, 0x00, 0x80, 0xB1, 0x80, 0x6D, 0x1F, 0x03, 0x80,
	0x51, 0x00, 0x61, 0x10, 0x30, 0x9E };

static const uint8_t application_contact[] = { 0xA0, 0x00, 0x00, 0x00, 0x18, 0xFF };
static const uint8_t application_combi[] = { 0xA0, 0x00, 0x00, 0x00, 0x18, 0x50 };

static enum sw select_application(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->p1 != 0x04 || apdu->p2 != 0x00)
		return SW_WRONG_P1P2;
	if (bytes_equal(apdu->data, BYTES_OF_ARRAY(application_contact)) ||
	    bytes_equal(apdu->data, BYTES_OF_ARRAY(application_combi)))
		return SW_OK;
	return SW_FILE_NOT_FOUND;
}

/* As an APDU without any length, or as a TPDU with P3 = 00. */
static enum sw case_1(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0 || (apdu->ne > 0 && !apdu_wants_all(apdu)))
		return SW_WRONG_LENGTH;
	return SW_OK;
}

static enum sw case_3(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	return apdu->data.len > 0 ? SW_OK : SW_WRONG_LENGTH;
}

/* As many bytes as P1 and P2 say. */
static void put_pattern(const struct apdu *apdu, struct writer *out)
{
	size_t n = (size_t)apdu->p1 << 8 | apdu->p2;
	uint8_t *pattern = writer_reserve(out, n);

	for (size_t i = 0; pattern != NULL && i < n; i++)
		pattern[i] = (uint8_t)i;
}

static enum sw case_2(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	put_pattern(apdu, out);
	return SW_OK;
}

static enum sw case_4(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	put_pattern(apdu, out);
	return SW_OK;
}

static enum sw time_request(struct card *card, const struct apdu *apdu, struct writer *out)
{
	if (apdu->p1 != 0)
		return SW_WRONG_P1P2;
	card_sleep(card, apdu->p2 * TIME_UNIT);
	return SW_OK;
}

/* Where something is pending, dispatch answers GET RESPONSE; this is reached when nothing is. */
static enum sw nothing_pending(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return apdu->p1 != 0 || apdu->p2 != 0 ? SW_WRONG_P1P2 : SW_CONDITIONS_NOT_SATISFIED;
}

/* clang-format off */
static const struct instruction instructions[] = {
	/* CLA   mask  INS               who may        run */
	{  0x00, 0xFF, INS_SELECT,       ACCESS_ALWAYS, select_application },
	{  0x80, 0xFF, 0x30,             ACCESS_ALWAYS, case_1             },
	{  0x80, 0xFF, 0x32,             ACCESS_ALWAYS, case_3             },
	{  0x80, 0xFF, 0x34,             ACCESS_ALWAYS, case_2             },
	{  0x80, 0xFF, 0x36,             ACCESS_ALWAYS, case_4             },
	{  0x80, 0xFF, 0x38,             ACCESS_ALWAYS, time_request       },
	{  0x80, 0xFF, INS_GET_RESPONSE, ACCESS_ALWAYS, nothing_pending    },
};
/* clang-format on */

const struct card_type card_handler_test = {
	.name = "handler_test",
	.summary = "test card of PCSC-Lite's driver tester",
	.atr = { atr, sizeof atr },
	.instructions = instructions,
	.n_instructions = COUNT(instructions),
};
