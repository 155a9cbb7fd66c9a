/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines: options of one letter and of a name, told apart by tables. All forms that people know
 * are taken: -v -vv -P 5 -P5 --port 5 --port=5, and the beginning of a name that fits one name alone. */
#ifndef BASE_CMDLINE_H
#define BASE_CMDLINE_H

#include <stdio.h>

#include "base/bytes.h"

#define CMDLINE_ERROR_SIZE 256
#define CMDLINE_TABLES_MAX 20

struct cmdline_option {
	int id;
	char letter;      /* 0: none */
	const char *name; /* without the two dashes; in several tables: the first one's is found */
	const char *argument; /* what --help calls the value; NULL: the option has none */
	const char *help;     /* one line, without full stop */
};

struct cmdline_table {
	const char *title; /* above its options in --help */
	const struct cmdline_option *options;
	size_t n_options;
	size_t
	    stride; /* from one option to the next, where they are parts of larger rows; 0: they are not */
	const char *name;       /* behind the title; NULL: nothing */
	void (*more)(FILE *to); /* prints what --help says behind the options; NULL: nothing */
};

enum cmdline_kind {
	CMDLINE_OPTION,  /* option, and value if it has one */
	CMDLINE_OPERAND, /* value: a word that is no option */
	CMDLINE_END,     /* rest: the words behind "--", if there was one */
	CMDLINE_ERROR,   /* error: one line for people */
};

struct cmdline {
	struct cmdline_table tables[CMDLINE_TABLES_MAX];
	size_t n_tables;
	char **next;         /* words not yet read; NULL ends them, as in main() */
	const char *cluster; /* inside a word such as -vv: what is left of it */

	const struct cmdline_option *option;
	const char *value;
	char **rest; /* NULL: there was no "--" */
	char error[CMDLINE_ERROR_SIZE];
};

/* argv as main() has it, the program's name included. Everything is borrowed. */
void cmdline_init(struct cmdline *line, char **argv);
void cmdline_add(struct cmdline *line, struct cmdline_table table);

/* Reads the next option or operand. */
enum cmdline_kind cmdline_next(struct cmdline *line);

/* What --help says of the tables. */
void cmdline_help(const struct cmdline *line, FILE *to);

/* A line of it, as for an option, by any other name: for more() of a table. */
void cmdline_help_line(const char *name, const char *help, FILE *to);

#endif
