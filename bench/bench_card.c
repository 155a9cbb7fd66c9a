/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generic card alone, in process: READ BINARY of 256 bytes through dispatch, plain and under secure messaging
 * with AES-128 and 3DES, beside the bare calls of OpenSSL's EVP that the protection needs. Prints for each the
 * median in nanoseconds; all take turns in one run.
 *
 * The bare calls, with contexts that keep their keys: for the command the checksum over counter, header and 97;
 * for the response the IV (AES), the cryptogram, and the checksum over counter, 87 and 99. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "../tests/sm_terminal.h"
#include "cards/iso7816/iso7816.h"
#include "must.h"
#include "now.h"
#include "sm/sm.h"

#define BATCH 500
#define TURNS 200
#define FILE_SIZE 256
#define COMMAND_SIZE_MAX 64

static const uint8_t key[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const uint8_t zeros[CIPHER_BLOCK_MAX];

/* CLA 80, INS 10: secure messaging with these keys; P1: the cipher. */
static enum sw protect(struct card *card, const struct apdu *apdu, struct writer *out)
{
	enum cipher_kind kind = (enum cipher_kind)apdu->p1;
	const struct sm_setup setup = { .profile = SM_ICAO,
		.kind = kind,
		.enc = BYTES_OF_ARRAY(key),
		.mac = BYTES_OF_ARRAY(key),
		.counter = bytes_of(zeros, cipher_block_size(kind)) };
	struct sm *sm;

	if (sm_new(&setup, &sm) < 0)
		return SW_NO_DIAGNOSIS;
	card_take_sm(card, sm);
	return SW_OK;
}

static const struct instruction rows[] = { { 0x80, 0xFF, 0x10, ACCESS_ALWAYS, protect, NULL } };
static const struct card_type type = {
	.name = "bench", .base = &card_iso7816, .instructions = rows, .n_instructions = COUNT(rows)
};

static const uint8_t read_plain[] = { 0x00, 0xB0, 0x00, 0x00, 0x00 };
/* The protected response is longer than a short Le can ask for. */
static const uint8_t read_extended[] = { 0x00, 0xB0, 0x00, 0x00, 0x00, 0x01, 0x00 };

/* One thing that is measured. */
struct subject {
	const char *name;
	void (*prepare)(struct subject *subject); /* before each turn; NULL: nothing */
	void (*run)(struct subject *subject);     /* BATCH times */
	struct card *card;
	struct sm_terminal *terminal;
	uint8_t commands[BATCH][COMMAND_SIZE_MAX];
	size_t lengths[BATCH];
	EVP_CIPHER_CTX *cbc, *ecb;
	EVP_MAC_CTX *mac;
	double ns[TURNS];
};

static void command(struct card *card, struct bytes bytes, const char *what)
{
	struct bytes response = card_command(card, bytes);

	must(response.len >= 2 && response.data[response.len - 2] == 0x90, what);
}

/* A card with a file of FILE_SIZE bytes, selected. */
static struct card *new_card(void)
{
	static const uint8_t create[] = { 0x00, 0xE0, 0x00, 0x00, 0x0D, 0x62, 0x0B, 0x80, 0x02,
		FILE_SIZE >> 8, FILE_SIZE & 0xFF, 0x82, 0x01, 0x01, 0x83, 0x02, 0x4F, 0x01 };
	static const uint8_t select[] = { 0x00, 0xA4, 0x00, 0x0C, 0x02, 0x4F, 0x01 };
	struct card *card = NULL;

	must(card_new(&type, NULL, &card) == 0, "making the card");
	command(card, BYTES_OF_ARRAY(create), "CREATE FILE");
	command(card, BYTES_OF_ARRAY(select), "SELECT");
	return card;
}

static void run_plain(struct subject *subject)
{
	for (size_t i = 0; i < BATCH; i++)
		must(card_command(subject->card, BYTES_OF_ARRAY(read_plain)).len == FILE_SIZE + 2,
		    "READ BINARY");
}

/* The terminal is not measured: it makes its commands in advance. */
static void prepare_protected(struct subject *subject)
{
	for (size_t i = 0; i < BATCH; i++) {
		struct bytes wrapped =
		    sm_terminal_wrap(subject->terminal, BYTES_OF_ARRAY(read_extended));

		must(wrapped.len <= COMMAND_SIZE_MAX, "wrapping");
		memcpy(subject->commands[i], wrapped.data, wrapped.len);
		subject->lengths[i] = wrapped.len;
		sm_terminal_count(subject->terminal);
	}
}

static void run_protected(struct subject *subject)
{
	for (size_t i = 0; i < BATCH; i++) {
		struct bytes in = bytes_of(subject->commands[i], subject->lengths[i]);

		must(card_command(subject->card, in).len > FILE_SIZE + 2, "protected READ BINARY");
	}
}

static void bare_mac(EVP_MAC_CTX *mac, size_t len)
{
	static const uint8_t data[FILE_SIZE + 64];
	uint8_t out[16];
	size_t n;

	must(EVP_MAC_init(mac, NULL, 0, NULL) == 1 && EVP_MAC_update(mac, data, len) == 1 &&
	        EVP_MAC_final(mac, out, &n, sizeof out) == 1,
	    "EVP_MAC");
}

static void run_bare_aes(struct subject *subject)
{
	static uint8_t data[FILE_SIZE + 16];
	uint8_t iv[16];
	int n;

	for (size_t i = 0; i < BATCH; i++) {
		bare_mac(subject->mac, 48);
		must(EVP_CipherUpdate(subject->ecb, iv, &n, zeros, 16) == 1 &&
		        EVP_CipherInit_ex2(subject->cbc, NULL, NULL, iv, -1, NULL) == 1 &&
		        EVP_CipherUpdate(subject->cbc, data, &n, data, sizeof data) == 1,
		    "EVP_Cipher");
		bare_mac(subject->mac, 304);
	}
}

/* DES in CBC over n bytes, and EDE over the last block. */
static void bare_retail(struct subject *subject, int n)
{
	static uint8_t data[FILE_SIZE + 64];
	int len;

	must(EVP_CipherInit_ex2(subject->cbc, NULL, NULL, zeros, -1, NULL) == 1 &&
	        EVP_CipherUpdate(subject->cbc, data, &len, data, n) == 1 &&
	        EVP_CipherUpdate(subject->ecb, data, &len, data, 8) == 1,
	    "retail MAC");
}

static void run_bare_3des(struct subject *subject)
{
	static uint8_t data[FILE_SIZE + 8];
	int n;

	for (size_t i = 0; i < BATCH; i++) {
		bare_retail(subject, 16);
		must(EVP_CipherInit_ex2(subject->cbc, NULL, NULL, zeros, -1, NULL) == 1 &&
		        EVP_CipherUpdate(subject->cbc, data, &n, data, sizeof data) == 1,
		    "EVP_Cipher");
		bare_retail(subject, 280);
	}
}

static EVP_CIPHER_CTX *keyed(const char *name)
{
	static const uint8_t three[24] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1,
		2, 3, 4, 5, 6, 7, 8 };
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	must(cipher != NULL && ctx != NULL &&
	        EVP_CipherInit_ex2(ctx, cipher, three, zeros, 1, NULL) == 1 &&
	        EVP_CIPHER_CTX_set_padding(ctx, 0) == 1,
	    name);
	return ctx;
}

