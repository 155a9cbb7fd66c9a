/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords of a new card (BSI TR-03127, 3.3): MRZ, CAN, PIN or transport PIN, PUK. */
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "cards/npa/internal.h"
#include "lds/mrz.h"

#define PIN_DEFAULT "111111"
#define CAN_DEFAULT "222222"
#define PUK_DEFAULT "3333333333"
/* The check digit of all is worked out: what users know has none. */
#define MRZ_DEFAULT                                                                                \
	"IDD<<T220001293<<<<<<<<<<<<<<<"                                                           \
	"6408125<2010315D<<<<<<<<<<<<<?"                                                           \
	"MUSTERMANN<<ERIKA<<<<<<<<<<<<<"
#define PIN_TRIES 3
#define PUK_USES 10

static void set_value(struct eac_password *password, struct bytes value)
{
	memcpy(password->value, value.data, value.len);
	password->len = value.len;
}

static int add(const struct npa_maker *maker, enum pace_password kind, struct bytes value,
    struct eac_password *password)
{
	int r;

	set_value(password, value);
	r = eac_set_password(maker->card, kind, password);
	secret_wipe(password, sizeof *password);
	return r;
}

static struct bytes or_default(const char *given, const char *by_default)
{
	return bytes_of_string(given != NULL ? given : by_default);
}

/* npa_check_options() has seen that it is one. */
int npa_read_mrz(const struct npa_maker *maker, struct mrz *out)
{
	char error[MRZ_ERROR_SIZE];
	int r = mrz_parse(or_default(maker->options->mrz, MRZ_DEFAULT), out, error);

	return r == 0 ? 0 : card_setup_fail(maker->setup, r, "--mrz: %s", error);
}

/* What is hashed of the zone. */
static int add_mrz(const struct npa_maker *maker)
{
	uint8_t memory[MRZ_INFORMATION_MAX];
	struct eac_password password = { 0 };
	struct writer w;
	struct mrz mrz;
	int r = npa_read_mrz(maker, &mrz);

	if (r < 0)
		return r;
	writer_init(&w, memory, sizeof memory);
	mrz_put_information(&mrz, &w);
	r = writer_done(&w) ? add(maker, PACE_MRZ, writer_bytes(&w), &password) : ERR_LIMIT;
	secret_wipe(memory, sizeof memory);
	secret_wipe(&mrz, sizeof mrz);
	return r;
}

int npa_make_passwords(const struct npa_maker *maker)
{
	const struct npa_options *options = maker->options;
	struct eac_password can = { 0 };
	struct eac_password pin = { .tries = PIN_TRIES,
		.tries_max = PIN_TRIES,
		.transport = options->transport_pin != NULL };
	struct eac_password puk = { .uses = PUK_USES, .uses_max = PUK_USES };
	int r = add_mrz(maker);

	if (r == 0)
		r = add(maker, PACE_CAN, or_default(options->can, CAN_DEFAULT), &can);
	if (r == 0)
		r = add(maker, PACE_PIN,
		    or_default(pin.transport ? options->transport_pin : options->pin, PIN_DEFAULT),
		    &pin);
	if (r == 0)
		r = add(maker, PACE_PUK, or_default(options->puk, PUK_DEFAULT), &puk);
	return r;
}
