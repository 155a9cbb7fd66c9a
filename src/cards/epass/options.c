/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of a passport. What needs no file to be judged is judged here, so that the program can say it before it
 * begins. */
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "cards/epass/epass.h"
#include "pki/algorithm.h"
#include "pki/security_info.h"

#define NUMBER_TEXT_SIZE 3

static int parse_specimen(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;

	options->specimen = true;
	return 0;
}

static int parse_mrz(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;
	int r = mrz_parse(bytes_of_string(value), &options->mrz, error);

	options->has_mrz = r == 0;
	return r;
}

static int parse_path(const char **to, const char *value)
{
	if (value[0] == '\0')
		return ERR_FORMAT;
	*to = value;
	return 0;
}

static int parse_picture(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	return parse_path(&((struct epass_options *)own)->picture, value);
}

static int parse_com(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	return parse_path(&((struct epass_options *)own)->com, value);
}

static int parse_sod(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	return parse_path(&((struct epass_options *)own)->sod, value);
}

static int parse_signer_certificate(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	return parse_path(&((struct epass_options *)own)->signer_certificate, value);
}

static int parse_signer_key(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	return parse_path(&((struct epass_options *)own)->signer_key, value);
}

/* N=FILE */
static int parse_dg(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;
	const char *equals = strchr(value, '=');
	char number[NUMBER_TEXT_SIZE] = "";
	uint64_t n;

	if (equals == NULL || (size_t)(equals - value) >= sizeof number || equals[1] == '\0')
		return ERR_FORMAT;
	memcpy(number, value, (size_t)(equals - value));
	if (!number_parse(number, LDS_DATA_GROUPS, &n) || n == 0)
		return ERR_FORMAT;
	if (options->dg[n] != NULL) {
		(void)snprintf(error, CARD_ERROR_SIZE, "data group %s is given twice", number);
		return ERR_FORMAT;
	}
	options->dg[n] = equals + 1;
	return 0;
}

static int parse_can(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;

	if (strlen(value) != EPASS_CAN_SIZE || strspn(value, "0123456789") != EPASS_CAN_SIZE)
		return ERR_FORMAT;
	options->can = value;
	return 0;
}

static int parse_lds(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;

	if (strcmp(value, "1.7") == 0)
		options->lds_version = LDS_VERSION_1_7;
	else if (strcmp(value, "1.8") == 0)
		options->lds_version = LDS_VERSION_1_8;
	else
		return ERR_FORMAT;
	return 0;
}

static int parse_digest(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;

	options->has_digest = algorithm_digest_find(value, &options->digest);
	return options->has_digest ? 0 : ERR_FORMAT;
}

static int parse_protocols(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;
	int r = epass_protocols_parse(value, &options->protocols, error, CARD_ERROR_SIZE);

	options->has_protocols = r == 0;
	return r;
}

static int parse_cvca(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	struct epass_options *options = own;

	if (options->n_trust_points == EPASS_TRUST_POINTS_MAX) {
		(void)snprintf(
		    error, CARD_ERROR_SIZE, "there can be %d trust points", EPASS_TRUST_POINTS_MAX);
		return ERR_LIMIT;
	}
	return parse_path(&options->trust_points[options->n_trust_points++], value);
}

static int parse_delay(void *own, const char *value, char error[CARD_ERROR_SIZE])
{
	((struct epass_options *)own)->delay = true;
	return 0;
}

