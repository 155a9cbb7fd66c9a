/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc-pki show: finds out what a file is, and has it printed. Private keys are never printed. */
#include "vicc-pki/show.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/secret.h"
#include "iso7816/tlv.h"
#include "pki/pem.h"
#include "pki/public_key.h"
#include "vicc-pki/commands.h"
#include "vicc-pki/files.h"
#include "vicc-pki/print.h"

#define TAG_DG15 0x6F

/* DG15 has it in a data object 6F. */
bool show_public_key(struct bytes in)
{
	struct public_key key;
	struct bytes rest = in;
	struct bytes value;

	if (tlv_take_tag(&rest, TAG_DG15, &value) && rest.len == 0)
		in = value;
	if (public_key_parse(in, &key) < 0)
		return false;
	print_title("Public key");
	print_public_key(in);
	return true;
}

/* A private key's kind and size. */
static bool show_private_key(struct bytes in, struct random *random)
{
	struct sign_key key;
	enum ec_curve curve;

	if (sign_key_read(random, in, &key) < 0)
		return false;
	if (!sign_key_is_private(&key)) {
		sign_key_done(&key);
		return false;
	}
	print_title("Private key");
	if (key.rsa != NULL)
		print_line("key", "RSA, %u bits; it is not shown", rsa_bits(key.rsa));
	else
		print_line("key", "EC, %s; it is not shown",
		    public_key_curve_of(ec_group_of(key.ec), &curve) ? ec_curve_name(curve)
		                                                     : "another curve");
	sign_key_done(&key);
	return true;
}

static bool show_one(struct bytes in, struct random *random)
{
	return show_cvc(in, random) || show_request(in, random) || show_signed(in, random) ||
	    show_x509(in, random) || show_security_infos(in) || show_public_key(in) ||
	    show_private_key(in, random);
}

/* Each block of a text. */
static bool show_text(struct bytes text, struct random *random)
{
	char label[PEM_LABEL_SIZE];
	struct output block;
	bool good = output_init(&block);
	size_t n = 0;
	int r = 0;

	while (good && (r = pem_take(&text, label, &block.w)) == 0) {
		good = show_one(writer_bytes(&block.w), random);
		writer_reset(&block.w);
		n++;
	}
	output_done(&block);
	return good && r == ERR_NOT_FOUND && n > 0;
}

static bool show_file(const char *path, struct random *random)
{
	struct buffer file;
	bool good = files_read(path, &file);

	if (good) {
		print_title("%s:", path);
		good = pem_is_text(buffer_bytes(&file)) ? show_text(buffer_bytes(&file), random)
		                                        : show_one(buffer_bytes(&file), random);
		if (!good)
			log_error(
			    "%s: nothing that is known here: no certificate, request, EF.SOD, "
			    "EF.CardAccess, EF.CardSecurity, master list or key",
			    path);
	}
	buffer_done(&file);
	return good;
}

bool command_show(const struct settings *settings)
{
	struct random *random;
	bool good = true;

	if (random_new(bytes_of(NULL, 0), &random) < 0) {
		log_error("%s", err_text(ERR_NO_MEMORY));
		return false;
	}
	for (size_t i = 0; i < settings->n_files; i++)
		good = show_file(settings->files[i], random) && good;
	random_free(random);
	return good;
}
