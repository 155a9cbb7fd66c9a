/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the person at the terminal for the holder's data. */
#ifndef CARDS_EPASS_ASK_H
#define CARDS_EPASS_ASK_H

#include "cards/epass/epass.h"

#define EPASS_PATH_MAX 4096

/* Asks for the machine readable zone and for the path to a picture, until they are right; the path is kept in memory of the caller's. An
 * empty answer means that of the specimen; without a terminal nobody is asked, and all is the specimen's. ERR_INTERRUPTED: error
 * says that the input ended. */
MUST_USE int epass_ask(
    struct epass_options *options, char picture[EPASS_PATH_MAX], char error[CARD_ERROR_SIZE]);

/* ask_libedit.c, ask_plain.c: one line, which the caller frees; for a path with completion, where there is libedit. NULL: the
 * input ended, or memory is out. */
char *epass_ask_line(const char *question, bool is_path);

#endif
