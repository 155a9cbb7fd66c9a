/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a card type is, and what its functions can use. docs/adding-a-card.md explains it by an example. */
#ifndef CARD_TYPE_H
#define CARD_TYPE_H

#include <stdio.h>

#include "base/cmdline.h"
#include "base/date.h"
#include "base/writer.h"
#include "card/card.h"
#include "card/credentials.h"
#include "card/session.h"
#include "iso7816/apdu.h"
#include "iso7816/sw.h"
#include "sm/sm.h"

struct json_t;
struct image_node;

#define CARD_TYPE_DEPTH_MAX 4 /* a type, its base, the base of that, ... */
#define CARD_CHAIN_MAX 65535  /* command data of a whole chain */
#define CARD_ERROR_SIZE 512   /* one line for people */
#define CARD_CHANNELS 20      /* logical channels 0 to 19: all that a class byte can name */

/* What can be said of a card when it is made; all zero is the default. Nothing is kept: what must outlive
 * card_new() is copied. */
struct card_setup {
	struct bytes seed; /* of the card's random numbers; empty: they are true ones */
	struct bytes atr;  /* 2 to 33 bytes; empty: the type's */
	bool atr_auto;     /* with an empty one: that of the type which says all the card can */
	struct bytes pin;  /* empty: the type's */
	size_t memory;     /* bytes for files; 0: FS_MEMORY_DEFAULT */
	struct date date;  /* the day that the card believes in */

	/* Lets time pass, for commands that are asked to. NULL: the process sleeps. */
	void (*sleep)(void *self, unsigned milliseconds);
	void *sleep_self;

	bool unattended; /* nobody is there to be asked anything */

	/* Make nothing that a card image has: no files, passwords or keys. */
	bool empty;

	/* Puts the card's state where it outlives a loss of power. NULL: nothing does. */
	int (*commit)(void *self);
	void *commit_self;

	const void *own; /* what the type's own options were parsed into; NULL: their defaults */

	char *error; /* CARD_ERROR_SIZE bytes for card_setup_fail(); NULL: nobody asks */
};

/* For create(): says in one line for people why there is no card (which file, field, rule), and returns
 * err. */
int card_setup_fail(const struct card_setup *setup, int err, const char *format, ...)
    PRINTF_LIKE(3, 4);

#define CARD_OPTION_ID 2000 /* of each option in a card type's table */
#define CARD_OWN_MAX 1024   /* largest own_size */

/* An option of a card type, understood on the command line behind --type with that type. */
struct card_option {
	/* Its id is CARD_OPTION_ID. Types may have options of the same name, if all of them take a value or
	 * none does. */
	struct cmdline_option option;
	const char *wanted; /* what a right value is, for an error line */

	/* Puts the value (NULL if the option takes none) into the type's own options, a struct of
	 * own_size bytes that was all zero at first. The value is borrowed, and lives as long as they.
	 * ERR_FORMAT, ERR_LIMIT, ...: error, empty at first, may say in one line what is wrong, to stand
	 * behind the option's name; else wanted says it. */
	int (*parse)(void *own, const char *value, char error[CARD_ERROR_SIZE]);

	bool is_secret; /* a wrong value is not shown in the error line */
};

/* Who may give a command. */
enum access {
	ACCESS_ALWAYS,
	ACCESS_PIN, /* after some PIN of the card has been verified */
	ACCESS_SM,  /* under secure messaging, with header and data authenticated */

	/* What the command does to the file that its row's target finds: the life cycle and the access
	 * rules of that file say whether it may (fs/rules.h). */
	ACCESS_READ,   /* SEARCH and COMPARE as well */
	ACCESS_UPDATE, /* ERASE as well */
	ACCESS_WRITE,  /* APPEND as well */
	ACCESS_GET_DATA,
	ACCESS_PUT_DATA,
	ACCESS_CREATE_EF, /* in the target */
	ACCESS_CREATE_DF,
	ACCESS_DELETE,
	ACCESS_ACTIVATE,
	ACCESS_DEACTIVATE,
	ACCESS_TERMINATE,
	ACCESS_SIGN, /* signing the contents of the file, which need not be readable */

