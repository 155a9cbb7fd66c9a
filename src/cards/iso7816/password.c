/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, ENABLE and DISABLE VERIFICATION REQUIREMENT (ISO/IEC
 * 7816-4, 11.6.6 to 11.6.10). The odd instructions have each value in a data object 53 of its own. */
#include "cards/iso7816/iso7816.h"
#include "iso7816/ins.h"
#include "iso7816/tlv.h"

#define P1_RFU 0xFC /* RESET RETRY COUNTER */
#define P1_FORGET 0xFF
#define P1_NEW_ONLY 0x01 /* CHANGE REFERENCE DATA */
#define P1_NO_NEW 0x01   /* RESET RETRY COUNTER: bits */
#define P1_NO_CODE 0x02
#define P1_NO_DATA 0x01 /* ENABLE, DISABLE */
#define P2_RFU 0x60
#define TAG_VALUE 0x53

static enum sw find(struct card *card, const struct apdu *apdu, struct password **out)
{
	struct password *password;

	if ((apdu->p2 & P2_RFU) != 0)
		return SW_WRONG_P1P2;
	password =
	    credentials_find_password(card_credentials(card), card_session(card)->df, apdu->p2);
	if (password == NULL)
		return SW_REFERENCE_NOT_FOUND;
	*out = password;
	return SW_OK;
}

static bool is_proved(struct card *card, const struct password *password)
{
	return session_has(card_session(card), CREDENTIAL_PASSWORD, password->df, password->number);
}

/* The one value in the data field. */
static enum sw take_value(const struct apdu *apdu, struct bytes *value)
{
	struct bytes rest = apdu->data;

	if ((apdu->ins & 1) != 0) {
		if (!tlv_take_tag(&rest, TAG_VALUE, value) || rest.len > 0)
			return SW_WRONG_DATA;
	} else {
		*value = apdu->data;
	}
	return value->len == 0 ? SW_WRONG_LENGTH : SW_OK;
}

/* A value for this PIN, and a new one for another. */
static enum sw take_values(
    const struct apdu *apdu, const struct pin *pin, struct bytes *first, struct bytes *new)
{
	struct bytes rest = apdu->data;

	if ((apdu->ins & 1) != 0) {
		if (!tlv_take_tag(&rest, TAG_VALUE, first) ||
		    !tlv_take_tag(&rest, TAG_VALUE, new) || rest.len > 0)
			return SW_WRONG_DATA;
	} else {
		pin_split(pin, apdu->data, first, new);
	}
	return first->len == 0 ? SW_WRONG_LENGTH : SW_OK;
}

static enum sw forget(struct card *card, const struct apdu *apdu, const struct password *password)
{
	if (apdu->data.len > 0)
		return SW_NC_P1P2;
	session_revoke(card_session(card), CREDENTIAL_PASSWORD, password->df, password->number);
	return SW_OK;
}

/* Without data VERIFY asks whether it is still necessary; with P1 = FF it ends what it gave. */
enum sw password_verify(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct password *password = NULL;
	struct bytes value;
	enum sw sw;

	if (apdu->p1 != 0 && apdu->p1 != P1_FORGET)
		return SW_WRONG_P1P2;
	sw = find(card, apdu, &password);
	if (sw != SW_OK)
		return sw;
	if (apdu->p1 == P1_FORGET)
		return forget(card, apdu, password);
	if (apdu->data.len == 0)
		return is_proved(card, password) || password->pin.disabled
		    ? SW_OK
		    : pin_status(&password->pin);
	sw = take_value(apdu, &value);
	return sw == SW_OK ? card_try_password(card, password, value) : sw;
}

static enum sw change(struct card *card, struct password *password, struct bytes value)
{
	enum sw sw = pin_change(&password->pin, value);

	if (sw == SW_OK)
		card_changed(card);
	return sw;
}

/* P1 = 00: the old value and the new one; 01: the new one, when the old one has been verified. */
enum sw password_change(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct password *password = NULL;
	struct bytes old;
	struct bytes new;
	enum sw sw;

	if (apdu->p1 > P1_NEW_ONLY)
		return SW_WRONG_P1P2;
	sw = find(card, apdu, &password);
	if (sw != SW_OK)
		return sw;
	if (apdu->p1 == P1_NEW_ONLY) {
		sw = take_value(apdu, &new);
		if (sw == SW_OK && !is_proved(card, password))
			sw = SW_SECURITY_STATUS;
	} else {
		sw = take_values(apdu, &password->pin, &old, &new);
		if (sw == SW_OK)
			sw = card_try_password(card, password, old);
	}
	return sw == SW_OK ? change(card, password, new) : sw;
}

/* Takes what P1 says is there: resetting code, new value, both, nothing. */
static enum sw decode_reset(
    const struct apdu *apdu, const struct pin *code_pin, struct bytes *code, struct bytes *new)
{
	switch (apdu->p1) {
	case 0:
		return take_values(apdu, code_pin, code, new);
	case P1_NO_NEW:
		return take_value(apdu, code);
	case P1_NO_CODE:
		return take_value(apdu, new);
	default:
		return apdu->data.len == 0 ? SW_OK : SW_NC_P1P2;
	}
}

/* The resetting code is tried now, or was proved before. */
static enum sw check_code(
    struct card *card, const struct apdu *apdu, struct password *resetting, struct bytes code)
{
	if ((apdu->p1 & P1_NO_CODE) == 0)
		return card_try_password(card, resetting, code);
	return is_proved(card, resetting) ? SW_OK : SW_SECURITY_STATUS;
}

enum sw password_reset(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct password *password = NULL;
	struct password *resetting;
	struct bytes code = { 0 };
	struct bytes new = { 0 };
	enum sw sw;

	if ((apdu->p1 & P1_RFU) != 0)
		return SW_WRONG_P1P2;
	sw = find(card, apdu, &password);
	if (sw != SW_OK)
		return sw;
	resetting = credentials_password(card_credentials(card), password->df, password->resetting);
	if (resetting == NULL)
		return SW_REFERENCE_NOT_FOUND;
	sw = decode_reset(apdu, &resetting->pin, &code, &new);
	if (sw == SW_OK)
		sw = check_code(card, apdu, resetting, code);
	if (sw == SW_OK && (apdu->p1 & P1_NO_NEW) == 0)
		sw = change(card, password, new);
	if (sw != SW_OK)
		return sw;
	pin_unblock(&password->pin);
	card_changed(card);
	return SW_OK;
}

/* P1 = 00: with the value; 01: without, when it has been verified. */
static enum sw set_disabled(struct card *card, const struct apdu *apdu, bool disabled)
{
	struct password *password = NULL;
	enum sw sw;

	if (apdu->p1 > P1_NO_DATA)
		return SW_WRONG_P1P2;
	sw = find(card, apdu, &password);
	if (sw != SW_OK)
		return sw;
	if (apdu->p1 == 0 && apdu->data.len == 0)
		return SW_WRONG_LENGTH;
	if (apdu->p1 == P1_NO_DATA && apdu->data.len > 0)
		return SW_NC_P1P2;
	if (password->pin.disabled == disabled || (disabled && !password->can_be_disabled))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (apdu->p1 == 0)
		sw = card_try_password(card, password, apdu->data);
	else if (!is_proved(card, password))
		sw = SW_SECURITY_STATUS;
	if (sw != SW_OK)
		return sw;
	password->pin.disabled = disabled;
	card_changed(card);
	return SW_OK;
}

enum sw password_enable(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return set_disabled(card, apdu, false);
}

enum sw password_disable(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return set_disabled(card, apdu, true);
}
