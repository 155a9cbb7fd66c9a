/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What vicc-pki's command line asks for. */
#ifndef VICC_PKI_SETTINGS_H
#define VICC_PKI_SETTINGS_H

#include "base/cmdline.h"
#include "base/date.h"
#include "crypto/digest.h"
#include "crypto/ec.h"
#include "pki/chat.h"
#include "pki/cms.h"
#include "pki/public_key.h"
#include "pki/x509.h"

#define SETTINGS_ERROR_SIZE (CMDLINE_ERROR_SIZE + 256)
#define SETTINGS_FILES_MAX 256
#define SETTINGS_SECTORS_MAX 2
#define SETTINGS_PS_SECTORS_MAX 4

/* Options that belong together. */
enum settings_group {
	GROUP_OUTPUT = 1 << 0,
	GROUP_KEY = 1 << 1,       /* the key that a certificate is about */
	GROUP_ISSUER = 1 << 2,    /* who signs it */
	GROUP_SIGNATURE = 1 << 3, /* how */
	GROUP_DATES = 1 << 4,
	GROUP_X509 = 1 << 5,
	GROUP_DOCUMENT = 1 << 6, /* of document signers */
	GROUP_SIGNER = 1 << 7,   /* who signs data */
	GROUP_SOD = 1 << 8,
	GROUP_CARD_SECURITY = 1 << 9,
	GROUP_CVC = 1 << 10,
	GROUP_KIND = 1 << 11,
	GROUP_DV = 1 << 12,
	GROUP_TERMINAL = 1 << 13,
	GROUP_CRL = 1 << 14,
	GROUP_REQUEST = 1 << 15,
	GROUP_FROM_REQUEST = 1 << 16,
	GROUP_RIGHTS = 1 << 17,
	GROUP_FORCE = 1 << 18,
	GROUP_PEM = 1 << 19,
};

/* What a new key is. */
struct key_type {
	unsigned rsa_bits; /* 0: EC */
	enum ec_curve curve;
};

struct settings {
	const struct command *command; /* NULL: none, help or version then */
	bool help, version;

	const char *out;
	bool force, pem;
	const char *key, *new_key; /* one of both, or none */
	bool has_key_type;
	struct key_type key_type;
	const char *issuer, *issuer_key;
	const char *signer, *signer_key, *add_certificate;
	bool has_digest;
	enum digest_kind digest;
	bool pss;
	struct date from, until, signs_until; /* year 0: not given */

	const char *country, *mrz_country, *organization, *name, *email, *crl_url;
	uint8_t serial[X509_SERIAL_MAX];
	size_t serial_len; /* 0: a random one */
	enum curve_form curve_form;
	const char *document_types[X509_DOCUMENT_TYPES_MAX];
	size_t n_document_types;

	const char *data_groups[CMS_DATA_GROUPS_MAX];
	unsigned lds_version; /* 107 or 108 */
	const char *security_infos;

	const char *reference, *authority, *request;
	enum chat_type kind;
	const char *rights;
	bool foreign;
	const char *sectors[SETTINGS_SECTORS_MAX];
	size_t n_sectors;
	struct settings_ps_sector {
		uint8_t domain; /* id of the domain parameters */
		const char *file;
	} ps_sectors[SETTINGS_PS_SECTORS_MAX];
	size_t n_ps_sectors;
	const char *description;

	const char *revoked[SETTINGS_FILES_MAX];
	size_t n_revoked;
	uint32_t crl_number;

	const char *files[SETTINGS_FILES_MAX];
	size_t n_files;
};

struct command {
	const char *name;
	const char *operands; /* for --help; NULL: none are taken */
	const char *summary;
	unsigned groups;
	bool (*run)(const struct settings *settings); /* false: it has said why */
};

/* Reads argv, as main() has it. ERR_FORMAT: error is one line that says what is wrong and what would be right. Everything is
 * borrowed from argv. */
MUST_USE int settings_parse(char **argv, const struct command *commands, struct settings *out,
    char error[SETTINGS_ERROR_SIZE]);

/* Of one command, or where it is NULL of all: commands ends with a row whose name is NULL. */
void settings_help(const struct command *command, const struct command *commands);

#endif
