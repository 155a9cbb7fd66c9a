/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line as the terminal gives it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cards/epass/ask.h"

char *epass_ask_line(const char *question, bool is_path)
{
	char *line = calloc(1, EPASS_PATH_MAX);

	(void)fputs(question, stdout);
	(void)fflush(stdout);
	if (line == NULL || fgets(line, EPASS_PATH_MAX, stdin) == NULL) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}
