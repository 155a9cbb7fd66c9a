/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the calendar (ISO 8601). */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

/* n figures. */
static bool take_figures(const char **text, unsigned n, unsigned *out)
{
	unsigned value = 0;

	for (; n > 0; n--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		value = 10 * value + (unsigned)(**text - '0');
	}
	*out = value;
	return true;
}

/* From 2000 to 2099 each fourth year is a leap year. */
static unsigned days_of(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && year % 4 == 0 ? 29 : days[month - 1];
}

bool date_is_valid(struct date date)
{
	return date.year >= 2000 && date.year <= 2099 && date.month >= 1 && date.month <= 12 &&
	    date.day >= 1 && date.day <= days_of(date.year, date.month);
}

bool date_parse(const char *text, struct date *out)
{
	unsigned year, month, day;
	struct date date;

	if (!take_figures(&text, 4, &year) || *text++ != '-' || !take_figures(&text, 2, &month) ||
	    *text++ != '-' || !take_figures(&text, 2, &day) || *text != '\0')
		return false;
	date = (struct date){ (uint16_t)year, (uint8_t)month, (uint8_t)day };
	if (!date_is_valid(date))
		return false;
	*out = date;
	return true;
}

const char *date_text(struct date date, char text[DATE_TEXT_SIZE])
{
	(void)snprintf(text, DATE_TEXT_SIZE, "%04u-%02u-%02u", date.year % 10000u,
	    date.month % 100u, date.day % 100u);
	return text;
}

int date_compare(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return (a.day > b.day) - (a.day < b.day);
}
