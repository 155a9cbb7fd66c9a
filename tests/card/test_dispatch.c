/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way into a card: classes, instruction tables, chaining, Le, GET RESPONSE, limits. With card types
 * that exist for this alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "card/type.h"
#include "exact.h"

#define COMMAND_MAX (4 + 3 + 65535 + 2)

/* P1P2 bytes 00 01 02 ... */
static enum sw give(struct card *card, const struct apdu *apdu, struct writer *out)
{
	size_t n = (size_t)apdu->p1 << 8 | apdu->p2;
	uint8_t *at = writer_reserve(out, n);

	for (size_t i = 0; at != NULL && i < n; i++)
		at[i] = (uint8_t)i;
	return SW_OK;
}

static enum sw give_with_warning(struct card *card, const struct apdu *apdu, struct writer *out)
{
	(void)give(card, apdu, out);
	return SW_END_OF_FILE;
}

static enum sw give_all_65536(struct card *card, const struct apdu *apdu, struct writer *out)
{
	uint8_t *at = writer_reserve(out, 65536);

	for (size_t i = 0; at != NULL && i < 65536; i++)
		at[i] = (uint8_t)(i >> 8);
	return SW_OK;
}

static enum sw echo(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put(out, apdu->data);
	return SW_OK;
}

/* CLA as the handler sees it, Nc and Ne. */
static enum sw describe(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, apdu->cla);
	writer_put_u16(out, (uint16_t)apdu->data.len);
	writer_put_u32(out, (uint32_t)apdu->ne);
	return SW_OK;
}

static enum sw fail_with_data(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, 0xEE);
	return SW_WRONG_DATA;
}

static enum sw give_too_much(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, 0xEE);
	(void)writer_reserve(out, 65536);
	return SW_OK;
}

static enum sw log_in(struct card *card, const struct apdu *apdu, struct writer *out)
{
	session_grant(card_session(card), CREDENTIAL_PASSWORD, fs_mf(card_files(card)), 1);
	return SW_OK;
}

static enum sw base_answer(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, 0xBA);
	return SW_OK;
}

static enum sw derived_answer(struct card *card, const struct apdu *apdu, struct writer *out)
{
	writer_put_u8(out, 0xDE);
	return SW_OK;
}

/* clang-format off */
static const struct instruction base_rows[] = {
	{ 0x00, 0xFF, 0x10, ACCESS_ALWAYS, give              },
	{ 0x00, 0xFF, 0x12, ACCESS_ALWAYS, echo              },
	{ 0x00, 0xFF, 0x14, ACCESS_ALWAYS, give_with_warning },
	{ 0x00, 0xFF, 0x16, ACCESS_ALWAYS, fail_with_data    },
	{ 0x00, 0xFF, 0x18, ACCESS_ALWAYS, give_too_much     },
	{ 0x00, 0xFF, 0x1A, ACCESS_ALWAYS, give_all_65536    },
	{ 0x00, 0xFF, 0x1C, ACCESS_ALWAYS, describe          },
	{ 0x00, 0xEF, 0x1E, ACCESS_ALWAYS, describe          },
	{ 0x00, 0xFF, 0x20, ACCESS_ALWAYS, log_in            },
	{ 0x00, 0xFF, 0x22, ACCESS_PIN,    base_answer       },
	{ 0x00, 0xFF, 0x24, ACCESS_ALWAYS, base_answer       },
	{ 0x80, 0xFC, 0x10, ACCESS_ALWAYS, give              },
	{ 0x80, 0xFC, 0x1C, ACCESS_ALWAYS, describe          },
};
static const struct instruction derived_rows[] = {
	{ 0x00, 0xFF, 0x24, ACCESS_ALWAYS, derived_answer    },
	{ 0x90, 0xFF, 0x26, ACCESS_ALWAYS, derived_answer    },
};
/* clang-format on */

