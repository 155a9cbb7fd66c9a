/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of CV certificates. For the files of this folder alone. */
#ifndef PKI_CVC_FIELDS_H
#define PKI_CVC_FIELDS_H

#include "pki/cvc.h"

/* The value of a data object 7F49. ERR_FORMAT; ERR_UNSUPPORTED: another algorithm. */
MUST_USE int cvc_public_key_parse(struct bytes in, struct cvc_public_key *out);
bool cvc_public_key_is_valid(const struct cvc_public_key *key);
void cvc_public_key_put(const struct cvc_public_key *key, uint32_t tag, struct writer *out);

/* The value of a data object 65; an empty one is, too. */
bool cvc_extensions_are_valid(struct bytes in);

#endif
