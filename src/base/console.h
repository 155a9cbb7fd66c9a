/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a program's log lines go: to stderr. */
#ifndef BASE_CONSOLE_H
#define BASE_CONSOLE_H

#include "base/compiler.h"

/* program is its name, kept. verbose, how often -v was there: 0 errors and warnings, "program: text"; 1 and
 * more also what happens, each line with date, time and level. Before there are threads. */
void console_init(const char *program, unsigned verbose);

/* The exit status of a program that has printed to standard output: status, if all of it has arrived there; EXIT_FAILURE, which it
 * has then said. */
MUST_USE int console_end(const char *program, int status);

#endif