static const uint8_t atr[] = { 0x3B, 0x00 };
static const struct card_type base_type = { .name = "base",
	.atr = { atr, sizeof atr },
	.instructions = base_rows,
	.n_instructions = COUNT(base_rows) };
static const struct card_type derived_type = { .name = "derived",
	.base = &base_type,
	.instructions = derived_rows,
	.n_instructions = COUNT(derived_rows) };

static const struct card_type enveloping_type = {
	.name = "enveloping", .base = &base_type, .envelopes = true
};

static struct card *new_card(const struct card_type *type)
{
	struct card *card = NULL;

	assert_int_equal(card_new(type, NULL, &card), 0);
	return card;
}

static void expect(struct card *card, const char *command, const char *response)
{
	struct exact in = exact_of_hex(command);

	print_message("# %s\n", command);
	assert_bytes_hex(card_command(card, in.bytes), response);
	exact_free(&in);
}

/* Pairs of command and response, ended by NULL. */
static void expect_all(const struct card_type *type, const char *const *pairs)
{
	struct card *card = new_card(type);

	for (; *pairs != NULL; pairs += 2)
		expect(card, pairs[0], pairs[1]);
	card_free(card);
}

static void malformed_commands(void **state)
{
	static const char *const pairs[] = { "", "6700", "00", "6700", "00 10", "6700", "00 10 00",
		"6700", "00 12 00 00 02 01", "6700", "00 12 00 00 01 01 00 00", "6700",
		"00 12 00 00 00 00", "6700", "00 12 00 00 00 00 00 00", "6700",
		"00 12 00 00 00 00 02 01", "6700", NULL };

	expect_all(&base_type, pairs);
}

/* 7816-4, 5.4.1: tables 2 and 3. */
static void classes(void **state)
{
	static const char *const pairs[] = { "00 10 00 00",
		"9000",                     /* first interindustry, channel 0 */
		"01 10 00 00", "6881",      /* other channels */
		"03 10 00 00", "6881",      /* */
		"40 10 00 00", "6881",      /* further interindustry: channel 4 */
		"4F 10 00 00", "6881",      /* */
		"04 10 00 00", "6882",      /* secure messaging, each form */
		"08 10 00 00", "6882",      /* */
		"0C 10 00 00", "6882",      /* */
		"1C 10 00 00", "6882",      /* */
		"0D 10 00 00", "6881",      /* the channel comes first */
		"20 10 00 00", "6E00",      /* reserved */
		"3F 10 00 00", "6E00",      /* */
		"FF 10 00 00", "6E00",      /* invalid */
		"80 10 00 01 00", "009000", /* proprietary: by the table's mask */
		"83 10 00 01 00", "009000", /* */
		"84 10 00 01 00", "6E00",   /* a class that no row has */
		"90 10 00 01 00", "6E00",   /* */
		"00 11 00 00", "6D00",      /* a class that some row has */
		"80 12 00 00", "6D00",      /* */
		NULL };

	expect_all(&base_type, pairs);
}

static void tables_of_type_and_base(void **state)
{
	static const char *const pairs[] = { "00 24 00 00 00",
		"DE9000",                         /* own row before the base's */
		"00 12 00 00 01 55 00", "559000", /* base's row */
		"90 26 00 00 00", "DE9000", "90 12 00 00 01 55 00", "6D00", "A0 26 00 00 00",
		"6E00", NULL };
	struct card *card = new_card(&derived_type);

	expect_all(&derived_type, pairs);
	assert_bytes_hex(card_atr(card), "3B00");
	card_free(card);
}

static void handler_sees_plain_class_and_lengths(void **state)
{
	static const char *const pairs[] = { "00 1C 00 00 00", "00 0000 00000100 9000",
		"82 1C 00 00 00", "82 0000 00000100 9000", /* proprietary classes as they are */
		"00 1C 00 00 02 0102 FF", "00 0002 000000FF 9000", "00 1C 00 00 00 0000",
		"00 0000 00010000 9000", "00 1C 00 00 00 0002 0102 0100", "00 0002 00000100 9000",
		"10 1C 00 00 02 0102", "9000", "00 1C 00 00 01 03 07", "00 0003 00000007 9000",
		NULL };

	expect_all(&base_type, pairs);
}

