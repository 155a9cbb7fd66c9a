/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file that holds our process id. */
#ifndef VPCSCD_PIDFILE_H
#define VPCSCD_PIDFILE_H

#include "base/bytes.h"

struct pidfile;

/* Writes it, whole from its first moment on. A file of before is replaced; what is no regular file is not.
 * ERR_IO: said in the log. */
MUST_USE int pidfile_new(const char *path, struct pidfile **out);

/* Removes the file, if it is still ours. NULL is fine. */
void pidfile_free(struct pidfile *pidfile);

#endif
