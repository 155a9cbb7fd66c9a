/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc-pki: makes and shows what the authorities of travel documents and identity cards sign. */
#include <stdio.h>
#include <stdlib.h>

#include "base/console.h"
#include "config.h"
#include "vicc-pki/commands.h"

#define EXIT_USAGE 2

#define CERTIFICATE (GROUP_OUTPUT | GROUP_FORCE | GROUP_KEY | GROUP_SIGNATURE | GROUP_DATES)
#define X509 (GROUP_X509 | GROUP_PEM)
#define SIGNED (GROUP_OUTPUT | GROUP_FORCE | GROUP_SIGNER | GROUP_SIGNATURE)

static const struct command commands[] = {
	{ "csca", NULL, "makes a country signing authority (CSCA), signed by itself",
	    CERTIFICATE | X509, command_csca },
	{ "csca-link", NULL, "certifies a CSCA's new key with the one before",
	    CERTIFICATE | X509 | GROUP_ISSUER, command_csca_link },
	{ "signer", NULL, "makes a document signer, below a CSCA",
	    CERTIFICATE | X509 | GROUP_ISSUER | GROUP_DOCUMENT, command_signer },
	{ "master-list-signer", NULL, "makes a master list signer, below a CSCA",
	    CERTIFICATE | X509 | GROUP_ISSUER, command_master_list_signer },
	{ "crl", NULL, "makes a CSCA's revocation list",
	    GROUP_OUTPUT | GROUP_FORCE | GROUP_PEM | GROUP_ISSUER | GROUP_SIGNATURE | GROUP_DATES |
	        GROUP_CRL,
	    command_crl },
	{ "sod", NULL, "signs data groups: EF.SOD", SIGNED | GROUP_SOD, command_sod },
	{ "card-security", NULL, "signs SecurityInfos: EF.CardSecurity",
	    SIGNED | GROUP_CARD_SECURITY, command_card_security },
	{ "master-list", "FILE...", "signs a list of CSCA certificates", SIGNED,
	    command_master_list },
	{ "cvca", NULL, "makes a country verifying authority (CVCA), signed by itself",
	    CERTIFICATE | GROUP_CVC | GROUP_RIGHTS | GROUP_KIND, command_cvca },
	{ "cvca-link", NULL, "certifies a CVCA's new key with the one before",
	    CERTIFICATE | GROUP_CVC | GROUP_RIGHTS | GROUP_ISSUER | GROUP_FROM_REQUEST,
	    command_cvca_link },
	{ "dv", NULL, "makes a document verifier, below a CVCA",
	    CERTIFICATE | GROUP_CVC | GROUP_RIGHTS | GROUP_ISSUER | GROUP_DV | GROUP_FROM_REQUEST,
	    command_dv },
	{ "terminal", NULL, "makes a terminal, below a document verifier",
	    CERTIFICATE | GROUP_CVC | GROUP_RIGHTS | GROUP_ISSUER | GROUP_TERMINAL |
	        GROUP_FROM_REQUEST,
	    command_terminal },
	{ "request", NULL, "asks for a CV certificate",
	    GROUP_OUTPUT | GROUP_FORCE | GROUP_KEY | GROUP_SIGNATURE | GROUP_CVC | GROUP_REQUEST,
	    command_request },
	{ "sector", NULL, "makes a sector's public key, for restricted identification",
	    GROUP_OUTPUT | GROUP_FORCE | GROUP_KEY | GROUP_SIGNATURE, command_sector },
	{ "key", NULL, "makes a key", GROUP_FORCE | GROUP_KEY, command_key },
	{ "show", "FILE...", "shows any of these files, and public keys, in words", 0,
	    command_show },
	{ NULL, NULL, NULL, 0, NULL },
};

int main(int argc, char **argv)
{
	char error[SETTINGS_ERROR_SIZE];
	static struct settings settings; /* too large for the stack */

	(void)argc;
	if (settings_parse(argv, commands, &settings, error) < 0) {
		fprintf(stderr, "vicc-pki: %s\n", error);
		return EXIT_USAGE;
	}
	if (settings.help)
		settings_help(settings.command, commands);
	if (settings.version)
		printf("vicc-pki %s\n", VERSION);
	if (settings.help || settings.version)
		return console_end("vicc-pki", EXIT_SUCCESS);
	console_init("vicc-pki", 0);
	return console_end(
	    "vicc-pki", settings.command->run(&settings) ? EXIT_SUCCESS : EXIT_FAILURE);
}