/* 7816-4, 5.3.4 and 7816-3, 12.2. */
static void response_is_cut_to_le(void **state)
{
	static const char *const pairs[] = { "00 10 00 04 04",
		"00010203 9000",                         /* as long as asked for */
		"00 10 00 04 00", "00010203 9000",       /* Le 00: all */
		"00 10 00 04 05", "00010203 9000",       /* the command did not mind */
		"00 10 00 04 03", "000102 6101",         /* the rest by GET RESPONSE */
		"00 C0 00 00 01", "03 9000",             /* */
		"00 10 00 04", "6104",                   /* no Le: nothing but the offer */
		"00 C0 00 00 04", "00010203 9000",       /* */
		"00 12 00 00 03 AABBCC", "6103",         /* case 3 */
		"00 C0 00 00 00", "AABBCC 9000",         /* */
		"00 12 00 00 03 AABBCC 02", "AABB 6101", /* case 4 */
		"00 14 00 03", "6103",                   /* a warning comes with the last part */
		"00 C0 00 00 02", "0001 6101",           /* */
		"00 C0 00 00 01", "02 6282",             /* */
		"00 16 00 00", "6A80",                   /* an error carries no data */
		"00 16 00 00 00", "6A80",                /* */
		"00 C0 00 00 00", "6985",                /* nor does it leave any */
		"00 18 00 00 00 0000", "6F00",           /* a handler that overflows */
		NULL };

	expect_all(&base_type, pairs);
}

static void get_response(void **state)
{
	static const char *const pairs[] = { "00 C0 00 00 00", "6985", /* nothing pending */
		"00 10 00 04", "6104",                                 /* */
		"00 C0 01 00 04", "6A86",          /* P1, P2; the data is still there */
		"00 C0 00 01 04", "6A86",          /* */
		"00 C0 00 00 01 55 04", "6700",    /* data */
		"00 C0 00 00", "6C04",             /* no Le */
		"00 C0 00 00 05", "6C04",          /* Le that is too large */
		"00 C0 00 00 FF", "6C04",          /* */
		"00 C0 00 00 00 0005", "6C04",     /* */
		"00 C0 00 00 00 0100", "6C04",     /* extended: 256 is not all */
		"00 C0 00 00 03", "000102 6101",   /* */
		"00 C0 00 00 00 0000", "03 9000",  /* all */
		"00 C0 00 00 00", "6985",          /* and nothing is left */
		"00 10 00 04", "6104",             /* any other command ends it */
		"00 12 00 00 01 55 00", "55 9000", /* */
		"00 C0 00 00 04", "6985",          /* */
		"00 10 00 04", "6104",             /* a refused one, too */
		"FF 00 00 00", "6E00",             /* */
		"00 C0 00 00 04", "6985",          /* */
		"00 10 00 04", "6104",             /* and a malformed one */
		"00 10 00", "6700",                /* */
		"00 C0 00 00 04", "6985",          /* */
		"00 10 00 04", "6104",             /* on another channel there is nothing */
		"01 C0 00 00 04", "6881",          /* */
		"00 10 00 04", "6104", /* bits of the command's class are no harm without data */
		"10 C0 00 00 01", "00 6103",   /* */
		"0C C0 00 00 01", "01 6102",   /* */
		"1C C0 00 00 00", "0203 9000", /* */
		"82 10 00 04", "6104",         /* a proprietary command's own class fetches, too */
		"82 C0 00 00 02", "0001 6102", /* */
		"00 C0 00 00 02", "0203 9000", /* */
		"82 C0 00 00 02", "6D00",      /* but is no GET RESPONSE when nothing is pending */
		"82 10 00 04", "6104",         /* nor is another one */
		"81 C0 00 00 04", "6D00",      /* */
		NULL };

	expect_all(&base_type, pairs);
}

