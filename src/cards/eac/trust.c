/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trust points of Terminal Authentication, and EF.CVCA, which names those of inspection systems (BSI TR-03110-3, A.7.2.1 and
 * A.7.2.4): data objects 42, the newest first, then 00 to the end of the file. */
#include "base/err.h"
#include "cards/eac/internal.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"

#define EF_CVCA_MAX (TRUST_POINTS_MAX * (2 + CVC_REFERENCE_MAX))

static int write_zeros(struct file *file, size_t offset)
{
	static const uint8_t zeros[EF_CVCA_MAX];

	while (offset < transparent_size(file)) {
		struct bytes part =
		    bytes_first(BYTES_OF_ARRAY(zeros), transparent_size(file) - offset);

		if (transparent_update(file, offset, part) != SW_OK)
			return ERR_LIMIT;
		offset += part.len;
	}
	return 0;
}

int eac_write_ef_cvca(struct eac_state *state)
{
	const struct trust_points *trust = &state->trust[CHAT_IS];
	uint8_t memory[EF_CVCA_MAX];
	struct writer w;

	if (state->ef_cvca == NULL)
		return 0;
	writer_init(&w, memory, sizeof memory);
	for (size_t i = 0; i < trust->n; i++)
		tlv_put(&w, 0x42, trust_points_name(trust, i));
	if (!writer_done(&w) || w.len > transparent_size(state->ef_cvca))
		return ERR_LIMIT;
	if (w.len > 0 && transparent_update(state->ef_cvca, 0, writer_bytes(&w)) != SW_OK)
		return ERR_LIMIT;
	return write_zeros(state->ef_cvca, w.len);
}

int eac_add_trust_point(struct card *card, struct bytes certificate)
{
	struct eac_state *state = eac_state_of(card);
	struct cvc cvc;
	int r = cvc_parse(certificate, &cvc);

	if (r == 0)
		r = trust_points_add(&state->trust[cvc.chat.type], certificate);
	if (r < 0)
		return r;
	card_changed(card);
	return cvc.chat.type == CHAT_IS ? eac_write_ef_cvca(state) : 0;
}
