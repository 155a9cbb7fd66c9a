/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic card of ISO/IEC 7816-4 and 7816-9: it starts with an MF, EF.ATR/INFO and a PIN. Other
 * card types build on it.
 *
 * The ATR understates what the card can: it is the one that users of the emulated card match on. */
#include "cards/iso7816/iso7816.h"

#include "base/compiler.h"
#include "iso7816/ins.h"

#define PIN_DEFAULT "1234"
#define PIN_NUMBER 1
#define PIN_TRIES 3
#define PUK_DEFAULT "12345678"
#define CARD_SECRET_NUMBER 1
#define PUK_NUMBER 2
#define PUK_TRIES 10

/* T=1; historical bytes: card capabilities FF 01 00. */
static const uint8_t atr[] = { 0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01, 0x00, 0x0B };

/* The same with what is true: card service data, then capabilities. */
static const uint8_t atr_auto[] = { 0x3B, 0x97, 0x13, 0x81, 0x01, 0x80, 0x31, ISO7816_SERVICE, 0x73,
	ISO7816_SELECTION, ISO7816_DATA_CODING, ISO7816_LENGTHS_AND_CHANNELS, 0x97 };

/* The key of INTERNAL AUTHENTICATE: without a value, which it gets when it is used first. */
static int add_card_secret(struct card *card)
{
	const struct card_key key = { .df = fs_mf(card_files(card)),
		.number = CARD_SECRET_NUMBER,
		.object = { .type = KEY_3DES, .uses = KEY_USE(CRT_AT) } };

	return credentials_take_key(card_credentials(card), &key);
}

/* EF.ATR/INFO, PIN 1 and its resetting code, and the card's secret. */
static int iso7816_create(struct card *card, const struct card_setup *setup, void **state)
{
	struct bytes value = setup->pin.len > 0 ? setup->pin : bytes_of_string(PIN_DEFAULT);
	struct password pin = { .df = fs_mf(card_files(card)),
		.number = PIN_NUMBER,
		.resetting = PUK_NUMBER,
		.can_be_disabled = true };
	struct password puk = { .df = pin.df, .number = PUK_NUMBER };
	int r;

	if (setup->empty)
		return 0;
	r = ef_atr_create(card_files(card));
	if (r == 0)
		r = pin_init(&pin.pin, value, PIN_TRIES);
	if (r == 0)
		r = pin_init(&puk.pin, bytes_of_string(PUK_DEFAULT), PUK_TRIES);
	if (r == 0)
		r = credentials_add_password(card_credentials(card), &pin);
	if (r == 0)
		r = credentials_add_password(card_credentials(card), &puk);
	if (r == 0)
		r = add_card_secret(card);
	pin_wipe(&pin.pin);
	pin_wipe(&puk.pin);
	return r;
}

/* Whoever proved to have a key did so to the one who has the keys of the session. */
static void iso7816_sm_ended(struct card *card, void *state)
{
	session_revoke_all(card_session(card), CREDENTIAL_KEY);
}

