/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the generic card's file commands refuse, and with which status word (ISO/IEC 7816-4, 5.6): wrong P1 and
 * P2, lengths, missing objects, state, life cycle, access. Each case has a card of its own. Then every
 * command with every P2 and many P1: whatever comes, the card has a word for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cards/iso7816/iso7816.h"
#include "exact.h"
#include "iso7816/ins.h"

#define SETUP_MAX 6

/* In the MF: 0001 transparent, 16 bytes, short identifier 1; 0002 with two records of four bytes, 2; 0003 for data
 * objects, 3; 5100 a DF with the name D276. What each state selects, or makes besides and selects. */
enum state {
	MF,
	EF,
	REC,
	OBJ,
	DEAD,
	END,
	NEW,
	SHUT,
	DEADREC,
	SHUTREC,
	DEADOBJ,
	SHUTOBJ,
	DEADDF,
	SHUTDF,
	OVER
};

#define SHUT_RULES "8C 08 7F FF FF FF FF FF FF FF"

static const char *const base[] = {
	"00E00000 10 62 0E 82 01 01 83 02 00 01 80 02 00 10 88 01 08",
	"00E00000 10 62 0E 82 05 02 01 00 04 02 83 02 00 02 88 01 10",
	"00E00000 10 62 0E 82 01 39 83 02 00 03 80 02 00 20 88 01 18",
	"00E00000 0D 62 0B 82 01 38 83 02 51 00 84 02 D2 76",
	"00A4000C",
};

static const char *const setups[][SETUP_MAX] = {
	[MF] = { NULL },
	[EF] = { "00A4020C 02 0001", NULL },
	[REC] = { "00A4020C 02 0002", NULL },
	[OBJ] = { "00A4020C 02 0003", NULL },
	[DEAD] = { "00A4020C 02 0001", "00040000", NULL },
	[END] = { "00A4020C 02 0001", "00E80000", NULL },
	[NEW] = { "00E00000 10 62 0E 82 01 01 83 02 00 09 80 02 00 10 8A 01 01", NULL },
	[SHUT] = { "00E00000 17 62 15 82 01 01 83 02 00 09 80 02 00 10 " SHUT_RULES, NULL },
	[DEADREC] = { "00A4020C 02 0002", "00040000", NULL },
	[SHUTREC] = { "00E00000 17 62 15 82 05 02 01 00 04 02 83 02 00 09 " SHUT_RULES, NULL },
	[DEADOBJ] = { "00A4020C 02 0003", "00040000", NULL },
	[SHUTOBJ] = { "00E00000 17 62 15 82 01 39 83 02 00 09 80 02 00 10 " SHUT_RULES, NULL },
	[DEADDF] = { "00A4010C 02 5100",
	    "00E00000 10 62 0E 82 01 01 83 02 00 01 80 02 00 10 88 01 08", "00A4000C",
	    "00A4010C 02 5100", "00040000", NULL },
	[SHUTDF] = { "00E00000 13 62 11 82 01 38 83 02 52 00 " SHUT_RULES, NULL },
	[OVER] = { "00FE0000", NULL },
};

static uint16_t sw_after(struct card *card, const char *command)
{
	struct exact in = exact_of_hex(command);
	struct bytes response = card_command(card, in.bytes);
	uint16_t sw = 0;

	response = bytes_after(response, response.len - 2);
	assert_true(bytes_take_u16(&response, &sw));
	exact_free(&in);
	return sw;
}

static struct card *card_in(enum state which)
{
	struct card *card = NULL;

	assert_int_equal(card_new(&card_iso7816, NULL, &card), 0);
	for (size_t i = 0; i < COUNT(base); i++)
		assert_int_equal(sw_after(card, base[i]), SW_OK);
	for (size_t i = 0; setups[which][i] != NULL; i++)
		assert_int_equal(sw_after(card, setups[which][i]), SW_OK);
	return card;
}

