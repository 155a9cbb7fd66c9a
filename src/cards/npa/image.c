/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an identity card has in its image beside files, passwords and keys: the field "nPA" of "state".
 *
 *   esign_uses          how often the PUK may still give the eSign PIN its tries again [10]
 */
#include "base/compiler.h"
#include "card/image_json.h"
#include "cards/npa/internal.h"

static const char *const fields[] = { "esign_uses" };

bool npa_save(const struct card *card, const void *part, struct json_t *out)
{
	const struct npa_state *state = part;

	return image_put_number(out, "esign_uses", state->esign_uses);
}

int npa_load(struct card *card, void *part, const struct image_node *in)
{
	struct npa_state *state = part;
	uint64_t uses = NPA_ESIGN_USES;
	int r = image_check_fields(in, fields, COUNT(fields));

	if (r == 0)
		r = image_get_number(in, "esign_uses", NPA_ESIGN_USES, &uses);
	state->esign_uses = (unsigned)uses;
	return r;
}

void npa_describe(const struct card *card, const void *part, FILE *to)
{
	const struct npa_state *state = part;

	(void)fprintf(to, "eSign PIN: the PUK is good for %u times\n", state->esign_uses);
}
