/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DF eSign: the holder's PIN for signatures, one key pair, signatures (BSI TR-03127, 3.2.3, 3.3.4, 4.4.3.1, 4.5 and 4.6.2). A
 * signature terminal sets the PIN and terminates it and the key in a session that the holder's eID PIN has opened; in any
 * session of its it changes the PIN and signs. Who may install certificates has the key pair made. A verified PIN is good
 * for one signature. */
#include <string.h>

#include "auth/key_pair.h"
#include "base/err.h"
#include "cards/iso7816/operation.h"
#include "cards/npa/internal.h"
#include "iso7816/tlv.h"
#include "pki/public_key.h"
#include "pki/x509.h"

#define PIN_DEFAULT "444444"
#define PIN_TRIES 3
#define P1_NEW_ONLY 0x01 /* CHANGE REFERENCE DATA */
#define P1_PASSWORD 0x10 /* TERMINATE */
#define P1_KEY 0x21
#define P1_GENERATE 0x80
#define P1_READ 0x81
#define P1_GENERATE_TOO 0x82 /* 7816-8: with the public key in the answer */
#define SET_DST 0x41B6
#define COMPUTE_SIGNATURE 0x9E9A
#define TAG_DST 0xB6
#define TAG_KEY 0x84
#define TAG_PUBLIC_KEY 0x7F49
#define ALGORITHM_ECDSA MECHANISM_ECDSA /* of a hash-code */
#define HASH_MAX 64                     /* of SHA-512 */
#define RIGHT_SIGN 0 /* of signature terminals (TR-03110-4, 2.3; TR-03110-3, C.4) */
#define RIGHT_SIGN_QUALIFIED 1
#define NUMBER(reference) ((reference)&REFERENCE_NUMBER)

/* brainpoolP256r1, 1.3.36.3.3.2.8.1.1.7 */
static const uint8_t oid_curve[] = { 0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07 };

static struct file *esign(const struct card *card)
{
	return fs_child(fs_mf(card_files(card)), NPA_FID_ESIGN);
}

bool npa_is_in_esign(struct card *card)
{
	return card_session(card)->df == esign(card);
}

static struct password *pin_of(struct card *card)
{
	return credentials_password(card_credentials(card), esign(card), NUMBER(NPA_ESIGN_PIN));
}

static struct card_key *key_of(struct card *card)
{
	return credentials_key(card_credentials(card), esign(card), NUMBER(NPA_ESIGN_KEY));
}

/* Signature terminals that may sign. */
static bool is_signer(struct card *card)
{
	return npa_is_kind(card, CHAT_ST) &&
	    (eac_has_right(card, CHAT_ST, RIGHT_SIGN) ||
	        eac_has_right(card, CHAT_ST, RIGHT_SIGN_QUALIFIED));
}

/* The same, at the holder's will. */
static bool is_holders_signer(struct card *card)
{
	return is_signer(card) && eac_session(card)->password == PACE_PIN;
}

static int add_pin(struct card *card, struct file *df, struct bytes value)
{
	struct password password = { .df = df, .number = NUMBER(NPA_ESIGN_PIN) };
	int r = pin_init(&password.pin, value, PIN_TRIES);

	password.pin.min = NPA_PIN_SIZE;
	password.pin.max = NPA_PIN_SIZE;
	if (r == 0)
		r = credentials_add_password(card_credentials(card), &password);
	pin_wipe(&password.pin);
	return r;
}

static int take_key(struct card *card, struct file *df, struct key_object *object)
{
	const struct card_key key = { .df = df,
		.number = NUMBER(NPA_ESIGN_KEY),
		.object = *object,
		.password = NPA_ESIGN_PIN };
	int r = credentials_take_key(card_credentials(card), &key);

	if (r == 0)
		*object = (struct key_object){ 0 };
	return r;
}

/* Whether the certificate is about the key. */
static int check_certificate(const struct npa_maker *maker, const struct key_object *key)
{
	const char *path = maker->options->esign_cert;
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct public_key public;
	struct buffer contents;
	struct x509 x509;
	struct writer w;
	int r;

	if (path == NULL)
		return 0;
	writer_init(&w, memory, sizeof memory);
	buffer_init(&contents, NPA_FILE_MAX);
	r = npa_load_certificate(maker, "esign-cert", path, &contents);
	if (r == 0 &&
	    (x509_parse(buffer_bytes(&contents), &x509) < 0 ||
	        public_key_parse(x509.public_key, &public) < 0 || ec_put_public(key->ec, &w) < 0 ||
	        !bytes_equal(public.value, writer_bytes(&w))))
		r = card_setup_fail(maker->setup, ERR_FORMAT,
		    "--esign-key %s: it is not the key of --esign-cert %s",
		    maker->options->esign_key, path);
	buffer_done(&contents);
	return r;
}

