/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where vicc's log lines go: to stderr. */
#ifndef VICC_OUTPUT_H
#define VICC_OUTPUT_H

/* verbose: 0 errors and warnings, "vicc: text"; 1 and more also what happens, each line with date, time
 * and level. */
void output_init(unsigned verbose);

#endif
