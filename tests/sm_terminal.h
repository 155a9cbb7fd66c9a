/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's side of secure messaging, for tests: slow, and built of whole messages. Anything that goes
 * wrong inside aborts. */
#ifndef TESTS_SM_TERMINAL_H
#define TESTS_SM_TERMINAL_H

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "crypto/mac.h"
#include "crypto/pad.h"
#include "iso7816/apdu.h"
#include "iso7816/tlv.h"

#define SM_TERMINAL_MAX 70000

struct sm_terminal {
	enum cipher_kind kind;
	struct bytes enc, mac;
	uint8_t counter[CIPHER_BLOCK_MAX];
	size_t counter_len; /* 0: none */
	uint8_t message[SM_TERMINAL_MAX];
	uint8_t scratch[SM_TERMINAL_MAX];
};

static inline void sm_terminal_must(bool good)
{
	if (!good)
		abort();
}

static inline void sm_terminal_init(struct sm_terminal *t, enum cipher_kind kind, struct bytes enc,
    struct bytes mac, struct bytes counter)
{
	memset(t, 0, sizeof *t);
	t->kind = kind;
	t->enc = enc;
	t->mac = mac;
	t->counter_len = counter.len;
	if (counter.len > 0)
		memcpy(t->counter, counter.data, counter.len);
}

static inline void sm_terminal_count(struct sm_terminal *t)
{
	for (size_t i = t->counter_len; i > 0; i--) {
		if (++t->counter[i - 1] != 0)
			break;
	}
}

/* CBC with the IV of the counter. */
static inline void sm_terminal_cipher(
    struct sm_terminal *t, bool encrypt, uint8_t *data, size_t len)
{
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 };
	struct cipher *ecb = NULL;
	struct cipher *cbc = NULL;
	struct bytes in = bytes_of(data, len);

	if (t->kind != CIPHER_3DES && t->counter_len > 0) {
		sm_terminal_must(cipher_new(t->kind, CIPHER_ECB, t->enc, &ecb) == 0);
		sm_terminal_must(
		    cipher_encrypt(ecb, NULL, bytes_of(t->counter, t->counter_len), iv) == 0);
		cipher_free(ecb);
	}
	sm_terminal_must(cipher_new(t->kind, CIPHER_CBC, t->enc, &cbc) == 0);
	sm_terminal_must(
	    (encrypt ? cipher_encrypt(cbc, iv, in, data) : cipher_decrypt(cbc, iv, in, data)) == 0);
	cipher_free(cbc);
}

static inline size_t sm_terminal_pad(struct sm_terminal *t, size_t len)
{
	return pad_add(t->scratch, len, cipher_block_size(t->kind));
}

/* The checksum over the counter, the header (NULL: not) and those objects in field that are to be covered,
 * after the rule that padding ends each run of them. */
static inline void sm_terminal_checksum(
    struct sm_terminal *t, const uint8_t *header, struct bytes field, uint8_t out[MAC_SIZE_MAX])
{
	size_t len = t->counter_len;
	bool open = false;
	struct tlv tlv;

	memcpy(t->scratch, t->counter, t->counter_len);
	if (header != NULL) {
		memcpy(t->scratch + len, header, 4);
		len = sm_terminal_pad(t, len + 4);
	}
	while (field.len > 0 && tlv_take(&field, &tlv)) {
		bool covered = (tlv.whole.data[0] & 0xC0) != 0x80 || (tlv.tag & 1) != 0;

		if (covered) {
			memcpy(t->scratch + len, tlv.whole.data, tlv.whole.len);
			len += tlv.whole.len;
		} else if (open) {
			len = sm_terminal_pad(t, len);
		}
		open = covered;
	}
	if (open)
		len = sm_terminal_pad(t, len);
	memset(out, 0, MAC_SIZE_MAX);
	if (len > 0)
		sm_terminal_must(mac_compute(t->kind, t->mac, bytes_of(t->scratch, len), out) == 0);
}

/* A protected command with these data objects and their checksum, under the counter as it stands; cla as it is
 * sent. Valid until the next message. */