static int add_key(const struct npa_maker *maker, struct file *df)
{
	const char *path = maker->options->esign_key;
	struct key_object key = { 0 };
	struct buffer contents;
	int r = 0;

	if (path == NULL)
		return 0;
	buffer_init(&contents, NPA_FILE_MAX);
	r = npa_load_file(maker, "esign-key", path, &contents);
	if (r == 0 &&
	    (key_pair_read(card_random_source(maker->card), KEY_EC, buffer_bytes(&contents), &key) <
	            0 ||
	        !key_pair_is_private(&key)))
		r = card_setup_fail(maker->setup, ERR_FORMAT,
		    "--esign-key %s: this is no private key of an elliptic curve", path);
	key.uses = KEY_USE(CRT_DST);
	if (r == 0)
		r = check_certificate(maker, &key);
	if (r == 0)
		r = take_key(maker->card, df, &key);
	key_object_done(&key);
	buffer_done(&contents);
	return r;
}

int npa_make_esign(const struct npa_maker *maker, struct file *df)
{
	const char *pin = maker->options->esign_pin;
	int r = 0;

	if (pin == NULL || strcmp(pin, NPA_ESIGN_PIN_NONE) != 0)
		r = add_pin(maker->card, df, bytes_of_string(pin != NULL ? pin : PIN_DEFAULT));
	return r == 0 ? add_key(maker, df) : r;
}

/* The PIN that P2 names here. */
static enum sw find_pin(struct card *card, const struct apdu *apdu, struct password **out)
{
	if (apdu->p2 != NPA_ESIGN_PIN || !npa_is_in_esign(card))
		return SW_REFERENCE_NOT_FOUND;
	*out = pin_of(card);
	return *out != NULL ? SW_OK : SW_REFERENCE_DATA_UNUSABLE;
}

/* Without data it tells how many tries are left. */
enum sw npa_esign_verify(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct password *pin = NULL;
	enum sw sw;

	if (apdu->p1 != 0)
		return SW_WRONG_P1P2;
	sw = find_pin(card, apdu, &pin);
	if (sw != SW_OK)
		return sw;
	if (!is_signer(card))
		return SW_SECURITY_STATUS;
	if (apdu->data.len > 0)
		return card_try_password(card, pin, apdu->data);
	return card_password_is_proved(card, pin->df, NPA_ESIGN_PIN) ? SW_OK
	                                                             : pin_status(&pin->pin);
}

/* A new PIN in place of the old one, which is given first: that is no leave to sign, for which the PIN has to be verified. */
static enum sw change(struct card *card, struct password *pin, struct bytes data)
{
	struct bytes new = bytes_after(data, NPA_PIN_SIZE);
	enum sw sw;

	if (!npa_is_digits(new, NPA_PIN_SIZE))
		return SW_WRONG_DATA;
	if (!is_signer(card))
		return SW_SECURITY_STATUS;
	sw = card_try_password(card, pin, bytes_first(data, NPA_PIN_SIZE));
	session_revoke(card_session(card), CREDENTIAL_PASSWORD, pin->df, pin->number);
	if (sw == SW_OK)
		sw = pin_change(&pin->pin, new);
	card_changed(card);
	return sw;
}

/* The first one. */
static enum sw set(struct card *card, struct bytes value)
{
	if (!npa_is_digits(value, NPA_PIN_SIZE))
		return SW_WRONG_DATA;
	if (!is_holders_signer(card))
		return SW_SECURITY_STATUS;
	if (pin_of(card) != NULL)
		return SW_CONDITIONS_NOT_SATISFIED;
	card_changed(card);
	return sw_of(add_pin(card, esign(card), value));
}

enum sw npa_esign_change(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct password *pin = NULL;
	enum sw sw = find_pin(card, apdu, &pin);

	if (sw == SW_REFERENCE_NOT_FOUND)
		return sw;
	if (apdu->p1 == P1_NEW_ONLY)
		return set(card, apdu->data);
	if (apdu->p1 != 0)
		return SW_WRONG_P1P2;
	return sw == SW_OK ? change(card, pin, apdu->data) : sw;
}

/* RESET RETRY COUNTER in a session that the PUK has opened. */
enum sw npa_esign_unblock(struct card *card)
{
	struct npa_state *state = npa_state_of(card);
	struct password *pin = pin_of(card);

	if (!npa_is_holders(card, PACE_PUK) || state->esign_uses == 0)
		return SW_SECURITY_STATUS;
	if (pin == NULL)
		return SW_REFERENCE_DATA_UNUSABLE;
	state->esign_uses--;
	card_changed(card);
	if (card_commit(card) < 0)
		return SW_MEMORY_FAILURE;
	pin_unblock(&pin->pin);
	card_changed(card);
	return SW_OK;
}

static void forget_key(struct card *card)
{
	struct card_key *key = key_of(card);

	if (key == NULL)
		return;
	card_forget_key(card, key->df, key->number);
	credentials_remove_key(card_credentials(card), key);
}

