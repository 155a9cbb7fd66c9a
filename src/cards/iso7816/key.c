/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys come onto the card: PUT DATA with an extended header list 4D (ISO/IEC 7816-8; docs/generic-card.md). */
#include "auth/key_pair.h"
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "iso7816/tlv.h"

#define REFERENCE_RFU 0x60
#define PASSWORD_NUMBER 1
#define USES_WITHOUT_PASSWORD (KEY_USE(CRT_AT) | KEY_USE(CRT_KAT))

/* The DF that a key with this reference belongs to: the current one, or the MF. */
static enum sw find_df(
    struct card *card, const struct apdu *apdu, uint8_t reference, const struct file **out)
{
	const struct file *df = card_session(card)->df;
	const struct file *mf = fs_mf(card_files(card));
	bool specific = (reference & REFERENCE_SPECIFIC) != 0;

	if ((reference & REFERENCE_RFU) != 0 || (reference & REFERENCE_NUMBER) == 0)
		return SW_WRONG_DATA;
	if (specific && df == mf)
		return SW_WRONG_DATA;
	*out = specific ? df : mf;
	return card_check_access(card, apdu, *out, ACCESS_PUT_DATA);
}

enum sw key_check_place(
    struct card *card, const struct apdu *apdu, const struct key_template *template)
{
	const struct file *df;

	return find_df(card, apdu, template->reference, &df);
}

/* The password that is asked for before the key signs or deciphers. */
static uint8_t password_of(
    struct card *card, const struct file *df, const struct key_template *template)
{
	const struct credentials *credentials = card_credentials(card);

	if ((template->uses & ~USES_WITHOUT_PASSWORD) == 0)
		return 0;
	if (file_parent(df) != NULL &&
	    credentials_password(credentials, df, PASSWORD_NUMBER) != NULL)
		return REFERENCE_SPECIFIC | PASSWORD_NUMBER;
	return PASSWORD_NUMBER;
}

/* In place where the key is there already, so that it is replaced or nothing has changed. */
static enum sw replace(struct card *card, const struct card_key *key)
{
	struct credentials *credentials = card_credentials(card);
	struct card_key *old = credentials_key(credentials, key->df, key->number);

	if (old == NULL)
		return sw_of(credentials_take_key(credentials, key));
	key_object_done(&old->object);
	old->object = key->object;
	old->password = key->password;
	return SW_OK;
}

enum sw key_store(struct card *card, const struct apdu *apdu, const struct key_template *template,
    struct key_object *object)
{
	struct card_key key = { .number = template->reference & REFERENCE_NUMBER };
	enum sw sw = find_df(card, apdu, template->reference, &key.df);

	if (sw != SW_OK)
		return sw;
	key.object = *object;
	key.object.uses = template->uses;
	key.object.tries = template->tries;
	key.object.tries_max = template->tries;
	key.password = password_of(card, key.df, template);
	sw = replace(card, &key);
	if (sw != SW_OK)
		return sw;
	*object = (struct key_object){ 0 };
	card_forget_key(card, key.df, key.number);
	card_changed(card);
	return SW_OK;
}

static enum sw delete_key(
    struct card *card, const struct apdu *apdu, const struct key_template *template)
{
	struct credentials *credentials = card_credentials(card);
	const struct file *df;
	struct card_key *key;
	enum sw sw = find_df(card, apdu, template->reference, &df);

	if (sw != SW_OK)
		return sw;
	key = credentials_key(credentials, df, template->reference & REFERENCE_NUMBER);
	if (key == NULL)
		return SW_REFERENCE_NOT_FOUND;
	card_forget_key(card, df, key->number);
	credentials_remove_key(credentials, key);
	card_changed(card);
	return SW_OK;
}

/* The object for a value of the type that the template says. */
static enum sw make(struct card *card, const struct key_template *template,
    const struct key_value *value, struct key_object *out)
{
	if (!template->has_type)
		return SW_WRONG_DATA;
	if (template->type == KEY_RSA || template->type == KEY_EC)
		return key_pair_import(card_random_source(card), template, value, out);
	return sw_of(key_object_init(out, template->type, value->secret));
}

enum sw key_import(struct card *card, const struct apdu *apdu, struct bytes list)
{
	struct key_object object = { 0 };
	struct key_template template;
	struct key_value value;
	struct bytes rest;
	enum sw sw = key_template_take(&list, &template);

	if (sw == SW_OK && list.len == 0)
		return delete_key(card, apdu, &template);
	rest = list;
	if (sw == SW_OK)
		sw = key_value_take(&rest, &value);
	if (sw == SW_OK)
		sw = make(card, &template, &value, &object);
	if (sw == SW_OK)
		sw = key_store(card, apdu, &template, &object);
	key_object_done(&object);
	return sw;
}
