/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays pcscd's log: a driver that is loaded into this program finds log_msg() here. */
#ifndef TESTS_IFD_CAPTURED_LOG_H
#define TESTS_IFD_CAPTURED_LOG_H

#include <stdbool.h>

#include "base/compiler.h"

/* The levels of pcscd. */
#define CAPTURED_INFO 1
#define CAPTURED_ERROR 2

EXPORT void log_msg(const int priority, const char *format, ...) PRINTF_LIKE(2, 3);

void captured_log_clear(void);

/* Whether a line of this level contains text. */
bool captured_log_has(int priority, const char *text);

#endif
