/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations with cards, read from files. */
#include "conversation.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define LINE_MAX_SIZE 4096
#define BLANKS " \t"
#define PATTERN_MAX 70000
#define SHOWN_MAX 64

struct pattern {
	uint8_t *bytes;
	bool *any; /* ?? */
	size_t len;
};

struct run {
	const char *path;
	unsigned line;
	const struct conversation_way *way;
	struct pattern command, expected;
	struct bytes response;
	bool has_response; /* of a command whose answer has not been compared yet */
	int matched;
	bool failed;
};

static void complain(struct run *run, const char *what)
{
	(void)fprintf(stderr, "%s:%u: %s\n", run->path, run->line, what);
	run->failed = true;
}

static bool pattern_init(struct pattern *p)
{
	p->bytes = malloc(PATTERN_MAX);
	p->any = malloc(PATTERN_MAX * sizeof *p->any);
	p->len = 0;
	return p->bytes != NULL && p->any != NULL;
}

static void pattern_done(struct pattern *p)
{
	free(p->bytes);
	free(p->any);
}

static bool pattern_add(struct pattern *p, uint8_t byte, bool any)
{
	if (p->len == PATTERN_MAX)
		return false;
	p->bytes[p->len] = byte;
	p->any[p->len] = any;
	p->len++;
	return true;
}

/* The digits of one or more bytes, without a repetition. */
static bool parse_digits(const char *word, struct pattern *out)
{
	for (; word[0] != '\0'; word += 2) {
		char digits[] = { '0', 'x', word[0], word[1], '\0' };
		uint64_t value = 0;

		if (word[1] == '\0')
			return false;
		if (strncmp(word, "??", 2) == 0) {
			if (!pattern_add(out, 0, true))
				return false;
		} else if (!number_parse(digits, 0xFF, &value) ||
		    !pattern_add(out, (uint8_t)value, false)) {
			return false;
		}
	}
	return true;
}

/* WHAT*N. */
static bool parse_repeated(const char *what, const char *count, struct pattern *out)
{
	bool counting = strcmp(what, "count") == 0;
	uint64_t n;

	if ((!counting && strlen(what) != 2) || !number_parse(count, PATTERN_MAX, &n))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (counting ? !pattern_add(out, (uint8_t)i, false) : !parse_digits(what, out))
			return false;
	}
	return true;
}

/* A word: digits, or something repeated. */
static bool parse_word(char *word, struct pattern *out)
{
	char *star = strchr(word, '*');

	if (star == NULL)
		return parse_digits(word, out);
	*star = '\0';
	return parse_repeated(word, star + 1, out);
}

/* Cuts text into words. */
static bool parse_pattern(char *text, struct pattern *out)
{
	out->len = 0;
	text += strspn(text, BLANKS);
	while (*text != '\0') {
		size_t len = strcspn(text, BLANKS);
		char *next = text + len + strspn(text + len, BLANKS);

		text[len] = '\0';
		if (!parse_word(text, out))
			return false;
		text = next;
	}
	return true;
}

static bool matches(const struct pattern *p, struct bytes response)
{
	if (p->len != response.len)
		return false;
	for (size_t i = 0; i < p->len; i++) {
		if (!p->any[i] && p->bytes[i] != response.data[i])
			return false;
	}
	return true;
}

static void print_difference(const struct run *run)
{
	(void)fprintf(stderr, "  expected %zu bytes:", run->expected.len);
	for (size_t i = 0; i < run->expected.len && i < SHOWN_MAX; i++)
		(void)fprintf(
		    stderr, run->expected.any[i] ? " ??" : " %02X", run->expected.bytes[i]);
	(void)fprintf(stderr, "\n  answered %zu bytes:", run->response.len);
	for (size_t i = 0; i < run->response.len && i < SHOWN_MAX; i++)
		(void)fprintf(stderr, " %02X", run->response.data[i]);
	(void)fprintf(stderr, "\n");
}

/* False: nothing can follow. */
static bool send_command(struct run *run, char *text)
{
	const struct conversation_way *way = run->way;

	if (!parse_pattern(text, &run->command)) {
		complain(run, "not a command");
		return false;
	}
	run->has_response = way->transmit(
	    way->self, bytes_of(run->command.bytes, run->command.len), &run->response);
	if (!run->has_response)
		complain(run, "no response");
	return run->has_response;
}

static bool compare_response(struct run *run, char *text)
{
	if (!run->has_response || !parse_pattern(text, &run->expected)) {
		complain(run, "not a response, or to no command");
		return false;
	}
	run->has_response = false;
	if (matches(&run->expected, run->response)) {
		run->matched++;
	} else {
		complain(run, "unexpected response");
		print_difference(run);
	}
	return true;
}

static bool control(struct run *run, const char *text)
{
	const struct conversation_way *way = run->way;
	bool done = false;

	if (strncmp(text, "card ", 5) == 0)
		done = way->card(way->self, text + 5);
	else if (strcmp(text, "reset") == 0)
		done = way->reset(way->self);
	else if (strcmp(text, "power") == 0)
		done = way->power(way->self);
	if (!done)
		complain(run, "cannot be done");
	return done;
}

static bool run_line(struct run *run, char *text)
{
	if (text[0] == '<')
		return compare_response(run, text + 1);
	if (text[0] == '\0' || text[0] == '#')
		return true;
	if (run->has_response) {
		complain(run, "the command before has no expected response");
		return false;
	}
	return text[0] == '>' ? send_command(run, text + 1) : control(run, text);
}

static void run_file(struct run *run, FILE *file)
{
	char line[LINE_MAX_SIZE];
	bool going = true;

	while (going && fgets(line, sizeof line, file) != NULL) {
		run->line++;
		line[strcspn(line, "\r\n")] = '\0';
		going = run_line(run, line);
	}
	if (run->has_response)
		complain(run, "the last command has no expected response");
}

int conversation_run(const char *path, const struct conversation_way *way)
{
	struct run run = { .path = path, .way = way };
	FILE *file = fopen(path, "r");

	if (file == NULL)
		complain(&run, "cannot be read");
	else if (!pattern_init(&run.command) || !pattern_init(&run.expected))
		complain(&run, "no memory");
	else
		run_file(&run, file);
	pattern_done(&run.command);
	pattern_done(&run.expected);
	if (file != NULL)
		(void)fclose(file);
	return run.failed ? -1 : run.matched;
}

bool conversation_run_all(int (*run)(const char *path))
{
	const char *root = getenv("SOURCE_ROOT");
	char pattern[LINE_MAX_SIZE];
	glob_t found = { 0 };
	bool good;

	(void)snprintf(pattern, sizeof pattern, "%s/tests/cards/*.apdu", root != NULL ? root : ".");
	good = glob(pattern, 0, NULL, &found) == 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		int matched = run(found.gl_pathv[i]);

		printf("# %s: %d\n", found.gl_pathv[i], matched);
		good = good && matched > 0;
	}
	globfree(&found);
	return good;
}
