/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card at the end of a connection to a reader. */
#ifndef VICC_SERVE_H
#define VICC_SERVE_H

#include "card/card.h"
#include "vpcd/icc.h"

/* Answers the reader until the connection ends, and takes the card's power away then. Always an error:
 * that of icc_next() or icc_answer(). *n_messages: how many were served. */
MUST_USE int serve(struct icc *icc, struct card *card, uint64_t *n_messages);

#endif
