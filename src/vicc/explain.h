/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Error lines that say what was tried and what the cause may be. */
#ifndef VICC_EXPLAIN_H
#define VICC_EXPLAIN_H

#include <stdint.h>

/* After icc_connect() or icc_listen() failed with r; errno is still theirs. */
void explain_connect(const char *host, uint16_t port, int r);
void explain_listen(const char *host, uint16_t port, int r);

#endif