static void sw_says_how_much_is_left(void **state)
{
	static const struct {
		const char *command, *sw;
	} cases[] = {
		{ "00 10 00 01", "6101" },
		{ "00 10 00 FF", "61FF" },
		{ "00 10 01 00", "6100" }, /* 256 or more */
		{ "00 10 01 01", "6100" },
		{ "00 10 FF FF", "6100" },
	};
	struct card *card = new_card(&base_type);

	for (size_t i = 0; i < COUNT(cases); i++)
		expect(card, cases[i].command, cases[i].sw);
	card_free(card);
}

static void chains_are_joined(void **state)
{
	static const char *const pairs[] = { "10 12 00 00 02 0102", "9000", /* */
		"10 12 00 00 01 03", "9000",                                /* */
		"00 12 00 00 02 0405 00", "0102030405 9000",                /* */
		"00 12 00 00 01 06 00", "06 9000",            /* nothing stays behind */
		"10 12 00 00 01 01", "9000",                  /* links without data, Le in a link */
		"10 12 00 00", "9000",                        /* */
		"10 12 00 00 01 02 00", "9000",               /* */
		"00 12 00 00 00", "0102 9000",                /* */
		"10 12 00 00 00 0002 0102", "9000",           /* extended links */
		"00 12 00 00 00 0001 03 0000", "010203 9000", /* */
		"10 12 00 00 01 01", "9000",                  /* no Le in the last: GET RESPONSE */
		"00 12 00 00 01 02", "6102",                  /* */
		"00 C0 00 00 02", "0102 9000",                /* */
		"10 16 00 00 01 01", "9000",       /* an error of the whole ends the chain */
		"00 16 00 00 01 02", "6A80",       /* */
		"00 12 00 00 01 03 00", "03 9000", /* */
		"10 77 00 00 01 01", "9000",       /* an unknown command is known at its end */
		"00 77 00 00 01 01", "6D00",       /* */
		"90 10 00 01 01 01", "6E00",       /* bit 5 of a proprietary class means nothing */
		NULL };

	expect_all(&base_type, pairs);
}

/* Whatever does not belong to a chain that has begun is answered 6883 and not carried out; then all is as
 * without the chain. */
static void chains_can_break(void **state)
{
	static const char *const breakers[] = { "00 10 00 01 00", /* another command */
		"10 10 00 01 01 00",                              /* another chain */
		"10 12 01 00 01 00", "10 12 00 01 01 00",         /* other parameters */
		"00 C0 00 00 00",                                 /* GET RESPONSE */
		"80 12 00 00 00" };                               /* another class */

	for (size_t i = 0; i < COUNT(breakers); i++) {
		struct card *card = new_card(&base_type);

		expect(card, "10 12 00 00 02 0102", "9000");
		expect(card, breakers[i], "6883");
		expect(card, "00 12 00 00 01 03 00", "03 9000");
		card_free(card);
	}
}

/* A row that leaves the chaining bit out of its mask answers each command of a chain. */
static void links_can_be_taken_one_by_one(void **state)
{
	static const char *const pairs[] = { "10 1E 00 00 02 0102 00",
		"10 0002 00000100 9000",                             /* */
		"10 1E 00 00 01 01 00", "10 0001 00000100 9000",     /* */
		"00 1E 00 00 03 010203 00", "00 0003 00000100 9000", /* */
		"10 1E 00 00 01 01 00", "10 0001 00000100 9000", /* nothing waits for the last */
		"00 12 00 00 01 06 00", "06 9000",               /* */
		"10 12 00 00 01 01", "9000",                     /* it breaks another chain */
		"10 1E 00 00 01 01 00", "6883",                  /* */
		"00 12 00 00 01 02 00", "02 9000", NULL };

	expect_all(&base_type, pairs);
}

