/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many files we may have open: each application is one. */
#ifndef VPCSCD_OPEN_FILES_H
#define VPCSCD_OPEN_FILES_H

#include "base/bytes.h"

struct open_files {
	bool raised;
	unsigned long before, now; /* the soft limit */
};

/* Raises the limit as far as we need and may. */
void open_files_raise(struct open_files *limits);

/* A command is started with the limit as it was: takes it back, and raises it again. */
void open_files_restore(const struct open_files *limits);
void open_files_again(const struct open_files *limits);

#endif
