/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader tells of itself and its card: the tags of IFDHGetCapabilities(). */
#ifndef IFD_ATTRIBUTES_H
#define IFD_ATTRIBUTES_H

#include "ifd/channel.h"
#include "reader/attributes.h"

/* Appends the value of a tag. ERR_NOT_FOUND: there is no such tag; ERR_NO_CARD and other errors of the
 * slot: it tells of a card, and none is there. */
MUST_USE int attribute_get(struct channel *channel, unsigned long tag, struct writer *out);

#endif
