/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vicc-pki's command line asks for. Options are in groups; a command takes those of its groups. */
#include "vicc-pki/settings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/number.h"
#include "crypto/rsa.h"
#include "pki/algorithm.h"
#include "pki/cvc.h"

#define WORD_SHOWN_SIZE 80 /* of a wrong word in an error line */
#define CRL_NUMBER_MAX 0x7FFFFFFF

enum option_id {
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_OUT,
	OPTION_FORCE,
	OPTION_PEM,
	OPTION_KEY,
	OPTION_NEW_KEY,
	OPTION_KEY_TYPE,
	OPTION_ISSUER,
	OPTION_ISSUER_KEY,
	OPTION_DIGEST,
	OPTION_PSS,
	OPTION_FROM,
	OPTION_UNTIL,
	OPTION_SIGNS_UNTIL,
	OPTION_COUNTRY,
	OPTION_MRZ_COUNTRY,
	OPTION_ORGANIZATION,
	OPTION_NAME,
	OPTION_EMAIL,
	OPTION_CRL_URL,
	OPTION_SERIAL,
	OPTION_CURVE_FORM,
	OPTION_DOCUMENT_TYPE,
	OPTION_SIGNER,
	OPTION_SIGNER_KEY,
	OPTION_ADD_CERTIFICATE,
	OPTION_DG,
	OPTION_LDS_VERSION,
	OPTION_SECURITY_INFOS,
	OPTION_REFERENCE,
	OPTION_RIGHTS,
	OPTION_KIND,
	OPTION_FOREIGN,
	OPTION_SECTOR,
	OPTION_PS_SECTOR,
	OPTION_DESCRIPTION,
	OPTION_REVOKE,
	OPTION_CRL_NUMBER,
	OPTION_AUTHORITY,
	OPTION_REQUEST,
};

/* clang-format off */
static const struct cmdline_option general[] = {
	{ OPTION_HELP,    'h', "help",    NULL, "print this help and exit; with a command, its own" },
	{ OPTION_VERSION, 0,   "version", NULL, "print the version and exit" },
};

static const struct cmdline_option output[] = {
	{ OPTION_OUT, 'o', "out", "FILE", "where the result goes; - is standard output" },
};

static const struct cmdline_option pem[] = {
	{ OPTION_PEM, 0, "pem", NULL, "write text (PEM), not DER" },
};

static const struct cmdline_option force[] = {
	{ OPTION_FORCE, 'f', "force", NULL, "overwrite files that are there" },
};

static const struct cmdline_option keys[] = {
	{ OPTION_KEY,      'k', "key",      "FILE", "the holder's key; a public one where it need not sign" },
	{ OPTION_NEW_KEY,  'n', "new-key",  "FILE", "make a new key and write it there" },
	{ OPTION_KEY_TYPE, 't', "key-type", "TYPE", "of a new key: rsa:BITS, or a curve such as brainpoolP256r1" },
};

static const struct cmdline_option issuer[] = {
	{ OPTION_ISSUER,     'i', "issuer",     "FILE", "the certificate of who signs" },
	{ OPTION_ISSUER_KEY, 0,   "issuer-key", "FILE", "the private key of who signs" },
};

static const struct cmdline_option signature[] = {
	{ OPTION_DIGEST, 'd', "digest", "NAME", "sha1, sha224, sha256, sha384 or sha512 [as fits the key]" },
	{ OPTION_PSS,    0,   "pss",    NULL,   "with RSA: PSS, not PKCS#1 v1.5" },
};

static const struct cmdline_option dates[] = {
	{ OPTION_FROM,  0, "from",  "DATE", "first day, YYYY-MM-DD [today]" },
	{ OPTION_UNTIL, 0, "until", "DATE", "last day, YYYY-MM-DD" },
};

