/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two questions of a passport that nothing is said of. */
#include "cards/epass/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

static int ended(char error[CARD_ERROR_SIZE])
{
	(void)snprintf(error, CARD_ERROR_SIZE,
	    "the input ended; --specimen makes a passport without questions");
	return ERR_INTERRUPTED;
}

static int ask_mrz(struct epass_options *options, char error[CARD_ERROR_SIZE])
{
	char why[MRZ_ERROR_SIZE];

	(void)printf("Please enter the Machine Readable Zone, all lines as one, with ? for check "
	             "digits that "
	             "you do not know; empty: the specimen's.\nExample: "
	             "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	             "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n");
	while (!options->has_mrz) {
		char *line = epass_ask_line("MRZ:     ", false);

		if (line == NULL)
			return ended(error);
		if (line[0] == '\0') {
			free(line);
			return 0;
		}
		options->has_mrz = mrz_parse(bytes_of_string(line), &options->mrz, why) == 0;
		free(line);
		if (!options->has_mrz)
			(void)printf("Not a machine readable zone: %s\n", why);
	}
	return 0;
}

static int ask_picture(
    struct epass_options *options, char picture[EPASS_PATH_MAX], char error[CARD_ERROR_SIZE])
{
	char *line;

	(void)printf("Please enter the path to the facial image, JPEG or JPEG 2000; empty: the "
	             "specimen's.\n");
	line = epass_ask_line("Path:    ", true);
	if (line == NULL)
		return ended(error);
	(void)snprintf(picture, EPASS_PATH_MAX, "%s", line);
	free(line);
	if (picture[0] != '\0')
		options->picture = picture;
	return 0;
}

int epass_ask(
    struct epass_options *options, char picture[EPASS_PATH_MAX], char error[CARD_ERROR_SIZE])
{
	int r;

	if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1)
		return 0;
	r = ask_mrz(options, error);
	return r == 0 ? ask_picture(options, picture, error) : r;
}
