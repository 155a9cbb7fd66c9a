/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of the instructions (ISO/IEC 7816-4, table 4.2; 7816-7; 7816-8; 7816-9). */
#include "iso7816/ins.h"

#include <stddef.h>

#include "base/compiler.h"

static const struct {
	uint8_t ins;
	bool secret;
	const char *name;
} instructions[] = {
	{ INS_DEACTIVATE_FILE, false, "DEACTIVATE FILE" },
	{ INS_ERASE_RECORD, false, "ERASE RECORD" },
	{ INS_ERASE_BINARY, false, "ERASE BINARY" },
	{ INS_ERASE_BINARY_ODD, false, "ERASE BINARY" },
	{ INS_PERFORM_SCQL, false, "PERFORM SCQL OPERATION" },
	{ INS_VERIFY, true, "VERIFY" },
	{ INS_VERIFY_ODD, true, "VERIFY" },
	{ INS_MANAGE_SECURITY_ENV, false, "MANAGE SECURITY ENVIRONMENT" },
	{ INS_CHANGE_REFERENCE_DATA, true, "CHANGE REFERENCE DATA" },
	{ INS_CHANGE_REFERENCE_DATA_ODD, true, "CHANGE REFERENCE DATA" },
	{ INS_DISABLE_VERIFICATION, true, "DISABLE VERIFICATION REQUIREMENT" },
	{ INS_ENABLE_VERIFICATION, true, "ENABLE VERIFICATION REQUIREMENT" },
	{ INS_PERFORM_SECURITY_OPERATION, true, "PERFORM SECURITY OPERATION" },
	{ INS_PERFORM_SECURITY_OPERATION_ODD, true, "PERFORM SECURITY OPERATION" },
	{ INS_RESET_RETRY_COUNTER, true, "RESET RETRY COUNTER" },
	{ INS_RESET_RETRY_COUNTER_ODD, true, "RESET RETRY COUNTER" },
	{ INS_COMPARE, false, "COMPARE" },
	{ INS_ACTIVATE_FILE, false, "ACTIVATE FILE" },
	{ INS_GENERATE_KEY_PAIR, false, "GENERATE ASYMMETRIC KEY PAIR" },
	{ INS_GENERATE_KEY_PAIR_ODD, false, "GENERATE ASYMMETRIC KEY PAIR" },
	{ INS_MANAGE_CHANNEL, false, "MANAGE CHANNEL" },
	{ INS_EXTERNAL_AUTHENTICATE, true, "EXTERNAL AUTHENTICATE" },
	{ INS_GET_CHALLENGE, false, "GET CHALLENGE" },
	{ INS_GENERAL_AUTHENTICATE, true, "GENERAL AUTHENTICATE" },
	{ INS_GENERAL_AUTHENTICATE_ODD, true, "GENERAL AUTHENTICATE" },
	{ INS_INTERNAL_AUTHENTICATE, true, "INTERNAL AUTHENTICATE" },
	{ INS_SEARCH_BINARY, false, "SEARCH BINARY" },
	{ INS_SEARCH_BINARY_ODD, false, "SEARCH BINARY" },
	{ INS_SEARCH_RECORD, false, "SEARCH RECORD" },
	{ INS_SELECT, false, "SELECT" },
	{ INS_READ_BINARY, false, "READ BINARY" },
	{ INS_READ_BINARY_ODD, false, "READ BINARY" },
	{ INS_READ_RECORD, false, "READ RECORD" },
	{ INS_READ_RECORD_ODD, false, "READ RECORD" },
	{ INS_GET_RESPONSE, false, "GET RESPONSE" },
	/* An enveloped command can be any, and PUT DATA imports keys on many cards. */
	{ INS_ENVELOPE, true, "ENVELOPE" },
	{ INS_ENVELOPE_ODD, true, "ENVELOPE" },
	{ INS_GET_DATA, false, "GET DATA" },
	{ INS_GET_DATA_ODD, false, "GET DATA" },
	{ INS_WRITE_BINARY, false, "WRITE BINARY" },
	{ INS_WRITE_BINARY_ODD, false, "WRITE BINARY" },
	{ INS_WRITE_RECORD, false, "WRITE RECORD" },
	{ INS_UPDATE_BINARY, false, "UPDATE BINARY" },
	{ INS_UPDATE_BINARY_ODD, false, "UPDATE BINARY" },
	{ INS_PUT_DATA, true, "PUT DATA" },
	{ INS_PUT_DATA_ODD, true, "PUT DATA" },
	{ INS_UPDATE_RECORD, false, "UPDATE RECORD" },
	{ INS_UPDATE_RECORD_ODD, false, "UPDATE RECORD" },
	{ INS_CREATE_FILE, false, "CREATE FILE" },
	{ INS_APPEND_RECORD, false, "APPEND RECORD" },
	{ INS_DELETE_FILE, false, "DELETE FILE" },
	{ INS_TERMINATE_DF, false, "TERMINATE DF" },
	{ INS_TERMINATE_EF, false, "TERMINATE EF" },
	{ INS_TERMINATE_CARD, false, "TERMINATE CARD USAGE" },
};

const char *ins_name(uint8_t ins)
{
	for (size_t i = 0; i < COUNT(instructions); i++)
		if (instructions[i].ins == ins)
			return instructions[i].name;
	return NULL;
}

bool ins_is_secret(uint8_t ins)
{
	for (size_t i = 0; i < COUNT(instructions); i++)
		if (instructions[i].ins == ins)
			return instructions[i].secret;
	return false;
}
