/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many files we may have open (getrlimit(2)). */
#include "vpcscd/open_files.h"

#include <sys/resource.h>

#include "pcsc/server.h"

#define OTHERS 200 /* besides the applications: readers, sockets, files of cards */
#define WANTED (SERVER_CLIENTS_MAX + OTHERS)

static bool set(unsigned long soft)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return false;
	limit.rlim_cur = soft;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

void open_files_raise(struct open_files *limits)
{
	struct rlimit limit;

	*limits = (struct open_files){ .raised = false };
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >= WANTED)
		return;
	limits->before = (unsigned long)limit.rlim_cur;
	limits->now = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > WANTED
	    ? WANTED
	    : (unsigned long)limit.rlim_max;
	limits->raised = set(limits->now);
}

void open_files_restore(const struct open_files *limits)
{
	if (limits->raised)
		(void)set(limits->before);
}

void open_files_again(const struct open_files *limits)
{
	if (limits->raised)
		(void)set(limits->now);
}
