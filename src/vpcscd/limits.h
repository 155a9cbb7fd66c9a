/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many files we may have open: each application is one. */
#ifndef VPCSCD_LIMITS_H
#define VPCSCD_LIMITS_H

#include "base/bytes.h"

struct limits {
	bool raised;
	unsigned long before, now; /* the soft limit */
};

/* Raises the limit as far as we need and may. */
void limits_raise(struct limits *limits);

/* A command is started with the limit as it was: takes it back, and raises it again. */
void limits_restore(const struct limits *limits);
void limits_again(const struct limits *limits);

#endif
