/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ACTIVATE FILE, DEACTIVATE FILE, TERMINATE EF, TERMINATE DF, TERMINATE CARD USAGE (ISO/IEC 7816-9). Which
 * step each state allows is checked where access is (card/access.c). A terminated card answers nothing
 * any more. */
#include "cards/iso7816/iso7816.h"

enum sw life_cycle_activate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	file_set_life_cycle(card_target_file(card), FCP_LIFE_CYCLE_ACTIVATED);
	return SW_OK;
}

enum sw life_cycle_deactivate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	file_set_life_cycle(card_target_file(card), FCP_LIFE_CYCLE_DEACTIVATED);
	return SW_OK;
}

enum sw life_cycle_terminate_ef(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);

	if (file_is_df(file))
		return SW_WRONG_FILE_STRUCTURE;
	file_set_life_cycle(file, FCP_LIFE_CYCLE_TERMINATED);
	return SW_OK;
}

/* Of the MF there is TERMINATE CARD USAGE alone, which nobody gives by mistake. */
enum sw life_cycle_terminate_df(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);

	if (!file_is_df(file))
		return SW_WRONG_FILE_STRUCTURE;
	if (file_parent(file) == NULL)
		return SW_CONDITIONS_NOT_SATISFIED;
	file_set_life_cycle(file, FCP_LIFE_CYCLE_TERMINATED);
	return SW_OK;
}

enum sw life_cycle_target_card(struct card *card, const struct apdu *apdu, struct target *out)
{
	out->file = fs_mf(card_files(card));
	if (apdu->p1 != 0 || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	return apdu->data.len > 0 ? SW_WRONG_LENGTH : SW_OK;
}

enum sw life_cycle_terminate_card(struct card *card, const struct apdu *apdu, struct writer *out)
{
	file_set_life_cycle(card_target_file(card), FCP_LIFE_CYCLE_TERMINATED);
	return SW_OK;
}
