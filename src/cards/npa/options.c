/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of the identity card: the reference's, and ours. What files hold is read when the card is made. */
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cards/npa/internal.h"
#include "lds/mrz.h"

#define WANTED_FILE "the name of a file"
#define WANTED_PIN "six figures"

/* A value that is put into the options as it is. */
#define KEEP_PATH(member)                                                                          \
	static int parse_##member(void *own, const char *value, char error[CARD_ERROR_SIZE])       \
	{                                                                                          \
		((struct npa_options *)own)->member = value;                                       \
		return value[0] != '\0' ? 0 : ERR_FORMAT;                                          \
	}

#define KEEP_DIGITS(member, n)                                                                     \
	static int parse_##member(void *own, const char *value, char error[CARD_ERROR_SIZE])       \
	{                                                                                          \
		((struct npa_options *)own)->member = value;                                       \
		return npa_is_digits(bytes_of_string(value), n) ? 0 : ERR_FORMAT;                  \
	}

KEEP_PATH(ef_card_access)
KEEP_PATH(ef_card_security)
KEEP_PATH(cvc_dir)
KEEP_PATH(ca_key)
KEEP_PATH(dataset)
KEEP_PATH(esign_cert)
KEEP_PATH(esign_key)
KEEP_PATH(esign_ca_cert)
KEEP_DIGITS(pin, NPA_PIN_SIZE)
KEEP_DIGITS(transport_pin, NPA_TRANSPORT_PIN_SIZE)
KEEP_DIGITS(can, NPA_PIN_SIZE)
KEEP_DIGITS(puk, NPA_PUK_SIZE)

static int parse_esign_pin(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	((struct npa_options *)own)->esign_pin = value;
	return strcmp(value, NPA_ESIGN_PIN_NONE) == 0 ||
	        npa_is_digits(bytes_of_string(value), NPA_PIN_SIZE)
	    ? 0
	    : ERR_FORMAT;
}

static int parse_cvca(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct npa_options *options = own;

	if (value[0] == '\0')
		return ERR_FORMAT;
	if (options->n_cvcas == NPA_CVCAS_MAX) {
		(void)snprintf(error, CARD_ERROR_SIZE, "at most %d can be given", NPA_CVCAS_MAX);
		return ERR_LIMIT;
	}
	options->cvcas[options->n_cvcas++] = value;
	return 0;
}

static int parse_disable_ta_checks(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	((struct npa_options *)own)->disable_ta_checks = true;
	return 0;
}

static int parse_epassport(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	((struct npa_options *)own)->epassport = true;
	return 0;
}

static int parse_pseudonyms(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	((struct npa_options *)own)->pseudonyms = true;
	return 0;
}

static int parse_mrz(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct npa_options *options = own;
	char why[MRZ_ERROR_SIZE];
	struct mrz mrz;

	options->mrz = value;
	if (mrz_parse(bytes_of_string(value), &mrz, why) < 0)
		(void)snprintf(error, CARD_ERROR_SIZE, "%s", why);
	else if (mrz.format != MRZ_TD1)
		(void)snprintf(error, CARD_ERROR_SIZE,
		    "an identity card's zone has three lines of 30 characters");
	else
		return 0;
	return ERR_FORMAT;
}

/* clang-format off */
const struct card_option npa_card_options[NPA_OPTIONS] = {
	{ { CARD_OPTION_ID, 0,   "ef-cardaccess",     "FILE",   "contents of EF.CardAccess" }, WANTED_FILE, parse_ef_card_access },
	{ { CARD_OPTION_ID, 0,   "ef-cardsecurity",   "FILE",   "contents of EF.CardSecurity" }, WANTED_FILE, parse_ef_card_security },
	{ { CARD_OPTION_ID, 0,   "ca-key",            "FILE",   "private key of chip authentication" }, WANTED_FILE, parse_ca_key },
	{ { CARD_OPTION_ID, 0,   "cvca",              "FILE",   "trust point of terminal authentication; again for more" }, WANTED_FILE, parse_cvca },
	{ { CARD_OPTION_ID, 0,   "cvc-dir",           "FOLDER", "trust points: what it has of CVCAs' certificates" }, "the name of a folder", parse_cvc_dir },
	{ { CARD_OPTION_ID, 0,   "disable-ta-checks", NULL,     "do not check the dates of certificates" }, "", parse_disable_ta_checks },
	{ { CARD_OPTION_ID, 'd', "datasetfile",       "FILE",   "data groups, a line Key=Value each" }, WANTED_FILE, parse_dataset },
	{ { CARD_OPTION_ID, 0,   "esign-cert",        "FILE",   "certificate of the signature key" }, WANTED_FILE, parse_esign_cert },
	{ { CARD_OPTION_ID, 0,   "esign-key",         "FILE",   "signature key" }, WANTED_FILE, parse_esign_key },
	{ { CARD_OPTION_ID, 0,   "esign-ca-cert",     "FILE",   "certificate of its issuer" }, WANTED_FILE, parse_esign_ca_cert },
	{ { CARD_OPTION_ID, 0,   "pin",               "DIGITS", "PIN [111111]" }, WANTED_PIN, parse_pin, true },
	{ { CARD_OPTION_ID, 0,   "transport-pin",     "DIGITS", "PIN that has to be changed first" }, "five figures", parse_transport_pin, true },
	{ { CARD_OPTION_ID, 0,   "can",               "DIGITS", "card access number [222222]" }, WANTED_PIN, parse_can, true },
	{ { CARD_OPTION_ID, 0,   "puk",               "DIGITS", "PUK [3333333333]" }, "ten figures", parse_puk, true },
	{ { CARD_OPTION_ID, 0,   "mrz",               "TEXT",   "machine readable zone, 90 characters" }, "a machine readable zone", parse_mrz },
	{ { CARD_OPTION_ID, 0,   "epassport",         NULL,     "with the application of passports" }, "", parse_epassport },
	{ { CARD_OPTION_ID, 0,   "pseudonyms",        NULL,     "with chip authentication 3 and pseudonymous signatures" }, "", parse_pseudonyms },
	{ { CARD_OPTION_ID, 0,   "esign-pin",         "DIGITS", "PIN of the signature key, or none [444444]" }, "six figures, or none", parse_esign_pin, true },
};
/* clang-format on */

int npa_check_options(const void *own, char error[CARD_ERROR_SIZE])
{
	const struct npa_options *options = own;

	if (options->pin != NULL && options->transport_pin != NULL) {
		(void)snprintf(
		    error, CARD_ERROR_SIZE, "--pin, --transport-pin: give one or the other");
		return ERR_FORMAT;
	}
	if (options->pseudonyms &&
	    (options->ef_card_access != NULL || options->ef_card_security != NULL)) {
		(void)snprintf(error, CARD_ERROR_SIZE,
		    "--pseudonyms: not with --ef-cardaccess or --ef-cardsecurity, which are used "
		    "as "
		    "they are");
		return ERR_FORMAT;
	}
	return 0;
}
