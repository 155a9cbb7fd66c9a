/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files in which pcscd finds readers that do not announce themselves (reader.conf(5)). */
#ifndef VPCD_CONFIG_READER_CONF_H
#define VPCD_CONFIG_READER_CONF_H

#include "base/bytes.h"

/* One file's text while it is read. */
struct reader_conf {
	struct bytes rest;
	unsigned line;   /* of what was read last, from 1 */
	const char *why; /* after ERR_FORMAT: what pcscd will not take, static storage */
};

/* One reader of it, without the quotation marks: views into the text. */
struct reader_conf_entry {
	struct bytes friendly_name, device_name, lib_path, channel_id;
};

void reader_conf_init(struct reader_conf *file, struct bytes text);

/* Reads on until all four keys of a reader have been there, which is what makes a reader for pcscd.
 * ERR_NOT_FOUND: no more readers (an incomplete one at the end does not count); ERR_FORMAT: pcscd would
 * refuse this file, for the reason and at the line that file then says. */
MUST_USE int reader_conf_next(struct reader_conf *file, struct reader_conf_entry *out);

/* Whether the library is the driver of this project, by its name. */
bool reader_conf_is_vpcd(const struct reader_conf_entry *entry);

#endif
