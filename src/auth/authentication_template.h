/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What MSE:Set AT and MSE:Set DST say before PACE, Terminal Authentication, Chip Authentication, Restricted Identification
 * and pseudonymous signatures (BSI TR-03110-3, B.14.1 and B.14.4). Which objects a protocol needs, and whether
 * what they name exists, is for the card to say. */
#ifndef AUTH_AUTHENTICATION_TEMPLATE_H
#define AUTH_AUTHENTICATION_TEMPLATE_H

#include "base/bytes.h"
#include "pki/chat.h"

/* Views into the command. An object that is not there has an empty view; there is none without content, but for 67. */
struct authentication_template {
	struct bytes protocol;    /* 80: the value of an object identifier */
	struct bytes public_key;  /* 83: the name of a public key; PACE: the password */
	struct bytes private_key; /* 84: of a private key; PACE: of domain parameters */
	struct bytes auxiliary;   /* 67, the whole data object, as the terminal signs it */
	struct bytes ephemeral;   /* 91: Terminal Authentication: the compressed key */
	struct bytes extensions;  /* 65: PACE: extensions that confine the terminal's rights */
	struct bytes context;     /* E0: where a session is to be stored */
	struct bytes reference;   /* E1: a stored session; pseudonymous signatures: files */
	bool has_chat;
	struct chat chat; /* 7F4C: PACE: rights that the terminal confines itself to */
};

/* Objects in any order, each at most once; none at all are a template too. False: malformed, an object that there is not,
 * or a 7F4C of no known kind of terminal; *out is untouched. */
MUST_USE bool authentication_template_parse(struct bytes data, struct authentication_template *out);

/* A reference that is a number: a password, domain parameters, a private key, the session in 81 of a template E0 or
 * E1. In as few bytes as it needs, at most four. False: not such. */
MUST_USE bool authentication_number(struct bytes reference, uint32_t *out);
MUST_USE bool authentication_session(struct bytes context, uint32_t *out);

/* What a template E1 says before a signature of credentials: file identifiers, two bytes each, one at least, and whether the
 * attribute of the terminal's sector is to be signed. False: malformed, or nothing. */
struct authentication_files {
	struct bytes fids; /* empty: none */
	bool attribute;
};

MUST_USE bool authentication_files_parse(struct bytes reference, struct authentication_files *out);

/* The protocols that an object identifier in 80 may name. */
enum authentication_protocol {
	AUTHENTICATION_UNKNOWN,
	AUTHENTICATION_TERMINAL,      /* id-TA */
	AUTHENTICATION_CHIP,          /* id-CA */
	AUTHENTICATION_PACE,          /* id-PACE */
	AUTHENTICATION_RESTRICTED_ID, /* id-RI */
	AUTHENTICATION_PSA,           /* id-PSA: Chip Authentication 3, its second part */
	AUTHENTICATION_PSM,           /* id-PSM: messages */
	AUTHENTICATION_PSC,           /* id-PSC: credentials */
};

/* By its first arcs alone. */
enum authentication_protocol authentication_protocol_of(struct bytes oid);

#endif
