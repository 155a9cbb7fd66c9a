/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of protocols: read, with the rules of ICAO 9303-11 on what goes together (4.4.3.3 and 9.5.1: mappings, ciphers and domain
 * parameters; 6.1.2.3: hash functions of Active Authentication; 7.1: Terminal Authentication after that of the chip). */
#include "cards/epass/protocols.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "auth/pace.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/number.h"
#include "pki/algorithm.h"

#define WORD_MAX 16 /* characters of a part, its end included */
#define SHOWN_SIZE 64

#define ID_DH_LAST 2
#define ID_EC_FIRST 8
#define ID_LAST 18
#define ID_P224 10 /* p is 1 mod 4, which integrated mapping has no encoding for */

/* The longest hash function that a key of 256 bits may sign. */
#define EC_DIGEST_SIZE_MAX 32

static const char *const names[EPASS_PROTOCOLS] = {
	[EPASS_BAC] = "bac",
	[EPASS_PACE_GM] = "pace-gm",
	[EPASS_PACE_IM] = "pace-im",
	[EPASS_PACE_CAM] = "pace-cam",
	[EPASS_AA] = "aa",
	[EPASS_CA] = "ca",
	[EPASS_TA] = "ta",
};

static const char *const ciphers[CIPHER_KINDS] = {
	[CIPHER_3DES] = "3des",
	[CIPHER_AES_128] = "aes-128",
	[CIPHER_AES_192] = "aes-192",
	[CIPHER_AES_256] = "aes-256",
};

struct complaint {
	char *text;
	size_t size;
	struct bytes entry; /* the one that is wrong */
};

static int refuse(const struct complaint *to, const char *format, ...) PRINTF_LIKE(2, 3);

static int refuse(const struct complaint *to, const char *format, ...)
{
	char shown[SHOWN_SIZE];
	va_list args;
	int n;

	n = snprintf(to->text, to->size, "%s: ", log_escape(to->entry, shown, sizeof shown));
	va_start(args, format);
	if (n >= 0 && (size_t)n < to->size)
		(void)vsnprintf(to->text + n, to->size - (size_t)n, format, args);
	va_end(args);
	return ERR_FORMAT;
}

/* The characters up to a mark, which is taken too. False: nothing is left. */
static bool take_word(struct bytes *rest, char mark, struct bytes *word)
{
	size_t n = 0;

	if (rest->data == NULL)
		return false;
	while (n < rest->len && rest->data[n] != (uint8_t)mark)
		n++;
	*word = bytes_first(*rest, n);
	*rest = n < rest->len ? bytes_of(rest->data + n + 1, rest->len - n - 1) : bytes_of(NULL, 0);
	return true;
}

static bool copy_word(struct bytes word, char out[WORD_MAX])
{
	if (word.len >= WORD_MAX)
		return false;
	memcpy(out, word.data, word.len);
	out[word.len] = '\0';
	return strlen(out) == word.len;
}

static bool find(struct bytes word, const char *const *table, size_t n, size_t *out)
{
	for (*out = 0; *out < n; ++*out)
		if (bytes_equal(word, bytes_of_string(table[*out])))
			return true;
	return false;
}

static int parse_id(struct bytes *rest, struct epass_entry *entry, const struct complaint *to)
{
	char text[WORD_MAX];
	struct bytes word;
	uint64_t id;

	entry->id = EPASS_PARAMETER_ID_DEFAULT;
	if (!take_word(rest, ':', &word))
		return 0;
	if (!copy_word(word, text) || !number_parse(text, ID_LAST, &id))
		return refuse(to, "the domain parameters are a number, 0 to 2 or 8 to 18");
	if (id > ID_DH_LAST && id < ID_EC_FIRST)
		return refuse(to, "the domain parameters 3 to 7 are reserved");
	entry->id = (uint8_t)id;
	return 0;
}

