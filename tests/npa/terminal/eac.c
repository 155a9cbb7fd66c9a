/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal and Chip Authentication version 2, the terminal's side (BSI TR-03110-2, 3.3 and 3.4; TR-03110-3, B.2, B.3). */
#include "terminal.h"

#include <eac/ca.h>
#include <eac/cv_cert.h>
#include <eac/ta.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>

#define SFI_CARD_SECURITY 0x1D
#define INS_MANAGE_SECURITY_ENVIRONMENT 0x22
#define INS_PERFORM_SECURITY_OPERATION 0x2A
#define INS_EXTERNAL_AUTHENTICATE 0x82
#define INS_GET_CHALLENGE 0x84
#define INS_GENERAL_AUTHENTICATE 0x86
#define CHALLENGE_SIZE 8

/* What 7F21 holds: body (7F4E) and signature (5F37). */
static struct blob certificate_value(struct blob certificate)
{
	return tlv_need(certificate, 0x7F21, "a file of a certificate");
}

static struct blob certificate_field(struct blob certificate, unsigned int tag)
{
	struct blob body = tlv_need(certificate_value(certificate), 0x7F4E, "a certificate");

	return tlv_need(body, tag, "the body of a certificate");
}

struct blob chain_chat(const struct terminal *terminal)
{
	return tlv(0x7F4C, certificate_field(terminal->chain[terminal->n_chain - 1], 0x7F4C));
}

static unsigned int send(
    struct terminal *terminal, unsigned char ins, unsigned int p1p2, struct blob data)
{
	return channel_transmit(terminal->channel,
	    (struct command){ 0, ins, (unsigned char)(p1p2 >> 8), (unsigned char)p1p2, data, 0 })
	    .sw;
}

/* Each certificate under the key of the one before. */
static unsigned int verify_chain(struct terminal *terminal)
{
	unsigned int sw = SW_OK;

	for (size_t i = 0; i < terminal->n_chain && sw == SW_OK; i++) {
		struct blob authority = tlv(0x83, certificate_field(terminal->chain[i], 0x42));

		sw = send(terminal, INS_MANAGE_SECURITY_ENVIRONMENT, 0x81B6, authority);
		printf("certificate %zu, its authority: %04X\n", i + 1, sw);
		if (sw != SW_OK)
			break;
		sw = send(terminal, INS_PERFORM_SECURITY_OPERATION, 0x00BE,
		    certificate_value(terminal->chain[i]));
		printf("certificate %zu: %04X\n", i + 1, sw);
	}
	return sw;
}

/* The ephemeral key of Chip Authentication, compressed. */
static struct blob ephemeral_key(struct terminal *terminal)
{
	struct blob certificate = terminal->chain[terminal->n_chain - 1];

	if (EAC_CTX_init_ta(terminal->eac, terminal->key.data, terminal->key.len, certificate.data,
	        certificate.len) != 1)
		fail_crypto("the terminal's key and its certificate");
	return take(TA_STEP3_generate_ephemeral_key(terminal->eac), "an ephemeral key");
}

static struct blob sign(struct terminal *terminal, struct blob challenge, struct blob key)
{
	BUF_MEM *nonce = mem_of(challenge), *own = mem_of(key), *card = mem_of(terminal->id_picc);
	BUF_MEM *auxiliary = mem_of(terminal->auxiliary);
	struct blob signature;

	if (TA_STEP4_set_nonce(terminal->eac, nonce) != 1)
		fail_crypto("the challenge");
	signature = take(TA_STEP5_sign(terminal->eac, own, card, auxiliary), "sign");
	BUF_MEM_free(nonce);
	BUF_MEM_free(own);
	BUF_MEM_free(card);
	BUF_MEM_free(auxiliary);
	return signature;
}

unsigned int terminal_authenticate(struct terminal *terminal)
{
	unsigned int sw = verify_chain(terminal);
	struct blob key, name, data;
	struct answer challenge;

	if (sw != SW_OK)
		return sw;
	key = ephemeral_key(terminal);
	name = certificate_field(terminal->chain[terminal->n_chain - 1], 0x5F20);
	data = blob_join(tlv(0x80, oid_of(terminal->eac->ta_ctx->protocol)), tlv(0x83, name));
	data = blob_join(blob_join(data, terminal->auxiliary), tlv(0x91, key));
	sw = send(terminal, INS_MANAGE_SECURITY_ENVIRONMENT, 0x81A4, data);
	if (sw != SW_OK)
		return sw;
	challenge = channel_transmit(terminal->channel,
	    (struct command){ 0, INS_GET_CHALLENGE, 0, 0, { NULL, 0 }, CHALLENGE_SIZE });
	if (challenge.sw != SW_OK)
		return challenge.sw;
	if (challenge.data.len != CHALLENGE_SIZE)
		fail("a challenge of %zu bytes", challenge.data.len);
	return send(terminal, INS_EXTERNAL_AUTHENTICATE, 0, sign(terminal, challenge.data, key));
}

