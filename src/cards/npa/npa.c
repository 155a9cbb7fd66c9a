/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The German identity card: PACE, Extended Access Control 2, the eID application and the eSign application (BSI TR-03110,
 * TR-03127). The protocols are card_eac's; here are the card's files, rights, PIN management and signature. */
#include "cards/npa/npa.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "cards/npa/internal.h"
#include "iso7816/ins.h"

static const uint8_t atr[] = { 0x3B, 0x8A, 0x80, 0x01, 0x80, 0x31, 0xF8, 0x73, 0xF7, 0x41, 0xE0,
	0x82, 0x90, 0x00, 0x75 };

struct npa_state *npa_state_of(const struct card *card)
{
	return card_state(card, &card_npa);
}

static int make_for(const struct npa_maker *maker, const struct dataset *dataset)
{
	struct npa_security_files security;
	int r;

	buffer_init(&security.card_access, NPA_FILE_MAX);
	buffer_init(&security.card_security, NPA_FILE_MAX);
	buffer_init(&security.chip_security, NPA_FILE_MAX);
	r = npa_make_passwords(maker);
	if (r == 0)
		r = npa_make_security(maker, dataset, &security);
	if (r == 0)
		r = npa_make_trust(maker);
	if (r == 0)
		r = npa_make_tree(maker, dataset, &security);
	buffer_done(&security.card_access);
	buffer_done(&security.card_security);
	buffer_done(&security.chip_security);
	return r;
}

static int make(const struct npa_maker *maker)
{
	struct dataset dataset;
	struct buffer text;
	int r;

	buffer_init(&text, DATASET_SIZE_MAX);
	r = npa_load_dataset(maker, &text, &dataset);
	if (r == 0)
		r = make_for(maker, &dataset);
	buffer_done(&text);
	return r;
}

static int create(struct card *card, const struct card_setup *setup, void **part)
{
	static const struct npa_options defaults;
	const struct npa_maker maker = { card, setup, setup->own != NULL ? setup->own : &defaults };
	struct npa_state *state = calloc(1, sizeof *state);

	if (state == NULL)
		return ERR_NO_MEMORY;
	state->esign_uses = NPA_ESIGN_USES;
	*part = state;
	return setup->empty ? 0 : make(&maker);
}

/* Who has verified the PIN did so to the one who has the keys of the session. */
static void sm_ended(struct card *card, void *part)
{
	session_revoke_all(card_session(card), CREDENTIAL_PASSWORD);
}

static void destroy(struct card *card, void *part)
{
	free(part);
}

/* clang-format off */
static const struct instruction instructions[] = {
	/* CLA   mask  INS                      who may        run                       on what */
	{  0x00, 0xFF, INS_SELECT,              ACCESS_ALWAYS, npa_select                                   },
	{  0x00, 0xFF, INS_UPDATE_BINARY,       ACCESS_UPDATE, npa_update_binary,        binary_target_file },
	{  0x00, 0xFF, INS_UPDATE_BINARY_ODD,   ACCESS_UPDATE, npa_update_binary,        binary_target_file },
	{  0x00, 0xFF, INS_WRITE_BINARY,        ACCESS_UPDATE, npa_update_binary,        binary_target_file }, /* npa-tool's */
	{  0x00, 0xFF, INS_RESET_RETRY_COUNTER, ACCESS_ALWAYS, npa_reset_retry_counter                      }, /* TR-03110-3, B.14.11 */
	{  0x00, 0xFF, INS_ACTIVATE_FILE,       ACCESS_ALWAYS, npa_activate                                 }, /* TR-03110-3, B.14.12 */
	{  0x00, 0xFF, INS_DEACTIVATE_FILE,     ACCESS_ALWAYS, npa_deactivate                               }, /* TR-03110-3, B.14.13 */
	{  0x00, 0xFF, INS_TERMINATE_DF,        ACCESS_ALWAYS, npa_esign_terminate                          },
	{  0x00, 0xFF, INS_VERIFY,              ACCESS_ALWAYS, npa_esign_verify                             },
	{  0x00, 0xFF, INS_CHANGE_REFERENCE_DATA, ACCESS_ALWAYS, npa_esign_change                           },
	{  0x00, 0xFF, INS_GENERATE_KEY_PAIR,   ACCESS_ALWAYS, npa_esign_generate                           },
	{  0x00, 0xFF, INS_GENERATE_KEY_PAIR_ODD, ACCESS_ALWAYS, npa_esign_generate                         },
	{  0x00, 0xFF, INS_MANAGE_SECURITY_ENV, ACCESS_ALWAYS, npa_manage_security_environment              },
	{  0x00, 0xFF, INS_PERFORM_SECURITY_OPERATION, ACCESS_ALWAYS, npa_perform_security_operation        },
	{  0x80, 0xFF, INS_VERIFY,              ACCESS_ALWAYS, npa_verify_auxiliary                         }, /* TR-03110-3, B.14.10 */
	{  0x00, 0xFF, INS_COMPARE,             ACCESS_ALWAYS, npa_compare_auxiliary                        }, /* TR-03110-3, B.14.9 */
};
/* clang-format on */

const struct card_type card_npa = {
	.name = "nPA",
	.summary = "German identity card",
	.base = &card_eac,
	.atr = { atr, sizeof atr },
	.options = npa_card_options,
	.n_options = NPA_OPTIONS,
	.own_size = sizeof(struct npa_options),
	.check = npa_check_options,
	.envelopes = true,
	.create = create,
	.allows = npa_allows,
	.sm_ended = sm_ended,
	.destroy = destroy,
	.instructions = instructions,
	.n_instructions = COUNT(instructions),
	.save = npa_save,
	.load = npa_load,
	.describe = npa_describe,
};
