/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and keys as text (PEM, RFC 7468). */
#ifndef PKI_PEM_H
#define PKI_PEM_H

#include "base/writer.h"

#define PEM_LABEL_SIZE 64

/* Whether text begins with, or has, a line "-----BEGIN". */
bool pem_is_text(struct bytes in);

/* Appends what the next block stands for, and says what it is, "CERTIFICATE". Text before it is skipped; *rest is what
 * follows. ERR_NOT_FOUND: there is none; ERR_FORMAT; ERR_LIMIT: *out has failed. */
MUST_USE int pem_take(struct bytes *rest, char label[PEM_LABEL_SIZE], struct writer *out);

/* Appends a block. */
void pem_put(const char *label, struct bytes in, struct writer *out);

#endif
