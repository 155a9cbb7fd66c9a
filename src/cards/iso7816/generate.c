/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GENERATE ASYMMETRIC KEY PAIR (ISO/IEC 7816-8): makes a pair, or tells the public key of one. The data are templates as
 * in the extended header list of an imported key, without its value. */
#include "auth/key_pair.h"
#include "cards/iso7816/iso7816.h"
#include "iso7816/tlv.h"

#define P1_GENERATE 0x80
#define P1_READ 0x81
#define TAG_PUBLIC_KEY 0x7F49

/* The key that the template means; NULL: there is none. */
static struct card_key *find(struct card *card, const struct key_template *template)
{
	return credentials_find_key(
	    card_credentials(card), card_session(card)->df, template->reference);
}

static enum sw put_public(const struct key_object *key, struct writer *out)
{
	enum sw sw;

	tlv_open(out, TAG_PUBLIC_KEY);
	sw = key_pair_put_public(key, out);
	tlv_close(out);
	return sw;
}

static enum sw read_public(
    struct card *card, const struct key_template *template, struct writer *out)
{
	const struct card_key *key = find(card, template);

	if (key == NULL)
		return SW_REFERENCE_NOT_FOUND;
	if (key_object_is_symmetric(&key->object))
		return SW_CONDITIONS_NOT_SATISFIED;
	return put_public(&key->object, out);
}

static enum sw generate(struct card *card, const struct apdu *apdu,
    const struct key_template *template, struct writer *out)
{
	struct key_object key = { 0 };
	enum sw sw = key_check_place(card, apdu, template);

	if (sw == SW_OK)
		sw = key_pair_generate(card_random_source(card), template, &key);
	if (sw == SW_OK)
		sw = put_public(&key, out);
	if (sw == SW_OK)
		sw = key_store(card, apdu, template, &key);
	key_object_done(&key);
	return sw;
}

enum sw generate_key_pair(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct bytes rest = apdu->data;
	struct key_template template;
	enum sw sw;

	if ((apdu->p1 != P1_GENERATE && apdu->p1 != P1_READ) || apdu->p2 != 0)
		return SW_WRONG_P1P2;
	if (rest.len == 0)
		return SW_WRONG_LENGTH;
	sw = key_template_take(&rest, &template);
	if (sw != SW_OK || rest.len > 0)
		return sw == SW_OK ? SW_WRONG_DATA : sw;
	if (apdu->p1 == P1_READ)
		return read_public(card, &template, out);
	if (!template.has_type)
		template.type = KEY_RSA;
	return generate(card, apdu, &template, out);
}
