/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A passport as it is to be made: from options to files and keys. No card in sight. */
#ifndef CARDS_EPASS_DOCUMENT_H
#define CARDS_EPASS_DOCUMENT_H

#include "auth/agreement.h"
#include "auth/trust_points.h"
#include "base/buffer.h"
#include "cards/epass/epass.h"

#define EPASS_FILE_MAX (1u << 20) /* bytes of one file */
#define EPASS_CHIP_KEYS_MAX 14    /* as many as there are domain parameters */
#define EPASS_SUITES_MAX 4        /* ciphers of Chip Authentication with one key */

/* A static key pair of the chip. */
struct epass_chip_key {
	uint8_t id; /* domain parameters */
	bool has_key_id;
	uint8_t key_id;
	bool for_mapping; /* PACE with chip authentication mapping */
	size_t n_suites;  /* of Chip Authentication; 0: the key is not for that */
	uint8_t suites[EPASS_SUITES_MAX][EPASS_OID_SIZE];
	struct agreement pair;
};

struct epass_document {
	struct buffer files[LDS_FILES]; /* by enum lds_id; empty: there is none */
	struct mrz mrz;
	char can[EPASS_CAN_SIZE + 1]; /* "": none */
	struct epass_protocols protocols;
	size_t n_keys;
	struct epass_chip_key keys[EPASS_CHIP_KEYS_MAX];
	struct bytes active_auth_key; /* PEM; empty: none */
	struct active_auth_choice {
		bool ec;
		enum digest_kind digest;
	} active_auth;
	struct trust_points trust; /* of Terminal Authentication */
	bool delay;
};

/* Makes a document; random must outlive it. ERR_*: error says in one line which file or field breaks what rule, or is empty. Call
 * epass_document_free() also then. */
MUST_USE int epass_document_new(const struct epass_options *options, struct random *random,
    struct epass_document **out, char error[CARD_ERROR_SIZE]);
void epass_document_free(struct epass_document *document);

/* Whether a file can be the picture of --picture; ERR_*: error says in one line why not. */
MUST_USE int epass_check_picture(const char *path, char error[CARD_ERROR_SIZE]);

/* security.c: EF.CardAccess, what EF.CardSecurity has, EF.DG14. ERR_LIMIT: more than SECURITY_INFOS_MAX; ERR_CRYPTO. */
MUST_USE int epass_put_card_access(const struct epass_document *document, struct writer *out);
MUST_USE int epass_put_card_security(const struct epass_document *document, struct writer *out);
MUST_USE int epass_put_dg14(const struct epass_document *document, struct writer *out);
bool epass_has_dg14(const struct epass_document *document);

/* keys.c: the chip's key pairs for the protocols. ERR_CRYPTO, ... */
MUST_USE int epass_make_keys(struct epass_document *document, struct random *random);

#endif