static const struct cmdline_option x509[] = {
	{ OPTION_COUNTRY,      0,   "country",      "CC",   "two letters [UT, or the issuer's]" },
	{ OPTION_MRZ_COUNTRY,  0,   "mrz-country",  "CCC",  "three letters, as in machine readable zones [UTO]" },
	{ OPTION_ORGANIZATION, 0,   "organization", "TEXT", "of the holder" },
	{ OPTION_NAME,         'N', "name",         "TEXT", "the holder's common name" },
	{ OPTION_EMAIL,        0,   "email",        "TEXT", "of the authority" },
	{ OPTION_CRL_URL,      0,   "crl-url",      "URL",  "of the authority's revocation list" },
	{ OPTION_SERIAL,       0,   "serial",       "HEX",  "serial number [a random one]" },
	{ OPTION_SIGNS_UNTIL,  0,   "signs-until",  "DATE", "last day on which the private key is used" },
	{ OPTION_CURVE_FORM,   0,   "curve-form",   "FORM", "explicit or named [explicit]" },
};

static const struct cmdline_option document[] = {
	{ OPTION_DOCUMENT_TYPE, 0, "document-type", "TYPE", "one that the signer may sign, such as P; repeatable [P]" },
};

static const struct cmdline_option signer[] = {
	{ OPTION_SIGNER,          's', "signer",          "FILE", "the certificate of who signs" },
	{ OPTION_SIGNER_KEY,      0,   "signer-key",      "FILE", "the private key of who signs" },
	{ OPTION_ADD_CERTIFICATE, 0,   "add-certificate", "FILE", "another certificate to put inside, the CSCA's" },
};

static const struct cmdline_option sod[] = {
	{ OPTION_DG,          0, "dg",          "N=FILE", "a data group; repeatable" },
	{ OPTION_LDS_VERSION, 0, "lds-version", "V",      "0107, or 0108, which is told in EF.SOD [0107]" },
};

static const struct cmdline_option card_security[] = {
	{ OPTION_SECURITY_INFOS, 0, "security-infos", "FILE", "what is signed" },
};

static const struct cmdline_option cvc[] = {
	{ OPTION_REFERENCE, 'r', "reference", "NAME", "of the holder, such as UTCVCA00001" },
};

static const struct cmdline_option rights[] = {
	{ OPTION_RIGHTS, 0, "rights", "LIST", "all, none, or names with commas [all, or the issuer's]" },
};

static const struct cmdline_option kinds[] = {
	{ OPTION_KIND, 0, "kind", "KIND", "of terminals: IS, AT or ST [IS]" },
};

static const struct cmdline_option dv[] = {
	{ OPTION_FOREIGN, 0, "foreign", NULL, "not of the CVCA's country" },
};

static const struct cmdline_option terminal[] = {
	{ OPTION_SECTOR,      0, "sector",      "FILE", "a sector's public key; at most twice" },
	{ OPTION_PS_SECTOR,   0, "ps-sector",   "ID=FILE", "one for pseudonymous signatures; repeatable" },
	{ OPTION_DESCRIPTION, 0, "description", "FILE", "the certificate description" },
};

static const struct cmdline_option crl[] = {
	{ OPTION_REVOKE,     0, "revoke",     "HEX", "a serial number; repeatable" },
	{ OPTION_CRL_NUMBER, 0, "crl-number", "N",   "number of the list [1]" },
};

static const struct cmdline_option request[] = {
	{ OPTION_AUTHORITY, 0, "authority", "NAME", "whose certificate is asked for" },
};

static const struct cmdline_option from_request[] = {
	{ OPTION_REQUEST, 0, "request", "FILE", "take reference and key from a request" },
};

#define ROWS(array) (array), COUNT(array)
static const struct group {
	unsigned group;
	const char *title;
	const struct cmdline_option *options;
	size_t n;
} groups[] = {
	{ GROUP_OUTPUT,        "Output",                  ROWS(output) },
	{ GROUP_FORCE,         "Files that are there",    ROWS(force) },
	{ GROUP_PEM,           "Form",                    ROWS(pem) },
	{ GROUP_KEY,           "The holder's key",        ROWS(keys) },
	{ GROUP_ISSUER,        "The issuer",              ROWS(issuer) },
	{ GROUP_SIGNER,        "The signer",              ROWS(signer) },
	{ GROUP_SIGNATURE,     "Signatures",              ROWS(signature) },
	{ GROUP_DATES,         "Dates",                   ROWS(dates) },
	{ GROUP_X509,          "X.509 certificates",      ROWS(x509) },
	{ GROUP_DOCUMENT,      "Document signers",        ROWS(document) },
	{ GROUP_CRL,           "Revocation lists",        ROWS(crl) },
	{ GROUP_SOD,           "EF.SOD",                  ROWS(sod) },
	{ GROUP_CARD_SECURITY, "EF.CardSecurity",         ROWS(card_security) },
	{ GROUP_CVC,           "CV certificates",         ROWS(cvc) },
	{ GROUP_RIGHTS,        "Rights",                  ROWS(rights) },
	{ GROUP_KIND,          "CVCAs",                   ROWS(kinds) },
	{ GROUP_DV,            "Document verifiers",      ROWS(dv) },
	{ GROUP_TERMINAL,      "Terminals",               ROWS(terminal) },
	{ GROUP_REQUEST,       "Requests",                ROWS(request) },
	{ GROUP_FROM_REQUEST,  "Certificates asked for",  ROWS(from_request) },
};
/* clang-format on */

