/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What we ask of the compiler beyond C11, in one place. */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#if defined(__GNUC__) || defined(__clang__)
#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define EXPORT __attribute__((visibility("default")))
#define WEAK __attribute__((weak))
#define AT_LOAD __attribute__((constructor)) /* runs when a library is loaded */
#else
#define MUST_USE
#define PRINTF_LIKE(text, first)
#define EXPORT
#define WEAK
#endif

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
