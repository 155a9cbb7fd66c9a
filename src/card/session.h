/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The security state and the selected files of one logical channel (ISO/IEC 7816-4, 5.4.2 and 9.2). Each
 * member says when it ends. Nothing here is shared between channels: what is proved on one, by a PIN or
 * by a key, is not proved on another. */
#ifndef CARD_SESSION_H
#define CARD_SESSION_H

#include "auth/environment.h"
#include "crypto/digest.h"
#include "fs/fs.h"

#define SESSION_CHALLENGE_MAX 64
#define SESSION_SE_DEFAULT 1 /* the security environment that is always there (7816-4, 9.3.4) */

/* What a terminal proves that it knows. References (P2 of VERIFY, data objects 83 and 84) have bit 8 for
 * what belongs to a DF, and a number in bits 5 to 1. */
enum credential { CREDENTIAL_PASSWORD, CREDENTIAL_KEY };

#define CREDENTIALS 2
#define REFERENCE_SPECIFIC 0x80
#define REFERENCE_NUMBER 0x1F

/* How the command being carried out came; bits, those of enum sm_protection. */
enum session_protection {
	SESSION_PROTECTION_NONE = 0,
	SESSION_COMMAND_AUTHENTIC = 1,     /* the command's data had a cryptographic checksum */
	SESSION_COMMAND_CONFIDENTIAL = 2,  /* it was enciphered */
	SESSION_RESPONSE_AUTHENTIC = 4,    /* the response's will have a checksum */
	SESSION_RESPONSE_CONFIDENTIAL = 8, /* it will be enciphered */
};

/* What has been proved of the credentials that belong to one DF: bit n of proved[kind] stands for
 * number n. */
struct security_status {
	uint32_t proved[CREDENTIALS];
};

struct session {
	struct file *df; /* the current DF, never NULL; the MF after power-on and reset */
	struct file
	    *ef; /* the current EF, NULL: none; none after power-on, reset and selection of a DF */
	unsigned record; /* current record of ef, from 1 on; 0: none; none after any selection */

	/* The current security environment; the default one after power-on and reset, and as soon as the
	 * current DF is left for one that is not below it. */
	uint8_t se;

	/* Its control reference templates, as MANAGE SECURITY ENVIRONMENT made them. Ends as se does. */
	struct environment environment;

	/* The answer to the last GET CHALLENGE; none (0 bytes) after power-on and reset, after the command
	 * that used it, and when it was longer than this. */
	uint8_t challenge[SESSION_CHALLENGE_MAX];
	size_t challenge_len;

	/* What the hash operation left for a signature, until it is used; none (0 bytes) after power-on, reset
	 * and a change of the security environment. */
	uint8_t hash[DIGEST_SIZE_MAX];
	size_t hash_len;

	/* [0]: of the MF's (global) credentials: until power-on and reset. [n]: of those of the DF at
	 * depth n on the way to the current DF: until a DF that is not it or below it is selected. */
	struct security_status status[FS_DEPTH_MAX + 1];

	/* Of the command that is being carried out: dispatch sets it before each. */
	unsigned protection;

	/* And how many bytes of data its response may have without GET RESPONSE, as far as protection alone
	 * limits them: SIZE_MAX where it does not. */
	size_t room;
};

/* As after power-on. */
void session_reset(struct session *session, struct file *mf);

/* Makes file the current DF, or the current EF and its DF the current DF. */
void session_select(struct session *session, struct file *file);

/* Call before file is deleted: selects its parent where the current files are it or below it. */
void session_leave(struct session *session, const struct file *file);

/* Remembers the challenge that the next proof must answer; empty, or too long: none. */
void session_set_challenge(struct session *session, struct bytes challenge);

/* Makes another security environment the current one. */
void session_set_environment(
    struct session *session, uint8_t number, const struct environment *environment);

/* Remembers, and forgets, that the credential with this number, which belongs to df, has been proved. df
 * is the current DF or one above it: the MF for global ones. number is at most REFERENCE_NUMBER. */
void session_grant(
    struct session *session, enum credential kind, const struct file *df, uint8_t number);
void session_revoke(
    struct session *session, enum credential kind, const struct file *df, uint8_t number);

/* Forgets all of a kind. */
void session_revoke_all(struct session *session, enum credential kind);

/* Whether it has been proved. False as well where df is not the current DF or above it. */
bool session_has(
    const struct session *session, enum credential kind, const struct file *df, uint8_t number);

/* Whether any credential of this kind that belongs to the current DF or one above it has been proved. */
bool session_has_any(const struct session *session, enum credential kind);

#endif
