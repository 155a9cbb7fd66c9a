/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request to the control socket. */
#include "vpcscd/request.h"

#include <string.h>

bool request_find_action(const char *word, enum request_action *out)
{
	static const char *const names[] = {
		[REQUEST_EJECT] = "eject",
		[REQUEST_INSERT] = "insert",
		[REQUEST_SWAP] = "swap",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(word, names[i]) == 0) {
			*out = (enum request_action)i;
			return true;
		}
	}
	return false;
}

/* The number of words; 0: they are not ended, or too many. */
static size_t split(char *data, size_t len, char *words[REQUEST_WORDS_MAX + 1])
{
	size_t n = 0;

	if (len == 0 || data[len - 1] != '\0')
		return 0;
	for (size_t at = 0; at < len; at += strlen(data + at) + 1) {
		if (n == REQUEST_WORDS_MAX)
			return 0;
		words[n++] = data + at;
	}
	words[n] = NULL;
	return n;
}

const char *request_parse(char *data, size_t len, struct request *out)
{
	struct request request;
	size_t n = split(data, len, request.words);

	if (n == 0)
		return "not a request of words";
	if (!request_find_action(request.words[0], &request.action))
		return "can do eject, insert and swap";
	if (n == 1 || request.words[1][0] == '\0')
		return "which reader? Give its number or its name";
	if (n > 2 && request.action != REQUEST_SWAP)
		return "only swap takes options of a card";
	request.reader = request.words[1];
	*out = request;
	return NULL;
}
