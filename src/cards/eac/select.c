/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SELECT (ICAO 9303-10, 3.6.2, and 9303-11, 4.2): as the generic card's, but an EF that is closed to the terminal can not even be
 * selected. */
#include "cards/eac/internal.h"
#include "cards/iso7816/iso7816.h"

enum sw eac_select(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct select_request request;
	struct file *file = NULL;
	enum sw sw = select_take(card, apdu, &request, &file);

	if (sw == SW_OK && !file_is_df(file))
		sw = card_check_access(card, apdu, file, ACCESS_SELECT);
	return sw == SW_OK ? select_answer_with(card, file, request.answer, out) : sw;
}