static EVP_MAC_CTX *keyed_cmac(void)
{
	char name[] = "AES-128-CBC";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
		                          OSSL_MAC_PARAM_CIPHER, name, 0),
		OSSL_PARAM_construct_end() };
	EVP_MAC *cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *ctx = cmac == NULL ? NULL : EVP_MAC_CTX_new(cmac);

	must(ctx != NULL && EVP_MAC_init(ctx, key, sizeof key, params) == 1, "CMAC");
	return ctx;
}

static void start_protected(struct subject *subject, enum cipher_kind kind)
{
	const uint8_t start[] = { 0x80, 0x10, (uint8_t)kind, 0x00 };

	subject->card = new_card();
	subject->terminal = calloc(1, sizeof *subject->terminal);
	must(subject->terminal != NULL, "memory");
	sm_terminal_init(subject->terminal, kind, BYTES_OF_ARRAY(key), BYTES_OF_ARRAY(key),
	    bytes_of(zeros, cipher_block_size(kind)));
	command(subject->card, BYTES_OF_ARRAY(start), "starting secure messaging");
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure_turn(struct subject *subject, size_t turn)
{
	uint64_t start;

	if (subject->prepare != NULL)
		subject->prepare(subject);
	start = now_ns();
	subject->run(subject);
	subject->ns[turn] = (double)(now_ns() - start) / BATCH;
}

int main(void)
{
	static struct subject subjects[] = {
		{ .name = "plain", .run = run_plain },
		{ .name = "AES", .prepare = prepare_protected, .run = run_protected },
		{ .name = "AES bare", .run = run_bare_aes },
		{ .name = "3DES", .prepare = prepare_protected, .run = run_protected },
		{ .name = "3DES bare", .run = run_bare_3des },
	};

	subjects[0].card = new_card();
	start_protected(&subjects[1], CIPHER_AES_128);
	subjects[2].cbc = keyed("AES-128-CBC");
	subjects[2].ecb = keyed("AES-128-ECB");
	subjects[2].mac = keyed_cmac();
	start_protected(&subjects[3], CIPHER_3DES);
	subjects[4].cbc = keyed("DES-EDE3-CBC");
	subjects[4].ecb = keyed("DES-EDE3-ECB");
	for (size_t turn = 0; turn < TURNS; turn++) {
		for (size_t i = 0; i < COUNT(subjects); i++)
			measure_turn(&subjects[i], turn);
	}
	for (size_t i = 0; i < COUNT(subjects); i++) {
		qsort(subjects[i].ns, TURNS, sizeof subjects[i].ns[0], by_size);
		printf("%s\t%.0f\n", subjects[i].name, subjects[i].ns[TURNS / 2]);
	}
	return 0;
}