struct counted {
	unsigned commands, last;
};

static int make_counted(struct card *card, const struct card_setup *setup, void **state)
{
	static struct counted counted;

	counted = (struct counted){ 0 };
	*state = &counted;
	return 0;
}

static void count_command(struct card *card, void *state, const struct apdu *apdu)
{
	struct counted *counted = state;

	counted->commands++;
	counted->last = apdu->ins;
}

/* Each command is announced, once, even if it is refused. */
static void commands_are_announced(void **state)
{
	static const struct card_type type = { .name = "counting",
		.base = &base_type,
		.create = make_counted,
		.before = count_command };
	static const struct {
		const char *command, *answer;
		unsigned announced;
	} cases[] = { { "00 10 00 01 00", "00 9000", 1 }, { "00 77 00 00", "6D00", 1 },
		{ "10 12 00 00 01 01", "9000", 1 }, { "00 12 00 00 01 02 00", "0102 9000", 1 },
		{ "10 12 00 00 01 01", "9000", 1 }, { "00 10 00 01 00", "6883", 1 },
		{ "00 12 00 00 01 02", "6101", 1 }, { "00 C0 00 00 01", "02 9000", 0 },
		{ "00 12 00", "6700", 0 }, { "01 12 00 00", "6881", 0 } };
	struct card *card = new_card(&type);
	const struct counted *counted = card_state(card, &type);
	unsigned n = counted->commands;

	for (size_t i = 0; i < COUNT(cases); i++) {
		expect(card, cases[i].command, cases[i].answer);
		n += cases[i].announced;
		assert_int_equal(counted->commands, n);
	}
	card_free(card);
}

/* clang-format off */
static const char *const enveloped[] = {
	"00C20000 05 0012000000", "6102", "00C0000000", "9000 9000", /* the one inside, and that of GET RESPONSE */
	"00C20000 08 0012000003AABBCC", "6105", "00C0000002", "AABB 6103", "00C0000000", "CC9000 9000",
	"10C20000 01 00", "9000", "10C20000 05 12000003AA", "9000", "00C20000 02 BBCC", "6105",
	"00C0000000", "AABBCC9000 9000",
	"00C20000 05 0010000504", "6107", "00C0000000", "00010203049000 9000", /* more than Le inside */
	"00C20000 04 00160000", "6102", "00C0000000", "6A80 9000",
	"00C20000 03 001200", "6102", "00C0000000", "6700 9000", /* no command */
	"00C20000 07 00C2000002 0012", "6102", "00C0000000", "6D00 9000",
	"00C20000 04 00C00000", "6102", "00C0000000", "6985 9000",
	"00C20000 06 1012000001AA", "6102", "00C0000000", "9000 9000", /* links of a chain */
	"00C20000 06 0012000001BB", "6104", "00C0000000", "AABB9000 9000",
	"10C20000 01 00", "9000", "0012000001AA", "6883", "0012000001AA00", "AA9000",
	"10C20000 01 00", "9000", "00C0000000", "6883",
	"00C20000 04 00240000", "6103", "0024000000", "BA9000", "00C0000000", "6985", /* nobody has fetched it */
	"00C20100 04 00240000", "6A86",
	"00C20000", "6700",
	"00C20000 06 1012000001AA", "6102", "00C20000", "6700", "0012000001BB00", "BB9000", /* a refusal ends chains */
	"00C20000 06 1012000001AA", "6102", "00C20100 04 00240000", "6A86", "0012000001BB00", "BB9000",
	"00C20000 06 1012000001AA", "6102", "10C20000 01 00", "9000", "0012000001BB", "6883", "0012000001BB00", "BB9000",
	"0CC20000 04 00240000", "6882",
	"80C20000 04 00240000", "6D00",
	NULL
};
/* clang-format on */

