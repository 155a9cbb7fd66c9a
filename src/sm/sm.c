/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, counter and responses of secure messaging. All contexts are made once, with their keys. */
#include "sm/sm.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "crypto/pad.h"
#include "sm/internal.h"

/* In a response of a short length, with data: 87 and its length, the padding indicator, the status, the checksum. */
#define AROUND_CRYPTOGRAM (3 + 1 + 4 + 2 + SM_MAC_SIZE)
#define LENGTH_SIZE_MAX 4 /* of a data object in a response: 83 and three bytes */

static int set_keys(struct sm *sm, const struct sm_setup *setup)
{
	int r = cipher_new(setup->kind, CIPHER_CBC, setup->enc, &sm->cbc);

	if (r == 0)
		r = mac_new(setup->kind, setup->mac, &sm->mac);
	if (r == 0 && sm->has_counter && setup->kind != CIPHER_3DES)
		r = cipher_new(setup->kind, CIPHER_ECB, setup->enc, &sm->ecb);
	return r;
}

int sm_new(const struct sm_setup *setup, struct sm **out)
{
	size_t block = cipher_block_size(setup->kind);
	struct sm *sm;
	int r;

	if (setup->counter.len != 0 && setup->counter.len != block)
		return ERR_FORMAT;
	sm = calloc(1, sizeof *sm);
	if (sm == NULL)
		return ERR_NO_MEMORY;
	sm->profile = setup->profile;
	sm->block = block;
	sm->has_counter = setup->counter.len > 0;
	if (sm->has_counter)
		memcpy(sm->counter, setup->counter.data, block);
	r = set_keys(sm, setup);
	if (r < 0) {
		sm_free(sm);
		return r;
	}
	*out = sm;
	return 0;
}

void sm_free(struct sm *sm)
{
	if (sm == NULL)
		return;
	cipher_free(sm->cbc);
	cipher_free(sm->ecb);
	mac_free(sm->mac);
	secret_wipe(sm, sizeof *sm);
	free(sm);
}

enum sm_profile sm_profile_of(const struct sm *sm)
{
	return sm->profile;
}

struct bytes sm_counter(const struct sm *sm)
{
	return bytes_of(sm->counter, sm->has_counter ? sm->block : 0);
}

void sm_count(struct sm *sm)
{
	size_t i = sm->has_counter ? sm->block : 0;

	while (i > 0 && ++sm->counter[--i] == 0)
		continue;
}

/* ICAO 9303-11, 9.8.6.2 and 9.8.6.3: zero for 3DES; for AES the counter, enciphered. */
int sm_iv(struct sm *sm, uint8_t iv[CIPHER_BLOCK_MAX])
{
	if (sm->ecb != NULL)
		return cipher_encrypt(sm->ecb, NULL, bytes_of(sm->counter, sm->block), iv);
	memset(iv, 0, CIPHER_BLOCK_MAX);
	return 0;
}

int sm_start_checksum(struct sm *sm)
{
	int r = mac_start(sm->mac);

	return r < 0 ? r : mac_update(sm->mac, sm_counter(sm));
}

int sm_finish_checksum(struct sm *sm, uint8_t out[SM_MAC_SIZE])
{
	uint8_t value[MAC_SIZE_MAX];
	int r = mac_finish(sm->mac, value);

	if (r == 0)
		memcpy(out, value, SM_MAC_SIZE);
	return r;
}

/* Puts tag, length and n bytes that the caller fills in before the len bytes in out, which move up. */
static uint8_t *put_before(struct writer *out, uint8_t tag, size_t n, size_t len)
{
	uint8_t memory[1 + LENGTH_SIZE_MAX];
	struct writer header;

	writer_init(&header, memory, sizeof memory);
	tlv_put_header(&header, tag, n + len);
	if (!writer_done(&header))
		writer_fail(out);
	if (writer_reserve(out, header.len + n) == NULL)
		return NULL;
	memmove(out->data + header.len + n, out->data, len);
	memcpy(out->data, memory, header.len);
	return out->data + header.len;
}

/* The data in out becomes a cryptogram: 85 with an odd INS, else 87 with the padding indicator. */
static int encipher(struct sm *sm, uint8_t ins, struct writer *out)
{
	size_t len = out->len;
	size_t padded = pad_size(len, sm->block);
	bool odd = (ins & 1) != 0;
	uint8_t iv[CIPHER_BLOCK_MAX];
	uint8_t *value;
	int r;

	if (writer_reserve(out, padded - len) == NULL)
		return ERR_LIMIT;
	pad_add(out->data, len, sm->block);
	value = put_before(
	    out, odd ? SM_CRYPTOGRAM_OBJECTS + 1 : SM_CRYPTOGRAM + 1, odd ? 0 : 1, padded);
	if (value == NULL)
		return ERR_LIMIT;
	if (!odd)
		*value++ = SM_PADDED;
	r = sm_iv(sm, iv);
	return r < 0 ? r : cipher_encrypt(sm->cbc, iv, bytes_of(value, padded), value);
}

/* The data in out becomes a data object. */
static int put_data(struct sm *sm, uint8_t ins, struct writer *out)
{
	if (out->len == 0)
		return 0;
	if (!sm->plain_response)
		return encipher(sm, ins, out);
	return put_before(out, SM_PLAIN + 1, 0, out->len) == NULL ? ERR_LIMIT : 0;
}

static int put_checksum(struct sm *sm, struct writer *out)
{
	uint8_t value[SM_MAC_SIZE];
	int r = sm_start_checksum(sm);

	if (r == 0)
		r = mac_update(sm->mac, writer_bytes(out));
	if (r == 0 && out->len > 0)
		r = mac_update_padding(sm->mac);
	if (r == 0)
		r = sm_finish_checksum(sm, value);
	if (r == 0)
		tlv_put(out, SM_CHECKSUM, BYTES_OF_ARRAY(value));
	return r;
}

static void put_status(enum sw sw, struct writer *out)
{
	const uint8_t object[] = { SM_STATUS + 1, 2, (uint8_t)(sw >> 8), (uint8_t)sw };

	writer_put(out, BYTES_OF_ARRAY(object));
}

size_t sm_room(const struct sm *sm, size_t max)
{
	size_t left = max > AROUND_CRYPTOGRAM ? max - AROUND_CRYPTOGRAM : 0;

	left -= left % sm->block;
	return left > 0 ? left - 1 : 0;
}

int sm_wrap(struct sm *sm, uint8_t ins, enum sw sw, struct writer *out)
{
	int r;

	sm_count(sm);
	r = put_data(sm, ins, out);
	/* A checksum covers something. */
	if (r == 0 && (!sm->unasked_status || out->len == 0))
		put_status(sw, out);
	if (r == 0)
		r = put_checksum(sm, out);
	if (r < 0)
		writer_fail(out);
	return r < 0 ? r : writer_done(out) ? 0 : ERR_LIMIT;
}
