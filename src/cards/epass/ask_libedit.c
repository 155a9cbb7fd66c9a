/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line with libedit, which completes the names of files. */
#include <stdio.h>
#include <string.h>

#include <editline/readline.h>

#include "cards/epass/ask.h"

char *epass_ask_line(const char *question, bool is_path)
{
	char *line;
	size_t len;

	rl_inhibit_completion = is_path ? 0 : 1;
	rl_completion_append_character = '\0';
	(void)fflush(stdout);
	line = readline(question);
	if (line == NULL)
		return NULL;
	len = strlen(line);
	while (len > 0 && line[len - 1] == ' ')
		line[--len] = '\0';
	return line;
}
