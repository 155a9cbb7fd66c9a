/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that vicc-pki reads and writes. What fails is said here, with the file's name. */
#ifndef VICC_PKI_FILES_H
#define VICC_PKI_FILES_H

#include "base/buffer.h"
#include "base/writer.h"

#define FILES_SIZE_MAX (1 << 20)
#define FILES_PATH_SIZE 4096

/* A whole file; buffer_done() ends it. */
MUST_USE bool files_read(const char *path, struct buffer *out);

/* The same, and where it is PEM, what its first block stands for. */
MUST_USE bool files_read_der(const char *path, struct buffer *out);

/* Whether files_write() may write there: nothing is there yet, or force. */
MUST_USE bool files_may_write(const char *path, bool force);

enum files_mode { FILES_PUBLIC, FILES_SECRET };

/* Writes the file all or not at all; "-" is standard output. */
MUST_USE bool files_write(
    const char *path, struct bytes contents, enum files_mode mode, bool force);

/* Keeps what is there under another name until the file that replaces it is known to be wanted; aside is empty
 * where nothing was there. Then one of the two: the old one back, or the new one removed; or the old one gone. */
MUST_USE bool files_keep(const char *path, char aside[FILES_PATH_SIZE]);
void files_give_back(const char *path, const char *aside);
void files_let_go(const char *aside);

/* Memory for something to be written. */
struct output {
	struct buffer memory;
	struct writer w;
};

MUST_USE bool output_init(struct output *output);
void output_done(struct output *output);

/* Writes what is in it to a file; label: as PEM, NULL: as it is. */
MUST_USE bool output_save(
    const struct output *output, const char *path, const char *label, bool force);

#endif
