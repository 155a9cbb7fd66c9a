/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vpcscd: a PC/SC service with virtual cards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "config.h"
#include "vpcscd/control.h"
#include "vpcscd/service.h"

#define EXIT_USAGE 2

static void to_stderr(enum log_level level, const char *line)
{
	fprintf(stderr, "vpcscd: %s%s\n", level == LOG_LEVEL_WARNING ? "warning: " : "", line);
}

static void start_log(unsigned verbose)
{
	unsigned level = LOG_LEVEL_WARNING + verbose;

	log_set_level(level < LOG_LEVEL_TRACE ? (enum log_level)level : LOG_LEVEL_TRACE);
	log_set_sink(to_stderr);
}

int main(int argc, char **argv)
{
	char error[SETTINGS_ERROR_SIZE];
	struct settings settings;

	if (argc > 1 && strcmp(argv[1], "ctl") == 0)
		return control_main(argv + 2);
	if (settings_parse(argv, &settings, error) < 0) {
		fprintf(stderr, "vpcscd: %s\n", error);
		return EXIT_USAGE;
	}
	if (settings.help) {
		settings_help();
		return EXIT_SUCCESS;
	}
	if (settings.version) {
		printf("vpcscd %s\n", VERSION);
		return EXIT_SUCCESS;
	}
	start_log(settings.verbose);
	return service_run(&settings);
}
