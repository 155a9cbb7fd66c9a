/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the readers in a driver bundle's Info.plist: on macOS they stand for DEVICENAME. */
#ifndef VPCD_CONFIG_INFO_PLIST_H
#define VPCD_CONFIG_INFO_PLIST_H

#include "base/bytes.h"

/* One file's text while it is read. */
struct info_plist {
	struct bytes rest;
	bool inside; /* the value of ifdFriendlyName */
};

void info_plist_init(struct info_plist *file, struct bytes text);

/* Takes the next string of ifdFriendlyName: a view into the text. False: there are no more. */
MUST_USE bool info_plist_next(struct info_plist *file, struct bytes *out);

#endif
