/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock of the measuring programs. */
#ifndef BENCH_NOW_H
#define BENCH_NOW_H

#include <stdint.h>

uint64_t now_ns(void);

#endif
