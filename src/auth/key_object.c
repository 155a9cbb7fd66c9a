/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that a card keeps. */
#include "auth/key_object.h"

#include <string.h>

#include "auth/key_pair.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/mac.h"

#define TRIPLE_DES_TWO_KEYS 16
#define TRIPLE_DES_THREE_KEYS 24

static bool is_right_size(enum key_type type, size_t len)
{
	switch (type) {
	case KEY_3DES:
		return len == TRIPLE_DES_TWO_KEYS || len == TRIPLE_DES_THREE_KEYS;
	case KEY_AES:
		return len == 16 || len == 24 || len == 32;
	case KEY_RSA:
	case KEY_EC:
		return false;
	}
	return false;
}

int key_object_init(struct key_object *key, enum key_type type, struct bytes secret)
{
	if (!is_right_size(type, secret.len))
		return ERR_FORMAT;
	*key = (struct key_object){ .type = type };
	key_object_set_secret(key, secret);
	return 0;
}

void key_object_set_secret(struct key_object *key, struct bytes secret)
{
	memcpy(key->secret.data, secret.data, secret.len);
	key->secret.len = secret.len;
}

void key_object_done(struct key_object *key)
{
	key_pair_free(key);
	secret_wipe(key, sizeof *key);
}

bool key_object_is_symmetric(const struct key_object *key)
{
	return key->type == KEY_3DES || key->type == KEY_AES;
}

size_t key_object_bits(const struct key_object *key)
{
	return key_object_is_symmetric(key) ? 8 * key->secret.len : key_pair_bits(key);
}

enum cipher_kind key_object_cipher(const struct key_object *key)
{
	if (key->type == KEY_3DES)
		return CIPHER_3DES;
	return key->secret.len == 16 ? CIPHER_AES_128
	    : key->secret.len == 24  ? CIPHER_AES_192
	                             : CIPHER_AES_256;
}

enum sw key_object_crypt(const struct key_object *key, const struct key_job *job, uint8_t *out)
{
	enum cipher_kind kind = key_object_cipher(key);
	enum cipher_mode mode =
	    mechanism_of(job->algorithm) == MECHANISM_ECB ? CIPHER_ECB : CIPHER_CBC;
	struct cipher *cipher = NULL;
	int r;

	if (job->in.len == 0 || job->in.len % cipher_block_size(kind) != 0)
		return SW_WRONG_LENGTH;
	r = cipher_new(kind, mode, key_bytes(&key->secret), &cipher);
	if (r == 0 && job->decipher)
		r = cipher_decrypt(cipher, job->iv, job->in, out);
	else if (r == 0)
		r = cipher_encrypt(cipher, job->iv, job->in, out);
	cipher_free(cipher);
	return r == 0 ? SW_OK : SW_NO_DIAGNOSIS;
}

struct bytes key_object_mac_key(const struct key_object *key)
{
	struct bytes bytes = key_bytes(&key->secret);

	return key->type == KEY_3DES ? bytes_first(bytes, TRIPLE_DES_TWO_KEYS) : bytes;
}

enum sw key_object_mac(const struct key_object *key, struct bytes in, uint8_t *out)
{
	struct mac *mac = NULL;
	int r = mac_new(key_object_cipher(key), key_object_mac_key(key), &mac);

	if (r == 0)
		r = mac_start(mac);
	if (r == 0)
		r = mac_update(mac, in);
	if (r == 0 && key->type == KEY_3DES)
		r = mac_update_padding(mac);
	if (r == 0)
		r = mac_finish(mac, out);
	mac_free(mac);
	return r == 0 ? SW_OK : SW_NO_DIAGNOSIS;
}
