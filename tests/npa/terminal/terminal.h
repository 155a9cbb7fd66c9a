/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal for cards with Extended Access Control version 2 (BSI TR-03110), on libeac: an implementation that is not
 * ours. Each function does one step and ends the program where it cannot; what the card answers to the step itself is
 * returned as its status. */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "channel.h"

#include <eac/pace.h>

#define CHAIN_MAX 8
#define SW_OK 0x9000u

struct terminal {
	struct channel *channel;
	EAC_CTX *eac;            /* of the newest PACE; NULL before the first */
	struct blob card_access; /* EF.CardAccess, once read */
	struct blob chat;        /* for PACE: 7F4C with its value, or nothing */
	struct blob id_picc;     /* of the newest PACE: the card's compressed key */
	struct blob chain[CHAIN_MAX];
	size_t n_chain;
	struct blob key;       /* of the last certificate, PKCS #8 */
	struct blob auxiliary; /* 67 with its value, or nothing */
	const char *csca;      /* file; NULL: EF.CardSecurity is not verified */
	struct blob ca_key;    /* reference of the card's key for Chip Authentication, or nothing */
	bool in_eid;           /* the eID application is selected */
	bool write_binary;     /* write by WRITE BINARY, not UPDATE BINARY */
};

/* The value of an object identifier. */
struct blob oid_of(int nid);

/* libeac loses zeros at the beginning of a secret of Diffie-Hellman, which PKCS #3 keeps: puts them back, between the
 * agreement and the derivation of keys. */
void pad_secret(KA_CTX *agreement);

/* PACE, anew or under the secure messaging there is. *tries is what MSE:Set AT said of the tries left, or -1. */
unsigned int terminal_pace(
    struct terminal *terminal, enum s_type kind, const char *password, int *tries);

/* Terminal Authentication version 2 with the chain, Chip Authentication version 2. */
unsigned int terminal_authenticate(struct terminal *terminal);
unsigned int chip_authenticate(struct terminal *terminal);

/* The authorisations of the chain's last certificate, as PACE wants them. */
struct blob chain_chat(const struct terminal *terminal);

/* All of a file by its short identifier; then the status of the first READ BINARY that brought nothing. */
unsigned int file_read(struct terminal *terminal, unsigned int sfi, struct blob *content);

/* Data group n of the eID application. */
unsigned int group_read(struct terminal *terminal, unsigned int n, struct blob *content);
unsigned int group_write(struct terminal *terminal, unsigned int n, struct blob content);

/* One comparison of auxiliary data: its DO 73, and the VERIFY that asks for the result. */
enum comparison { COMPARE_BIRTH = 1, COMPARE_EXPIRY, COMPARE_COMMUNITY };
struct blob auxiliary_entry(enum comparison comparison, struct blob reference);
unsigned int auxiliary_verify(struct terminal *terminal, enum comparison comparison);

/* RESET RETRY COUNTER: kind gets a new value (none: its counter alone is reset). */
unsigned int password_reset(struct terminal *terminal, enum s_type kind, struct blob value);

/* ACTIVATE and DEACTIVATE of a password. */
unsigned int password_activate(struct terminal *terminal, enum s_type kind, bool active);

#endif