static void add_tables(struct cmdline *line, unsigned wanted)
{
	for (size_t i = 0; i < COUNT(groups); i++)
		if ((wanted & groups[i].group) != 0)
			cmdline_add(line,
			    (struct cmdline_table){ .title = groups[i].title,
			        .options = groups[i].options,
			        .n_options = groups[i].n });
	cmdline_add(line,
	    (struct cmdline_table){
	        .title = "Other", .options = general, .n_options = COUNT(general) });
}

/* "--name VALUE: why". */
static int refuse(const struct cmdline *line, const char *why, char error[SETTINGS_ERROR_SIZE])
{
	char shown[WORD_SHOWN_SIZE];

	(void)snprintf(error, SETTINGS_ERROR_SIZE, "--%s %s: %s", line->option->name,
	    log_escape(bytes_of_string(line->value), shown, sizeof shown), why);
	return ERR_FORMAT;
}

static const char *take_date(const char *value, struct date *out)
{
	return date_parse(value, out) ? NULL : "a date is a day, YYYY-MM-DD, from 2000 to 2099";
}

static const char *take_key_type(const char *value, struct settings *out)
{
	uint64_t bits;

	out->has_key_type = true;
	if (strncmp(value, "rsa:", 4) == 0 && number_parse(value + 4, RSA_KEY_BITS_MAX, &bits) &&
	    bits >= RSA_KEY_BITS_MIN) {
		out->key_type = (struct key_type){ .rsa_bits = (unsigned)bits };
		return NULL;
	}
	out->key_type = (struct key_type){ .rsa_bits = 0 };
	if (ec_curve_find(value, &out->key_type.curve))
		return NULL;
	return "a key's type is rsa:512 to rsa:4096, P-192 to P-521 or brainpoolP192r1 to "
	       "brainpoolP512r1";
}

/* N=FILE. */
static const char *take_data_group(const char *value, struct settings *out)
{
	const char *equals = strchr(value, '=');
	char number_text[4] = "";
	uint64_t number;

	if (equals == NULL || equals[1] == '\0' || equals - value >= (int)sizeof number_text)
		return "a data group is given as its number and file, 1=dg1.bin";
	memcpy(number_text, value, (size_t)(equals - value));
	if (!number_parse(number_text, CMS_DATA_GROUPS_MAX, &number) || number == 0)
		return "data groups have the numbers 1 to 16";
	if (out->data_groups[number - 1] != NULL)
		return "this data group is given twice";
	out->data_groups[number - 1] = equals + 1;
	return NULL;
}

/* ID=FILE. */
static const char *take_ps_sector(const char *value, struct settings *out)
{
	const char *equals = strchr(value, '=');
	char id_text[4] = "";
	uint64_t id;

	if (equals == NULL || equals[1] == '\0' || equals - value >= (int)sizeof id_text)
		return "such a sector is given as the id of its domain parameters and its file, "
		       "13=sector.bin";
	memcpy(id_text, value, (size_t)(equals - value));
	if (!number_parse(id_text, 127, &id))
		return "domain parameters have the numbers 0 to 127";
	if (out->n_ps_sectors == SETTINGS_PS_SECTORS_MAX)
		return "too many of them";
	out->ps_sectors[out->n_ps_sectors++] =
	    (struct settings_ps_sector){ (uint8_t)id, equals + 1 };
	return NULL;
}

