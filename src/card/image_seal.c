/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An encrypted card image: the parameters in the clear, each of which the key depends on. */
#include "card/image_seal.h"

#include <string.h>

#include "base/compiler.h"
#include "base/err.h"

#define VERSION 1
#define KDF "scrypt"
#define CIPHER "AES-256-GCM"
#define LABEL IMAGE_FORMAT_SEALED " 1" /* authenticated with the contents */

static const char *const fields[] = { "format", "version", "kdf", "n", "r", "p", "salt", "cipher",
	"sealed" };

bool image_seal_is(const struct image_node *root)
{
	struct image_error ignored;
	struct image_node quiet = *root;
	const char *format = NULL;

	quiet.error = &ignored;
	return image_get_text(&quiet, "format", &format) == 0 && format != NULL &&
	    strcmp(format, IMAGE_FORMAT_SEALED) == 0;
}

static int require_all(const struct image_node *root)
{
	struct image_node field;
	int r = image_check_fields(root, fields, COUNT(fields));

	for (size_t i = 0; r == 0 && i < COUNT(fields); i++)
		r = image_require(root, fields[i], &field);
	return r;
}

static int load_salt(const struct image_node *root, struct seal_parameters *out)
{
	struct buffer salt;
	int r;

	buffer_init(&salt, sizeof out->salt);
	r = image_get_bytes(root, "salt", &salt);
	if (r == 0) {
		out->salt_len = salt.len;
		if (salt.len > 0)
			memcpy(out->salt, salt.data, salt.len);
	}
	buffer_done(&salt);
	return r;
}

int image_seal_load(const struct image_node *root, struct seal_parameters *out)
{
	static const char *const kdfs[] = { KDF };
	static const char *const ciphers[] = { CIPHER };
	uint64_t version = 0;
	size_t word = 0;
	int r = require_all(root);

	if (r == 0)
		r = image_get_number(root, "version", VERSION, &version);
	if (r == 0 && version != VERSION)
		r = image_refuse(root, "version %d is expected", VERSION);
	if (r == 0)
		r = image_get_word(root, "kdf", kdfs, COUNT(kdfs), &word);
	if (r == 0)
		r = image_get_word(root, "cipher", ciphers, COUNT(ciphers), &word);
	if (r == 0)
		r = image_get_number(root, "n", SEAL_N_MAX, &out->n);
	if (r == 0)
		r = image_get_number(root, "r", SEAL_R_MAX, &out->r);
	if (r == 0)
		r = image_get_number(root, "p", SEAL_P_MAX, &out->p);
	return r == 0 ? load_salt(root, out) : r;
}

int image_seal_open(
    const struct image_node *root, const struct image_seal *seal, struct buffer *out)
{
	struct buffer sealed;
	int r;

	buffer_init(&sealed, IMAGE_FILE_MAX);
	r = image_get_bytes(root, "sealed", &sealed);
	if (r == 0 && sealed.len < SEAL_OVERHEAD)
		r = image_refuse(root, "the file is damaged");
	if (r == 0)
		r = buffer_resize(out, sealed.len - SEAL_OVERHEAD);
	if (r == 0)
		r = seal_open(&seal->key, bytes_of_string(LABEL), buffer_bytes(&sealed), out->data);
	if (r == ERR_CRYPTO)
		r = image_refuse(root, "the password is wrong, or the file is damaged");
	buffer_done(&sealed);
	return r;
}

static bool put_all(const struct seal_parameters *p, struct bytes sealed, struct json_t *out)
{
	return image_put_text(out, "format", IMAGE_FORMAT_SEALED) &&
	    image_put_number(out, "version", VERSION) && image_put_text(out, "kdf", KDF) &&
	    image_put_number(out, "n", p->n) && image_put_number(out, "r", p->r) &&
	    image_put_number(out, "p", p->p) &&
	    image_put_bytes(out, "salt", bytes_of(p->salt, p->salt_len)) &&
	    image_put_text(out, "cipher", CIPHER) && image_put_bytes(out, "sealed", sealed);
}

int image_seal_close(const struct image_seal *seal, struct bytes text, struct buffer *out)
{
	struct json_t *json = image_new_object();
	struct buffer sealed;
	int r;

	buffer_init(&sealed, IMAGE_FILE_MAX);
	r = buffer_resize(&sealed, text.len + SEAL_OVERHEAD);
	if (r == 0)
		r = seal_close(&seal->key, bytes_of_string(LABEL), text, sealed.data);
	if (r == 0 && (json == NULL || !put_all(&seal->parameters, buffer_bytes(&sealed), json)))
		r = ERR_NO_MEMORY;
	if (r == 0)
		r = image_print(json, out);
	image_drop(json);
	buffer_done(&sealed);
	return r;
}
