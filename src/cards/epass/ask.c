/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two questions of a passport that nothing is said of. */
#include "cards/epass/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "cards/epass/document.h"

#define ZONE_SIZE 512 /* much more than a zone has */

static int ended(char error[CARD_ERROR_SIZE])
{
	(void)snprintf(error, CARD_ERROR_SIZE,
	    "the input ended; --specimen makes a passport without questions");
	return ERR_INTERRUPTED;
}

/* A zone is pasted in one line, or in its two or three: what has been typed by then, without blanks, is the whole of some of its
 * lines (ICAO 9303-5, -6 and -4). */
static bool goes_on(const char *zone)
{
	static const size_t parts[] = { 30, 60, 36, 44 };
	size_t n = 0;

	for (; *zone != '\0'; zone++)
		n += *zone != ' ';
	for (size_t i = 0; i < COUNT(parts); i++)
		if (n == parts[i])
			return true;
	return false;
}

/* The lines of a zone as one. Empty: the specimen's. False: the input ended. */
static bool ask_zone(char zone[ZONE_SIZE])
{
	size_t used = 0;
	int n;

	zone[0] = '\0';
	do {
		char *line = epass_ask_line(used == 0 ? "MRZ:     " : "         ", false);

		if (line == NULL)
			return false;
		n = snprintf(zone + used, ZONE_SIZE - used, "%s", line);
		used += n > 0 ? (size_t)n : 0;
		secret_wipe(line, strlen(line));
		free(line);
	} while (n > 0 && used < ZONE_SIZE && goes_on(zone));
	return true;
}

static int ask_mrz(struct epass_options *options, char error[CARD_ERROR_SIZE])
{
	char zone[ZONE_SIZE], why[MRZ_ERROR_SIZE];

	(void)printf("Please enter the Machine Readable Zone, with ? for check digits that you do "
	             "not know; empty: the specimen's.\nExample: "
	             "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	             "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n");
	while (!options->has_mrz) {
		if (!ask_zone(zone)) {
			secret_wipe(zone, sizeof zone);
			return ended(error);
		}
		if (zone[0] == '\0')
			return 0;
		options->has_mrz = mrz_parse(bytes_of_string(zone), &options->mrz, why) == 0;
		secret_wipe(zone, sizeof zone);
		if (!options->has_mrz)
			(void)printf("Not a machine readable zone: %s\n", why);
	}
	return 0;
}

static int ask_picture(
    struct epass_options *options, char picture[EPASS_PATH_MAX], char error[CARD_ERROR_SIZE])
{
	char why[CARD_ERROR_SIZE];

	(void)printf("Please enter the path to the facial image, JPEG or JPEG 2000; empty: the "
	             "specimen's.\n");
	while (options->picture == NULL) {
		char *line = epass_ask_line("Path:    ", true);

		if (line == NULL)
			return ended(error);
		(void)snprintf(picture, EPASS_PATH_MAX, "%s", line);
		free(line);
		if (picture[0] == '\0')
			return 0;
		if (epass_check_picture(picture, why) == 0)
			options->picture = picture;
		else
			(void)printf("%s\n", why);
	}
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