static void envelopes(void **state)
{
	static const char *const others[] = { "00C20000 04 00240000", "6D00", NULL };

	expect_all(&enveloping_type, enveloped);
	expect_all(&base_type, others);
}

static void envelopes_have_a_limit(void **state)
{
	struct card *card = new_card(&enveloping_type);
	static uint8_t command[COMMAND_MAX] = { 0x10, 0xC2, 0x00, 0x00, 0x00, 0xFF, 0xFF };

	assert_bytes_hex(card_command(card, bytes_of(command, 7 + 65535)), "9000");
	assert_bytes_hex(card_command(card, bytes_of(command, 7 + 65535)), "6700");
	expect(card, "00C20000 04 00240000", "6103");
	card_reset(card);
	expect(card, "00C0000000", "6985");
	expect(card, "10C20000 01 00", "9000");
	card_reset(card);
	expect(card, "0024000000", "BA9000");
	card_free(card);
}

/* What is refused before it can be joined ends the chain as well. */
static void refused_commands_end_the_chain(void **state)
{
	static const char *const pairs[] = { "10 12 00 00 01 01", "9000", "10 12 00", "6700",
		"00 12 00 00 01 02 00", "02 9000", "10 12 00 00 01 01", "9000", "1C 12 00 00 01 01",
		"6882", "00 12 00 00 01 02 00", "02 9000", "10 12 00 00 01 01", "9000",
		"11 12 00 00 01 01", "6881", "00 12 00 00 01 02 00", "02 9000", NULL };

	expect_all(&base_type, pairs);
}

static void access_is_checked(void **state)
{
	static const char *const pairs[] = { "00 22 00 00 00", "6982", "00 20 00 00", "9000",
		"00 22 00 00 00", "BA 9000", NULL };

	expect_all(&base_type, pairs);
}

static void power_off_on_and_reset_end_everything(void **state)
{
	static void (*const ends[])(struct card *) = { card_power_off, card_power_on, card_reset };

	for (size_t i = 0; i < COUNT(ends); i++) {
		struct card *card = new_card(&base_type);

		expect(card, "00 20 00 00", "9000");
		ends[i](card);
		expect(card, "00 22 00 00 00", "6982");
		expect(card, "10 12 00 00 01 01", "9000");
		ends[i](card);
		expect(card, "00 12 00 00 01 02 00", "02 9000");
		expect(card, "00 10 00 04", "6104");
		ends[i](card);
		expect(card, "00 C0 00 00 04", "6985");
		card_free(card);
	}
}

/* Sends links of 65,000 bytes in all, and then more and more. */
static void chain_has_a_limit(void **state)
{
	static uint8_t link[COMMAND_MAX] = { 0x10, 0x12, 0x00, 0x00, 0x00, 0xFD, 0xE8 };
	struct card *card = new_card(&base_type);

	assert_bytes_hex(card_command(card, bytes_of(link, 7 + 65000)), "9000");
	link[5] = (uint8_t)(535 >> 8);
	link[6] = (uint8_t)535;
	assert_bytes_hex(card_command(card, bytes_of(link, 7 + 535)), "9000"); /* CARD_CHAIN_MAX */
	expect(card, "10 12 00 00", "9000");
	expect(card, "10 12 00 00 01 00", "6700");
	expect(card, "00 12 00 00 01 05 00", "05 9000");
	card_free(card);
}

/* A response with its status word has at most 65535 bytes, whatever Le says. */
static void response_has_a_limit(void **state)
{
	struct exact in = exact_of_hex("00 1A 00 00 00 0000");
	struct card *card = new_card(&base_type);
	struct bytes response = card_command(card, in.bytes);

	assert_int_equal(response.len, 65535);
	assert_int_equal(response.data[65532], 0xFF);
	assert_bytes_hex(bytes_after(response, 65533), "6103");
	expect(card, "00 C0 00 00 00", "FFFFFF 9000");
	exact_free(&in);
	card_free(card);
}

