/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status words (ISO/IEC 7816-4, 5.6). */
#ifndef ISO7816_SW_H
#define ISO7816_SW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sw {
	SW_OK = 0x9000,
	SW_MORE_DATA = 0x6100, /* xx: bytes still available, 00: 256 or more */
	SW_WARNING_UNCHANGED = 0x6200,
	SW_DATA_CORRUPTED = 0x6281,
	SW_END_OF_FILE = 0x6282,
	SW_FILE_DEACTIVATED_WARNING = 0x6283,
	SW_FCI_NOT_FORMATTED = 0x6284,
	SW_FILE_TERMINATED_WARNING = 0x6285,
	SW_WARNING_CHANGED = 0x6300,
	SW_COMPARISON_FAILED = 0x6340,
	SW_FILE_FILLED = 0x6381,
	SW_COUNTER = 0x63C0, /* x: tries that are left */
	SW_EXECUTION_UNCHANGED = 0x6400,
	SW_EXECUTION_CHANGED = 0x6500,
	SW_MEMORY_FAILURE = 0x6581,
	SW_SECURITY = 0x6600,
	SW_WRONG_LENGTH = 0x6700,
	SW_CLA_FUNCTION = 0x6800,
	SW_CHANNEL_NOT_SUPPORTED = 0x6881,
	SW_SM_NOT_SUPPORTED = 0x6882,
	SW_LAST_OF_CHAIN_EXPECTED = 0x6883,
	SW_CHAINING_NOT_SUPPORTED = 0x6884,
	SW_COMMAND_NOT_ALLOWED = 0x6900,
	SW_WRONG_FILE_STRUCTURE = 0x6981,
	SW_SECURITY_STATUS = 0x6982,
	SW_AUTH_BLOCKED = 0x6983,
	SW_REFERENCE_DATA_UNUSABLE = 0x6984,
	SW_CONDITIONS_NOT_SATISFIED = 0x6985,
	SW_NO_CURRENT_EF = 0x6986,
	SW_SM_OBJECT_MISSING = 0x6987,
	SW_SM_OBJECT_WRONG = 0x6988,
	SW_WRONG_PARAMETERS = 0x6A00,
	SW_WRONG_DATA = 0x6A80,
	SW_FUNCTION_NOT_SUPPORTED = 0x6A81,
	SW_FILE_NOT_FOUND = 0x6A82,
	SW_RECORD_NOT_FOUND = 0x6A83,
	SW_NOT_ENOUGH_MEMORY = 0x6A84,
	SW_NC_TLV = 0x6A85,
	SW_WRONG_P1P2 = 0x6A86,
	SW_NC_P1P2 = 0x6A87,
	SW_REFERENCE_NOT_FOUND = 0x6A88,
	SW_FILE_EXISTS = 0x6A89,
	SW_DF_NAME_EXISTS = 0x6A8A,
	SW_WRONG_OFFSET = 0x6B00,
	SW_WRONG_LE = 0x6C00, /* xx: the right one */
	SW_INS_NOT_SUPPORTED = 0x6D00,
	SW_CLA_NOT_SUPPORTED = 0x6E00,
	SW_NO_DIAGNOSIS = 0x6F00,
};

/* 61xx for n bytes that are left (9000 for none), 63Cx for tries that are left (15 for more). */
enum sw sw_more_data(size_t n);
enum sw sw_counter(unsigned tries);

/* Whether the command was carried out: 9000, 61xx and the warnings 62xx, 63xx. */
bool sw_is_normal(uint16_t sw);

/* The status in words, without its number, as in "wrong length" or "2 tries left". Writes at most size
 * bytes, NUL included, and returns text. */
const char *sw_text(uint16_t sw, char *text, size_t size);

#endif
