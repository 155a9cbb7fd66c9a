/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the calendar for certificates. */
#include "vicc-pki/days.h"

#include <time.h>

#define YEAR_MAX 2099

struct date days_today(void)
{
	struct date day = { 2026, 1, 1 };
	time_t now = time(NULL);
	struct tm utc;

	if (gmtime_r(&now, &utc) != NULL && utc.tm_year >= 100 && utc.tm_year <= YEAR_MAX - 1900)
		day = (struct date){ (uint16_t)(utc.tm_year + 1900), (uint8_t)(utc.tm_mon + 1),
			(uint8_t)utc.tm_mday };
	return day;
}

struct date days_after(struct date day, unsigned months)
{
	const unsigned month = day.month - 1U + months;
	const unsigned year = day.year + month / 12;
	struct date later = { (uint16_t)year, (uint8_t)(month % 12 + 1), day.day };

	if (year > YEAR_MAX)
		return (struct date){ YEAR_MAX, 12, 31 };
	while (!date_is_valid(later))
		later.day--;
	return later;
}
