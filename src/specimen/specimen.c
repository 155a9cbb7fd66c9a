/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the files that tools/embed has put into a table. */
#include "specimen/specimen.h"

#include <assert.h>

#include "specimen/table.h"

struct bytes specimen_file(enum specimen_name name)
{
	assert((unsigned)name < SPECIMEN_FILES);
	return specimen_files[name];
}
