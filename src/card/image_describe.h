/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card described for people: what is on it, but no secret and no contents. */
#ifndef CARD_IMAGE_DESCRIBE_H
#define CARD_IMAGE_DESCRIBE_H

#include <stdio.h>

#include "card/card.h"

void image_describe(const struct card *card, FILE *to);

#endif