/* The PIN alone, or the key. */
enum sw npa_esign_terminate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	bool of_pin = apdu->p1 == P1_PASSWORD && apdu->p2 == NPA_ESIGN_PIN;
	bool of_key = apdu->p1 == P1_KEY && apdu->p2 == NPA_ESIGN_KEY;
	struct session *session = card_session(card);

	if (!of_pin && !of_key)
		return SW_WRONG_P1P2;
	if (apdu->data.len > 0)
		return SW_WRONG_LENGTH;
	if (!npa_is_in_esign(card))
		return SW_REFERENCE_NOT_FOUND;
	if (!is_holders_signer(card))
		return SW_SECURITY_STATUS;
	if (of_key ? key_of(card) == NULL : pin_of(card) == NULL)
		return SW_REFERENCE_DATA_UNUSABLE;
	session_revoke(session, CREDENTIAL_PASSWORD, session->df, NUMBER(NPA_ESIGN_PIN));
	if (of_key)
		forget_key(card);
	else
		credentials_remove_password(card_credentials(card), pin_of(card));
	card_changed(card);
	return SW_OK;
}

/* The data field: nothing, or a template for signatures that names the key. */
static bool names_key(struct bytes data)
{
	struct bytes template, reference;

	if (data.len == 0)
		return true;
	return tlv_take_tag(&data, TAG_DST, &template) && data.len == 0 &&
	    tlv_take_tag(&template, TAG_KEY, &reference) && template.len == 0 &&
	    reference.len == 1 && NUMBER(reference.data[0]) == NUMBER(NPA_ESIGN_KEY);
}

static enum sw put_public(const struct key_object *key, struct writer *out)
{
	enum sw sw;

	tlv_open(out, TAG_PUBLIC_KEY);
	sw = key_pair_put_public(key, out);
	tlv_close(out);
	return sw;
}

/* There is one key, which has to be terminated before there is another; and a PIN before there is a key. */
static enum sw generate(struct card *card, struct writer *out)
{
	const struct key_template template = { .reference = NPA_ESIGN_KEY,
		.has_type = true,
		.type = KEY_EC,
		.curve = BYTES_OF_ARRAY(oid_curve) };
	struct key_object key = { 0 };
	enum sw sw;

	if (!npa_may_install(card) && !is_holders_signer(card))
		return SW_SECURITY_STATUS;
	if (pin_of(card) == NULL || key_of(card) != NULL)
		return SW_CONDITIONS_NOT_SATISFIED;
	sw = key_pair_generate(card_random_source(card), &template, &key);
	key.uses = KEY_USE(CRT_DST);
	if (sw == SW_OK)
		sw = put_public(&key, out);
	if (sw == SW_OK)
		sw = sw_of(take_key(card, esign(card), &key));
	key_object_done(&key);
	card_changed(card);
	return sw;
}

enum sw npa_esign_generate(struct card *card, const struct apdu *apdu, struct writer *out)
{
	const struct card_key *key = key_of(card);

	if ((apdu->p1 != P1_GENERATE && apdu->p1 != P1_READ && apdu->p1 != P1_GENERATE_TOO) ||
	    apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (!npa_is_in_esign(card) || !names_key(apdu->data))
		return SW_REFERENCE_NOT_FOUND;
	if (apdu->p1 != P1_READ)
		return generate(card, out);
	if (!npa_may_install(card) && !is_signer(card))
		return SW_SECURITY_STATUS;
	return key != NULL ? put_public(&key->object, out) : SW_REFERENCE_DATA_UNUSABLE;
}

/* There is nothing to choose: it is checked that the terminal means what there is. */
static enum sw set_dst(struct bytes data)
{
	struct tlv tlv;

	while (data.len > 0) {
		if (!tlv_take(&data, &tlv))
			return SW_WRONG_DATA;
		if (tlv.tag == TAG_KEY &&
		    (tlv.value.len != 1 || NUMBER(tlv.value.data[0]) != NUMBER(NPA_ESIGN_KEY)))
			return SW_REFERENCE_NOT_FOUND;
	}
	return SW_OK;
}

enum sw npa_manage_security_environment(
    struct card *card, const struct apdu *apdu, struct writer *out)
{
	if ((apdu->p1 << 8 | apdu->p2) == SET_DST && npa_is_in_esign(card))
		return set_dst(apdu->data);
	return eac_manage_security_environment(card, apdu, out);
}

/* A hash-code is signed; then the PIN has to be verified again. */
static enum sw sign(struct card *card, struct bytes hash, struct writer *out)
{
	const struct key_input input = { .data = hash };
	struct session *session = card_session(card);
	const struct card_key *key = key_of(card);

	if (!is_signer(card) || pin_of(card) == NULL ||
	    !card_password_is_proved(card, session->df, NPA_ESIGN_PIN))
		return SW_SECURITY_STATUS;
	if (key == NULL)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (hash.len == 0 || hash.len > HASH_MAX)
		return SW_WRONG_LENGTH;
	session_revoke(session, CREDENTIAL_PASSWORD, session->df, NUMBER(NPA_ESIGN_PIN));
	return key_pair_sign(&key->object, ALGORITHM_ECDSA, &input, out);
}

enum sw npa_perform_security_operation(
    struct card *card, const struct apdu *apdu, struct writer *out)
{
	if ((apdu->p1 << 8 | apdu->p2) == COMPUTE_SIGNATURE && npa_is_in_esign(card))
		return sign(card, apdu->data, out);
	return eac_perform_security_operation(card, apdu, out);
}
