/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The base of passports and identity cards: its table of commands, and its life. Each protocol has a file of its own. */
#include "cards/eac/eac.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "cards/eac/internal.h"
#include "cards/iso7816/iso7816.h"
#include "iso7816/ins.h"

struct eac_state *eac_state_of(const struct card *card)
{
	return card_state(card, &card_eac);
}

/* A card that can do nothing yet: what it can say the functions of eac.h, or its image. */
static int create(struct card *card, const struct card_setup *setup, void **part)
{
	struct eac_state *state = calloc(1, sizeof *state);

	if (state == NULL)
		return ERR_NO_MEMORY;
	buffer_init(&state->document_number, EAC_DOCUMENT_NUMBER_MAX);
	buffer_init(&state->terminal.auxiliary, EAC_AUXILIARY_MAX);
	*part = state;
	return 0;
}

static void destroy(struct card *card, void *part)
{
	struct eac_state *state = part;

	if (state == NULL)
		return;
	eac_drop(state);
	eac_forget(state);
	buffer_done(&state->terminal.auxiliary);
	buffer_done(&state->document_number);
	for (size_t i = 0; i < state->n_keys; i++)
		eac_key_done(&state->keys[i]);
	rsa_free(state->active_auth.rsa);
	ec_free(state->active_auth.ec);
	secret_wipe(state, sizeof *state);
	free(state);
}

/* clang-format off */
static const struct instruction instructions[] = {
	/* CLA   mask  INS                    who may       run           on what */
	{  0x00, 0xFF, INS_SELECT,            ACCESS_ALWAYS, eac_select                      }, /* 9303-10, 3.6.2 */
	{  0x00, 0xFF, INS_READ_BINARY,       ACCESS_READ,   binary_read, binary_target_file }, /* 9303-10, 3.6.3 */
	{  0x00, 0xFF, INS_READ_BINARY_ODD,   ACCESS_READ,   binary_read, binary_target_file },

	/* CLA   mask  INS                             who may        run */
	{  0x00, 0xFF, INS_MANAGE_SECURITY_ENV,        ACCESS_ALWAYS, eac_manage_security_environment }, /* TR-03110-3, B.14.1, B.14.4 */
	{  0x00, 0xFF, INS_PERFORM_SECURITY_OPERATION, ACCESS_ALWAYS, eac_perform_security_operation  }, /* TR-03110-3, B.14.5 */
	{  0x00, 0xFF, INS_GET_CHALLENGE,              ACCESS_ALWAYS, eac_get_challenge               }, /* TR-03110-3, B.14.6 */
	{  0x00, 0xFF, INS_EXTERNAL_AUTHENTICATE,      ACCESS_ALWAYS, eac_external_authenticate       }, /* 9303-11, 4.3.4.2; TR-03110-3, B.14.7 */
	{  0x00, 0xFF, INS_INTERNAL_AUTHENTICATE,      ACCESS_ALWAYS, eac_internal_authenticate       }, /* 9303-11, 6.1.4 */
	{  0x00, 0xEF, INS_GENERAL_AUTHENTICATE,       ACCESS_ALWAYS, eac_general_authenticate        }, /* TR-03110-3, B.14.2 */

	/* CLA   mask  INS                                 who may        run */
	{  0x00, 0xFF, INS_PERFORM_SECURITY_OPERATION_ODD, ACCESS_ALWAYS, eac_compute_signature       }, /* TR-03110-3, B.14.8 */
};
/* clang-format on */

const struct card_type card_eac = {
	.name = "eac",
	.summary = "what passports and identity cards have in common",
	.create = create,
	.reset = eac_reset,
	.sm_ended = eac_sm_ended,
	.before = eac_before,
	.destroy = destroy,
	.instructions = instructions,
	.n_instructions = COUNT(instructions),
	.save = eac_save,
	.load = eac_load,
	.describe = eac_describe,
};
