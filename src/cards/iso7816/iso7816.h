/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic card's parts: known to the files of this folder, its tests, and card types built on it. */
#ifndef CARDS_ISO7816_ISO7816_H
#define CARDS_ISO7816_ISO7816_H

#include "card/type.h"

extern const struct card_type card_iso7816;

/* How many bytes of data fit into an object 53 of at most ne bytes, tag and length included. */
size_t iso7816_object_room(size_t ne);

/* What the card can (7816-4, 12.1.1.9), truly. */
enum iso7816_abilities {
	/* Card service data: whole and partial DF names, data objects in EF.ATR/INFO, which READ BINARY
	 * reads; there is an MF. */
	ISO7816_SERVICE = 0xD8,

	/* Software functions: all ways to select but the implicit one, short identifiers, record numbers and
	 * identifiers. */
	ISO7816_SELECTION = 0xF7,

	/* EFs with TLV structure, one-time write unless a file says otherwise, data units of one byte. */
	ISO7816_DATA_CODING = 0x81,

	/* Chaining, extended length, which EF.ATR/INFO describes, channels assigned by card or terminal,
	 * eight or more. */
	ISO7816_LENGTHS_AND_CHANNELS = 0xFF,
};

/* ef_atr.c: ERR_LIMIT, ERR_NO_MEMORY. */
#define ISO7816_EF_ATR_COST (FS_FILE_COST + 21 + 3) /* of the card's memory */
MUST_USE int ef_atr_create(struct fs *fs);

/* select.c */
enum select_how {
	SELECT_FID = 0x00,
	SELECT_CHILD_DF = 0x01,
	SELECT_CHILD_EF = 0x02,
	SELECT_PARENT = 0x03,
	SELECT_NAME = 0x04,
	SELECT_PATH_FROM_MF = 0x08,
	SELECT_PATH_FROM_DF = 0x09,
};

enum select_answer {
	SELECT_FCI = 0x00,
	SELECT_FCP = 0x04,
	SELECT_FMD = 0x08,
	SELECT_NOTHING = 0x0C
};

struct select_request {
	enum select_how how;
	enum fs_occurrence occurrence;
	enum select_answer answer;
	struct bytes data;
};

MUST_USE enum sw select_decode(const struct apdu *apdu, struct select_request *out);
card_handler select_file;

/* What a SELECT asks for, and the file that it names. SW_FILE_NOT_FOUND, or as select_decode(). */
MUST_USE enum sw select_take(
    struct card *card, const struct apdu *apdu, struct select_request *request, struct file **out);

/* Selects the file, and answers as the generic card does. */
enum sw select_answer_with(
    struct card *card, struct file *file, enum select_answer answer, struct writer *out);

/* binary.c */
enum binary_target { BINARY_CURRENT_EF, BINARY_SFI, BINARY_FID };

struct binary_request {
	enum binary_target target;
	uint8_t sfi;
	uint16_t fid;
	size_t offset;
	bool has_end; /* ERASE: where to stop, else at the end of the file */
	size_t end;
	struct bytes data; /* to be written */
};

/* P1 and P2 of the even instructions; P1, P2 and the data field of the odd ones. */
MUST_USE enum sw binary_decode(const struct apdu *apdu, struct binary_request *out);
card_target binary_target_file;
card_handler binary_read;
card_handler binary_write;
card_handler binary_update;
card_handler binary_erase;
card_handler binary_search;

/* compare.c */
card_handler compare;

/* record.c */
enum record_mode {
	RECORD_FIRST,        /* with the identifier P1 */
	RECORD_LAST,         /* */
	RECORD_NEXT,         /* */
	RECORD_PREVIOUS,     /* */
	RECORD_NUMBER,       /* P1, 00: the current one */
	RECORD_UP_TO_LAST,   /* all from P1 on */
	RECORD_UP_FROM_LAST, /* all from the last to P1 */
	RECORD_RFU,

	/* Of the odd UPDATE RECORD */
	RECORD_PART_AND = 5,
	RECORD_PART_OR = 6,
	RECORD_PART_XOR = 7,
};

struct record_request {
	uint8_t sfi; /* 0: the current EF */
	enum record_mode mode;
	bool odd;
	uint8_t p1;
	size_t offset;     /* odd: in the record */
	struct bytes data; /* to be written, or the string to be searched for */
	size_t room;       /* odd: bytes of a record that can be answered */
};

/* P1 and P2, and the data field of odd instructions. */
MUST_USE enum sw record_decode(const struct apdu *apdu, struct record_request *out);

