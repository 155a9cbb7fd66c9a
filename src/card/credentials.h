/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords and keys of a card, each of which belongs to a DF: to the MF if it is global (ISO/IEC 7816-4,
 * 9.2). All of it outlives power-off and reset. */
#ifndef CARD_CREDENTIALS_H
#define CARD_CREDENTIALS_H

#include "auth/key_object.h"
#include "auth/pin.h"
#include "card/session.h"

#define CREDENTIALS_MAX 256 /* of each kind on a card */

struct password {
	const struct file *df;
	uint8_t number; /* 1 to REFERENCE_NUMBER, once in a DF */
	struct pin pin;

	/* Number of the password in the same DF that is the resetting code of this one ("PUK"); 0: none. */
	uint8_t resetting;
	bool can_be_disabled;
};

struct card_key {
	const struct file *df;
	uint8_t
	    number; /* 1 to REFERENCE_NUMBER, once in a DF: passwords have numbers of their own */
	struct key_object object;

	/* Reference, as seen from df, of the password that must be proved before the secret part is used to
	 * sign, to decipher or to compute a checksum; 0: none. */
	uint8_t password;
};

struct credential_entry {
	struct credential_entry *next;
	enum credential kind;
	union {
		struct { /* both have at their beginning */
			const struct file *df;
			uint8_t number;
		} common;
		struct password password;
		struct card_key key;
	} of;
};

/* All zero is a store without any. */
struct credentials {
	struct credential_entry *first; /* in the order in which they came */
	size_t n[CREDENTIALS];          /* by enum credential */
};

void credentials_done(struct credentials *credentials);

/* Call before df is deleted: what belongs to it, or to a DF below it, goes with it. */
void credentials_leave(struct credentials *credentials, const struct file *df);

/* Adds a copy. ERR_EXISTS: df has one with this number; ERR_LIMIT: too many, or the number is none;
 * ERR_NO_MEMORY. */
MUST_USE int credentials_add_password(
    struct credentials *credentials, const struct password *password);

/* The password of df with this number; NULL: none. */
struct password *credentials_password(
    const struct credentials *credentials, const struct file *df, uint8_t number);

/* What a reference means in the current DF: with bit 8 a password of the current DF or of the nearest DF above
 * it that has the number, without it one of the MF; 00, no reference, the first of the MF. NULL: none. */
struct password *credentials_find_password(
    const struct credentials *credentials, const struct file *current, uint8_t reference);

/* Removes a password. */
void credentials_remove_password(struct credentials *credentials, struct password *password);

/* The same for keys. What the new one holds is the store's from then on, unless it fails. */
MUST_USE int credentials_take_key(struct credentials *credentials, const struct card_key *key);
struct card_key *credentials_key(
    const struct credentials *credentials, const struct file *df, uint8_t number);
struct card_key *credentials_find_key(
    const struct credentials *credentials, const struct file *current, uint8_t reference);

/* Removes a key. */
void credentials_remove_key(struct credentials *credentials, struct card_key *key);

#endif
