/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who signs a passport's files: the specimen's signer, or one that options name. */
#ifndef CARDS_EPASS_SIGN_H
#define CARDS_EPASS_SIGN_H

#include "cards/epass/epass.h"
#include "pki/cms.h"

struct epass_signer;

/* ERR_FORMAT: not a certificate, not a private key, or they do not belong together: error says which; ERR_IO, ... Random must
 * outlive it. */
MUST_USE int epass_signer_new(const struct epass_options *options, struct random *random,
    struct epass_signer **out, char error[CARD_ERROR_SIZE]);
void epass_signer_free(struct epass_signer *signer);

/* Append EF.SOD, EF.CardSecurity. As cms_put_sod(), cms_sign(). */
MUST_USE int epass_sign_sod(
    const struct epass_signer *signer, const struct cms_lds *lds, struct writer *out);
MUST_USE int epass_sign_security(const struct epass_signer *signer, struct bytes content,
    enum digest_kind digest, struct writer *out);

#endif