/* clang-format off */
static const struct {
	enum state state;
	const char *command;
	uint16_t sw;
	const char *what;
} cases[] = {
	/* SELECT */
	{ MF, "00 A4 05 00", 0x6A86, "P1" },
	{ MF, "00 A4 00 10 02 3F 00", 0x6A86, "P2" },
	{ MF, "00 A4 00 01 02 3F 00", 0x6A86, "P2: an occurrence without a name" },
	{ MF, "00 A4 00 00 01 3F", 0x6A80, "half an identifier" },
	{ MF, "00 A4 01 00", 0x6A87, "Lc: no identifier" },
	{ MF, "00 A4 03 00 02 51 00", 0x6A87, "Lc: the parent has none" },
	{ MF, "00 A4 04 00 11 AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA", 0x6A87, "Lc: a name of 17 bytes" },
	{ MF, "00 A4 0C 00 02 51 00", 0x6A86, "P1 reserved" },
	{ MF, "00 A4 00 00 02 55 55", 0x6A82, "no such file" },
	{ MF, "00 A4 03 0C", 0x6A82, "the MF's parent" },
	/* MANAGE CHANNEL */
	{ MF, "00 70 01 00 01", 0x6A86, "P1" },
	{ MF, "00 70 00 14", 0x6A81, "P2: channel 20" },
	{ MF, "00 70 00 FF", 0x6A81, "P2" },
	{ MF, "00 70 00 01 01 00", 0x6700, "Lc" },
	{ MF, "00 70 80 00", 0x6A81, "the basic channel stays open" },
	{ MF, "00 70 80 01", 0x6200, "state: not open" },
	/* READ BINARY */
	{ MF, "00 B0 00 00 00", 0x6986, "state: no current EF" },
	{ MF, "00 B0 A1 00 00", 0x6A86, "P1: reserved bits" },
	{ MF, "00 B0 80 00 00", 0x6A86, "P1: short identifier 0" },
	{ MF, "00 B0 9F 00 00", 0x6A86, "P1: short identifier 31" },
	{ MF, "00 B0 9E 00 00", 0x6A82, "no such file" },
	{ MF, "00 B0 82 00 00", 0x6981, "an EF with records" },
	{ MF, "00 B0 83 00 00", 0x6981, "an EF with data objects" },
	{ MF, "00 B0 81 10 00", 0x6B00, "P2: offset behind the end" },
	{ EF, "00 B0 00 10 00", 0x6B00, "P1-P2: offset behind the end" },
	{ EF, "00 B0 00 00 01 00 00", 0x6700, "Lc" },
	{ EF, "00 B0 00 00 11", 0x6282, "Le: more than there is" },
	{ DEAD, "00 B0 00 00 00", 0x6985, "life cycle: deactivated" },
	{ END, "00 B0 00 00 00", 0x6985, "life cycle: terminated" },
	{ SHUT, "00 B0 00 00 00", 0x6982, "access" },
	{ MF, "00 B1 00 00 03 54 01 00 00", 0x6986, "state: no current EF" },
	{ EF, "00 B1 00 00 00", 0x6A80, "no offset object" },
	{ EF, "00 B1 00 00 03 53 01 00 00", 0x6A80, "another object" },
	{ EF, "00 B1 00 00 02 54 00 00", 0x6A80, "an empty offset" },
	{ EF, "00 B1 00 00 07 54 05 00 00 00 00 00 00", 0x6A80, "an offset of five bytes" },
	{ EF, "00 B1 00 00 02 54 01 00", 0x6A80, "cut off" },
	{ EF, "00 B1 00 00 06 54 01 00 53 01 00 00", 0x6A80, "data" },
	{ EF, "00 B1 00 00 03 54 01 10 00", 0x6B00, "offset behind the end" },
	{ EF, "00 B1 51 00 03 54 01 00 00", 0x6981, "a DF" },
	{ SHUT, "00 B1 00 00 03 54 01 00 00", 0x6982, "access" },
	/* WRITE, UPDATE, ERASE, SEARCH BINARY, COMPARE */
	{ MF, "00 D0 00 00 01 00", 0x6986, "state" },
	{ EF, "00 D0 00 00", 0x6700, "Lc: no data" },
	{ EF, "00 D0 00 0F 02 00 00", 0x6A84, "Lc: runs past the end" },
	{ EF, "00 D0 00 10 01 00", 0x6B00, "offset behind the end" },
	{ EF, "00 D1 00 00 03 54 01 00", 0x6700, "no data object" },
	{ EF, "00 D1 00 00 06 54 01 00 54 01 01", 0x6A80, "two offsets" },
	{ DEAD, "00 D0 00 00 01 00", 0x6985, "life cycle" },
	{ SHUT, "00 D0 00 00 01 00", 0x6982, "access" },
	{ MF, "00 D6 00 00 01 00", 0x6986, "state" },
	{ EF, "00 D6 00 00", 0x6700, "Lc: no data" },
	{ EF, "00 D6 00 0F 02 00 00", 0x6A84, "Lc: runs past the end" },
	{ EF, "00 D6 A1 00 01 00", 0x6A86, "P1" },
	{ EF, "00 D7 00 00 03 53 01 00", 0x6A80, "no offset object" },
	{ EF, "00 D7 00 00 07 54 01 0F 53 02 00 00", 0x6A84, "runs past the end" },
	{ EF, "00 D7 00 00 06 54 01 00 99 01 00", 0x6A80, "another object" },
	{ EF, "00 D7 00 00 07 54 01 00 53 01 00 00", 0x6A80, "something behind it" },
	{ DEAD, "00 D6 00 00 01 00", 0x6985, "life cycle" },
	{ SHUT, "00 D6 00 00 01 00", 0x6982, "access" },
	{ MF, "00 0E 00 00", 0x6986, "state" },
	{ EF, "00 0E 00 10", 0x6B00, "offset behind the end" },
	{ EF, "00 0E 00 04 02 00 03", 0x6B00, "the end before the beginning" },
	{ EF, "00 0E 00 00 02 00 11", 0x6B00, "the end behind the file's" },
	{ EF, "00 0E 00 00 05 00 00 00 00 01", 0x6700, "Lc: five bytes" },
	{ EF, "00 0F 00 00", 0x6A80, "no offset object" },
	{ EF, "00 0F 00 00 06 54 01 00 53 01 00", 0x6A80, "data" },
	{ SHUT, "00 0E 00 00", 0x6982, "access" },
	{ MF, "00 A0 00 00 01 00 00", 0x6986, "state" },
	{ EF, "00 A0 00 10 01 00 00", 0x6B00, "offset behind the end" },
	{ EF, "00 A1 00 00 03 53 01 00 00", 0x6A80, "no offset object" },
	{ EF, "00 A0 00 00 01 99 00", 0x6282, "nothing found" },
	{ SHUT, "00 A0 00 00 01 00 00", 0x6982, "access" },
	{ MF, "00 33 00 00 06 54 01 00 53 01 00", 0x6986, "state" },
	{ EF, "00 33 00 00", 0x6A80, "no objects" },
	{ EF, "00 33 00 00 03 54 01 00", 0x6A80, "no data object" },
	{ EF, "00 33 00 00 06 54 01 00 53 01 99", 0x6340, "other data" },
	{ SHUT, "00 33 00 00 06 54 01 00 53 01 00", 0x6982, "access" },
	/* READ RECORD */
	{ MF, "00 B2 01 04 00", 0x6986, "state: no current EF" },
	{ MF, "00 B2 01 FC 00", 0x6A86, "P2: short identifier 31" },
	{ MF, "00 B2 01 F4 00", 0x6A82, "no such file" },
	{ MF, "00 B2 01 0C 00", 0x6981, "a transparent EF" },
	{ MF, "00 B2 01 1C 00", 0x6981, "an EF with data objects" },
	{ REC, "00 B2 FF 04 00", 0x6A86, "P1" },
	{ REC, "00 B2 01 07 00", 0x6A86, "P2: mode" },
	{ REC, "00 B2 03 04 00", 0x6A83, "no such record" },
	{ REC, "00 B2 00 04 00", 0x6A83, "state: no current record" },
	{ REC, "00 B2 05 00 00", 0x6A83, "no such identifier" },
	{ REC, "00 B2 01 04 01 00 00", 0x6700, "Lc" },
	{ REC, "00 B2 01 04 05", 0x6282, "Le: more than there is" },
	{ REC, "00 B3 01 04 00", 0x6A80, "no offset object" },
	{ REC, "00 B3 01 04 03 54 01 04 00", 0x6B00, "offset behind the end" },
	{ REC, "00 B3 01 05 03 54 01 00 00", 0x6A86, "P2: more than one record" },
	{ DEADREC, "00 B2 01 04 00", 0x6985, "life cycle" },
	{ SHUTREC, "00 B2 01 04 00", 0x6982, "access" },
	{ SHUTREC, "00 B3 01 04 03 54 01 00 00", 0x6982, "access" },
	/* WRITE, UPDATE, APPEND, ERASE, SEARCH RECORD */
	{ MF, "00 D2 01 04 04 00 00 00 00", 0x6986, "state" },
	{ REC, "00 D2 01 05 04 00 00 00 00", 0x6A86, "P2" },
	{ REC, "00 D2 01 04", 0x6700, "Lc: no data" },
	{ REC, "00 D2 01 04 03 00 00 00", 0x6700, "Lc: another size" },
	{ REC, "00 D2 03 04 04 00 00 00 00", 0x6A83, "no such record" },
	{ DEADREC, "00 D2 01 04 04 00 00 00 00", 0x6985, "life cycle" },
	{ SHUTREC, "00 D2 01 04 04 00 00 00 00", 0x6982, "access" },
	{ MF, "00 DC 01 04 04 00 00 00 00", 0x6986, "state" },
	{ REC, "00 DC 01 06 04 00 00 00 00", 0x6A86, "P2" },
	{ REC, "00 DC 01 04", 0x6700, "Lc: no data" },
	{ REC, "00 DC 01 04 05 00 00 00 00 00", 0x6700, "Lc: another size" },
	{ REC, "00 DC 03 04 04 00 00 00 00", 0x6A83, "no such record" },
	{ REC, "00 DC 00 04 04 00 00 00 00", 0x6A83, "state: no current record" },
	{ REC, "00 DD 01 04", 0x6A80, "no objects" },
	{ REC, "00 DD 01 04 03 54 01 00", 0x6A80, "no data object" },
	{ REC, "00 DD 01 04 07 54 01 03 53 02 00 00", 0x6A84, "runs past the end" },
	{ REC, "00 DD 01 04 06 54 01 04 53 01 00", 0x6B00, "offset behind the end" },
	{ REC, "00 DD 01 00 06 54 01 00 53 01 00", 0x6A86, "P2" },
	{ REC, "00 DD 03 04 06 54 01 00 53 01 00", 0x6A83, "no such record" },
	{ SHUTREC, "00 DC 01 04 04 00 00 00 00", 0x6982, "access" },
	{ SHUTREC, "00 DD 01 04 06 54 01 00 53 01 00", 0x6982, "access" },
	{ MF, "00 E2 00 00 04 00 00 00 00", 0x6986, "state" },
	{ REC, "00 E2 01 00 04 00 00 00 00", 0x6A86, "P1" },
	{ REC, "00 E2 00 04 04 00 00 00 00", 0x6A86, "P2" },
	{ REC, "00 E2 00 00", 0x6700, "Lc: no data" },
	{ REC, "00 E2 00 00 01 00", 0x6A84, "full" },
	{ MF, "00 E2 00 10 04 00 00 00 00", 0x6A84, "full" },
	{ SHUTREC, "00 E2 00 00 04 00 00 00 00", 0x6982, "access" },
	{ MF, "00 0C 01 04", 0x6986, "state" },
	{ REC, "00 0C 01 06", 0x6A86, "P2" },
	{ REC, "00 0C 01 04 01 00", 0x6700, "Lc" },
	{ REC, "00 0C 03 04", 0x6A83, "no such record" },
	{ SHUTREC, "00 0C 01 04", 0x6982, "access" },
	{ MF, "00 A2 01 04 01 00 00", 0x6986, "state" },
	{ REC, "00 A2 01 07 01 00 00", 0x6A86, "P2" },
	{ REC, "00 A2 01 04 00", 0x6700, "Lc: no string" },
	{ REC, "00 A2 03 04 01 00 00", 0x6A83, "no such record" },
	{ REC, "00 A2 01 06 01 04 00", 0x6A80, "half an indication" },
	{ REC, "00 A2 01 06 03 F4 00 00 00", 0x6A80, "reserved bits" },
	{ REC, "00 A2 01 04 01 99 00", 0x6282, "nothing found" },
	{ SHUTREC, "00 A2 01 04 01 00 00", 0x6982, "access" },
	/* GET DATA, PUT DATA */
	{ MF, "00 CA 00 00 00", 0x6A86, "P1-P2: no tag" },
	{ MF, "00 CA 00 1F 00", 0x6A86, "P1-P2: not for tags" },
	{ MF, "00 CA 5F 80 00", 0x6A86, "P1-P2: half a tag" },
	{ MF, "00 CA 01 42 00", 0x6A81, "P1-P2: proprietary" },
	{ MF, "00 CA 02 42 00", 0x6A81, "P1-P2: SIMPLE-TLV" },
	{ MF, "00 CA 00 42 00", 0x6A88, "no such object" },
	{ MF, "00 CA 00 42 01 00 00", 0x6700, "Lc" },
	{ MF, "00 CB 00 00 03 5C 01 42 00", 0x6986, "state" },
	{ MF, "00 CB 00 01 03 5C 01 42 00", 0x6981, "a transparent EF" },
	{ MF, "00 CB 00 1E 03 5C 01 42 00", 0x6A82, "no such file" },
	{ MF, "00 CB 3F FF 00", 0x6A80, "no tag list" },
	{ MF, "00 CB 3F FF 03 5C 01 42 00", 0x6A88, "no such object" },
	{ MF, "00 CB 3F FF 03 5C 01 1F 00", 0x6A80, "half a tag" },
	{ MF, "00 CB 3F FF 03 5C 02 42 00", 0x6A80, "cut off" },
	{ MF, "00 CB 3F FF 04 4D 02 42 80 00", 0x6A80, "another object" },
	{ DEADOBJ, "00 CA 00 80 00", 0x6985, "life cycle" },
	{ SHUTOBJ, "00 CA 00 80 00", 0x6982, "access" },
	{ SHUTOBJ, "00 CB 00 00 03 5C 01 80 00", 0x6982, "access" },
	{ MF, "00 DA 00 00 01 00", 0x6A86, "P1-P2: no tag" },
	{ MF, "00 DA 01 42 01 00", 0x6A81, "P1-P2: proprietary" },
	{ MF, "00 DA 00 42", 0x6700, "Lc: no value" },
	{ MF, "00 DA 7F 49 01 81", 0x6A80, "not of objects" },
	{ MF, "00 DB 3F FF", 0x6A80, "no objects" },
	{ MF, "00 DB 3F FF 03 42 02 00", 0x6A80, "cut off" },
	{ MF, "00 DB 00 00 03 42 01 00", 0x6986, "state" },
	{ OBJ, "00 DA 00 80 28 AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA", 0x6A84, "full" },
	{ OBJ, "00 DB 00 00 2A 80 28 AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA", 0x6A84, "full" },
	{ SHUTOBJ, "00 DA 00 80 01 00", 0x6982, "access" },
	{ SHUTOBJ, "00 DB 00 00 03 80 01 00", 0x6982, "access" },
	/* CREATE FILE */
	{ MF, "00 E0 00 00", 0x6A80, "no template" },
	{ MF, "00 E0 00 00 05 64 03 82 01 01", 0x6A80, "another template" },
	{ MF, "00 E0 00 07 0C 62 0A 82 01 01 83 02 00 77 80 01 01", 0x6A86, "P2: reserved bits" },
	{ MF, "00 E0 01 00 09 62 07 82 01 38 83 02 00 77", 0x6A80, "P1 against object 82" },
	{ MF, "00 E0 00 00 09 62 07 83 02 00 77 80 01 01", 0x6A80, "no descriptor" },
	{ MF, "00 E0 00 00 08 62 06 82 01 01 80 01 01", 0x6A80, "no identifier" },
	{ MF, "00 E0 00 00 09 62 07 82 01 01 83 02 00 77", 0x6A80, "no size" },
	{ MF, "00 E0 00 00 0C 62 0A 82 01 02 83 02 00 77 80 01 01", 0x6A80, "no record size" },
	{ MF, "00 E0 00 00 0C 62 0A 82 01 01 83 02 00 01 80 01 01", 0x6A89, "exists" },
	{ MF, "00 E0 00 00 0F 62 0D 82 01 01 83 02 00 77 80 01 01 88 01 08", 0x6A89, "short identifier exists" },
	{ MF, "00 E0 00 00 0D 62 0B 82 01 38 83 02 00 77 84 02 D2 76", 0x6A8A, "name exists" },
	{ MF, "00 E0 00 00 0F 62 0D 82 01 01 83 02 00 77 80 04 FF FF FF FF", 0x6A84, "memory" },
	{ MF, "00 E0 00 00 0F 62 0D 82 01 01 83 02 00 77 80 01 01 8A 01 0C", 0x6A80, "life cycle" },
	{ MF, "00 E0 00 00 0F 62 0D 82 01 01 83 02 00 77 80 01 01 8C 01 01", 0x6A80, "a rule without condition" },
	{ DEADDF, "00 E0 00 00 0C 62 0A 82 01 01 83 02 00 77 80 01 01", 0x6985, "life cycle" },
	{ SHUTDF, "00 E0 00 00 0C 62 0A 82 01 01 83 02 00 77 80 01 01", 0x6982, "access" },
	{ SHUTDF, "00 E0 00 00 09 62 07 82 01 38 83 02 00 77", 0x6982, "access" },
	/* DELETE FILE */
	{ MF, "00 E4 05 00", 0x6A86, "P1" },
	{ MF, "00 E4 00 01", 0x6A86, "P2" },
	{ MF, "00 E4 00 00 01 00", 0x6A80, "half an identifier" },
	{ MF, "00 E4 00 00 02 55 55", 0x6A82, "no such file" },
	{ MF, "00 E4 00 00", 0x6985, "the MF" },
	{ MF, "00 E4 02 00", 0x6A87, "Lc: no identifier" },
	{ SHUT, "00 E4 00 00", 0x6982, "access" },
	{ SHUTDF, "00 E4 00 00", 0x6982, "access" },
	{ DEADDF, "00 E4 00 00 02 00 01", 0x6985, "life cycle of the DF" },
	/* ACTIVATE, DEACTIVATE, TERMINATE */
	{ MF, "00 44 05 00", 0x6A86, "P1" },
	{ MF, "00 44 00 01", 0x6A86, "P2" },
	{ MF, "00 44 00 00 02 55 55", 0x6A82, "no such file" },
	{ END, "00 44 00 00", 0x6985, "life cycle: terminated" },
	{ SHUT, "00 44 00 00", 0x6982, "access" },
	{ MF, "00 04 05 00", 0x6A86, "P1" },
	{ MF, "00 04 00 01", 0x6A86, "P2" },
	{ END, "00 04 00 00", 0x6985, "life cycle: terminated" },
	{ NEW, "00 04 00 00", 0x6985, "life cycle: creation" },
	{ SHUT, "00 04 00 00", 0x6982, "access" },
	{ MF, "00 E8 00 00", 0x6981, "a DF" },
	{ MF, "00 E8 00 01", 0x6A86, "P2" },
	{ END, "00 E8 00 00", 0x6985, "life cycle: terminated" },
	{ SHUT, "00 E8 00 00", 0x6982, "access" },
	{ MF, "00 E6 00 00", 0x6985, "the MF" },
	{ EF, "00 E6 00 00", 0x6981, "an EF" },
	{ SHUTDF, "00 E6 00 00", 0x6982, "access" },
	{ MF, "00 FE 00 01", 0x6A86, "P2" },
	{ MF, "00 FE 01 00", 0x6A86, "P1" },
	{ MF, "00 FE 00 00 01 00", 0x6700, "Lc" },
	{ OVER, "00 FE 00 00", 0x6985, "life cycle of the card" },
	{ OVER, "00 A4 00 0C", 0x6985, "life cycle of the card" },
	{ OVER, "00 70 00 00 01", 0x6985, "life cycle of the card" },
	/* GET RESPONSE, what there is not */
	{ MF, "00 C0 00 00 00", 0x6985, "state: nothing waits" },
	{ MF, "00 C0 01 00 00", 0x6A86, "P1" },
	{ MF, "00 C0 00 01 00", 0x6A86, "P2" },
	{ MF, "00 FC 00 00", 0x6D00, "INS" },
	{ MF, "80 A4 00 00", 0x6E00, "CLA" },
	{ MF, "20 A4 00 00", 0x6E00, "CLA: reserved" },
	{ MF, "01 A4 00 00", 0x6881, "CLA: a channel that is not open" },
	{ MF, "00 A4 00", 0x6700, "no P2" },
	{ MF, "00 A4 00 00 02 3F", 0x6700, "Lc: more than there is" },
	{ MF, "00 A4 00 00 02 3F 00 00 00", 0x6700, "Lc: less than there is" },
};
/* clang-format on */

