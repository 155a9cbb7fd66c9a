/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that tools/embed writes. For the files of this folder alone. */
#ifndef SPECIMEN_TABLE_H
#define SPECIMEN_TABLE_H

#include "specimen/specimen.h"

extern const struct bytes specimen_files[SPECIMEN_FILES];

#endif
