/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA and EC keys of a card. */
#include "auth/key_pair.h"

#include "base/err.h"
#include "base/secret.h"
#include "crypto/rsa.h"
#include "iso7816/tlv.h"
#include "pki/curve.h"

#define P521_BITS 521 /* the only field that does not fill its bytes */
#define TAG_MODULUS 0x81
#define TAG_EXPONENT 0x82
#define TAG_POINT 0x86

/* For what a key was asked; malformed is what was given to it. */
static enum sw sw_of_key(int r, enum sw malformed)
{
	switch (r) {
	case 0:
		return SW_OK;
	case ERR_FORMAT:
		return malformed;
	case ERR_NOT_FOUND:
		return SW_CONDITIONS_NOT_SATISFIED;
	case ERR_NO_MEMORY:
		return SW_MEMORY_FAILURE;
	default:
		return SW_NO_DIAGNOSIS;
	}
}

static bool is_rsa_size(unsigned long bits)
{
	return bits >= KEY_PAIR_RSA_BITS_MIN && bits <= RSA_KEY_BITS_MAX && bits % 8 == 0;
}

static enum sw generate_rsa(
    struct random *random, const struct key_template *template, struct key_object *key)
{
	static const struct bytes exponent;
	size_t bits = template->size != 0 ? template->size : KEY_PAIR_RSA_BITS_DEFAULT;

	if (!is_rsa_size(bits))
		return SW_FUNCTION_NOT_SUPPORTED;
	return sw_of_key(rsa_generate(random, (unsigned)bits, exponent, &key->rsa), SW_WRONG_DATA);
}

/* Without an identifier: P-256. */
static enum sw find_group(const struct key_template *template, const struct ec_group **out)
{
	enum ec_curve curve = EC_P256;

	if (template->curve.len > 0 && !curve_find(template->curve, &curve))
		return SW_FUNCTION_NOT_SUPPORTED;
	*out = ec_group_named(curve);
	return *out != NULL ? SW_OK : SW_NO_DIAGNOSIS;
}

static enum sw generate_ec(
    struct random *random, const struct key_template *template, struct key_object *key)
{
	const struct ec_group *group;
	enum sw sw = find_group(template, &group);

	return sw == SW_OK ? sw_of_key(ec_generate(group, random, &key->ec), SW_WRONG_DATA) : sw;
}

enum sw key_pair_generate(
    struct random *random, const struct key_template *template, struct key_object *out)
{
	struct key_object key = { .type = template->type };
	enum sw sw;

	if (key_object_is_symmetric(&key))
		return SW_FUNCTION_NOT_SUPPORTED;
	sw = key.type == KEY_RSA ? generate_rsa(random, template, &key)
	                         : generate_ec(random, template, &key);
	if (sw == SW_OK)
		*out = key;
	return sw;
}

static enum sw import_rsa(
    struct random *random, const struct key_value *value, struct key_object *key)
{
	const struct rsa_numbers numbers = { .n = value->modulus,
		.e = value->exponent,
		.p = value->p,
		.q = value->q,
		.dp = value->dp,
		.dq = value->dq,
		.qinv = value->qinv };
	int r = rsa_import(random, &numbers, &key->rsa);

	if (r == ERR_LIMIT)
		return SW_FUNCTION_NOT_SUPPORTED;
	if (r == 0 && !is_rsa_size(rsa_bits(key->rsa))) {
		rsa_free(key->rsa);
		return SW_FUNCTION_NOT_SUPPORTED;
	}
	return sw_of_key(r, SW_WRONG_DATA);
}

static enum sw import_ec(struct random *random, const struct key_template *template,
    const struct key_value *value, struct key_object *key)
{
	const struct ec_group *group;
	enum sw sw = find_group(template, &group);
	int r;

	if (sw != SW_OK)
		return sw;
	r = value->scalar.len > 0 ? ec_import_private(group, random, value->scalar, &key->ec)
	                          : ec_import_public(group, value->point, &key->ec);
	return sw_of_key(r, SW_WRONG_DATA);
}

enum sw key_pair_import(struct random *random, const struct key_template *template,
    const struct key_value *value, struct key_object *out)
{
	struct key_object key = { .type = template->type };
	enum sw sw = key.type == KEY_RSA ? import_rsa(random, value, &key)
	                                 : import_ec(random, template, value, &key);

	if (sw == SW_OK)
		*out = key;
	return sw;
}

static int read_rsa(struct random *random, struct bytes in, struct key_object *key)
{
	int r = rsa_read(random, in, &key->rsa);

	if (r == 0 && !is_rsa_size(rsa_bits(key->rsa))) {
		rsa_free(key->rsa);
		return ERR_LIMIT;
	}
	return r;
}

int key_pair_read(
    struct random *random, enum key_type type, struct bytes in, struct key_object *out)
{
	struct key_object key = { .type = type };
	int r = type == KEY_RSA ? read_rsa(random, in, &key) : ec_read(random, in, &key.ec);

	if (r == 0)
		*out = key;
	return r;
}

int key_pair_write(const struct key_object *key, struct writer *out)
{
	bool private = key_pair_is_private(key);

	if (key->type == KEY_RSA)
		return private ? rsa_write_private(key->rsa, out) : rsa_write_public(key->rsa, out);
	return private ? ec_write_private(key->ec, out) : ec_write_public(key->ec, out);
}

void key_pair_free(struct key_object *key)
{
	rsa_free(key->rsa);
	ec_free(key->ec);
	key->rsa = NULL;
	key->ec = NULL;
}

size_t key_pair_bits(const struct key_object *key)
{
	size_t field;

	if (key->type == KEY_RSA)
		return rsa_bits(key->rsa);
	field = ec_field_size(ec_group_of(key->ec));
	return field == EC_FIELD_SIZE_MAX ? P521_BITS : 8 * field;
}

