/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status words and their texts (ISO/IEC 7816-4, 5.6, tables 5 and 6). */
#include "iso7816/sw.h"

#include <stdio.h>

#include "base/compiler.h"

#define COUNTER_MAX 15

static const struct {
	uint16_t sw;
	const char *text;
} texts[] = {
	{ 0x9000, "success" },
	{ 0x6200, "warning, state unchanged" },
	{ 0x6281, "returned data may be corrupted" },
	{ 0x6282, "end of file or record reached early" },
	{ 0x6283, "selected file is deactivated" },
	{ 0x6284, "file control information is badly formatted" },
	{ 0x6285, "selected file is terminated" },
	{ 0x6286, "no input from a sensor of the card" },
	{ 0x6287, "a referenced record is deactivated" },
	{ 0x6300, "warning, state changed" },
	{ 0x6340, "comparison failed" },
	{ 0x6381, "file filled up by the last write" },
	{ 0x6400, "execution error, state unchanged" },
	{ 0x6401, "the card wants an answer at once" },
	{ 0x6481, "shared access to the logical channel denied" },
	{ 0x6482, "logical channel cannot be opened" },
	{ 0x6500, "execution error, state changed" },
	{ 0x6581, "memory failure" },
	{ 0x6700, "wrong length" },
	{ 0x6701, "length fields break the standard" },
	{ 0x6702, "wrong length of command data" },
	{ 0x6800, "function of the class byte not supported" },
	{ 0x6881, "logical channel not supported" },
	{ 0x6882, "secure messaging not supported" },
	{ 0x6883, "last command of the chain expected" },
	{ 0x6884, "command chaining not supported" },
	{ 0x6900, "command not allowed" },
	{ 0x6981, "command does not fit the file structure" },
	{ 0x6982, "security status not satisfied" },
	{ 0x6983, "authentication method blocked" },
	{ 0x6984, "reference data not usable" },
	{ 0x6985, "conditions of use not satisfied" },
	{ 0x6986, "no current elementary file" },
	{ 0x6987, "secure messaging data object missing" },
	{ 0x6988, "secure messaging data object wrong" },
	{ 0x6A00, "wrong parameters P1-P2" },
	{ 0x6A80, "wrong command data" },
	{ 0x6A81, "function not supported" },
	{ 0x6A82, "file or application not found" },
	{ 0x6A83, "record not found" },
	{ 0x6A84, "not enough memory in the file" },
	{ 0x6A85, "command data length does not fit the TLV structure" },
	{ 0x6A86, "incorrect parameters P1-P2" },
	{ 0x6A87, "command data length does not fit P1-P2" },
	{ 0x6A88, "referenced data not found" },
	{ 0x6A89, "file exists already" },
	{ 0x6A8A, "DF name exists already" },
	{ 0x6B00, "offset outside of the file" },
	{ 0x6D00, "instruction not supported" },
	{ 0x6E00, "class not supported" },
	{ 0x6F00, "no precise diagnosis" },
};

/* What is said of a status that has no text of its own, by its first byte. */
static const struct {
	uint8_t sw1;
	const char *text;
} classes[] = {
	{ 0x62, "warning, state unchanged" },
	{ 0x63, "warning, state changed" },
	{ 0x64, "execution error, state unchanged" },
	{ 0x65, "execution error, state changed" },
	{ 0x66, "security-related failure" },
	{ 0x67, "wrong length" },
	{ 0x68, "function of the class byte not supported" },
	{ 0x69, "command not allowed" },
	{ 0x6A, "wrong parameters P1-P2" },
	{ 0x6B, "wrong parameters P1-P2" },
	{ 0x6D, "instruction not supported" },
	{ 0x6E, "class not supported" },
	{ 0x6F, "no precise diagnosis" },
};

enum sw sw_more_data(size_t n)
{
	if (n == 0)
		return SW_OK;
	return n < 256 ? (enum sw)(SW_MORE_DATA + n) : SW_MORE_DATA;
}

enum sw sw_counter(unsigned tries)
{
	return (enum sw)(SW_COUNTER + (tries < COUNTER_MAX ? tries : COUNTER_MAX));
}

bool sw_is_normal(uint16_t sw)
{
	return sw == SW_OK || (sw >= 0x6100 && sw <= 0x63FF);
}

static const char *fixed_text(uint16_t sw)
{
	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i].sw == sw)
			return texts[i].text;
	for (size_t i = 0; i < COUNT(classes); i++)
		if (classes[i].sw1 == sw >> 8)
			return classes[i].text;
	/* 7816-3, 10.3.3: 60xx is a procedure byte, and values but 6xxx and 9xxx do not exist. */
	if (sw >> 12 == 9)
		return "status of the application";
	return "not a status word";
}

const char *sw_text(uint16_t sw, char *text, size_t size)
{
	unsigned sw2 = sw & 0xFF;

	if (sw == SW_MORE_DATA)
		(void)snprintf(text, size, "256 or more bytes available");
	else if (sw >> 8 == 0x61)
		(void)snprintf(text, size, "%u byte%s available", sw2, sw2 == 1 ? "" : "s");
	else if (sw >> 8 == 0x6C)
		(void)snprintf(text, size, "wrong Le, %u is right", sw2 == 0 ? 256 : sw2);
	else if ((sw & 0xFFF0) == SW_COUNTER)
		(void)snprintf(
		    text, size, "%u %s left", sw2 & 0x0F, (sw2 & 0x0F) == 1 ? "try" : "tries");
	else if ((sw >> 8 == 0x62 || sw >> 8 == 0x64) && sw2 >= 0x02 && sw2 <= 0x80)
		/* 7816-4, 12.5.1: the card wants to be asked by a GET DATA of that length. */
		(void)snprintf(text, size, "the card has a query of %u bytes", sw2);
	else
		(void)snprintf(text, size, "%s", fixed_text(sw));
	return text;
}