/* The longest response that needs no second part. */
static void longest_response_in_one(void **state)
{
	struct exact in = exact_of_hex("00 10 FF FD 00 0000");
	struct card *card = new_card(&base_type);
	struct bytes response = card_command(card, in.bytes);

	assert_int_equal(response.len, 65535);
	assert_bytes_hex(bytes_after(response, 65532), "FC 9000");
	exact_free(&in);
	card_free(card);
}

/* 600 bytes in three parts. */
static void long_rest_comes_in_parts(void **state)
{
	struct exact fetch = exact_of_hex("00 C0 00 00 00");
	struct card *card = new_card(&base_type);
	struct bytes response;

	expect(card, "00 10 02 58", "6100");
	response = card_command(card, fetch.bytes);
	assert_int_equal(response.len, 258);
	assert_bytes_hex(bytes_after(response, 255), "FF 6100");
	response = card_command(card, fetch.bytes);
	assert_bytes_hex(bytes_after(response, 255), "FF 6158");
	response = card_command(card, fetch.bytes);
	assert_int_equal(response.len, 90);
	assert_bytes_hex(bytes_after(response, 87), "57 9000");
	exact_free(&fetch);
	card_free(card);
}

/* More than 256 bytes wait, and Le names more than that: 6Cxx could not say how many. */
static void get_response_longer_than_6cxx_can_say(void **state)
{
	struct exact fetch = exact_of_hex("00 C0 00 00 00 0400");
	struct card *card = new_card(&base_type);

	expect(card, "00 10 02 58", "6100");
	assert_int_equal(card_command(card, fetch.bytes).len, 602);
	expect(card, "00 10 01 00", "6100");
	expect(card, "00 C0 00 00 00 0400", "6C00");
	exact_free(&fetch);
	card_free(card);
}

static void failures_of_the_program_have_status_words(void **state)
{
	static const struct {
		int err;
		enum sw want;
	} cases[] = {
		{ 0, SW_OK },
		{ ERR_NO_MEMORY, SW_MEMORY_FAILURE },
		{ ERR_LIMIT, SW_NOT_ENOUGH_MEMORY },
		{ ERR_EXISTS, SW_FILE_EXISTS },
		{ ERR_NOT_FOUND, SW_FILE_NOT_FOUND },
		{ ERR_FORMAT, SW_WRONG_DATA },
		{ ERR_UNSUPPORTED, SW_FUNCTION_NOT_SUPPORTED },
		{ ERR_CRYPTO, SW_NO_DIAGNOSIS },
		{ ERR_IO, SW_NO_DIAGNOSIS },
		{ -1000, SW_NO_DIAGNOSIS },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(sw_of(cases[i].err), cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_commands),
		cmocka_unit_test(classes),
		cmocka_unit_test(tables_of_type_and_base),
		cmocka_unit_test(handler_sees_plain_class_and_lengths),
		cmocka_unit_test(response_is_cut_to_le),
		cmocka_unit_test(get_response),
		cmocka_unit_test(sw_says_how_much_is_left),
		cmocka_unit_test(chains_are_joined),
		cmocka_unit_test(chains_can_break),
		cmocka_unit_test(links_can_be_taken_one_by_one),
		cmocka_unit_test(commands_are_announced),
		cmocka_unit_test(envelopes),
		cmocka_unit_test(envelopes_have_a_limit),
		cmocka_unit_test(refused_commands_end_the_chain),
		cmocka_unit_test(access_is_checked),
		cmocka_unit_test(power_off_on_and_reset_end_everything),
		cmocka_unit_test(chain_has_a_limit),
		cmocka_unit_test(response_has_a_limit),
		cmocka_unit_test(longest_response_in_one),
		cmocka_unit_test(long_rest_comes_in_parts),
		cmocka_unit_test(get_response_longer_than_6cxx_can_say),
		cmocka_unit_test(failures_of_the_program_have_status_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
