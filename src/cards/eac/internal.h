/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of card_eac, known to the files of this folder and their tests. */
#ifndef CARDS_EAC_INTERNAL_H
#define CARDS_EAC_INTERNAL_H

#include "auth/authentication_template.h"
#include "auth/bac.h"
#include "auth/chip_auth.h"
#include "auth/restricted_id.h"
#include "auth/terminal_auth.h"
#include "cards/eac/eac.h"

#define EAC_OID_MAX 16
#define EAC_PASSWORDS 5 /* kinds, by enum pace_password */
#define EAC_DOCUMENT_NUMBER_MAX 32
#define EAC_AUXILIARY_MAX 4096
#define EAC_EXTENSIONS_MAX 256
#define EAC_GENERAL_MAX 4096  /* data of GENERAL AUTHENTICATE, in any number of commands */
#define EAC_COMPRESSED_MAX 66 /* Comp(PK): x, or a SHA-1 hash */
#define EAC_FID_PATH_MAX FS_PATH_MAX
#define EAC_SIGNED_FILES_MAX 32                /* files of a signature of credentials */
#define EAC_CREDENTIALS_MAX 262144             /* and bytes of them */
#define EAC_AGREED_MAX (EC_POINT_SIZE_MAX + 8) /* a point as a data object */

struct eac_oid {
	uint8_t data[EAC_OID_MAX];
	size_t len; /* 0: none */
};

struct eac_pace_info {
	struct suite suite;
	uint8_t parameter_id;
	struct domain domain;
};

struct eac_held_key {
	struct eac_key what; /* its views are empty */
	struct eac_oid oids[EAC_SUITES_MAX];
	struct agreement pair;

	/* Pseudonymous signatures. */
	struct pseudonym_key *pseudonym;
	uint8_t second[EC_FIELD_SIZE_MAX], manager[EC_POINT_SIZE_MAX];
	size_t second_len, manager_len;
};

struct eac_active_auth {
	struct rsa *rsa; /* one of both, or neither */
	struct ec_key *ec;
	struct active_auth_scheme scheme;
};

struct eac_compressed {
	uint8_t data[EAC_COMPRESSED_MAX];
	size_t len; /* 0: none */
};

/* What the next command must belong to: anything else ends it. session.c has the table. */
enum eac_pending {
	EAC_PENDING_NOTHING,
	EAC_PENDING_BAC,      /* GET CHALLENGE has been answered */
	EAC_PENDING_PROTOCOL, /* MSE:Set AT has chosen one of GENERAL AUTHENTICATE, or it is under way */
	EAC_PENDING_ISSUER,    /* MSE:Set DST has named who issued the next certificate */
	EAC_PENDING_TERMINAL,  /* MSE:Set AT has named the terminal whose key will sign */
	EAC_PENDING_SIGNATURE, /* MSE:Set DST has chosen a pseudonymous signature */
};

struct eac_state;

/* One command of a protocol. */
struct eac_step {
	bool last; /* without the chaining bit */
	struct bytes data;
};

/* A protocol of GENERAL AUTHENTICATE. */
struct eac_protocol {
	enum authentication_protocol id;
	uint8_t p1;   /* of MSE:Set AT */
	bool repeats; /* a chain that has succeeded can be followed by another one */

	/* MSE:Set AT. After an error, or a status that is no warning, nothing is chosen. */
	enum sw (*choose)(struct card *card, const struct authentication_template *template);

	/* GENERAL AUTHENTICATE. After anything but SW_OK, and after the last of the chain, it is over, unless it repeats. */
	enum sw (*step)(struct card *card, const struct eac_step *step, struct writer *out);

	/* Ends it, wherever it is. */
	void (*forget)(struct eac_state *state);
};

extern const struct eac_protocol eac_pace;
extern const struct eac_protocol eac_chip_auth;
extern const struct eac_protocol eac_restricted_id;
extern const struct eac_protocol eac_psa;

struct eac_pace_run {
	struct pace *pace; /* NULL: before its first step */
	unsigned step;     /* that is due */
	const struct eac_pace_info *info;
	enum pace_password password;
	bool has_chat;
	struct chat chat;
	uint8_t seed[EAC_PASSWORD_MAX];
	uint8_t extensions[EAC_EXTENSIONS_MAX]; /* of MSE:Set AT */
	size_t extensions_len;
};

struct eac_chip_auth_run {
	struct suite suite;
	struct eac_held_key *key;
	enum chip_auth_version version;
};

struct eac_restricted_id_run {
	struct restricted_id_suite suite;
	struct eac_held_key *key;
};

struct eac_pseudonymous_run {
	struct pseudonymous_suite suite;
	struct eac_held_key *key;
	const struct file *files[EAC_SIGNED_FILES_MAX]; /* credentials */
	size_t n_files;
};

/* The chip's ephemeral key of Chip Authentication 3, which waits to be signed: the data object that was answered. */
struct eac_agreed {
	uint8_t data[EAC_AGREED_MAX];
	size_t len; /* 0: none */
};

/* Data of a chain of GENERAL AUTHENTICATE that are one command together. */
struct eac_collected {
	uint8_t data[EAC_GENERAL_MAX];
	size_t len;
};

/* Terminal Authentication, from the first MSE:Set DST until the session ends. */
struct eac_terminal {
	struct terminal_auth *auth;      /* NULL: none */
	struct date today;               /* the card's, where certificates change it */
	struct buffer auxiliary;         /* 67, as MSE:Set AT had it */
	struct eac_compressed ephemeral; /* version 2: as MSE:Set AT had it */
};