static const char *take_serial(const char *value, struct settings *out)
{
	struct writer w;

	writer_init(&w, out->serial, sizeof out->serial);
	if (!hex_decode(value, &w) || w.len == 0)
		return "a serial number has 1 to 20 bytes in hexadecimal";
	if (w.data[0] == 0 || (w.len == X509_SERIAL_MAX && (w.data[0] & 0x80) != 0))
		return "the first byte is not 00, and of 20 bytes less than 80";
	out->serial_len = w.len;
	return NULL;
}

static const char *take_lds_version(const char *value, struct settings *out)
{
	if (strcmp(value, "0107") != 0 && strcmp(value, "0108") != 0)
		return "0107 and 0108 are the versions of the LDS";
	out->lds_version = value[3] == '7' ? 107 : 108;
	return NULL;
}

static const char *take_curve_form(const char *value, struct settings *out)
{
	if (strcmp(value, "explicit") != 0 && strcmp(value, "named") != 0)
		return "curves are written in the form explicit or named";
	out->curve_form = value[0] == 'e' ? CURVE_EXPLICIT : CURVE_NAMED;
	return NULL;
}

static const char *take_crl_number(const char *value, struct settings *out)
{
	uint64_t number;

	if (!number_parse(value, CRL_NUMBER_MAX, &number))
		return "a list has a number from 0 to 2147483647";
	out->crl_number = (uint32_t)number;
	return NULL;
}

/* Appends to a list; the value must not be empty. */
static const char *append(const char *value, const char **list, size_t *n, size_t max)
{
	if (value[0] == '\0')
		return "a value is missing";
	if (*n == max)
		return "too many of them";
	list[(*n)++] = value;
	return NULL;
}

/* Options whose value is kept as it is: where. */
static const char **text_of(struct settings *out, enum option_id id)
{
	const struct {
		enum option_id id;
		const char **text;
	} texts[] = {
		{ OPTION_OUT, &out->out },
		{ OPTION_KEY, &out->key },
		{ OPTION_NEW_KEY, &out->new_key },
		{ OPTION_ISSUER, &out->issuer },
		{ OPTION_ISSUER_KEY, &out->issuer_key },
		{ OPTION_COUNTRY, &out->country },
		{ OPTION_MRZ_COUNTRY, &out->mrz_country },
		{ OPTION_ORGANIZATION, &out->organization },
		{ OPTION_NAME, &out->name },
		{ OPTION_EMAIL, &out->email },
		{ OPTION_CRL_URL, &out->crl_url },
		{ OPTION_SIGNER, &out->signer },
		{ OPTION_SIGNER_KEY, &out->signer_key },
		{ OPTION_ADD_CERTIFICATE, &out->add_certificate },
		{ OPTION_SECURITY_INFOS, &out->security_infos },
		{ OPTION_REFERENCE, &out->reference },
		{ OPTION_RIGHTS, &out->rights },
		{ OPTION_DESCRIPTION, &out->description },
		{ OPTION_AUTHORITY, &out->authority },
		{ OPTION_REQUEST, &out->request },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i].id == id)
			return texts[i].text;
	return NULL;
}

/* Options that are there or not: where. */
static bool *flag_of(struct settings *out, enum option_id id)
{
	const struct {
		enum option_id id;
		bool *flag;
	} flags[] = {
		{ OPTION_HELP, &out->help },
		{ OPTION_VERSION, &out->version },
		{ OPTION_FORCE, &out->force },
		{ OPTION_PEM, &out->pem },
		{ OPTION_PSS, &out->pss },
		{ OPTION_FOREIGN, &out->foreign },
	};

	for (size_t i = 0; i < COUNT(flags); i++)
		if (flags[i].id == id)
			return flags[i].flag;
	return NULL;
}