	/* For allows(): SELECT of a card type that refuses to select some files. Neither life cycle nor access
	 * rules have a say. */
	ACCESS_SELECT,
};

/* The file that a command works on. */
struct target {
	struct file *file;
	enum access access; /* at first as in the row: a target function can say it more exactly */
	bool
	    make_current; /* the file is an EF, which becomes the current one if the command succeeds */
};

/* Finds the file that a command works on, and nothing else. An error is the command's answer. */
typedef enum sw card_target(struct card *card, const struct apdu *apdu, struct target *out);

/* Carries out a command. The chain of commands has been joined, and for interindustry classes apdu->cla is
 * 00, whatever channel and chaining bits it had; but 10 for all but the last command of a chain that the row
 * takes one by one. The response data goes to out; how much of it the terminal
 * asked for (apdu->ne) is the caller's business, unless the command itself says otherwise. Data written is
 * dropped when the status is an error. */
typedef enum sw card_handler(struct card *card, const struct apdu *apdu, struct writer *out);

/* A command is this row's if its INS is ins and its CLA, taken under mask, is cla. An interindustry row whose
 * mask leaves out the chaining bit, EF, gets each command of a chain by itself. Dispatch finds the
 * target, if the row has one, and checks access to it before it runs the handler, which has no other way
 * to the file than card_target_file(). */
struct instruction {
	uint8_t cla, mask, ins;
	enum access access;
	card_handler *run;
	card_target *target;
};

struct card_type {
	const char *name;             /* as in --type NAME */
	const char *summary;          /* one line for the help */
	const struct card_type *base; /* answers what is not in instructions; NULL: nobody */
	struct bytes atr;             /* empty: as base */
	struct bytes atr_auto; /* beside atr: one that says all the card can; empty: atr does */
	const struct card_option *options;
	size_t n_options;
	size_t own_size; /* of the struct that the options are parsed into */

	/* What only all of the type's options together tell, asked when the command line has been read, and
	 * also where the card is in an image. ERR_*: error is one line for people. NULL: nothing. */
	int (*check)(const void *own, char error[CARD_ERROR_SIZE]);

	/* A card that knows T=0 alone (7816-3, 12.2): the response to a command with data waits for GET
	 * RESPONSE, of whatever class, even where Le says otherwise; and there a Le that is too large,
	 * 00 included, is answered 67xx, where xx is the right one. */
	bool t0;

	/* Commands inside ENVELOPE are taken (TR-03110-3, E). */
	bool envelopes;

	/* Makes the type's part of a card, after that of its base, and stores it in *state (at first NULL),
	 * to be had again by card_state(). After a failure destroy() is called with what *state is. */
	int (*create)(struct card *card, const struct card_setup *setup, void **state);

	/* Whether the command may do this to the file, after life cycle and access rules have allowed it:
	 * asked of the type and of each of its bases. SW_OK, SW_SECURITY_STATUS, ... NULL: it may. */
	enum sw (*allows)(struct card *card, const struct file *file, enum access access);

	/* A command has come, unprotected by now, whatever will become of it: even one that is refused, or a link of
	 * a chain. For what must not outlive anything but the command that belongs to it. After that of its
	 * base. NULL: nothing. */
	void (*before)(struct card *card, void *state, const struct apdu *apdu);

	/* Ends what must not outlive power-off and reset, besides the session. After that of its base. */
	void (*reset)(struct card *card, void *state);

	/* Ends what must not outlive the secure messaging of the current channel, which is over: by an error, by
	 * a plain command, by closing the channel. After that of its base. NULL: nothing. */
	void (*sm_ended)(struct card *card, void *state);

	/* Frees the type's part, before that of its base. state is NULL if create() was not reached. */
	void (*destroy)(struct card *card, void *state);

	const struct instruction *instructions;
	size_t n_instructions;

