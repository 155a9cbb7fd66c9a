/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the measuring programs that does not depend on the way to the card. */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/compiler.h"
#include "base/number.h"

#define COUNT_MAX 1000
#define FILE_ID_HI 0x4F
#define FILE_ID_LO 0x01

#define GET_CHALLENGE "GET CHALLENGE", 0x00, 0x84, 0x00, 0x00
#define READ_BINARY "READ BINARY", 0x00, 0xB0, 0x00, 0x00
#define SHORT(command, ne, count) TASK(command, 5, ne, count, (ne)&0xFF)
#define EXTENDED(command, ne, count) TASK(command, 7, ne, count, 0x00, (ne) >> 8, (ne)&0xFF)
#define TASK(...) TASK_(__VA_ARGS__)
#define TASK_(name, cla, ins, p1, p2, len, ne, count, ...)                                         \
	{                                                                                          \
		name, { cla, ins, p1, p2, __VA_ARGS__ }, len, (ne) + 2, count                      \
	}

static const struct task tasks[] = {
	SHORT(GET_CHALLENGE, 8, COUNT_MAX),
	SHORT(GET_CHALLENGE, 256, COUNT_MAX / 2),
	EXTENDED(GET_CHALLENGE, 4096, COUNT_MAX / 4),
	EXTENDED(GET_CHALLENGE, 32000, COUNT_MAX / 20),
	EXTENDED(GET_CHALLENGE, RESPONSE_MAX, COUNT_MAX / 40),
	SHORT(READ_BINARY, 8, COUNT_MAX),
	SHORT(READ_BINARY, 256, COUNT_MAX / 2),
	EXTENDED(READ_BINARY, 4096, COUNT_MAX / 4),
	EXTENDED(READ_BINARY, 32000, COUNT_MAX / 20),
	EXTENDED(READ_BINARY, RESPONSE_MAX, COUNT_MAX / 40),
};

/* What a target took for one task, all rounds together. */
struct samples {
	uint64_t ns[ROUNDS * COUNT_MAX];
	size_t n;
	uint64_t total_ns;
	uint64_t cpu_ns;
};

const struct task *task_number(size_t number)
{
	return number < COUNT(tasks) ? &tasks[number] : NULL;
}

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static uint64_t cpu_of(pid_t pid)
{
	clockid_t clock;
	struct timespec t;

	if (pid == 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

long resident_kb(pid_t pid)
{
	char path[64], line[128];
	long kb = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = fopen(path, "r");
	if (status == NULL)
		return 0;
	while (fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	fclose(status);
	return kb;
}

static bool send_setup(struct target *target, const uint8_t *command, size_t len, const char *what)
{
	ssize_t got = target->exchange(target->self, command, len);
	const uint8_t *answer = target->answer(target->self);

	if (got >= 2 && answer[got - 2] == 0x90 && answer[got - 1] == 0x00)
		return true;
	if (got >= 2)
		fprintf(stderr, "%s: %s was answered %02X%02X\n", target->name, what,
		    answer[got - 2], answer[got - 1]);
	else
		fprintf(stderr, "%s: %s was not answered\n", target->name, what);
	return false;
}

bool make_file(struct target *target)
{
	/* ISO/IEC 7816-4, 7.4: number of bytes, transparent EF, identifier */
	static const uint8_t create[] = { 0x00, 0xE0, 0x00, 0x00, 0x0D, 0x62, 0x0B, 0x80, 0x02,
		RESPONSE_MAX >> 8, RESPONSE_MAX & 0xFF, 0x82, 0x01, 0x01, 0x83, 0x02, FILE_ID_HI,
		FILE_ID_LO };
	static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x0C, 0x02, FILE_ID_HI, FILE_ID_LO };

	return send_setup(target, create, sizeof(create), "CREATE FILE") &&
	    send_setup(target, select, sizeof(select), "SELECT");
}

static bool check(const struct target *target, const struct task *task, ssize_t got)
{
	const uint8_t *answer = target->answer(target->self);

	if (got == (ssize_t)task->response_len && answer[got - 2] == 0x90 && answer[got - 1] == 0)
		return true;
	fprintf(stderr, "%s: %s of %zu bytes brought %zd bytes", target->name, task->name,
	    task->response_len - 2, got);
	if (got >= 2)
		fprintf(stderr, ", status %02X%02X", answer[got - 2], answer[got - 1]);
	fputc('\n', stderr);
	return false;
}

static bool run_round(
    struct target *target, const struct task *task, unsigned count, struct samples *out)
{
	uint64_t cpu = cpu_of(target->pid), start = now_ns(), before = start;

	for (unsigned i = 0; i < count; i++) {
		ssize_t got = target->exchange(target->self, task->command, task->command_len);
		uint64_t after = now_ns();

		if (!check(target, task, got))
			return false;
		out->ns[out->n++] = after - before;
		before = now_ns();
	}
	out->total_ns += before - start;
	out->cpu_ns += cpu_of(target->pid) - cpu;
	return true;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_samples(
    const char *kind, const struct target *target, const struct task *task, struct samples *s)
{
	const size_t middle = s->n / 2, late = s->n * 99 / 100;

	qsort(s->ns, s->n, sizeof(s->ns[0]), compare);
	printf("%s\t%s\t%s\t%zu\t%.1f\t%.1f\t%.1f\t%.0f\t%.2f\n", kind, target->name, task->name,
	    task->response_len - 2, (double)s->ns[0] / 1e3, (double)s->ns[middle] / 1e3,
	    (double)s->ns[late] / 1e3, (double)s->n * 1e9 / (double)s->total_ns,
	    (double)s->cpu_ns / (double)s->n / 1e3);
}

static bool measure_task(
    const char *kind, struct target *targets, size_t n, const struct task *task)
{
	static struct samples samples[TARGETS_MAX];

	for (size_t t = 0; t < n; t++)
		if (targets[t].prepare != NULL && targets[t].prepare(targets[t].self, task) < 0)
			return false;
	for (unsigned round = 0; round <= ROUNDS; round++)
		for (size_t t = 0; t < n; t++) {
			if (round <= 1) /* round 0 warms up */
				samples[t].n = 0, samples[t].total_ns = samples[t].cpu_ns = 0;
			if (!run_round(&targets[t], task, task->count, &samples[t]))
				return false;
		}
	for (size_t t = 0; t < n; t++)
		print_samples(kind, &targets[t], task, &samples[t]);
	return true;
}

bool measure(const char *kind, struct target *targets, size_t n)
{
	const struct task *task;

	for (size_t i = 0; (task = task_number(i)) != NULL; i++)
		if (!measure_task(kind, targets, n, task))
			return false;
	return true;
}

bool split_target(char *text, struct target *out, const char **value)
{
	char *equals = strchr(text, '='), *second;
	uint64_t pid = 0;

	if (equals == NULL)
		return false;
	*equals = '\0';
	second = strchr(equals + 1, '=');
	if (second != NULL) {
		*second = '\0';
		if (!number_parse(second + 1, INT32_MAX, &pid))
			return false;
	}
	out->name = text;
	out->pid = (pid_t)pid;
	*value = equals + 1;
	return true;
}
