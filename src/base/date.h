/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the calendar, as chips know them: without time and zone. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

#include "base/bytes.h"

#define DATE_TEXT_SIZE 11 /* YYYY-MM-DD and NUL */

struct date {
	uint16_t year; /* 2000 to 2099; 0: no date */
	uint8_t month, day;
};

/* YYYY-MM-DD, a day that exists, from 2000 to 2099 (chips keep two figures of the year). False otherwise, and
 * *out is unchanged. */
MUST_USE bool date_parse(const char *text, struct date *out);

/* Whether it is one of the days that date_parse() knows. */
bool date_is_valid(struct date date);

const char *date_text(struct date date, char text[DATE_TEXT_SIZE]);

/* Less than, equal to or greater than 0: a is before, on or after the day b. */
int date_compare(struct date a, struct date b);

#endif
