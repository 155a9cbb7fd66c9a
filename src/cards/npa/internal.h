/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder know of each other. */
#ifndef CARDS_NPA_INTERNAL_H
#define CARDS_NPA_INTERNAL_H

#include "base/buffer.h"
#include "cards/eac/password.h"
#include "cards/npa/dataset.h"
#include "cards/npa/npa.h"
#include "lds/mrz.h"
#include "pki/cms.h"
#include "pki/security_info.h"

#define NPA_FID_CHIP_SECURITY 0x011B
#define NPA_FID_CARD_ACCESS 0x011C
#define NPA_FID_EF_DIR 0x2F00
#define NPA_FID_EF_INFO 0x2F01
#define NPA_FID_CARD_SECURITY 0x011D
#define NPA_FID_EID 0xFFFF
#define NPA_FID_CIA 0xFFFE
#define NPA_FID_ESIGN 0xFFFD
#define NPA_FID_EPASSPORT 0xFFFC
#define NPA_FID_GROUP(n) (0x0100U + (n)) /* DG n, in DF eID */
#define NPA_FID_CA_CERTIFICATE 0xC000    /* in DF eSign */
#define NPA_FID_CERTIFICATE 0xC001

#define NPA_FILE_MAX 65535 /* bytes of a file that an option names, and of one on the card */
#define NPA_CVCAS_MAX 16

#define NPA_PIN_SIZE 6 /* figures of PIN, CAN and eSign PIN */
#define NPA_TRANSPORT_PIN_SIZE 5
#define NPA_PUK_SIZE 10
#define NPA_ESIGN_USES 10
#define NPA_ESIGN_PIN 0x81 /* references in DF eSign */
#define NPA_ESIGN_KEY 0x84
#define NPA_ESIGN_PIN_NONE "none" /* --esign-pin */

/* Rights of authentication terminals (TR-03110-4, table 4). */
#define NPA_AT_PRIVILEGED 3
#define NPA_AT_PIN_MANAGEMENT 5
#define NPA_AT_INSTALL 6
#define NPA_AT_INSTALL_QUALIFIED 7

/* options.c: as the command line has them; NULL: not given. */
struct npa_options {
	const char *ef_card_access, *ef_card_security, *ca_key;
	const char *cvcas[NPA_CVCAS_MAX];
	size_t n_cvcas;
	const char *cvc_dir;
	bool disable_ta_checks, epassport, pseudonyms;
	const char *dataset;
	const char *esign_cert, *esign_key, *esign_ca_cert;
	const char *pin, *transport_pin, *can, *puk, *mrz, *esign_pin;
};

#define NPA_OPTIONS 18
extern const struct card_option npa_card_options[NPA_OPTIONS];

int npa_check_options(const void *own, char error[CARD_ERROR_SIZE]);

/* Making a card. Each says in the setup's error which option or file is wrong. */
struct npa_maker {
	struct card *card;
	const struct card_setup *setup;
	const struct npa_options *options;
};

/* The bytes of a file that an option names. */
MUST_USE int npa_load_file(
    const struct npa_maker *maker, const char *option, const char *path, struct buffer *out);

/* An X.509 certificate, from DER or PEM, as DER. */
MUST_USE int npa_load_certificate(
    const struct npa_maker *maker, const char *option, const char *path, struct buffer *out);

/* security.c: PACE, the keys of Chip Authentication and Restricted Identification, and the files that tell of them. The last one
 * may stay empty: there is none. */
struct npa_security_files {
	struct buffer card_access, card_security, chip_security;
};
MUST_USE int npa_make_security(
    const struct npa_maker *maker, const struct dataset *dataset, struct npa_security_files *files);

/* eid_security.c: appends EIDSecurityObject. ERR_NO_MEMORY, ERR_LIMIT, ERR_CRYPTO. */
MUST_USE int npa_put_eid_security(const struct dataset *dataset, struct writer *out);

/* pseudonyms.c: Chip Authentication 3 and pseudonymous signatures, with --pseudonyms. */
#define NPA_PSEUDONYM_ACCESS_INFOS 4 /* in EF.CardAccess */
#define NPA_PSEUDONYM_SIGNED_INFOS 2 /* in EF.CardSecurity besides */

