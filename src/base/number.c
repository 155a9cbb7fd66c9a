/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers typed by people. */
#include "base/number.h"

#include <errno.h>
#include <stdlib.h>

bool number_parse(const char *text, uint64_t max, uint64_t *out)
{
	unsigned long long value;
	char *end;

	/* strtoull() takes blanks and signs, which are mistakes here. */
	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno != 0 || *end != '\0' || value > max)
		return false;
	*out = value;
	return true;
}