/* clang-format off */
const struct card_option epass_option_table[EPASS_OPTIONS] = {
	{ { CARD_OPTION_ID, 0, "specimen", NULL, "all that the specimen has, where nothing else is given" }, NULL, parse_specimen },
	{ { CARD_OPTION_ID, 0, "mrz", "MRZ", "machine readable zone: 88, 72 or 90 characters; ? for a check digit" },
	    NULL, parse_mrz },
	{ { CARD_OPTION_ID, 0, "picture", "FILE", "picture of the holder, JPEG or JPEG 2000" },
	    "the name of a file", parse_picture },
	{ { CARD_OPTION_ID, 0, "dg", "N=FILE", "data group N, 1 to 16, as it is in the file; repeatable" },
	    "the number of a data group, 1 to 16, = and the name of a file", parse_dg },
	{ { CARD_OPTION_ID, 0, "com", "FILE", "EF.COM as it is in the file" }, "the name of a file", parse_com },
	{ { CARD_OPTION_ID, 0, "sod", "FILE", "EF.SOD as it is in the file" }, "the name of a file", parse_sod },
	{ { CARD_OPTION_ID, 0, "can", "CAN", "card access number, for PACE" }, "six figures", parse_can, true },
	{ { CARD_OPTION_ID, 0, "lds", "VERSION", "of the data structure: 1.7 or 1.8 [1.7]" }, "1.7 or 1.8", parse_lds },
	{ { CARD_OPTION_ID, 0, "digest", "DIGEST", "hash function of EF.SOD: sha-1 to sha-512 [sha-256]" },
	    "sha-1, sha-224, sha-256, sha-384 or sha-512", parse_digest },
	{ { CARD_OPTION_ID, 0, "protocols", "LIST", "bac,pace-gm:ID:CIPHER,pace-im,pace-cam,aa:KEY:DIGEST,ca:ID:CIPHER,ta" },
	    NULL, parse_protocols },
	{ { CARD_OPTION_ID, 0, "cvca", "FILE", "trust point of Terminal Authentication; repeatable" },
	    "the name of a file", parse_cvca },
	{ { CARD_OPTION_ID, 0, "signer-cert", "FILE", "certificate of the signer of EF.SOD" },
	    "the name of a file", parse_signer_certificate },
	{ { CARD_OPTION_ID, 0, "signer-key", "FILE", "private key of the signer of EF.SOD" },
	    "the name of a file", parse_signer_key },
	{ { CARD_OPTION_ID, 0, "delay", NULL, "answer more slowly after each failed BAC or PACE" }, NULL, parse_delay },
};
/* clang-format on */

bool epass_options_are_bare(const struct epass_options *options)
{
	for (size_t i = 1; i <= LDS_DATA_GROUPS; i++)
		if (options->dg[i] != NULL)
			return false;
	return !options->specimen && !options->has_mrz && options->picture == NULL &&
	    options->com == NULL && options->sod == NULL;
}

/* The card has no private key that belongs to a data group of somebody else's. */
static const char *check_given(const struct epass_options *options)
{
	const struct epass_protocols *list = &options->protocols;

	if (options->picture != NULL && options->dg[LDS_DG2] != NULL)
		return "--picture, --dg 2: give one or the other";
	if (options->signer_certificate == NULL && options->signer_key != NULL)
		return "--signer-key: belongs to --signer-cert";
	if (options->signer_certificate != NULL && options->signer_key == NULL)
		return "--signer-cert: belongs to --signer-key";
	if (options->dg[LDS_DG15] != NULL && epass_protocols_has(list, EPASS_AA))
		return "--protocols: not aa with --dg 15, whose private key is not known";
	if (options->dg[LDS_DG14] != NULL && epass_protocols_has(list, EPASS_CA))
		return "--protocols: not ca with --dg 14, whose private key is not known";
	return NULL;
}

/* Whether the passport is to have a protocol that it has by default, but not with somebody else's EF.SOD or data group 14. */
static bool wants(const struct epass_options *options, enum epass_protocol protocol)
{
	return options->has_protocols ? epass_protocols_has(&options->protocols, protocol)
	                              : options->sod == NULL && options->dg[LDS_DG14] == NULL;
}

/* What would come to nothing is refused. */
static const char *check_idle(const struct epass_options *options)
{
	bool signs = options->sod == NULL || wants(options, EPASS_PACE_CAM);

	if (options->has_digest && !signs)
		return "--digest: nothing is signed where --sod is given";
	if (options->signer_certificate != NULL && !signs)
		return "--signer-cert: nothing is signed where --sod is given";
	if (options->lds_version != NULL && options->com != NULL && options->sod != NULL)
		return "--lds: the files of --com and --sod tell the version";
	if (options->n_trust_points == 0 || wants(options, EPASS_TA))
		return NULL;
	return options->has_protocols
	    ? "--cvca: belongs to ta, which --protocols does not have"
	    : "--cvca: belongs to ta, which with --sod or --dg 14 only --protocols can ask for";
}

int epass_options_check(const void *own, char error[CARD_ERROR_SIZE])
{
	const struct epass_options *options = own;
	const char *why = check_given(options);

	if (why == NULL)
		why = check_idle(options);
	if (why != NULL) {
		(void)snprintf(error, CARD_ERROR_SIZE, "%s", why);
		return ERR_FORMAT;
	}
	if (options->sod != NULL || options->dg[LDS_DG14] != NULL ||
	    epass_protocols_infos(&options->protocols) <= SECURITY_INFOS_MAX)
		return 0;
	(void)snprintf(error, CARD_ERROR_SIZE,
	    "--protocols: EF.DG14 and EF.CardSecurity cannot tell of more than %d things",
	    SECURITY_INFOS_MAX);
	return ERR_FORMAT;
}
