/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What "show" prints: a line a fact, with its name before it. */
#ifndef VICC_PKI_PRINT_H
#define VICC_PKI_PRINT_H

#include "pki/sign_key.h"

void print_title(const char *format, ...) PRINTF_LIKE(1, 2);
void print_line(const char *name, const char *format, ...) PRINTF_LIKE(2, 3);

/* In hexadecimal, in as many lines as it takes. */
void print_bytes(const char *name, struct bytes in);

/* Characters of a file, escaped. */
void print_text(const char *name, struct bytes in);

/* "ECDSA with SHA-256". */
#define PRINT_SCHEME_SIZE 64
const char *print_scheme(const struct sign_scheme *scheme, char text[PRINT_SCHEME_SIZE]);

/* SubjectPublicKeyInfo. */
void print_public_key(struct bytes info);

#endif