struct eac_state {
	/* What the card is. Outlives power-off. */
	bool bac;
	struct eac_pace_info pace_infos[EAC_PACE_MAX];
	size_t n_pace_infos;
	struct eac_password passwords[EAC_PASSWORDS];
	struct eac_held_key keys[EAC_KEYS_MAX];
	size_t n_keys;
	struct eac_active_auth active_auth;
	unsigned terminal_auth_versions;
	struct trust_points trust[CHAT_TYPES];
	bool ignore_dates;
	struct file *ef_cvca; /* NULL: none */
	struct buffer document_number;
	unsigned delay, delay_max; /* milliseconds */

	unsigned failures; /* of BAC and PACE in a row; ends with the card */

	/* What has been proved: ends with secure messaging, power-off, reset, and where BAC or PACE begins anew. */
	struct eac_session session;
	struct eac_compressed chip; /* Comp(PK_PICC) of PACE */
	struct eac_compressed
	    ephemeral; /* Comp(PK_PCD) of Chip Authentication, or of PACE with its mapping */
	struct eac_terminal terminal;
	struct eac_agreed agreed;
	uint8_t extensions[EAC_EXTENSIONS_MAX]; /* of PACE */

	/* What is under way: ends as the table in session.c says. */
	enum eac_pending pending;
	const struct eac_protocol *protocol; /* EAC_PENDING_PROTOCOL */
	struct bac bac_run;
	struct eac_pace_run pace_run;
	struct eac_chip_auth_run chip_auth_run;
	struct eac_restricted_id_run restricted_id_run;
	struct eac_pseudonymous_run pseudonymous_run;
	struct eac_collected collected;
};

struct eac_state *eac_state_of(const struct card *card);

/* session.c */
void eac_before(struct card *card, void *part, const struct apdu *apdu);
void eac_reset(struct card *card, void *part);
void eac_sm_ended(struct card *card, void *part);

/* Ends what is under way, and begins something. */
void eac_drop(struct eac_state *state);
void eac_await(struct eac_state *state, enum eac_pending pending);

/* Forgets what has been proved. */
void eac_forget(struct eac_state *state);

/* From the next command on there are these keys. SW_NO_DIAGNOSIS, SW_MEMORY_FAILURE. */
MUST_USE enum sw eac_switch_keys(struct card *card, const struct session_keys *keys);

/* BAC or PACE has ended: a wrong password makes the next one slower. */
void eac_count_failure(struct card *card);
void eac_count_success(struct card *card);

/* The version of Chip and Terminal Authentication that the session is about: 2 if PACE had a CHAT, else 1. */
unsigned eac_version(const struct eac_state *state);

/* Comp(PK) of a public key. ERR_FORMAT, ERR_CRYPTO. */
MUST_USE int eac_compress(
    const struct domain *domain, struct bytes public, struct eac_compressed *out);
struct bytes eac_compressed_bytes(const struct eac_compressed *compressed);

/* Whether an object identifier is one of the key's. */
bool eac_key_has_oid(const struct eac_held_key *key, struct bytes oid);

/* The key that data object 84 names, or without one the only one for this use that the object identifier (empty: any)
 * fits. SW_REFERENCE_NOT_FOUND: there is none; SW_WRONG_DATA: the object identifier is not one of its. */
struct eac_key_wanted {
	enum eac_key_use use;
	struct bytes oid, reference;
	unsigned versions; /* bits, one of which it must have; 0: any */
	bool for_3des;
};
MUST_USE enum sw eac_find_key(
    struct eac_state *state, const struct eac_key_wanted *wanted, struct eac_held_key **out);

/* mse.c */
MUST_USE enum sw eac_set_terminal(
    struct card *card, const struct authentication_template *template);
MUST_USE enum sw eac_set_issuer(struct card *card, const struct authentication_template *template);

/* Long data comes in the parts of a chain, as far as a protocol has one command alone. False: too much. */
MUST_USE bool eac_collect(struct eac_state *state, struct bytes part);
struct bytes eac_collected(const struct eac_state *state);

/* chip_auth.c: MSE:Set KAT */
MUST_USE enum sw eac_set_kat(struct card *card, struct bytes data);

/* pseudonymous.c: MSE:Set DST for computation */
MUST_USE enum sw eac_set_signature(
    struct card *card, const struct authentication_template *template);

/* config.c */
void eac_key_done(struct eac_held_key *key);

/* bac.c */
MUST_USE enum sw eac_bac_challenge(struct card *card, struct writer *out);
MUST_USE enum sw eac_bac_authenticate(struct card *card, struct bytes data, struct writer *out);

/* terminal_auth.c */
MUST_USE enum sw eac_terminal_challenge(struct card *card, struct writer *out);
MUST_USE enum sw eac_terminal_authenticate(struct card *card, struct bytes signature);
void eac_terminal_forget(struct eac_terminal *terminal);

/* trust.c: EF.CVCA as the trust points are now. ERR_LIMIT: it is too small. */
MUST_USE int eac_write_ef_cvca(struct eac_state *state);

/* select.c */
card_handler eac_select;

/* image.c, describe.c */
bool eac_save(const struct card *card, const void *part, struct json_t *out);
int eac_load(struct card *card, void *part, const struct image_node *in);
void eac_describe(const struct card *card, const void *part, FILE *to);

#endif
