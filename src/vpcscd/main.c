/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vpcscd: a PC/SC service with virtual cards. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/console.h"
#include "config.h"
#include "vpcscd/ctl.h"
#include "vpcscd/service.h"

#define EXIT_USAGE 2

/* Who closed the standard streams must not find our log in a socket that got their number. */
static void fill_standard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

int main(int argc, char **argv)
{
	char error[SETTINGS_ERROR_SIZE];
	static struct settings settings; /* too large for the stack */

	fill_standard_streams();
	if (argc > 1 && strcmp(argv[1], "ctl") == 0)
		return ctl_main(argv + 1);
	if (settings_parse(argv, &settings, error) < 0) {
		fprintf(stderr, "vpcscd: %s\n", error);
		return EXIT_USAGE;
	}
	if (settings.help)
		settings_help();
	if (settings.version)
		printf("vpcscd %s\n", VERSION);
	if (settings.help || settings.version)
		return console_end("vpcscd", EXIT_SUCCESS);
	console_init("vpcscd", settings.verbose);
	return service_run(&settings);
}