/* clang-format off */
static const struct instruction instructions[] = {
	/* CLA   mask  INS                    who may            run                      on what */
	{  0x00, 0xFF, INS_DEACTIVATE_FILE,   ACCESS_DEACTIVATE, life_cycle_deactivate,     manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_ERASE_RECORD,      ACCESS_UPDATE,     record_erase,              record_target          }, /* 7816-4, 11.4.8 */
	{  0x00, 0xFF, INS_ERASE_BINARY,      ACCESS_UPDATE,     binary_erase,              binary_target_file     }, /* 7816-4, 11.3.7 */
	{  0x00, 0xFF, INS_ERASE_BINARY_ODD,  ACCESS_UPDATE,     binary_erase,              binary_target_file     },
	{  0x00, 0xFF, INS_COMPARE,           ACCESS_READ,       compare,                   binary_target_file     }, /* 7816-4 */
	{  0x00, 0xFF, INS_ACTIVATE_FILE,     ACCESS_ACTIVATE,   life_cycle_activate,       manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_MANAGE_CHANNEL,    ACCESS_ALWAYS,     channel_manage                                    }, /* 7816-4, 11.1.2 */
	{  0x00, 0xFF, INS_SEARCH_BINARY,     ACCESS_READ,       binary_search,             binary_target_file     }, /* 7816-4, 11.3.6 */
	{  0x00, 0xFF, INS_SEARCH_BINARY_ODD, ACCESS_READ,       binary_search,             binary_target_file     },
	{  0x00, 0xFF, INS_SEARCH_RECORD,     ACCESS_READ,       record_search,             record_target          }, /* 7816-4, 11.4.7 */
	{  0x00, 0xFF, INS_SELECT,            ACCESS_ALWAYS,     select_file                                       }, /* 7816-4, 11.2.2 */
	{  0x00, 0xFF, INS_READ_BINARY,       ACCESS_READ,       binary_read,               binary_target_file     }, /* 7816-4, 11.3.3 */
	{  0x00, 0xFF, INS_READ_BINARY_ODD,   ACCESS_READ,       binary_read,               binary_target_file     },
	{  0x00, 0xFF, INS_READ_RECORD,       ACCESS_READ,       record_read,               record_target          }, /* 7816-4, 11.4.3 */
	{  0x00, 0xFF, INS_READ_RECORD_ODD,   ACCESS_READ,       record_read,               record_target          },
	{  0x00, 0xFF, INS_GET_DATA,          ACCESS_GET_DATA,   data_get,                  data_target            }, /* 7816-4, 11.5.3 */
	{  0x00, 0xFF, INS_GET_DATA_ODD,      ACCESS_GET_DATA,   data_get,                  data_target            },
	{  0x00, 0xFF, INS_WRITE_BINARY,      ACCESS_WRITE,      binary_write,              binary_target_file     }, /* 7816-4, 11.3.4 */
	{  0x00, 0xFF, INS_WRITE_BINARY_ODD,  ACCESS_WRITE,      binary_write,              binary_target_file     },
	{  0x00, 0xFF, INS_WRITE_RECORD,      ACCESS_WRITE,      record_write,              record_target          }, /* 7816-4, 11.4.4 */
	{  0x00, 0xFF, INS_UPDATE_BINARY,     ACCESS_UPDATE,     binary_update,             binary_target_file     }, /* 7816-4, 11.3.5 */
	{  0x00, 0xFF, INS_UPDATE_BINARY_ODD, ACCESS_UPDATE,     binary_update,             binary_target_file     },
	{  0x00, 0xFF, INS_PUT_DATA,          ACCESS_PUT_DATA,   data_put,                  data_target            }, /* 7816-4, 11.5.4 */
	{  0x00, 0xFF, INS_PUT_DATA_ODD,      ACCESS_PUT_DATA,   data_put,                  data_target            },
	{  0x00, 0xFF, INS_UPDATE_RECORD,     ACCESS_UPDATE,     record_update,             record_target          }, /* 7816-4, 11.4.5 */
	{  0x00, 0xFF, INS_UPDATE_RECORD_ODD, ACCESS_UPDATE,     record_update,             record_target          },
	{  0x00, 0xFF, INS_CREATE_FILE,       ACCESS_CREATE_EF,  manage_create_file,        manage_target_create   }, /* 7816-9 */
	{  0x00, 0xFF, INS_APPEND_RECORD,     ACCESS_WRITE,      record_append,             record_target          }, /* 7816-4, 11.4.6 */
	{  0x00, 0xFF, INS_DELETE_FILE,       ACCESS_DELETE,     manage_delete_file,        manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_TERMINATE_DF,      ACCESS_TERMINATE,  life_cycle_terminate_df,   manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_TERMINATE_EF,      ACCESS_TERMINATE,  life_cycle_terminate_ef,   manage_target          }, /* 7816-9 */
	{  0x00, 0xFF, INS_TERMINATE_CARD,    ACCESS_TERMINATE,  life_cycle_terminate_card, life_cycle_target_card }, /* 7816-9 */

	/* CLA   mask  INS                            who may        run */
	{  0x00, 0xFF, INS_VERIFY,                    ACCESS_ALWAYS, password_verify        }, /* 7816-4, 11.6.6 */
	{  0x00, 0xFF, INS_VERIFY_ODD,                ACCESS_ALWAYS, password_verify        },
	{  0x00, 0xFF, INS_CHANGE_REFERENCE_DATA,     ACCESS_ALWAYS, password_change        }, /* 7816-4, 11.6.7 */
	{  0x00, 0xFF, INS_CHANGE_REFERENCE_DATA_ODD, ACCESS_ALWAYS, password_change        },
	{  0x00, 0xFF, INS_DISABLE_VERIFICATION,      ACCESS_ALWAYS, password_disable       }, /* 7816-4, 11.6.9 */
	{  0x00, 0xFF, INS_ENABLE_VERIFICATION,       ACCESS_ALWAYS, password_enable        }, /* 7816-4, 11.6.8 */
	{  0x00, 0xFF, INS_RESET_RETRY_COUNTER,       ACCESS_ALWAYS, password_reset         }, /* 7816-4, 11.6.10 */
	{  0x00, 0xFF, INS_RESET_RETRY_COUNTER_ODD,   ACCESS_ALWAYS, password_reset         },
	{  0x00, 0xFF, INS_MANAGE_SECURITY_ENV,       ACCESS_ALWAYS, mse_manage             }, /* 7816-4, 11.6.11 */
	{  0x00, 0xFF, INS_GET_CHALLENGE,             ACCESS_ALWAYS, authenticate_get_challenge }, /* 7816-4, 11.6.3 */
	{  0x00, 0xFF, INS_INTERNAL_AUTHENTICATE,     ACCESS_ALWAYS, authenticate_internal  }, /* 7816-4, 11.6.2 */
	{  0x00, 0xFF, INS_EXTERNAL_AUTHENTICATE,     ACCESS_ALWAYS, authenticate_external  }, /* 7816-4, 11.6.4 */
	{  0x00, 0xFF, INS_GENERAL_AUTHENTICATE,      ACCESS_ALWAYS, general_authenticate   }, /* 7816-4, 11.6.5 */
	{  0x00, 0xFF, INS_GENERAL_AUTHENTICATE_ODD,  ACCESS_ALWAYS, general_authenticate   },
	{  0x00, 0xFF, INS_PERFORM_SECURITY_OPERATION, ACCESS_ALWAYS, operation_perform     }, /* 7816-8 */
	{  0x00, 0xFF, INS_GENERATE_KEY_PAIR,         ACCESS_ALWAYS, generate_key_pair      }, /* 7816-8 */
	{  0x00, 0xFF, INS_GENERATE_KEY_PAIR_ODD,     ACCESS_ALWAYS, generate_key_pair      },
};
/* clang-format on */

const struct card_type card_iso7816 = {
	.name = "iso7816",
	.summary = "generic ISO/IEC 7816 card",
	.atr = { atr, sizeof atr },
	.atr_auto = { atr_auto, sizeof atr_auto },
	.create = iso7816_create,
	.sm_ended = iso7816_sm_ended,
	.instructions = instructions,
	.n_instructions = COUNT(instructions),
};
