/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a program's log lines go: to stderr. */
#ifndef BASE_CONSOLE_H
#define BASE_CONSOLE_H

/* program is its name, kept. verbose, how often -v was there: 0 errors and warnings, "program: text"; 1 and
 * more also what happens, each line with date, time and level. Before there are threads. */
void console_init(const char *program, unsigned verbose);

#endif