static int parse_cipher(struct bytes *rest, struct epass_entry *entry, const struct complaint *to)
{
	struct bytes word;
	size_t cipher;

	entry->cipher = CIPHER_AES_128;
	if (!take_word(rest, ':', &word))
		return 0;
	if (!find(word, ciphers, COUNT(ciphers), &cipher))
		return refuse(to, "the cipher is 3des, aes-128, aes-192 or aes-256");
	entry->cipher = (enum cipher_kind)cipher;
	return 0;
}

static int parse_agreement(
    struct bytes *rest, struct epass_entry *entry, const struct complaint *to)
{
	int r = parse_id(rest, entry, to);

	if (r == 0)
		r = parse_cipher(rest, entry, to);
	if (r < 0)
		return r;
	if (entry->protocol == EPASS_PACE_IM && entry->id == ID_P224)
		return refuse(to, "integrated mapping does not work with the curve of 10");
	if (entry->protocol == EPASS_PACE_CAM && !epass_is_curve(entry->id))
		return refuse(to, "chip authentication mapping needs a curve, 8 to 18");
	if (entry->protocol == EPASS_PACE_CAM && entry->cipher == CIPHER_3DES)
		return refuse(to, "chip authentication mapping needs aes-128, aes-192 or aes-256");
	return 0;
}

static int parse_active_auth(
    struct bytes *rest, struct epass_entry *entry, const struct complaint *to)
{
	static const char *const kinds[] = { "rsa", "ec" };
	char text[WORD_MAX];
	struct bytes word;
	size_t kind;

	entry->digest = DIGEST_SHA256;
	if (!take_word(rest, ':', &word))
		return 0;
	if (!find(word, kinds, COUNT(kinds), &kind))
		return refuse(to, "the key is rsa or ec");
	entry->ec = kind == 1;
	if (!take_word(rest, ':', &word))
		return 0;
	if (!copy_word(word, text) || !algorithm_digest_find(text, &entry->digest))
		return refuse(
		    to, "the hash function is sha-1, sha-224, sha-256, sha-384 or sha-512");
	if (entry->ec && entry->digest == DIGEST_SHA1)
		return refuse(to, "ECDSA does not go with sha-1");
	if (entry->ec && digest_size(entry->digest) > EC_DIGEST_SIZE_MAX)
		return refuse(to, "the hash must not be longer than the key, which has 256 bits");
	return 0;
}

static int parse_entry(struct bytes rest, struct epass_entry *entry, const struct complaint *to)
{
	struct bytes name;
	size_t protocol;
	int r = 0;

	*entry = (struct epass_entry){ .protocol = EPASS_BAC };
	if (!take_word(&rest, ':', &name) || !find(name, names, COUNT(names), &protocol))
		return refuse(
		    to, "the protocols are bac, pace-gm, pace-im, pace-cam, aa, ca and ta");
	entry->protocol = (enum epass_protocol)protocol;
	if (epass_is_pace(entry->protocol) || entry->protocol == EPASS_CA)
		r = parse_agreement(&rest, entry, to);
	else if (entry->protocol == EPASS_AA)
		r = parse_active_auth(&rest, entry, to);
	if (r == 0 && rest.data != NULL)
		return refuse(to, "there is a parameter too many");
	return r;
}

/* BAC, AA and TA are there once; PACE and CA once with the same parameters. */
static bool is_same(const struct epass_entry *a, const struct epass_entry *b)
{
	return a->protocol == b->protocol && a->id == b->id && a->cipher == b->cipher;
}

static int add(
    struct epass_protocols *list, const struct epass_entry *entry, const struct complaint *to)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_same(&list->entries[i], entry))
			return refuse(to, "it is there twice");
	if (list->n == EPASS_ENTRIES_MAX)
		return refuse(to, "there are more than %d protocols", EPASS_ENTRIES_MAX);
	list->entries[list->n++] = *entry;
	return 0;
}

