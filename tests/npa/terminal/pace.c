/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PACE, the terminal's side (BSI TR-03110-3, B.1 and B.11.1 to B.11.2). */
#include "terminal.h"

#include <eac/objects.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <string.h>

#define SFI_CARD_ACCESS 0x1C
#define INS_MANAGE_SECURITY_ENVIRONMENT 0x22
#define INS_GENERAL_AUTHENTICATE 0x86

/* One run. */
struct run {
	struct terminal *terminal;
	EAC_CTX *eac;
	PACE_SEC *secret;
	struct blob own, foreign; /* ephemeral keys */
	unsigned int sw;
};

struct blob oid_of(int nid)
{
	ASN1_OBJECT *object = EAC_OBJ_nid2obj(nid);

	if (object == NULL)
		fail("there is no object identifier %d", nid);
	return blob_of(OBJ_get0_data(object), OBJ_length(object));
}

static EAC_CTX *new_context(struct terminal *terminal)
{
	EAC_CTX *eac = EAC_CTX_new();

	if (terminal->card_access.data == NULL) {
		unsigned int sw = file_read(terminal, SFI_CARD_ACCESS, &terminal->card_access);

		if (terminal->card_access.len == 0)
			fail("EF.CardAccess cannot be read: %04X", sw);
	}
	if (eac == NULL ||
	    EAC_CTX_init_ef_cardaccess(
	        terminal->card_access.data, terminal->card_access.len, eac) != 1 ||
	    eac->pace_ctx == NULL)
		fail_crypto("EF.CardAccess has no PACE");
	eac->tr_version = EAC_TR_VERSION_2_02;
	return eac;
}

static unsigned int set_at(struct terminal *terminal, int protocol, enum s_type kind)
{
	unsigned char reference = (unsigned char)kind;
	struct blob data =
	    blob_join(tlv(0x80, oid_of(protocol)), tlv(0x83, blob_of(&reference, 1)));

	return channel_transmit(terminal->channel,
	    (struct command){ 0, INS_MANAGE_SECURITY_ENVIRONMENT, 0xC1, 0xA4,
	        blob_join(data, terminal->chat), 0 })
	    .sw;
}

/* One GENERAL AUTHENTICATE; tag 0: without data. The first failure is kept and ends the run. */
static struct blob step(struct run *run, unsigned int tag, struct blob value, unsigned int wanted)
{
	struct blob none = { NULL, 0 };
	unsigned char cla = tag == 0x85 ? 0 : CLA_CHAINED;
	struct command command = { cla, INS_GENERAL_AUTHENTICATE, 0, 0,
		tlv(0x7C, tag != 0 ? tlv(tag, value) : none), 0x100 };
	struct answer answer;

	if (run->sw != SW_OK)
		return none;
	answer = channel_transmit(run->terminal->channel, command);
	run->sw = answer.sw;
	if (answer.sw != SW_OK)
		return none;
	answer.data = tlv_need(answer.data, 0x7C, "the answer to GENERAL AUTHENTICATE");
	for (unsigned int car = 0x87; tag == 0x85 && car <= 0x88; car++) {
		struct blob name = tlv_find(answer.data, car);

		if (name.data != NULL)
			printf("authority: %.*s\n", (int)name.len, (const char *)name.data);
	}
	return tlv_need(answer.data, wanted, "a step of PACE");
}

static void decrypt_nonce(struct run *run)
{
	struct blob nonce = step(run, 0, (struct blob){ NULL, 0 }, 0x80);
	BUF_MEM *mem;

	if (run->sw != SW_OK)
		return;
	mem = mem_of(nonce);
	if (PACE_STEP2_dec_nonce(run->eac, run->secret, mem) != 1)
		fail_crypto("the nonce");
	BUF_MEM_free(mem);
}

