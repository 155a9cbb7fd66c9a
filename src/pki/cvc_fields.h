/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of CV certificates and of the requests for them. For the files of this folder alone. */
#ifndef PKI_CVC_FIELDS_H
#define PKI_CVC_FIELDS_H

#include "iso7816/tlv.h"
#include "pki/cvc.h"

#define TAG_CERTIFICATE 0x7F21 /* and a request */
#define TAG_BODY 0x7F4E
#define TAG_PROFILE 0x5F29
#define TAG_CAR 0x42
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_CHR 0x5F20
#define TAG_EXTENSIONS 0x65
#define TAG_SIGNATURE 0x5F37
#define PROFILE 0 /* version 1 */

/* The value of a data object 7F49. ERR_FORMAT; ERR_UNSUPPORTED: another algorithm. */
MUST_USE int cvc_public_key_parse(struct bytes in, struct cvc_public_key *out);
bool cvc_public_key_is_valid(const struct cvc_public_key *key);
void cvc_public_key_put(const struct cvc_public_key *key, uint32_t tag, struct writer *out);

/* The value of a data object 65; an empty one is, too. */
bool cvc_extensions_are_valid(struct bytes in);

/* The end of a body: nothing, which leaves *out as it is, or data object 65 with at least one extension. */
MUST_USE bool cvc_parse_extensions(struct bytes in, struct bytes *out);

/* The beginning of a body. ERR_FORMAT; ERR_UNSUPPORTED: another version. */
MUST_USE int cvc_take_profile(struct bytes *in);

/* The value of a data object 7F21: a body, and a signature that is not empty. */
MUST_USE bool cvc_parse_signed(struct bytes in, struct tlv *body, struct bytes *signature);

/* Signs the body, and puts both in a data object 7F21. As sign_key_sign(); ERR_LIMIT. */
MUST_USE int cvc_put_signed(struct writer *out, struct bytes body, const struct sign_key *key,
    const struct sign_scheme *scheme);

#endif
