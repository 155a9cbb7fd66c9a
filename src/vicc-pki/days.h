/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the calendar for certificates. */
#ifndef VICC_PKI_DAYS_H
#define VICC_PKI_DAYS_H

#include "base/date.h"

/* The day it is (UTC). */
struct date days_today(void);

/* The same day so many months later, or the last of a month that has less; never later than 2099-12-31. */
struct date days_after(struct date day, unsigned months);

#endif
