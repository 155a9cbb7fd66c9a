/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What "show" prints. */
#include "vicc-pki/print.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"
#include "base/log.h"
#include "iso7816/tlv.h"
#include "pki/algorithm.h"
#include "pki/der.h"
#include "pki/public_key.h"

#define NAME_WIDTH 20
#define ROW 32 /* bytes a line */
#define TEXT_MAX 1024

void print_title(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	(void)putchar('\n');
}

void print_line(const char *name, const char *format, ...)
{
	va_list arguments;

	printf("  %-*s ", NAME_WIDTH, name);
	va_start(arguments, format);
	(void)vprintf(format, arguments);
	va_end(arguments);
	(void)putchar('\n');
}

void print_bytes(const char *name, struct bytes in)
{
	char hex[HEX_SIZE(ROW)] = "";

	do {
		struct bytes row = bytes_first(in, ROW);

		hex_encode(row, hex);
		print_line(name, "%s", hex);
		name = "";
		in = bytes_after(in, row.len);
	} while (in.len > 0);
}

void print_text(const char *name, struct bytes in)
{
	char shown[TEXT_MAX];

	print_line(name, "%s", log_escape(in, shown, sizeof shown));
}

const char *print_scheme(const struct sign_scheme *scheme, char text[PRINT_SCHEME_SIZE])
{
	(void)snprintf(text, PRINT_SCHEME_SIZE, "%s with %s",
	    scheme->ec        ? "ECDSA"
	        : scheme->pss ? "RSA-PSS"
	                      : "RSA (PKCS#1 v1.5)",
	    algorithm_digest_name(scheme->digest));
	return text;
}

static unsigned bits_of(struct bytes number)
{
	unsigned bits = (unsigned)number.len * 8;

	if (number.len > 0)
		for (uint8_t mask = 0x80; mask > 0 && (number.data[0] & mask) == 0; mask >>= 1)
			bits--;
	return bits;
}

static void print_ec(const struct public_key *key)
{
	const struct ec_group *group;
	struct ec_group *own;
	enum ec_curve curve;

	if (public_key_ec_group(&key->domain, &own, &group) < 0) {
		print_line("public key", "EC, on no valid curve");
		return;
	}
	print_line("public key", "EC, %s%s",
	    public_key_curve_of(group, &curve) ? ec_curve_name(curve) : "another curve",
	    key->domain.is_named ? "" : ", explicit parameters");
	if (!ec_point_is_valid(group, key->value))
		print_line("", "not a point of the curve");
	ec_group_free(own);
	print_bytes("", key->value);
}

void print_public_key(struct bytes info)
{
	struct public_key key;
	struct bytes numbers;
	struct bytes n;

	if (public_key_parse(info, &key) < 0) {
		print_line("public key", "of a kind that is not known here");
		return;
	}
	switch (key.domain.kind) {
	case PUBLIC_KEY_RSA:
		if (tlv_take_tag(&key.value, DER_SEQUENCE, &numbers) &&
		    der_take_number(&numbers, &n)) {
			print_line("public key", "RSA, %u bits", bits_of(n));
			print_bytes("", n);
		}
		break;
	case PUBLIC_KEY_EC:
		print_ec(&key);
		break;
	case PUBLIC_KEY_DH:
		print_line("public key", "DH, %u bits, group of %u bits", bits_of(key.domain.p),
		    bits_of(key.domain.q));
		print_bytes("", key.value);
		break;
	}
}