/* The number of the record that is referred to; 0: there is none. */
size_t record_find(
    const struct session *session, const struct file *file, enum record_mode mode, uint8_t p1);
bool record_has_identifier(const struct file *file, size_t number, uint8_t identifier);
card_target record_target;
card_handler record_read;
card_handler record_write;
card_handler record_update;
card_handler record_append;
card_handler record_erase;
card_handler record_search; /* search_record.c */

/* data.c */
card_target data_target;
card_handler data_get;
card_handler data_put;

/* channel.c */
struct channel_request {
	bool close;
	uint8_t number; /* 0: to open: any; to close: this one */
};

MUST_USE enum sw channel_decode(const struct apdu *apdu, struct channel_request *out);
card_handler channel_manage;

/* manage.c */
MUST_USE enum sw manage_decode_create(const struct apdu *apdu, struct fs_parameters *out);
card_target manage_target_create;
card_target manage_target;
card_handler manage_create_file;
card_handler manage_delete_file;

/* life_cycle.c */
card_target life_cycle_target_card;
card_handler life_cycle_activate;
card_handler life_cycle_deactivate;
card_handler life_cycle_terminate_ef;
card_handler life_cycle_terminate_df;
card_handler life_cycle_terminate_card;

/* password.c */
card_handler password_verify;
card_handler password_change;
card_handler password_reset;
card_handler password_enable;
card_handler password_disable;

/* key.c */
struct key_template;

/* Whether a key with this reference can come or go, now. SW_WRONG_DATA: no such reference; SW_SECURITY_STATUS, ... */
MUST_USE enum sw key_check_place(
    struct card *card, const struct apdu *apdu, const struct key_template *template);

/* Puts a key where its reference says, in place of the one that there was. What the object holds is the
 * card's from then on, unless it fails. */
MUST_USE enum sw key_store(struct card *card, const struct apdu *apdu,
    const struct key_template *template, struct key_object *object);

/* The value of an extended header list: a key, or, without a value, which one is to go. */
MUST_USE enum sw key_import(struct card *card, const struct apdu *apdu, struct bytes list);

/* generate.c */
card_handler generate_key_pair;

/* choice.c */
struct choice_request {
	enum crt_kind kind;
	enum crt_use use;
	uint8_t p1, p2; /* algorithm and key reference of the command; 0: none */
};

struct choice {
	struct card_key *key;
	uint8_t algorithm;
	const uint8_t *iv; /* one block, valid while the environment stays; NULL: zeros */
};

/* SW_WRONG_P1P2: not for such a key; SW_REFERENCE_NOT_FOUND; SW_CONDITIONS_NOT_SATISFIED: no key was chosen,
 * or it is not for this; SW_SECURITY_STATUS: its password has not been proved. */
MUST_USE enum sw choice_make(
    struct card *card, const struct choice_request *request, struct choice *out);

/* mse.c */
enum mse_function { MSE_SET, MSE_STORE, MSE_RESTORE, MSE_ERASE };

struct mse_request {
	enum mse_function function;
	enum crt_kind kind; /* SET */
	uint8_t uses;       /* SET: bits of enum crt_use */
	uint8_t number;     /* of the environment; not SET */
};

MUST_USE enum sw mse_decode(const struct apdu *apdu, struct mse_request *out);
card_handler mse_manage;

/* authenticate.c */
card_handler authenticate_get_challenge;
card_handler authenticate_internal;
card_handler authenticate_external;

/* Begins a try of external authentication with a key: revokes what it had proved, and lets its counter, if it has
 * one, fall and be saved. SW_AUTH_BLOCKED, SW_MEMORY_FAILURE. */
MUST_USE enum sw authenticate_begin_try(struct card *card, struct card_key *key);

/* Ends it with SW_OK or SW_WARNING_CHANGED, its outcome: grants, or counts. Other answers are passed on. */
MUST_USE enum sw authenticate_end_try(struct card *card, struct card_key *key, enum sw sw);

/* general_authenticate.c */
card_handler general_authenticate;

/* operation.c */
card_handler operation_perform;

/* proof.c */
#define PROOF_CHALLENGE_MAX 256

MUST_USE enum sw proof_make(
    const struct choice *choice, struct bytes challenge, struct writer *out);

/* SW_WARNING_CHANGED: it is not the answer to this challenge. */
MUST_USE enum sw proof_check(
    const struct choice *choice, struct bytes challenge, struct bytes proof);

#endif
