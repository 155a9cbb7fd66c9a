/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wiping and comparing secrets. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/bytes.h"

/* Overwrites memory in a way that the compiler does not remove. */
void secret_wipe(void *data, size_t len);

/* Constant time for a given pair of lengths; the lengths themselves are no secret. */
bool secret_equal(struct bytes a, struct bytes b);

#endif
