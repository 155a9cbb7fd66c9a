/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a Cryptoflex: known to the files of this folder and to its tests.
 *
 * Where the comments say "the card's manual", they mean the Cryptoflex Programmer's Guide and the older
 * description of its sister, the Multiflex. */
#ifndef CARDS_CRYPTOFLEX_CRYPTOFLEX_H
#define CARDS_CRYPTOFLEX_CRYPTOFLEX_H

#include <stdio.h>

#include "card/type.h"
#include "cards/cryptoflex/tree.h"

/* File identifiers that mean something to the card. */
#define FLEX_FID_CHV1 0x0000
#define FLEX_FID_CHV2 0x0100
#define FLEX_FID_INTERNAL_KEYS 0x0001
#define FLEX_FID_EXTERNAL_KEYS 0x0011
#define FLEX_FID_SERIAL 0x0002
#define FLEX_FID_RSA_PRIVATE 0x0012
#define FLEX_FID_RSA_PUBLIC 0x1012

#define FLEX_CHVS 2
#define FLEX_CHALLENGE_SIZE 8
#define FLEX_CRYPTOGRAM_SIZE 6

/* Status words that mean something else than in ISO/IEC 7816-4, or nothing there. */
#define FLEX_SW_INVALIDATED SW_FILE_DEACTIVATED_WARNING
#define FLEX_SW_REJECTED SW_WARNING_CHANGED       /* wrong CHV, key or cryptogram */
#define FLEX_SW_NO_SECRET SW_WRONG_FILE_STRUCTURE /* no such CHV or key */
#define FLEX_SW_WRONG_KIND SW_WRONG_DATA          /* of file, for this command */
#define FLEX_SW_WRONG_P1P2 SW_WRONG_OFFSET
#define FLEX_SW_COUNT_EXCEEDED                                                                     \
	((enum sw)0x9850) /* INCREASE or DECREASE beyond what the value holds */

struct flex_model {
	const char *name;
	struct bytes atr;
	size_t memory;
	bool generates; /* RSA keys */
};

/* What --model and the like are parsed into. */
struct flex_options {
	const struct flex_model *model; /* NULL: the first */
};

/* What card_state(card, &card_cryptoflex) is. */
struct flex_state {
	const struct flex_model *model;
	struct flex_tree tree;

	/* From here on all ends with power-off and reset. */
	struct flex_file *df;             /* the current DF */
	struct flex_file *ef;             /* the current EF; NULL: none */
	struct flex_file *chv[FLEX_CHVS]; /* the CHV files in force; NULL: none */
	struct flex_file *external_keys;  /* the file of external keys in force; NULL: none */
	struct flex_file *listed;         /* by DIR NEXT, last; NULL: none */
	uint8_t record;                   /* the current one, from 1 on; 0: none */
	bool has_challenge;               /* until the next command that uses it */
	uint8_t challenge[FLEX_CHALLENGE_SIZE];
};

extern const struct card_type card_cryptoflex;

const struct flex_model *flex_model_find(const char *name);

struct flex_state *flex_state_of(const struct card *card);

/* 67xx, which says how long the data or Le ought to be; 00 stands for 256 and more. */
enum sw flex_wrong_length(size_t right);

/* access.c */
enum flex_operation {
	FLEX_READ,   /* and SEEK */
	FLEX_UPDATE, /* and DECREASE */
	FLEX_INCREASE,
	FLEX_CREATE_RECORD,
	FLEX_REHABILITATE,
	FLEX_INVALIDATE,
	FLEX_OPERATIONS,
	FLEX_DIR_NEXT = 0, /* of a DF */
	FLEX_DELETE = 2,
	FLEX_CREATE = 3,
};

/* Whether the operation is allowed on the file. Where it is in protected mode, the cryptogram is taken off
 * the end of *data (NULL: the command has none). */
MUST_USE enum sw flex_access(struct card *card, const struct flex_file *file,
    enum flex_operation operation, struct bytes *data);

/* The nearest file of that identifier: in this DF, or in the DFs around it. NULL: none. */
struct flex_file *flex_nearest(const struct flex_file *df, uint16_t fid);

/* Finds what is in force in the current DF: when that changes, when files go, and when the user speaks of a
 * CHV or a key. Not when a file is created: whoever was let in by the files in force writes the new one. */
void flex_find_chvs(struct flex_state *state);
void flex_find_external_keys(struct flex_state *state);

bool flex_chv_is_verified(const struct flex_state *state, unsigned number);

/* select.c */
void flex_enter(struct flex_state *state, struct flex_file *file);
card_handler flex_select;
card_handler flex_dir_next;
card_handler flex_get_ac_keys;

/* manage.c */
MUST_USE enum sw flex_decode_create(struct bytes data, uint8_t n_records, struct flex_header *out);
card_handler flex_create_file;
card_handler flex_delete_file;
card_handler flex_invalidate;
card_handler flex_rehabilitate;

/* binary.c */
card_handler flex_read_binary;
card_handler flex_update_binary;

/* record.c */

/* Record number n of those there are, from 1 on. */
struct bytes flex_record(const struct flex_file *file, uint8_t n);

/* Puts a record behind the others. False: there is no room, or fixed records have another size. */
MUST_USE bool flex_add_record(struct flex_file *file, struct bytes data);

card_handler flex_read_record;
card_handler flex_update_record;
card_handler flex_create_record;
card_handler flex_seek;
card_handler flex_increase;
card_handler flex_decrease;

/* chv.c */

/* How many tries are left. False: that is no CHV file (NULL: there is no file at all). */
bool flex_chv_tries(const struct flex_file *file, uint8_t *tries, uint8_t *unblock_tries);

card_handler flex_verify_chv;
card_handler flex_change_chv;
card_handler flex_unblock_chv;
card_handler flex_logout;

/* describe.c */
void flex_describe(const struct card *card, const void *part, FILE *to);

/* keys.c */

/* How many tries key n of a key file has left. False: it has no such key. */
bool flex_key_tries(const struct flex_file *file, unsigned n, uint8_t *tries);

card_handler flex_verify_key;
card_handler flex_get_challenge;
card_handler flex_external_authenticate;

/* Whether it is the beginning of what key number makes of the last challenge, which is used up. */
MUST_USE enum sw flex_check_cryptogram(
    struct card *card, unsigned number, const uint8_t cryptogram[FLEX_CRYPTOGRAM_SIZE]);

/* Enciphers the data, of one block, with a key of the internal key file. */
MUST_USE enum sw flex_authenticate_des(
    struct card *card, unsigned number, struct bytes data, struct writer *out);

/* image.c */
bool flex_save(const struct card *card, const void *part, struct json_t *out);
int flex_load(struct card *card, void *part, const struct image_node *in);

/* rsa.c */
card_handler flex_internal_authenticate;
card_handler flex_generate_key;

#endif
