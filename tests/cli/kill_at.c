/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kill_at N NAME COMMAND...: runs a command and kills it (SIGKILL) when it is about to make its N-th system
 * call, counted over all its threads from the first one that names a file NAME: what a program does before
 * that, its own loading most of all, cannot harm the file. Exit status: 0 killed so; 1 the command ended
 * before; 77 processes cannot be traced here. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_KILLED 0
#define STATUS_ENDED 1
#define STATUS_USAGE 2
#define STATUS_SKIP 77

#define SYSCALL_STOP (SIGTRAP | 0x80) /* with PTRACE_O_TRACESYSGOOD */
#define THREADS_MAX 64
#define ARGUMENTS 2 /* of a system call; one of the first two is its path */
#define NAME_SIZE_MAX 1024

static struct {
	pid_t id;
	bool inside; /* a system call: the next stop is its end */
} threads[THREADS_MAX];

/* Whether this stop is the beginning of a system call. */
static bool begins(pid_t id)
{
	for (int i = 0; i < THREADS_MAX; i++) {
		if (threads[i].id != id && threads[i].id != 0)
			continue;
		threads[i].id = id;
		threads[i].inside = !threads[i].inside;
		return threads[i].inside;
	}
	return false;
}

/* What to hand on to the process that stopped: its signal, unless it is ours. */
static int signal_of(int status)
{
	int number = WSTOPSIG(status);

	return number == SYSCALL_STOP || number == SIGTRAP || number == SIGSTOP ? 0 : number;
}

/* Whether the system call that begins names this file. Also where nobody can tell. */
static bool names(pid_t id, const char *name)
{
	struct __ptrace_syscall_info info;
	size_t size = strlen(name) + 1;
	char text[NAME_SIZE_MAX];

	if (size > sizeof text ||
	    ptrace(PTRACE_GET_SYSCALL_INFO, id, (void *)sizeof info, &info) <= 0)
		return true;
	for (int i = 0; i < ARGUMENTS; i++) {
		struct iovec here = { text, size };
		struct iovec there = { (void *)(uintptr_t)info.entry.args[i], size };

		if (process_vm_readv(id, &here, 1, &there, 1, 0) == (ssize_t)size &&
		    memcmp(text, name, size) == 0)
			return true;
	}
	return false;
}

static int watch(pid_t child, const char *name, unsigned long n)
{
	bool begun, named = false;
	int status;
	pid_t id;

	for (;;) {
		id = waitpid(-1, &status, __WALL);
		if (id < 0)
			return STATUS_ENDED;
		if (!WIFSTOPPED(status)) {
			if (id == child)
				return STATUS_ENDED;
			continue;
		}
		begun = WSTOPSIG(status) == SYSCALL_STOP && begins(id);
		named = named || (begun && names(id, name));
		if (begun && named && --n == 0) {
			(void)kill(child, SIGKILL);
			(void)waitpid(child, &status, __WALL);
			return STATUS_KILLED;
		}
		(void)ptrace(PTRACE_SYSCALL, id, NULL, (void *)(long)signal_of(status));
	}
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
	int status;
	pid_t child;

	if (n == 0)
		return STATUS_USAGE;
	child = fork();
	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(STATUS_SKIP);
		(void)execv(argv[3], argv + 3);
		_exit(STATUS_USAGE);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return STATUS_USAGE;
	if (!WIFSTOPPED(status)) /* not even exec */
		return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_SKIP;
	if (ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)options) != 0 ||
	    ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0)
		return STATUS_SKIP;
	return watch(child, argv[2], n);
}
