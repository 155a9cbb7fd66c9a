/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic card of ISO/IEC 7816-4 and 7816-9: it starts with an MF and a PIN and nothing else. Other
 * card types build on it.
 *
 * The ATR understates what the card can: it is the one that users of the emulated card match on. */
#include "cards/iso7816/iso7816.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "base/err.h"
#include "iso7816/ins.h"

#define PIN_DEFAULT "1234"
#define PIN_TRIES 3

/* T=1; historical bytes: card capabilities FF 01 00. */
static const uint8_t atr[] = { 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01, 0x00, 0x0B };

static int iso7816_create(struct card *card, const struct card_setup *setup, void **out)
{
	struct iso7816_state *state = calloc(1, sizeof *state);
	struct bytes pin = setup->pin.len > 0 ? setup->pin : bytes_of_string(PIN_DEFAULT);

	if (state == NULL)
		return ERR_NO_MEMORY;
	*out = state;
	return pin_init(&state->pin, pin, PIN_TRIES);
}

static void iso7816_destroy(struct card *card, void *part)
{
	struct iso7816_state *state = part;

	if (state != NULL)
		pin_wipe(&state->pin);
	free(state);
}

/* clang-format off */
static const struct instruction instructions[] = {
	/* CLA   mask  INS                    who may            run                      on what */
	{  0x00, 0xFF, INS_DEACTIVATE_FILE,   ACCESS_DEACTIVATE, life_cycle_deactivate,     manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_ERASE_BINARY,      ACCESS_UPDATE,     binary_erase,              binary_target_file     }, /* 7816-4, 11.3.7 */
	{  0x00, 0xFF, INS_ERASE_BINARY_ODD,  ACCESS_UPDATE,     binary_erase,              binary_target_file     },
	{  0x00, 0xFF, INS_VERIFY,            ACCESS_ALWAYS,     security_verify                                   }, /* 7816-4, 11.6.6 */
	{  0x00, 0xFF, INS_ACTIVATE_FILE,     ACCESS_ACTIVATE,   life_cycle_activate,       manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_MANAGE_CHANNEL,    ACCESS_ALWAYS,     channel_manage                                    }, /* 7816-4, 11.1.2 */
	{  0x00, 0xFF, INS_GET_CHALLENGE,     ACCESS_ALWAYS,     security_get_challenge                            }, /* 7816-4, 11.6.3 */
	{  0x00, 0xFF, INS_SEARCH_BINARY,     ACCESS_READ,       binary_search,             binary_target_file     }, /* 7816-4, 11.3.6 */
	{  0x00, 0xFF, INS_SEARCH_BINARY_ODD, ACCESS_READ,       binary_search,             binary_target_file     },
	{  0x00, 0xFF, INS_SELECT,            ACCESS_ALWAYS,     select_file                                       }, /* 7816-4, 11.2.2 */
	{  0x00, 0xFF, INS_READ_BINARY,       ACCESS_READ,       binary_read,               binary_target_file     }, /* 7816-4, 11.3.3 */
	{  0x00, 0xFF, INS_READ_BINARY_ODD,   ACCESS_READ,       binary_read,               binary_target_file     },
	{  0x00, 0xFF, INS_WRITE_BINARY,      ACCESS_WRITE,      binary_write,              binary_target_file     }, /* 7816-4, 11.3.4 */
	{  0x00, 0xFF, INS_WRITE_BINARY_ODD,  ACCESS_WRITE,      binary_write,              binary_target_file     },
	{  0x00, 0xFF, INS_UPDATE_BINARY,     ACCESS_UPDATE,     binary_update,             binary_target_file     }, /* 7816-4, 11.3.5 */
	{  0x00, 0xFF, INS_UPDATE_BINARY_ODD, ACCESS_UPDATE,     binary_update,             binary_target_file     },
	{  0x00, 0xFF, INS_CREATE_FILE,       ACCESS_CREATE_EF,  manage_create_file,        manage_target_create   }, /* 7816-9 */
	{  0x00, 0xFF, INS_DELETE_FILE,       ACCESS_DELETE,     manage_delete_file,        manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_TERMINATE_DF,      ACCESS_TERMINATE,  life_cycle_terminate_df,   manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_TERMINATE_EF,      ACCESS_TERMINATE,  life_cycle_terminate_ef,   manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_TERMINATE_CARD,    ACCESS_TERMINATE,  life_cycle_terminate_card, life_cycle_target_card }, /* 7816-9 */
};
/* clang-format on */

const struct card_type card_iso7816 = {
	.name = "iso7816",
	.summary = "generic ISO/IEC 7816 card",
	.atr = { atr, sizeof atr },
	.create = iso7816_create,
	.destroy = iso7816_destroy,
	.instructions = instructions,
	.n_instructions = COUNT(instructions),
};
