/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vpcd-config prints about readers. */
#ifndef VPCD_CONFIG_SHOW_H
#define VPCD_CONFIG_SHOW_H

#include "pairing/address.h"
#include "vpcd-config/reader_conf.h"
#include "vpcd/protocol.h"

struct show {
	size_t n_slots;   /* printed so far */
	size_t n_readers; /* met so far */
	bool failed;      /* something that was asked for could not be told; stderr says what */
	bool reachable;   /* something was printed that this machine's addresses matter for */
	size_t n_addresses;
	struct address addresses[ADDRESS_LIST_MAX];
};

/* NULL: out of memory. */
struct show *show_new(void);
void show_free(struct show *show);

/* Prints the slots of a reader. path: the file that configures it, NULL for the build's defaults. */
void show_reader(struct show *show, const char *path, const struct reader_conf_entry *entry);

/* Prints what holds for all readers. */
void show_end(struct show *show);

#endif