bool key_pair_is_private(const struct key_object *key)
{
	return key->type == KEY_RSA ? rsa_is_private(key->rsa) : ec_is_private(key->ec);
}

static int put_rsa(const struct rsa *rsa, struct writer *out)
{
	int r;

	tlv_open(out, TAG_MODULUS);
	r = rsa_put_part(rsa, RSA_PART_N, rsa_size(rsa), out);
	tlv_close(out);
	if (r < 0)
		return r;
	tlv_open(out, TAG_EXPONENT);
	r = rsa_put_part(rsa, RSA_PART_E, 0, out);
	tlv_close(out);
	return r;
}

static int put_ec(const struct ec_key *key, struct writer *out)
{
	int r;

	tlv_open(out, TAG_POINT);
	r = ec_put_public(key, out);
	tlv_close(out);
	return r;
}

enum sw key_pair_put_public(const struct key_object *key, struct writer *out)
{
	int r = key->type == KEY_RSA ? put_rsa(key->rsa, out) : put_ec(key->ec, out);

	return sw_of_key(r, SW_NO_DIAGNOSIS);
}

/* The hash-code to be signed, in memory if it has to be computed. */
static enum sw hash_of(uint8_t algorithm, const struct key_input *input,
    uint8_t memory[DIGEST_SIZE_MAX], struct bytes *out)
{
	enum digest_kind kind;

	*out = input->data;
	if (!mechanism_hash(algorithm, &kind))
		return SW_OK;
	if (!input->is_message)
		return input->data.len == digest_size(kind) ? SW_OK : SW_WRONG_DATA;
	if (digest_compute(kind, input->data, memory) < 0)
		return SW_NO_DIAGNOSIS;
	*out = bytes_of(memory, digest_size(kind));
	return SW_OK;
}

/* PSS has as much salt as the digest has bytes. */
static struct rsa_scheme scheme_of(uint8_t algorithm)
{
	struct rsa_scheme scheme = { .padding = RSA_PKCS1_15, .digest = RSA_NO_DIGEST };
	enum digest_kind kind;

	if (mechanism_of(algorithm) == MECHANISM_PSS)
		scheme.padding = RSA_PSS;
	if (mechanism_of(algorithm) == MECHANISM_OAEP)
		scheme.padding = RSA_OAEP;
	if (mechanism_hash(algorithm, &kind)) {
		scheme.digest = kind;
		scheme.salt = digest_size(kind);
	}
	return scheme;
}

enum sw key_pair_sign(const struct key_object *key, uint8_t algorithm,
    const struct key_input *input, struct writer *out)
{
	const struct rsa_scheme scheme = scheme_of(algorithm);
	uint8_t memory[DIGEST_SIZE_MAX];
	uint8_t signature[RSA_SIZE_MAX];
	struct bytes hash;
	size_t len;
	int r;
	enum sw sw = hash_of(algorithm, input, memory, &hash);

	if (sw != SW_OK)
		return sw;
	if (key->type == KEY_RSA) {
		len = rsa_size(key->rsa);
		r = rsa_sign(key->rsa, &scheme, hash, signature);
	} else {
		len = 2 * ec_order_size(ec_group_of(key->ec));
		r = ec_sign(key->ec, hash, signature);
	}
	if (r == 0)
		writer_put(out, bytes_of(signature, len));
	return sw_of_key(r, SW_WRONG_DATA);
}

enum sw key_pair_verify(const struct key_object *key, uint8_t algorithm,
    const struct key_input *input, struct bytes signature)
{
	const struct rsa_scheme scheme = scheme_of(algorithm);
	uint8_t memory[DIGEST_SIZE_MAX];
	struct bytes hash;
	int r;
	enum sw sw = hash_of(algorithm, input, memory, &hash);

	if (sw != SW_OK)
		return sw;
	r = key->type == KEY_RSA ? rsa_verify(key->rsa, &scheme, hash, signature)
	                         : ec_verify(key->ec, hash, signature);
	return sw_of_key(r, SW_WARNING_CHANGED);
}

enum sw key_pair_encipher(
    const struct key_object *key, uint8_t algorithm, struct bytes in, struct writer *out)
{
	const struct rsa_scheme scheme = scheme_of(algorithm);
	uint8_t cryptogram[RSA_SIZE_MAX];
	int r;

	if (key->type != KEY_RSA)
		return SW_CONDITIONS_NOT_SATISFIED;
	r = rsa_encrypt(key->rsa, &scheme, in, cryptogram);
	if (r == 0)
		writer_put(out, bytes_of(cryptogram, rsa_size(key->rsa)));
	return sw_of_key(r, SW_WRONG_DATA);
}

enum sw key_pair_decipher(
    const struct key_object *key, uint8_t algorithm, struct bytes in, struct writer *out)
{
	const struct rsa_scheme scheme = scheme_of(algorithm);

	if (key->type != KEY_RSA)
		return SW_CONDITIONS_NOT_SATISFIED;
	return sw_of_key(rsa_decrypt(key->rsa, &scheme, in, out), SW_WRONG_DATA);
}

enum sw key_pair_agree(const struct key_object *key, struct bytes point, struct writer *out)
{
	uint8_t x[EC_FIELD_SIZE_MAX];
	int r;

	if (key->type != KEY_EC)
		return SW_CONDITIONS_NOT_SATISFIED;
	r = ec_shared_x(key->ec, point, x);
	if (r == 0)
		writer_put(out, bytes_of(x, ec_field_size(ec_group_of(key->ec))));
	secret_wipe(x, sizeof x);
	return sw_of_key(r, SW_WRONG_DATA);
}
