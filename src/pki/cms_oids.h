/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The object identifiers of signed data. For the files of this folder alone. */
#ifndef PKI_CMS_OIDS_H
#define PKI_CMS_OIDS_H

#include "pki/cms.h"

struct bytes cms_content_oid(enum cms_content kind);
bool cms_content_find(struct bytes oid, enum cms_content *out);

struct bytes cms_signed_data(void);

/* Attributes. */
struct bytes cms_content_type(void);
struct bytes cms_message_digest(void);

#endif
