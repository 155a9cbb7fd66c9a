/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files in memory. */
#ifndef BASE_CONTENTS_H
#define BASE_CONTENTS_H

#include "base/buffer.h"

/* Replaces what is in out by the file's bytes. ERR_IO: errno says why; ERR_LIMIT: there are more than the buffer may hold;
 * ERR_NO_MEMORY. The buffer is then empty. */
MUST_USE int contents_load(const char *path, struct buffer *out);

/* Writes all of it. False: errno says why; some may be written. */
MUST_USE bool contents_write(int fd, struct bytes contents);

#endif