/* Options whose value says something else than itself. NULL: it is right. */
static const char *take_value(struct settings *out, enum option_id id, const char *value)
{
	switch ((int)id) {
	case OPTION_KEY_TYPE:
		return take_key_type(value, out);
	case OPTION_DIGEST:
		out->has_digest = true;
		return algorithm_digest_find(value, &out->digest)
		    ? NULL
		    : "digests are sha1, sha224, sha256, sha384 and sha512";
	case OPTION_FROM:
		return take_date(value, &out->from);
	case OPTION_UNTIL:
		return take_date(value, &out->until);
	case OPTION_SIGNS_UNTIL:
		return take_date(value, &out->signs_until);
	case OPTION_SERIAL:
		return take_serial(value, out);
	case OPTION_CURVE_FORM:
		return take_curve_form(value, out);
	case OPTION_DOCUMENT_TYPE:
		return append(
		    value, out->document_types, &out->n_document_types, X509_DOCUMENT_TYPES_MAX);
	case OPTION_DG:
		return take_data_group(value, out);
	case OPTION_LDS_VERSION:
		return take_lds_version(value, out);
	case OPTION_KIND:
		return chat_type_find(value, &out->kind) ? NULL
		                                         : "kinds of terminals are IS, AT and ST";
	case OPTION_SECTOR:
		return append(value, out->sectors, &out->n_sectors, SETTINGS_SECTORS_MAX);
	case OPTION_PS_SECTOR:
		return take_ps_sector(value, out);
	case OPTION_REVOKE:
		return append(value, out->revoked, &out->n_revoked, SETTINGS_FILES_MAX);
	case OPTION_CRL_NUMBER:
		return take_crl_number(value, out);
	default:
		assert(false);
		return NULL;
	}
}

static int take_option(
    struct settings *out, const struct cmdline *line, char error[SETTINGS_ERROR_SIZE])
{
	const enum option_id id = (enum option_id)line->option->id;
	const char **text = text_of(out, id);
	bool *flag = flag_of(out, id);
	const char *why;

	if (flag != NULL) {
		*flag = true;
		return 0;
	}
	if (text != NULL) {
		*text = line->value;
		return line->value[0] != '\0' ? 0 : refuse(line, "a value is missing", error);
	}
	why = take_value(out, id, line->value);
	return why == NULL ? 0 : refuse(line, why, error);
}

static int take_operand(struct settings *out, const char *word, char error[SETTINGS_ERROR_SIZE])
{
	char shown[WORD_SHOWN_SIZE];
	const char *why = "only options are taken; --help lists them";

	if (out->command != NULL && out->command->operands != NULL)
		why = append(word, out->files, &out->n_files, SETTINGS_FILES_MAX);
	if (why == NULL)
		return 0;
	(void)snprintf(error, SETTINGS_ERROR_SIZE, "%s: %s",
	    log_escape(bytes_of_string(word), shown, sizeof shown), why);
	return ERR_FORMAT;
}

/* Options and operands up to the end. */
static int take_all(struct settings *out, struct cmdline *line, char error[SETTINGS_ERROR_SIZE])
{
	enum cmdline_kind kind;
	int r = 0;

	while (r == 0 && (kind = cmdline_next(line)) != CMDLINE_END) {
		if (kind == CMDLINE_ERROR) {
			(void)snprintf(error, SETTINGS_ERROR_SIZE, "%s", line->error);
			return ERR_FORMAT;
		}
		r = kind == CMDLINE_OPTION ? take_option(out, line, error)
		                           : take_operand(out, line->value, error);
		if (out->help || out->version)
			return r;
	}
	for (char **word = line->rest; r == 0 && word != NULL && *word != NULL; word++)
		r = take_operand(out, *word, error);
	return r;
}

/* Of the holder's key. */
static const char *check_key(const struct settings *s)
{
	if (s->request != NULL && (s->key != NULL || s->new_key != NULL || s->reference != NULL))
		return "--request: key and reference are those of the request";
	if (s->key != NULL && s->new_key != NULL)
		return "--key and --new-key: give one of them";
	if (s->key == NULL && s->new_key == NULL && s->request == NULL)
		return "--key or --new-key: say whose key it is";
	if (s->new_key == NULL && s->has_key_type)
		return "--key-type: only --new-key makes a key";
	return NULL;
}

static bool is_reference(const char *text)
{
	return text == NULL || cvc_reference_is_valid(bytes_of_string(text));
}

static bool has_two_data_groups(const struct settings *s)
{
	size_t n = 0;

	for (size_t i = 0; i < CMS_DATA_GROUPS_MAX; i++)
		n += s->data_groups[i] != NULL;
	return n >= 2;
}

