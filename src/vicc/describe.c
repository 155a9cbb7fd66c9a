/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc --describe: the image is read as for --file with --no-save. */
#include "vicc/describe.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/console.h"
#include "card/image_describe.h"
#include "cards/make.h"

int describe(const char *path, const char *password_file)
{
	struct card_options options;
	char error[CARD_OPTIONS_ERROR_SIZE];
	struct card_setup setup;
	struct card *card;

	card_options_init(&options);
	options.file = path;
	options.no_save = true;
	options.password_file = password_file;
	setup = card_options_setup(&options);
	if (make_card(&options, &setup, NULL, &card, error) < 0) {
		(void)fprintf(stderr, "vicc: %s\n", error);
		return EXIT_FAILURE;
	}
	image_describe(card, stdout);
	card_free(card);
	return console_end("vicc", EXIT_SUCCESS);
}
