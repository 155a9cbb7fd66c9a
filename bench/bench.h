/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two measuring programs share: the commands to measure, the clock, and the lines they print,
 * which script/bench makes into tables. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "now.h"

#define MESSAGE_MAX 65535
#define RESPONSE_MAX (MESSAGE_MAX - 2)
#define ROUNDS 10 /* targets take turns, so that all see the same state of the machine */
#define TARGETS_MAX 8

/* A command of which only the length of the answer matters. */
struct task {
	const char *name;
	uint8_t command[7];
	size_t command_len;
	size_t response_len; /* with status word */
	unsigned count;      /* measured in each round */
};

/* One thing that is measured: exchange() sends a command and returns the whole answer's length, or -1. */
struct target {
	const char *name;
	pid_t pid; /* of the card, 0: none of interest */
	void *self;
	ssize_t (*prepare)(void *self, const struct task *task);
	ssize_t (*exchange)(void *self, const uint8_t *command, size_t len);
	const uint8_t *(*answer)(void *self);
};

/* GET CHALLENGE and READ BINARY of each length, in order; NULL behind the last. */
const struct task *task_number(size_t number);

/* Makes and selects the file that READ BINARY reads. False: a command failed. */
bool make_file(struct target *target);

/* Measures every task on every target, and prints a line for each pair: KIND, target, command, length,
 * then min, median and p99 in microseconds, APDU/s, CPU time of the card per APDU. False on an error, which
 * has been said on stderr. */
bool measure(const char *kind, struct target *targets, size_t n);

/* The resident memory of a process in kilobytes, 0 if unknown. */
long resident_kb(pid_t pid);

/* Splits NAME=VALUE[=PID]; value is NULL-terminated in place. False: not of this form. */
bool split_target(char *text, struct target *out, const char **value);

#endif