/* What only all options together tell. NULL: nothing is wrong. */
static const char *check(const struct settings *s)
{
	const struct {
		unsigned group;
		bool good;
		const char *why;
	} rules[] = {
		{ GROUP_OUTPUT, s->out != NULL, "--out: say where the result goes" },
		{ GROUP_ISSUER, s->issuer != NULL && s->issuer_key != NULL,
		    "--issuer and --issuer-key: say who signs" },
		{ GROUP_SIGNER, s->signer != NULL && s->signer_key != NULL,
		    "--signer and --signer-key: say who signs" },
		{ GROUP_CVC, s->reference != NULL || s->request != NULL,
		    "--reference: give the holder's, such as UTCVCA00001" },
		{ GROUP_CVC, is_reference(s->reference),
		    "--reference: a reference is a country of two letters, a name of one to nine "
		    "characters, a number of five letters or figures" },
		{ GROUP_REQUEST, is_reference(s->authority),
		    "--authority: give a reference such as UTCVCA00001" },
		{ GROUP_DATES,
		    s->from.year == 0 || s->until.year == 0 || date_compare(s->from, s->until) <= 0,
		    "--until: the last day is before the first" },
		{ GROUP_SOD, has_two_data_groups(s),
		    "--dg: EF.SOD is about two data groups at least" },
		{ GROUP_CARD_SECURITY, s->security_infos != NULL,
		    "--security-infos: give the file that is to be signed" },
	};
	const char *why = (s->command->groups & GROUP_KEY) != 0 ? check_key(s) : NULL;

	for (size_t i = 0; i < COUNT(rules) && why == NULL; i++)
		if ((s->command->groups & rules[i].group) != 0 && !rules[i].good)
			why = rules[i].why;
	if (why == NULL && s->command->operands != NULL && s->n_files == 0)
		why = "give one file at least";
	return why;
}

static const struct command *find_command(const char *name, const struct command *commands)
{
	for (; commands->name != NULL; commands++)
		if (strcmp(name, commands->name) == 0)
			return commands;
	return NULL;
}

int settings_parse(char **argv, const struct command *commands, struct settings *out,
    char error[SETTINGS_ERROR_SIZE])
{
	char shown[WORD_SHOWN_SIZE];
	struct cmdline line;
	const char *why;
	int r;

	*out = (struct settings){ .lds_version = 107, .crl_number = 1 };
	if (argv[0] != NULL && argv[1] != NULL && argv[1][0] != '-') {
		out->command = find_command(argv[1], commands);
		if (out->command == NULL) {
			(void)snprintf(error, SETTINGS_ERROR_SIZE,
			    "%s: no such command; --help lists them",
			    log_escape(bytes_of_string(argv[1]), shown, sizeof shown));
			return ERR_FORMAT;
		}
		argv++;
	}
	cmdline_init(&line, argv);
	add_tables(&line, out->command != NULL ? out->command->groups : 0);
	r = take_all(out, &line, error);
	if (r < 0 || out->help || out->version)
		return r;
	why = out->command != NULL ? check(out) : "a command is missing; --help lists them";
	if (why == NULL)
		return 0;
	(void)snprintf(error, SETTINGS_ERROR_SIZE, "%s", why);
	return ERR_FORMAT;
}

static void help_of(const struct group *group)
{
	char *none[] = { NULL };
	struct cmdline line;

	cmdline_init(&line, none);
	cmdline_add(&line,
	    (struct cmdline_table){
	        .title = group->title, .options = group->options, .n_options = group->n });
	cmdline_help(&line, stdout);
}

void settings_help(const struct command *command, const struct command *commands)
{
	static const struct group other = { 0, "Other", ROWS(general) };

	if (command != NULL) {
		printf("Usage: vicc-pki %s [OPTION]...%s%s\n%s.\n", command->name,
		    command->operands != NULL ? " " : "",
		    command->operands != NULL ? command->operands : "", command->summary);
	} else {
		printf("Usage: vicc-pki COMMAND [OPTION]...\n"
		       "Makes and shows what authorities of travel documents sign.\n\nCommands:\n");
		for (const struct command *each = commands; each->name != NULL; each++)
			printf("  %-20s %s\n", each->name, each->summary);
	}
	for (size_t i = 0; i < COUNT(groups); i++)
		if (command == NULL || (command->groups & groups[i].group) != 0)
			help_of(&groups[i]);
	help_of(&other);
}