/* Where the lookup below, which libeac calls without a word of whose it is, finds the certificate; and what it has made,
 * which libeac leaves to us. */
static const char *csca_file;
static X509_STORE *store;

static X509_STORE *csca_store(unsigned long issuer)
{
	struct blob file = blob_file(csca_file);
	const unsigned char *p = file.data;
	X509 *certificate = d2i_X509(NULL, &p, (long)file.len);

	(void)issuer;
	store = X509_STORE_new();
	if (store == NULL || certificate == NULL || X509_STORE_add_cert(store, certificate) != 1)
		fail_crypto(csca_file);
	X509_free(certificate);
	return store;
}

/* Passive Authentication. CA_get_pubkey() leaves it out: it asks a context that knows of no Chip Authentication yet. This
 * one does. */
static void verify_security(const struct terminal *terminal, struct blob security)
{
	EAC_CTX *eac = EAC_CTX_new();

	if (eac == NULL ||
	    EAC_CTX_init_ef_cardaccess(
	        terminal->card_access.data, terminal->card_access.len, eac) != 1 ||
	    eac->ca_ctx == NULL)
		fail_crypto("EF.CardAccess has no Chip Authentication");
	csca_file = terminal->csca;
	eac->ca_ctx->lookup_csca_cert = csca_store;
	if (EAC_CTX_init_ef_cardsecurity(security.data, security.len, eac) != 1)
		fail_crypto("EF.CardSecurity is not signed by that authority");
	EAC_CTX_clear_free(eac);
	X509_STORE_free(store);
}

/* The card's public key out of EF.CardSecurity. */
static struct blob card_key(struct terminal *terminal)
{
	struct blob security;
	unsigned int sw = file_read(terminal, SFI_CARD_SECURITY, &security);

	if (security.len == 0)
		fail("EF.CardSecurity cannot be read: %04X", sw);
	if (terminal->csca != NULL)
		verify_security(terminal, security);
	CA_disable_passive_authentication(terminal->eac);
	return take(CA_get_pubkey(terminal->eac, security.data, security.len), "EF.CardSecurity");
}

static void check_chip(struct terminal *terminal, struct blob answer, struct blob key)
{
	BUF_MEM *nonce, *token, *public = mem_of(key);

	answer = tlv_need(answer, 0x7C, "the answer to GENERAL AUTHENTICATE");
	nonce = mem_of(tlv_need(answer, 0x81, "Chip Authentication"));
	token = mem_of(tlv_need(answer, 0x82, "Chip Authentication"));
	if (CA_STEP4_compute_shared_secret(terminal->eac, public) != 1)
		fail_crypto("the key agreement");
	pad_secret(terminal->eac->ca_ctx->ka_ctx);
	if (CA_STEP6_derive_keys(terminal->eac, nonce, token) != 1)
		fail_crypto("the card's token is wrong");
	BUF_MEM_free(public);
	BUF_MEM_free(nonce);
	BUF_MEM_free(token);
	if (EAC_CTX_set_encryption_ctx(terminal->eac, EAC_ID_CA) != 1 ||
	    EAC_reset_ssc(terminal->eac) != 1)
		fail_crypto("secure messaging");
}

unsigned int chip_authenticate(struct terminal *terminal)
{
	struct blob key = card_key(terminal), data, own;
	struct answer answer;
	unsigned int sw;

	data = tlv(0x80, oid_of(terminal->eac->ca_ctx->protocol));
	if (terminal->ca_key.data != NULL)
		data = blob_join(data, tlv(0x84, terminal->ca_key));
	sw = send(terminal, INS_MANAGE_SECURITY_ENVIRONMENT, 0x41A4, data);
	if (sw != SW_OK)
		return sw;
	own = take(CA_STEP2_get_eph_pubkey(terminal->eac), "the ephemeral key");
	answer = channel_transmit(terminal->channel,
	    (struct command){
	        0, INS_GENERAL_AUTHENTICATE, 0, 0, tlv(0x7C, tlv(0x80, own)), 0x100 });
	if (answer.sw == SW_OK)
		check_chip(terminal, answer.data, key);
	return answer.sw;
}
