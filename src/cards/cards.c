/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of card types. */
#include "cards/cards.h"

#include <string.h>

#include "base/compiler.h"
#include "cards/cryptoflex/cryptoflex.h"
#include "cards/epass/epass.h"
#include "cards/handler_test.h"
#include "cards/iso7816/iso7816.h"
#include "cards/npa/npa.h"

const struct card_type *const cards[] = {
	&card_iso7816,
	&card_handler_test,
	&card_cryptoflex,
	&card_epass,
	&card_npa,
};
const size_t cards_count = COUNT(cards);

const struct card_type *cards_find(const char *name)
{
	for (size_t i = 0; i < cards_count; i++) {
		if (strcmp(cards[i]->name, name) == 0)
			return cards[i];
	}
	return NULL;
}
