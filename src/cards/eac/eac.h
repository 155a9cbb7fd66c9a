/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What passports and identity cards have in common: the commands of BAC, PACE, Active, Chip and Terminal Authentication
 * (ICAO 9303-11; BSI TR-03110-2 and -3), bound to the state machines of auth/, and the files that they open. The base of
 * the card types that speak them. A type's create() says what the card has, by the functions below; which file is open to
 * whom says the type's own allows() (card/type.h), from what eac_session() tells.
 *
 * All that is configured here, with keys, passwords, trust points and counters, is the field "eac" of a card image. */
#ifndef CARDS_EAC_EAC_H
#define CARDS_EAC_EAC_H

#include "auth/active_auth.h"
#include "auth/agreement.h"
#include "auth/authorization.h"
#include "auth/pace.h"
#include "auth/pseudonymous.h"
#include "auth/suite.h"
#include "auth/terminal_sector.h"
#include "base/buffer.h"
#include "card/type.h"
#include "pki/chat.h"

/* No base: a card of this kind has no commands but those it needs. READ BINARY is the generic card's; so is SELECT, but
 * for EFs that allows() refuses to select, as ACCESS_SELECT. A type that has another meaning of a command puts its own row
 * in its table, and leaves to the handlers below what is not its business. */
extern const struct card_type card_eac;

#define EAC_PACE_MAX 32  /* PACE infos of a card */
#define EAC_KEYS_MAX 16  /* static keys of a card */
#define EAC_SUITES_MAX 8 /* object identifiers that a key can be used with */
#define EAC_PASSWORD_MAX 64

/* What create() of a type says. Each copies what it is given. ERR_LIMIT, ERR_NO_MEMORY, ERR_EXISTS. */

/* BAC with the password PACE_MRZ. */
void eac_offer_bac(struct card *card);

/* PACE with this object identifier and these standardised domain parameters. ERR_UNSUPPORTED: there is no such combination. */
MUST_USE int eac_add_pace(struct card *card, struct bytes oid, uint8_t parameter_id);

/* A password of PACE; tries_max 0: tries are not counted. */
struct eac_password {
	uint8_t value[EAC_PASSWORD_MAX]; /* MRZ: mrz_information, with its check digits */
	size_t len;                      /* 0: the card has no such password */
	unsigned tries, tries_max;       /* PIN: suspended at one */
	unsigned uses, uses_max;         /* PUK: how often it may unblock; 0 of both: not counted */
	bool deactivated; /* PIN: by an authentication terminal that may manage PINs */
	bool transport;   /* PIN: of five digits, only good for being replaced */
};
MUST_USE int eac_set_password(
    struct card *card, enum pace_password kind, const struct eac_password *password);
struct eac_password *eac_password(struct card *card, enum pace_password kind); /* NULL: none */

/* A static key of the chip. */
enum eac_key_use {
	EAC_KEY_CHIP_AUTH, /* Chip Authentication; of PACE's chip authentication mapping too */
	EAC_KEY_SECTOR,    /* Restricted Identification */
	EAC_KEY_PSEUDONYM, /* pseudonymous signatures */
};

struct eac_key {
	enum eac_key_use use;
	bool has_id;
	uint8_t id;           /* keyId; as data object 84 names it */
	uint8_t parameter_id; /* standardised domain parameters */
	struct bytes private; /* empty: a new one is made, but for pseudonymous signatures */
	unsigned
	    versions; /* Chip Authentication: bits 1 << 1, 1 << 2, for pseudonymous signatures 1 << 3 */
	bool authorized_only; /* Restricted Identification: after Terminal Authentication alone */
	bool privileged_only; /* Chip Authentication: for privileged terminals alone */
	struct bytes oids[EAC_SUITES_MAX]; /* what it can be used with; empty ones are none */

	/* Pseudonymous signatures, of which private is the first of both private keys. The domain parameters are those
	 * of Chip Authentication 3, too; the object identifiers of both. */
	struct bytes second;  /* the other one */
	struct bytes manager; /* the public key of the manager of the group of chips, a point */
	uint8_t auth_info[PSEUDONYMOUS_VARIANTS]
	                 [PSEUDONYMS]; /* by variant, from PSA on: ps1-authInfo, ps2-authInfo */
};
MUST_USE int eac_add_key(struct card *card, const struct eac_key *key);

/* Its public key, as in agreement_put_public(). False: no such key. */
MUST_USE bool eac_put_public_key(
    const struct card *card, enum eac_key_use use, unsigned index, struct writer *out);

/* Active Authentication, with a private key as DER or PEM; digest of the hash function, for RSA also the trailer. */
MUST_USE int eac_set_active_auth(
    struct card *card, struct bytes private_key, const struct active_auth_scheme *scheme);

/* Terminal Authentication: a CVCA's certificate, the newest of its kind first; versions as above. ERR_FORMAT: it is none. */
MUST_USE int eac_add_trust_point(struct card *card, struct bytes certificate);
void eac_offer_terminal_auth(struct card *card, unsigned versions);
bool eac_offers_terminal_auth(const struct card *card);

/* Certificates are good on any day (a card for tests with old certificates). */
void eac_ignore_dates(struct card *card);

/* EF.CVCA, whose contents name the trust points of inspection systems: kept up to date by the card. NULL: there is none.
 * ERR_LIMIT: it has no room for two names. */
MUST_USE int eac_set_ef_cvca(struct card *card, struct file *file);

/* The document number with check digit, by which Terminal Authentication 1 knows the chip after BAC. */
MUST_USE int eac_set_document_number(struct card *card, struct bytes number);

/* A delay that grows with each failed BAC or PACE: milliseconds after the first one, doubled with each, at most max. 0: none. */
void eac_set_delay(struct card *card, unsigned milliseconds, unsigned max);

/* What has been proved on the current channel. Ends with secure messaging, with power-off and with reset. */
enum eac_access { EAC_ACCESS_NONE, EAC_ACCESS_BAC, EAC_ACCESS_PACE };

struct eac_session {
	enum eac_access access;
	enum pace_password password; /* of PACE */
	bool has_chat;
	struct chat
	    chat; /* that PACE was asked with: the terminal's kind, and the most that it can get */
	struct bytes
	    extensions; /* that PACE was asked with: the value of data object 65; empty: none */
	bool terminal_authenticated;
	struct chat rights; /* what its chain and PACE's CHAT leave it */
	bool chip_authenticated;
	enum eac_key_use chip_key_use;
	struct bytes
	    auxiliary; /* the value of data object 67, authenticated by the terminal; empty: none */
	struct authorizations authorizations; /* and the extensions of both */
	enum digest_kind terminal_digest;     /* of its signature */
	struct terminal_sectors sectors;      /* of its certificate */
};

const struct eac_session *eac_session(struct card *card);

/* Whether the terminal has this right (pki/chat.h) now: after Terminal and Chip Authentication, of this kind of terminal. */
bool eac_has_right(struct card *card, enum chat_type type, unsigned bit);

/* Whether a terminal has authenticated itself that may use the password which it came with: authentication terminals the CAN
 * only if that is among their rights (TR-03110-2, 2.3.2.1). */
bool eac_came_rightly(struct card *card);

/* The same of a right that has no room in a CHAT, of an authentication terminal. */
bool eac_has_authorization(struct card *card, enum authorization_kind kind, unsigned bit);

card_handler eac_manage_security_environment;
card_handler eac_perform_security_operation;
card_handler eac_compute_signature;
card_handler eac_get_challenge;
card_handler eac_external_authenticate;
card_handler eac_internal_authenticate;
card_handler eac_general_authenticate;

#endif
