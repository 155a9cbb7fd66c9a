/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests to vpcscd's control socket, and the options of a card in them. */
#include "vpcscd/request.h"

#include <string.h>

#include "check.h"
#include "fuzz.h"
#include "vpcscd/settings.h"

/* All words lie in the request and are ended there. */
static void check_words(const struct request *request, const char *data, size_t len)
{
	size_t n = 0;

	for (; request->words[n] != NULL; n++) {
		CHECK(n < REQUEST_WORDS_MAX);
		CHECK(request->words[n] >= data && request->words[n] < data + len);
		CHECK(request->words[n] + strlen(request->words[n]) < data + len);
	}
	CHECK(n >= 2 && request->reader == request->words[1]);
	CHECK(n == 2 || request->action == REQUEST_SWAP);
}

static void check_card(struct request *request)
{
	char error[SETTINGS_ERROR_SIZE] = "";
	struct card_options options;

	card_options_init(&options);
	if (settings_parse_card(request->words + 1, &options, error) == 0)
		CHECK(options.type != NULL);
	else
		CHECK(error[0] != '\0' && strchr(error, '\n') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct request request;
	char *copy;
	const char *why;

	if (len == 0 || len > REQUEST_SIZE)
		return 0;
	copy = malloc(len);
	if (copy == NULL)
		return 0;
	memcpy(copy, data, len);
	why = request_parse(copy, len, &request);
	if (why == NULL) {
		check_words(&request, copy, len);
		check_card(&request);
	} else {
		CHECK(why[0] != '\0');
	}
	free(copy);
	return 0;
}
