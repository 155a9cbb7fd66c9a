/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vpcd-config prints about readers. */
#ifndef VPCD_CONFIG_SHOW_H
#define VPCD_CONFIG_SHOW_H

#include "pairing/address.h"
#include "vpcd-config/reader_conf.h"
#include "vpcd/protocol.h"

struct show {
	const char *path; /* the file that configures what comes next; NULL: the build's defaults */
	const char *setting; /* what the place of the slots is called there */
	size_t n_slots;      /* printed so far */
	size_t n_readers;    /* met so far */
	bool failed;         /* something that was asked for could not be told; stderr says what */
	bool reachable;      /* something was printed that this machine's addresses matter for */
	size_t n_addresses;
	struct address addresses[ADDRESS_LIST_MAX];
};

/* NULL: out of memory. */
struct show *show_new(void);
void show_free(struct show *show);

/* Prints the slots of a reader. */
void show_reader(struct show *show, const struct reader_conf_entry *entry);

/* Prints what holds for all readers. */
void show_end(struct show *show);

#endif