/* What only the whole list tells. */
static int check(const struct epass_protocols *list, struct complaint *to)
{
	if (!epass_protocols_has_pace(list) && !epass_protocols_has(list, EPASS_BAC))
		return refuse(to, "bac or one of pace-gm, pace-im, pace-cam must be there");
	if (epass_protocols_has(list, EPASS_TA) && !epass_protocols_has(list, EPASS_CA) &&
	    !epass_protocols_has(list, EPASS_PACE_CAM))
		return refuse(to, "ta comes after ca or pace-cam, one of which must be there");
	return 0;
}

int epass_protocols_parse(const char *text, struct epass_protocols *out, char *error, size_t size)
{
	struct complaint to = { error, size, bytes_of_string(text) };
	struct epass_protocols list = { 0 };
	struct bytes rest = to.entry;
	struct epass_entry entry;
	int r = 0;

	while (r == 0 && take_word(&rest, ',', &to.entry)) {
		r = parse_entry(to.entry, &entry, &to);
		if (r == 0)
			r = add(&list, &entry, &to);
	}
	to.entry = bytes_of_string(text);
	if (r == 0)
		r = check(&list, &to);
	if (r == 0)
		*out = list;
	return r;
}

bool epass_protocols_has(const struct epass_protocols *list, enum epass_protocol protocol)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->entries[i].protocol == protocol)
			return true;
	return false;
}

void epass_protocols_drop(struct epass_protocols *list, enum epass_protocol protocol)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->entries[i].protocol != protocol)
			list->entries[n++] = list->entries[i];
	list->n = n;
}

bool epass_is_pace(enum epass_protocol protocol)
{
	return protocol == EPASS_PACE_GM || protocol == EPASS_PACE_IM || protocol == EPASS_PACE_CAM;
}

bool epass_protocols_has_pace(const struct epass_protocols *list)
{
	return epass_protocols_has(list, EPASS_PACE_GM) ||
	    epass_protocols_has(list, EPASS_PACE_IM) || epass_protocols_has(list, EPASS_PACE_CAM);
}

/* Whether an entry is the first of its protocol with its domain parameters: those after it use the same key. */
static bool has_new_key(const struct epass_protocols *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list->entries[i].protocol == list->entries[n].protocol &&
		    list->entries[i].id == list->entries[n].id)
			return false;
	return true;
}

size_t epass_protocols_infos(const struct epass_protocols *list)
{
	size_t pace = 0, chip = 0, mapping = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct epass_entry *entry = &list->entries[i];

		if (epass_is_pace(entry->protocol))
			pace++;
		else if (entry->protocol == EPASS_CA)
			chip += has_new_key(list, i) ? 2 : 1;
		else if (entry->protocol == EPASS_TA || entry->ec)
			chip++;
		if (entry->protocol == EPASS_PACE_CAM && has_new_key(list, i))
			mapping++;
	}
	return pace + (chip > mapping ? chip : mapping);
}

bool epass_is_curve(uint8_t id)
{
	return id >= ID_EC_FIRST;
}

static uint8_t variant_of(const struct epass_entry *entry)
{
	bool ec = epass_is_curve(entry->id);

	switch (entry->protocol) {
	case EPASS_PACE_GM:
		return ec ? PACE_ECDH_GM : PACE_DH_GM;
	case EPASS_PACE_IM:
		return ec ? PACE_ECDH_IM : PACE_DH_IM;
	case EPASS_PACE_CAM:
		return PACE_ECDH_CAM;
	case EPASS_CA:
		return ec ? 2 : 1;
	case EPASS_BAC:
	case EPASS_AA:
	case EPASS_TA:
	case EPASS_PROTOCOLS:
		break;
	}
	return 0;
}

void epass_entry_oid(const struct epass_entry *entry, uint8_t oid[EPASS_OID_SIZE])
{
	/* bsi-de protocols(2) smartcard(2) */
	static const uint8_t prefix[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02 };

	memcpy(oid, prefix, sizeof prefix);
	oid[sizeof prefix] = epass_is_pace(entry->protocol) ? SUITE_PACE : SUITE_CHIP_AUTH;
	oid[sizeof prefix + 1] = variant_of(entry);
	oid[sizeof prefix + 2] = (uint8_t)(entry->cipher + 1);
}