static void map(struct run *run)
{
	struct blob own, foreign;
	BUF_MEM *mem;

	if (run->sw != SW_OK)
		return;
	own = take(PACE_STEP3A_generate_mapping_data(run->eac), "mapping data");
	foreign = step(run, 0x81, own, 0x82);
	if (run->sw != SW_OK)
		return;
	mem = mem_of(foreign);
	if (PACE_STEP3A_map_generator(run->eac, mem) != 1)
		fail_crypto("the mapping");
	BUF_MEM_free(mem);
}

void pad_secret(KA_CTX *agreement)
{
	BUF_MEM *secret = agreement->shared_secret;
	size_t size = (size_t)EVP_PKEY_get_size(agreement->key), missing;

	if (!EVP_PKEY_is_a(agreement->key, "DH") && !EVP_PKEY_is_a(agreement->key, "DHX"))
		return;
	missing = size - secret->length;
	if (missing == 0)
		return;
	if (BUF_MEM_grow_clean(secret, size) != size)
		fail_crypto("no memory");
	memmove(secret->data + missing, secret->data, size - missing);
	memset(secret->data, 0, missing);
}

static void agree(struct run *run)
{
	BUF_MEM *mem;

	if (run->sw != SW_OK)
		return;
	run->own = take(PACE_STEP3B_generate_ephemeral_key(run->eac), "an ephemeral key");
	run->foreign = step(run, 0x83, run->own, 0x84);
	if (run->sw != SW_OK)
		return;
	if (blob_equal(run->own, run->foreign))
		fail("the card's ephemeral key is ours");
	mem = mem_of(run->foreign);
	if (PACE_STEP3B_compute_shared_secret(run->eac, mem) != 1)
		fail_crypto("the key agreement");
	pad_secret(run->eac->pace_ctx->ka_ctx);
	if (PACE_STEP3C_derive_keys(run->eac) != 1)
		fail_crypto("the session's keys");
	run->terminal->id_picc =
	    take(EAC_Comp(run->eac, EAC_ID_PACE, mem), "compress the card's key");
	BUF_MEM_free(mem);
}

static void confirm(struct run *run)
{
	struct blob token, answered;
	BUF_MEM *mem;

	if (run->sw != SW_OK)
		return;
	mem = mem_of(run->foreign);
	token = take(PACE_STEP3D_compute_authentication_token(run->eac, mem), "the token");
	BUF_MEM_free(mem);
	answered = step(run, 0x85, token, 0x86);
	if (run->sw != SW_OK)
		return;
	mem = mem_of(answered);
	if (PACE_STEP3D_verify_authentication_token(run->eac, mem) != 1)
		fail_crypto("the card's token is wrong");
	BUF_MEM_free(mem);
}

static void use_keys(struct run *run)
{
	struct terminal *terminal = run->terminal;

	if (EAC_CTX_set_encryption_ctx(run->eac, EAC_ID_PACE) != 1 || EAC_reset_ssc(run->eac) != 1)
		fail_crypto("secure messaging");
	channel_secure(terminal->channel, run->eac);
	EAC_CTX_clear_free(terminal->eac);
	terminal->eac = run->eac;
	terminal->in_eid = false;
}

unsigned int terminal_pace(
    struct terminal *terminal, enum s_type kind, const char *password, int *tries)
{
	struct run run = { .terminal = terminal, .eac = new_context(terminal), .sw = SW_OK };
	unsigned int sw = set_at(terminal, run.eac->pace_ctx->protocol, kind);

	*tries = (sw & 0xFFF0) == 0x63C0 ? (int)(sw & 0xF) : -1;
	if (sw != SW_OK && *tries < 0) {
		EAC_CTX_clear_free(run.eac);
		return sw;
	}
	run.secret = PACE_SEC_new(password, strlen(password), kind);
	if (run.secret == NULL)
		fail_crypto("this is no such password");
	decrypt_nonce(&run);
	map(&run);
	agree(&run);
	confirm(&run);
	PACE_SEC_clear_free(run.secret);
	if (run.sw == SW_OK)
		use_keys(&run);
	else
		EAC_CTX_clear_free(run.eac);
	return run.sw;
}