/* The public keys of a group of chips and of its manager: points, each of len bytes. */
struct npa_group {
	uint8_t manager[EC_POINT_SIZE_MAX], public[EC_POINT_SIZE_MAX];
	size_t len;
};

/* Founds a group, and gives the card a key of it. */
MUST_USE int npa_make_pseudonyms(struct card *card, struct npa_group *out);

/* What is told of it: views of constants, and into memory. */
void npa_pseudonym_access_infos(struct security_info out[NPA_PSEUDONYM_ACCESS_INFOS]);
void npa_pseudonym_signed_infos(const struct npa_group *group, struct writer *memory,
    struct security_info out[NPA_PSEUDONYM_SIGNED_INFOS]);

/* The specimen's document signer; the caller ends the key. ERR_CRYPTO, ... */
MUST_USE int npa_read_signer(struct card *card, struct sign_key *key, struct cms_signer *out);

/* epassport.c: the passport's application, if it is asked for. */
MUST_USE int npa_make_epassport(const struct npa_maker *maker);

/* trust.c: CVCAs, and the card's day. */
MUST_USE int npa_make_trust(const struct npa_maker *maker);

/* passwords.c; and the card's zone. */
MUST_USE int npa_read_mrz(const struct npa_maker *maker, struct mrz *out);
MUST_USE int npa_make_passwords(const struct npa_maker *maker);

/* tree.c: the holder's data, views into text; and all files. */
MUST_USE int npa_load_dataset(
    const struct npa_maker *maker, struct buffer *text, struct dataset *dataset);
MUST_USE int npa_make_tree(const struct npa_maker *maker, const struct dataset *dataset,
    const struct npa_security_files *security);

/* files.c: a transparent EF with these contents. ERR_LIMIT, ERR_NO_MEMORY, ERR_EXISTS. */
struct npa_file {
	uint16_t fid;
	uint8_t sfi;
	struct bytes contents;
};
MUST_USE int npa_add_file(struct card *card, struct file *df, const struct npa_file *file);

/* What is kept of the card beside files, passwords and keys. It outlives power-off. */
struct npa_state {
	unsigned esign_uses; /* how often the PUK may still give the eSign PIN its tries again */
};

struct npa_state *npa_state_of(const struct card *card);

/* select.c, files.c */
card_handler npa_select;
card_handler npa_update_binary;

/* rights.c: what TR-03110-4 and TR-03127 let each kind of terminal do. */
enum sw npa_allows(struct card *card, const struct file *file, enum access access);

/* Whether the terminal has this right of an authentication terminal now. */
bool npa_has_right(struct card *card, unsigned bit);

/* Whether it is of this kind, after Terminal and Chip Authentication; whether it may install certificates. */
bool npa_is_kind(struct card *card, enum chat_type type);
bool npa_may_install(struct card *card);

/* pin.c */
card_handler npa_reset_retry_counter;
card_handler npa_activate;
card_handler npa_deactivate;

/* Whether the session is that of a terminal that has proved nothing but to know this password. */
bool npa_is_holders(struct card *card, enum pace_password kind);

/* esign.c: the PIN 81 and the key 84 of DF eSign, while that is the current DF. */
MUST_USE int npa_make_esign(const struct npa_maker *maker, struct file *df);
bool npa_is_in_esign(struct card *card);
enum sw npa_esign_unblock(struct card *card);
card_handler npa_esign_verify;
card_handler npa_esign_change;
card_handler npa_esign_terminate;
card_handler npa_esign_generate;
card_handler npa_manage_security_environment;
card_handler npa_perform_security_operation;

/* image.c */
bool npa_save(const struct card *card, const void *part, struct json_t *out);
int npa_load(struct card *card, void *part, const struct image_node *in);
void npa_describe(const struct card *card, const void *part, FILE *to);

/* verify.c */
card_handler npa_verify_auxiliary;
card_handler npa_compare_auxiliary;

/* Whether these are n figures. */
bool npa_is_digits(struct bytes value, size_t n);

#endif