static void refusals(void **state)
{
	int wrong = 0;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct card *card = card_in(cases[i].state);
		uint16_t sw = sw_after(card, cases[i].command);

		print_message("# %s: %04X %s\n", cases[i].command, sw, cases[i].what);
		if (sw != cases[i].sw) {
			print_error("expected %04X\n", cases[i].sw);
			wrong++;
		}
		card_free(card);
	}
	assert_int_equal(wrong, 0);
}

/* A refused command leaves everything as it was: the same card gives the same answers after all of those
 * that are refused in the MF. */
static void refused_commands_change_nothing(void **state)
{
	struct card *card = card_in(MF);

	for (size_t i = 0; i < COUNT(cases); i++) {
		if (cases[i].state != MF || cases[i].sw < 0x6400)
			continue;
		print_message("# %s\n", cases[i].command);
		assert_int_equal(sw_after(card, cases[i].command), cases[i].sw);
	}
	assert_int_equal(sw_after(card, "00A4000C"), SW_OK);
	assert_int_equal(sw_after(card, "00B0810010"), SW_OK);
	assert_int_equal(sw_after(card, "00B2020C04"), SW_WRONG_FILE_STRUCTURE);
	assert_int_equal(sw_after(card, "00B2021404"), SW_OK);
	assert_int_equal(sw_after(card, "00CA00FF00"), SW_REFERENCE_NOT_FOUND);
	card_free(card);
}