	/* The type's own part of a card image (card/image_json.h), and back after create(). Either NULL: what
	 * outlives power-off is in files, passwords and keys. */
	bool (*save)(const struct card *card, const void *state, struct json_t *out);
	int (*load)(struct card *card, void *state, const struct image_node *in);

	/* The same described for people, without secrets, behind the description of the files. NULL: nothing. */
	void (*describe)(const struct card *card, const void *state, FILE *to);

	/* All files are in the type's own part, and nothing is ever in card_files(): describe() has them. */
	bool own_files;
};

/* The part of the card that type->create() made; type is the card's type or one of its bases. */
void *card_state(const struct card *card, const struct card_type *type);

/* For create(): an ATR of 2 to 33 bytes in place of the type's. One that the setup gave stays. */
void card_set_atr(struct card *card, const struct card_setup *setup, struct bytes atr);

struct fs *card_files(const struct card *card);
struct credentials *card_credentials(struct card *card);

/* The session of the logical channel that the command came on. */
struct session *card_session(struct card *card);

/* Secure messaging (sm/sm.h) on the channel that the command came on: from the next command on, and until
 * power-off, reset, the end of the channel, an error in it or, with SM_ICAO, a plain command. Takes sm; whatever
 * there was before ends; NULL: there is none. The response to the command itself is still protected as the
 * command was. */
void card_take_sm(struct card *card, struct sm *sm);

/* The one that is in force; NULL: none. */
const struct sm *card_sm(const struct card *card);

/* The file that the command works on: what its row's target has found. */
struct file *card_target_file(const struct card *card);

/* For handlers that work on more than one file: whether the command being carried out may do this to
 * file. SW_CONDITIONS_NOT_SATISFIED: its life cycle does not allow it; SW_SECURITY_STATUS: its rules. */
MUST_USE enum sw card_check_access(
    struct card *card, const struct apdu *apdu, const struct file *file, enum access access);

/* Logical channels (7816-4, 11.1.2). Any but the basic one, 0, is opened and closed; power-off and reset close
 * them all. Opening selects the MF on the new channel, but the current DF of the channel that the command
 * came on if that is not the basic one; nothing is proved there. */
uint8_t card_channel(const struct card *card); /* that the command came on */
bool card_channel_is_open(const struct card *card, uint8_t channel);
void card_channel_open(struct card *card, uint8_t channel);
void card_channel_close(struct card *card, uint8_t channel);

/* Deletes a file other than the MF, and all below it, that may be selected on any channel. */
void card_delete_file(struct card *card, struct file *file);

/* Call after a change of anything that outlives power-off, but for what is in files, which is noticed. Before the command is answered it is where it
 * outlives a loss of power, too; card_commit() puts it there at once, for what must not be undone: a retry
 * counter falls before the secret is compared. ERR_IO, ... */
void card_changed(struct card *card);
MUST_USE int card_commit(struct card *card);

/* Tries a password of this card (enum sw as of pin_verify()), which is proved to the session or not
 * from then on. SW_MEMORY_FAILURE: the counter could not be saved; nothing was compared. */
MUST_USE enum sw card_try_password(
    struct card *card, struct password *password, struct bytes candidate);

/* Call when a key becomes another or goes: nobody has proved it on any channel. */
void card_forget_key(struct card *card, const struct file *df, uint8_t number);

/* Whether the password that df calls by this reference has been proved, or need not be. */
bool card_password_is_proved(struct card *card, const struct file *df, uint8_t reference);

/* The day that the card believes in; year 0: none. It outlives power-off. */
struct date card_date(const struct card *card);
void card_set_date(struct card *card, struct date date);

/* Random numbers of this card. ERR_CRYPTO. */
MUST_USE int card_random(struct card *card, uint8_t *out, size_t n);
struct random *card_random_source(const struct card *card);

void card_sleep(struct card *card, unsigned milliseconds);

/* The status word for a failure of the program (an ERR_* code). */
enum sw sw_of(int err);

/* Whether Le asks for all there is (00, or 0000 in the extended form), not for a certain length. */
bool apdu_wants_all(const struct apdu *apdu);

#endif
