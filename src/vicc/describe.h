/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc --describe. */
#ifndef VICC_DESCRIBE_H
#define VICC_DESCRIBE_H

/* Prints what is in a card image to stdout. password_file: has its password; NULL: ask. Returns vicc's exit
 * status; what goes wrong is one line on stderr. */
int describe(const char *path, const char *password_file);

#endif
