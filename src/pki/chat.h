/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificate holder authorisation templates: which kind of terminal, which role in its PKI, which rights
 * (BSI TR-03110-3, C.1.5 and C.4; TR-03110-4, 2). */
#ifndef PKI_CHAT_H
#define PKI_CHAT_H

#include "base/writer.h"

#define CHAT_BITS_MAX 5 /* bytes of role and rights */

enum chat_type {
	CHAT_IS,    /* inspection systems: passports */
	CHAT_AT,    /* authentication terminals: identity cards */
	CHAT_ST,    /* signature terminals */
	CHAT_TYPES, /* how many there are */
};

/* The two highest bits of role and rights. */
enum chat_role { CHAT_TERMINAL, CHAT_DV_FOREIGN, CHAT_DV_DOMESTIC, CHAT_CVCA };

struct chat {
	enum chat_type type;
	uint8_t bits[CHAT_BITS_MAX]; /* role and rights, chat_size() bytes, bit 0 in the last one */
};

/* "IS", "AT", "ST"; NULL: no such type. */
const char *chat_type_name(enum chat_type type);
bool chat_type_find(const char *name, enum chat_type *out);

const char *chat_role_name(enum chat_role role);

/* Bytes of role and rights: 1 or 5. */
size_t chat_size(enum chat_type type);

enum chat_role chat_role(const struct chat *chat);
void chat_set_role(struct chat *chat, enum chat_role role);

/* Rights are bits, without the two of the role. */
unsigned chat_rights(enum chat_type type); /* how many bits there are */
bool chat_has(const struct chat *chat, unsigned bit);
void chat_set(struct chat *chat, unsigned bit, bool value);

/* What the standard calls the right, such as "read-dg3"; NULL: the bit is reserved. */
const char *chat_right_name(enum chat_type type, unsigned bit);
bool chat_right_find(enum chat_type type, const char *name, unsigned *bit);

/* Takes away the rights that the other has not. The role stays. Both of one type. */
void chat_limit(struct chat *chat, const struct chat *by);

/* The value of a data object 7F4C, which may have more bits than we know, if none of them is set; and the whole data object.
 * ERR_FORMAT; ERR_UNSUPPORTED: another type. */
MUST_USE int chat_parse(struct bytes in, struct chat *out);
void chat_put(const struct chat *chat, struct writer *out);

#endif