/* Key generation takes its time; what it refuses is tested where it is. */
static bool is_slow(uint8_t ins)
{
	return ins == INS_GENERATE_KEY_PAIR || ins == INS_GENERATE_KEY_PAIR_ODD;
}

static void try_all_p2(struct card *card, const struct instruction *row, uint8_t p1, bool data)
{
	const uint8_t with_data[] = { row->cla, row->ins, p1, 0, 0x04, 0x54, 0x02, 0x00, 0x01 };
	uint8_t command[sizeof with_data];

	for (unsigned p2 = 0; p2 <= 0xFF; p2++) {
		struct bytes response;
		uint16_t sw = 0;

		memcpy(command, with_data, sizeof command);
		command[3] = (uint8_t)p2;
		response = card_command(card, bytes_of(command, data ? sizeof command : 4));
		assert_true(response.len >= 2);
		response = bytes_after(response, response.len - 2);
		assert_true(bytes_take_u16(&response, &sw));
		assert_true(sw >> 8 == 0x90 || (sw >> 8 >= 0x61 && sw >> 8 <= 0x6E));
	}
}

static void every_command_has_an_answer(void **state)
{
	static const uint8_t p1s[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x08, 0x09, 0x38, 0x3F, 0x5F,
		0x7F, 0x80, 0x81, 0x82, 0x9E, 0x9F, 0xFE, 0xFF };

	for (size_t i = 0; i < card_iso7816.n_instructions; i++) {
		const struct instruction *row = &card_iso7816.instructions[i];

		for (size_t j = 0; j < COUNT(p1s) && !is_slow(row->ins); j++) {
			struct card *card = card_in(j % 2 == 0 ? EF : REC);

			try_all_p2(card, row, p1s[j], false);
			try_all_p2(card, row, p1s[j], true);
			card_free(card);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(refused_commands_change_nothing),
		cmocka_unit_test(every_command_has_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