static inline struct bytes sm_terminal_send(
    struct sm_terminal *t, const struct apdu *head, struct bytes field)
{
	const uint8_t header[] = { head->cla, head->ins, head->p1, head->p2 };
	bool authentic =
	    (head->cla & 0x0C) == 0x0C && ((head->cla & 0xE0) == 0 || (head->cla & 0x80) != 0);
	uint8_t checksum[MAC_SIZE_MAX];
	static uint8_t memory[SM_TERMINAL_MAX];
	struct apdu apdu = *head;
	struct writer data;
	struct writer w;

	sm_terminal_checksum(t, authentic ? header : NULL, field, checksum);
	writer_init(&data, memory, sizeof memory);
	writer_put(&data, field);
	tlv_put(&data, 0x8E, bytes_of(checksum, 8));
	apdu.data = writer_bytes(&data);
	apdu.ne = apdu.data.len > 255 || head->extended ? APDU_NE_MAX : APDU_NE_SHORT_MAX;
	writer_init(&w, t->message, sizeof t->message);
	sm_terminal_must(apdu_encode(&apdu, &w));
	return writer_bytes(&w);
}

/* A plain command, protected as ICAO 9303-11 and TR-03110 have it, under the next value of the counter. */
static inline struct bytes sm_terminal_wrap(struct sm_terminal *t, struct bytes plain)
{
	static uint8_t memory[SM_TERMINAL_MAX];
	static uint8_t cryptogram[SM_TERMINAL_MAX];
	bool odd;
	struct apdu apdu;
	struct writer w;

	sm_terminal_must(apdu_parse(plain, &apdu));
	sm_terminal_count(t);
	apdu.cla |= 0x0C;
	odd = (apdu.ins & 1) != 0;
	writer_init(&w, memory, sizeof memory);
	if (apdu.data.len > 0) {
		uint8_t *at = cryptogram + (odd ? 0 : 1);
		size_t len;

		cryptogram[0] = 0x01;
		memcpy(at, apdu.data.data, apdu.data.len);
		len = pad_add(at, apdu.data.len, cipher_block_size(t->kind));
		sm_terminal_cipher(t, true, at, len);
		tlv_put(&w, odd ? 0x85 : 0x87, bytes_of(cryptogram, len + (odd ? 0 : 1)));
	}
	if (apdu.ne > 0 && !apdu.extended)
		tlv_put_u8(&w, 0x97, (uint8_t)apdu.ne);
	else if (apdu.ne > 0)
		tlv_put_u16(&w, 0x97, (uint16_t)apdu.ne);
	return sm_terminal_send(t, &apdu, writer_bytes(&w));
}

/* Whether response is protected as it should be; then *out is what was in it: the status in it is that of
 * the object 99. Valid until the next message. */
static inline bool sm_terminal_unwrap(
    struct sm_terminal *t, struct bytes response, struct apdu_response *out)
{
	uint8_t checksum[MAC_SIZE_MAX];
	struct bytes rest, value, status, field;
	struct apdu_response outer;
	struct tlv tlv = { 0 };
	size_t len = 0;

	sm_terminal_count(t);
	if (!apdu_response_parse(response, &outer))
		return false;
	rest = outer.data;
	*out = (struct apdu_response){ 0 };
	if (rest.len > 0 && (rest.data[0] == 0x87 || rest.data[0] == 0x85)) {
		if (!tlv_take(&rest, &tlv))
			return false;
	}
	if (!tlv_take_tag(&rest, 0x99, &status))
		return false;
	field = bytes_first(outer.data, outer.data.len - rest.len);
	if (!tlv_take_tag(&rest, 0x8E, &value) || rest.len > 0 || value.len != 8)
		return false;
	sm_terminal_checksum(t, NULL, field, checksum);
	if (memcmp(checksum, value.data, 8) != 0 || !bytes_take_u16(&status, &out->sw))
		return false;
	if (tlv.tag == 0)
		return true;
	value = tlv.tag == 0x87 ? bytes_after(tlv.value, 1) : tlv.value;
	if (tlv.tag == 0x87 && (tlv.value.len == 0 || tlv.value.data[0] != 1))
		return false;
	if (value.len == 0 || value.len % cipher_block_size(t->kind) != 0)
		return false;
	memcpy(t->message, value.data, value.len);
	sm_terminal_cipher(t, false, t->message, value.len);
	if (!pad_remove(bytes_of(t->message, value.len), cipher_block_size(t->kind), &len))
		return false;
	out->data = bytes_of(t->message, len);
	return true;
}

#endif
