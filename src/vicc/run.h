/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc at work, once its command line is understood. */
#ifndef VICC_RUN_H
#define VICC_RUN_H

#include "vicc/settings.h"

/* Serves readers until a signal comes (0), or there is nobody left to serve: 0 if the reader went in the
 * ordinary way, ERR_* after an error line. */
MUST_USE int run(const struct settings *settings);

#endif
