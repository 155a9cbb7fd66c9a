/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that runs out where a test wants it to: the linker's --wrap=X makes a call of X one of __wrap_X(),
 * and leaves the true X under the name of __real_X(). */
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void __real_free(void *block);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
void __wrap_free(void *block);

/* A test is one thread. */
static size_t fail_at;
static size_t count;
static void (*on_free)(const void *block);

void alloc_fail_at(size_t n)
{
	fail_at = n;
	count = 0;
}

bool alloc_stop(void)
{
	bool failed = fail_at != 0 && count >= fail_at;

	fail_at = 0;
	return failed;
}

void alloc_watch_free(void (*watch)(const void *block))
{
	on_free = watch;
}

bool alloc_fail_each(int (*work)(void *context), void *context, size_t *runs)
{
	for (size_t n = 1;; n++) {
		bool failed;
		int r;

		alloc_fail_at(n);
		r = work(context);
		failed = alloc_stop();
		*runs = n - 1;
		if (!failed || r != ERR_NO_MEMORY)
			return !failed && r == 0;
	}
}

static bool fails(void)
{
	return ++count == fail_at;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *block, size_t size)
{
	return fails() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return fails() ? NULL : __real_strndup(s, n);
}

void __wrap_free(void *block)
{
	if (block != NULL && on_free != NULL)
		on_free(block);
	__real_free(block);
}
