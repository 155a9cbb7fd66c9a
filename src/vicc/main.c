/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc: emulates a smart card for a virtual reader. */
#include <stdio.h>
#include <stdlib.h>

#include "base/console.h"
#include "config.h"
#include "vicc/describe.h"
#include "vicc/run.h"

#define EXIT_USAGE 2

int main(int argc, char **argv)
{
	char error[SETTINGS_ERROR_SIZE];
	struct settings settings;

	(void)argc;
	if (settings_parse(argv, &settings, error) < 0) {
		fprintf(stderr, "vicc: %s\n", error);
		return EXIT_USAGE;
	}
	if (settings.help)
		settings_help();
	if (settings.version)
		printf("vicc %s\n", VERSION);
	if (settings.help || settings.version)
		return console_end("vicc", EXIT_SUCCESS);
	if (settings.describe != NULL)
		return describe(settings.describe, settings.card.password_file);
	console_init("vicc", settings.verbose);
	return run(&settings) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
