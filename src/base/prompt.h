/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the person at the terminal. */
#ifndef BASE_PROMPT_H
#define BASE_PROMPT_H

#include "base/buffer.h"

/* Asks on the process's terminal, wherever its input and output go, for a secret that is not shown while it
 * is typed. ERR_NOT_FOUND: there is no terminal; ERR_INTERRUPTED: Ctrl-C, or nothing but the end of input;
 * ERR_LIMIT: more than the buffer's maximum; ERR_IO, ERR_NO_MEMORY. */
MUST_USE int prompt_secret(const char *question, struct buffer *out);

#endif
