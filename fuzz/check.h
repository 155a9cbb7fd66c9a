/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fuzz target holds to be true of every input. */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

/* Also with NDEBUG: a check is what the target is for. */
#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* Whether view lies inside memory (an empty one does). */
static inline bool check_inside(struct bytes memory, struct bytes view)
{
	return view.len == 0 ||
	    (view.data >= memory.data && view.len <= memory.len &&
	        (size_t)(view.data - memory.data) <= memory.len - view.len);
}

#endif
