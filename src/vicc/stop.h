/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being asked to stop: SIGINT (Ctrl-C) and SIGTERM. */
#ifndef VICC_STOP_H
#define VICC_STOP_H

#include <stdbool.h>

#include "vpcd/icc.h"

/* From now on the first of these signals ends what icc is waiting for; a second one ends the process at
 * once. icc stays there until stop_forget(). */
void stop_on_signals(struct icc *icc);
void stop_forget(void);

/* Whether a signal has come. */
bool stop_wanted(void);

/* Sleeps; when a signal comes, at most STOP_SLICE_MS more. */
#define STOP_SLICE_MS 50
void stop_sleep(int ms);

#endif
