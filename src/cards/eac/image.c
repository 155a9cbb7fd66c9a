/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What card_eac has in a card image: the field "eac" of "state" (docs/card-image.md). */
#include "base/compiler.h"
#include "base/err.h"
#include "base/secret.h"
#include "card/image_json.h"
#include "cards/eac/internal.h"

#define PRIVATE_MAX 4096 /* bytes of a private key, also as DER */
#define TRIES_MAX 255
#define VERSION_MAX 3
#define DELAY_MAX 3600000 /* an hour */

static const char *const fields[] = { "bac", "pace", "passwords", "keys", "active_authentication",
	"terminal_authentication", "trust_points", "ignore_dates", "ef_cvca", "document_number",
	"delay", "max_delay" };
static const char *const fields_pace[] = { "protocol", "parameters" };
static const char *const fields_password[] = { "text", "value", "tries", "max_tries", "uses",
	"max_uses", "deactivated", "transport" };
static const char *const fields_key[] = { "use", "id", "parameters", "private", "versions",
	"protocols", "authorized_only", "privileged_only", "second", "manager", "psa", "psm",
	"psc" };
static const char *const fields_active[] = { "pair", "pem", "digest", "trailer" };

/* By enum pace_password, enum eac_key_use, enum digest_kind, enum active_auth_trailer. */
static const char *const passwords[EAC_PASSWORDS] = { NULL, "mrz", "can", "pin", "puk" };
static const char *const uses[] = { "chip-authentication", "sector", "pseudonym" };
static const char *const grants[] = { "all", "authorized", "nobody" }; /* as in ps1-authInfo */
static const char *const variants[PSEUDONYMOUS_VARIANTS] = { "psa", "psm", "psc" };
static const char *const digests[DIGEST_KINDS] = { "sha1", "sha224", "sha256", "sha384", "sha512" };
static const char *const trailers[] = { "bc", "hash" };

/* Saving */

/* Appends to a list what put() makes, or drops it. */
static bool add_object(struct json_t *list, struct json_t *object, bool ok)
{
	if (ok)
		return image_add(list, object);
	image_drop(object);
	return false;
}

/* Puts a list that is complete, unless it is empty. */
static bool put_list(struct json_t *out, const char *name, struct json_t *list, bool ok)
{
	if (ok && !image_is_empty(list))
		return image_put(out, name, list);
	image_drop(list);
	return ok;
}

static bool put_flag(struct json_t *out, const char *name, bool value)
{
	return !value || image_put_bool(out, name, true);
}

static bool save_pace(const struct eac_state *state, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (size_t i = 0; ok && i < state->n_pace_infos; i++) {
		const struct eac_pace_info *info = &state->pace_infos[i];
		struct json_t *item = image_new_object();

		ok = add_object(list, item,
		    item != NULL &&
		        image_put_bytes(item, "protocol", BYTES_OF_ARRAY(info->suite.oid)) &&
		        image_put_number(item, "parameters", info->parameter_id));
	}
	return put_list(out, "pace", list, ok);
}

static bool save_password(const struct eac_password *password, struct json_t *out)
{
	return image_put_password(out, bytes_of(password->value, password->len)) &&
	    (password->tries_max == 0 ||
	        (image_put_number(out, "tries", password->tries) &&
	            image_put_number(out, "max_tries", password->tries_max))) &&
	    (password->uses_max == 0 ||
	        (image_put_number(out, "uses", password->uses) &&
	            image_put_number(out, "max_uses", password->uses_max))) &&
	    put_flag(out, "deactivated", password->deactivated) &&
	    put_flag(out, "transport", password->transport);
}

static bool save_passwords(const struct eac_state *state, struct json_t *out)
{
	struct json_t *object = image_new_object();
	bool ok = object != NULL;

	for (size_t i = PACE_MRZ; ok && i < EAC_PASSWORDS; i++) {
		struct json_t *item;

		if (state->passwords[i].len == 0)
			continue;
		item = image_new_object();
		ok = item != NULL && save_password(&state->passwords[i], item);
		if (ok)
			ok = image_put(object, passwords[i], item);
		else
			image_drop(item);
	}
	return put_list(out, "passwords", object, ok);
}

static struct json_t *new_number(uint64_t value)
{
	char text[2] = { (char)('0' + value), '\0' };

	return image_new_text(text);
}

/* A list of versions, each a text of one figure. */
static bool save_versions(unsigned versions, const char *name, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (unsigned i = 1; ok && i <= VERSION_MAX; i++) {
		if ((versions & 1u << i) != 0)
			ok = image_add(list, new_number(i));
	}
	return put_list(out, name, list, ok);
}

static bool save_private(const struct agreement *pair, struct json_t *out)
{
	uint8_t memory[PRIVATE_MAX];
	struct writer w;
	bool ok;

	writer_init(&w, memory, sizeof memory);
	ok =
	    (pair->ec != NULL ? ec_put_private(pair->ec, &w) : dh_put_private(pair->dh, &w)) == 0 &&
	    image_put_bytes(out, "private", writer_bytes(&w));
	secret_wipe(memory, sizeof memory);
	return ok;
}

static bool save_oids(const struct eac_held_key *key, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (size_t i = 0; ok && i < EAC_SUITES_MAX; i++) {
		const struct eac_oid *oid = &key->oids[i];

		if (oid->len > 0)
			ok = image_add(list, image_new_bytes(bytes_of(oid->data, oid->len)));
	}
	return put_list(out, "protocols", list, ok);
}

/* Whom the pseudonyms are told, for each of them. */
static bool save_grants(const uint8_t auth_info[PSEUDONYMS], const char *name, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (size_t i = 0; ok && i < PSEUDONYMS; i++)
		ok = image_add(list, image_new_text(grants[auth_info[i]]));
	return put_list(out, name, list, ok);
}

static bool save_pseudonym(const struct eac_held_key *key, struct json_t *out)
{
	bool ok = key->what.use != EAC_KEY_PSEUDONYM ||
	    (image_put_bytes(out, "second", bytes_of(key->second, key->second_len)) &&
	        image_put_bytes(out, "manager", bytes_of(key->manager, key->manager_len)));

	for (size_t i = 0; ok && key->what.use == EAC_KEY_PSEUDONYM && i < PSEUDONYMOUS_VARIANTS;
	     i++)
		ok = save_grants(key->what.auth_info[i], variants[i], out);
	return ok;
}

static bool save_key(const struct eac_held_key *key, struct json_t *out)
{
	return image_put_text(out, "use", uses[key->what.use]) &&
	    (!key->what.has_id || image_put_number(out, "id", key->what.id)) &&
	    image_put_number(out, "parameters", key->what.parameter_id) &&
	    save_private(&key->pair, out) && save_versions(key->what.versions, "versions", out) &&
	    save_oids(key, out) && put_flag(out, "authorized_only", key->what.authorized_only) &&
	    put_flag(out, "privileged_only", key->what.privileged_only) && save_pseudonym(key, out);
}

static bool save_keys(const struct eac_state *state, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (size_t i = 0; ok && i < state->n_keys; i++) {
		struct json_t *item = image_new_object();

		ok = add_object(list, item, item != NULL && save_key(&state->keys[i], item));
	}
	return put_list(out, "keys", list, ok);
}

static bool put_pair(const struct eac_active_auth *held, struct json_t *out)
{
	uint8_t memory[PRIVATE_MAX];
	struct writer w;
	bool ok;

	writer_init(&w, memory, sizeof memory);
	ok = (held->rsa != NULL ? rsa_write_private(held->rsa, &w)
	                        : ec_write_private(held->ec, &w)) == 0 &&
	    image_put_bytes(out, "pair", writer_bytes(&w));
	secret_wipe(memory, sizeof memory);
	return ok;
}

static bool save_active_auth(const struct eac_state *state, struct json_t *out)
{
	const struct eac_active_auth *held = &state->active_auth;
	struct json_t *object;

	if (held->rsa == NULL && held->ec == NULL)
		return true;
	object = image_new_object();
	if (object != NULL && put_pair(held, object) &&
	    image_put_text(object, "digest", digests[held->scheme.digest]) &&
	    image_put_text(object, "trailer", trailers[held->scheme.trailer]))
		return image_put(out, "active_authentication", object);
	image_drop(object);
	return false;
}

static bool save_trust_points(const struct eac_state *state, struct json_t *out)
{
	struct json_t *list = image_new_array();
	bool ok = list != NULL;

	for (int type = 0; type < CHAT_TYPES; type++) {
		const struct trust_points *trust = &state->trust[type];

		for (size_t i = 0; ok && i < trust->n; i++)
			ok = image_add(list, image_new_bytes(trust_points_certificate(trust, i)));
	}
	return put_list(out, "trust_points", list, ok);
}

/* Its path, without the MF. */
static bool save_ef_cvca(const struct eac_state *state, struct json_t *out)
{
	uint8_t path[EAC_FID_PATH_MAX];
	size_t at = sizeof path;

	if (state->ef_cvca == NULL)
		return true;
	for (const struct file *f = state->ef_cvca; file_parent(f) != NULL; f = file_parent(f)) {
		path[--at] = (uint8_t)file_fid(f);
		path[--at] = (uint8_t)(file_fid(f) >> 8);
	}
	return image_put_bytes(out, "ef_cvca", bytes_of(path + at, sizeof path - at));
}

bool eac_save(const struct card *card, const void *part, struct json_t *out)
{
	const struct eac_state *state = part;
	struct bytes number = buffer_bytes(&state->document_number);

	return put_flag(out, "bac", state->bac) && save_pace(state, out) &&
	    save_passwords(state, out) && save_keys(state, out) && save_active_auth(state, out) &&
	    save_versions(state->terminal_auth_versions, "terminal_authentication", out) &&
	    save_trust_points(state, out) && put_flag(out, "ignore_dates", state->ignore_dates) &&
	    save_ef_cvca(state, out) &&
	    (number.len == 0 || image_put_bytes(out, "document_number", number)) &&
	    (state->delay == 0 ||
	        (image_put_number(out, "delay", state->delay) &&
	            image_put_number(out, "max_delay", state->delay_max)));
}

/* Loading */

/* Calls load() for each element of an array, if it is there. */
static int load_list(struct card *card, const struct image_node *in, const char *name,
    int (*load)(struct card *card, const struct image_node *item))
{
	struct image_node list, item;
	int r;

	if (!image_has(in, name, &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++)
		r = load(card, &item);
	return r;
}

/* What a function of eac.h says of the value of a node. */
static int judge(const struct image_node *node, int r, const char *what)
{
	switch (r) {
	case 0:
	case ERR_NO_MEMORY:
	case ERR_CRYPTO:
		return r;
	case ERR_EXISTS:
		return image_refuse(node, "there is such a %s already", what);
	case ERR_LIMIT:
		return image_refuse(node, "one %s too many, or it is too large", what);
	default:
		return image_refuse(node, "this is no %s that the card could have", what);
	}
}

static int require_number(
    const struct image_node *node, const char *name, uint64_t max, uint64_t *out)
{
	struct image_node field;
	int r = image_require(node, name, &field);

	return r == 0 ? image_get_number(node, name, max, out) : r;
}

static int load_pace(struct card *card, const struct image_node *node)
{
	uint64_t parameters = 0;
	struct image_node field;
	struct buffer oid;
	int r = image_check_fields(node, fields_pace, COUNT(fields_pace));

	buffer_init(&oid, EAC_OID_MAX);
	if (r == 0)
		r = image_require(node, "protocol", &field);
	if (r == 0)
		r = image_get_bytes(node, "protocol", &oid);
	if (r == ERR_LIMIT)
		r = image_refuse(&field, "an object identifier has at most %d bytes", EAC_OID_MAX);
	if (r == 0)
		r = require_number(node, "parameters", UINT8_MAX, &parameters);
	if (r == 0)
		r = judge(node, eac_add_pace(card, buffer_bytes(&oid), (uint8_t)parameters),
		    "PACE protocol");
	buffer_done(&oid);
	return r;
}

/* A counter and its maximum: both, the maximum alone, or neither. */
static int load_counter(
    const struct image_node *node, const char *names[2], unsigned *value, unsigned *max)
{
	uint64_t most = 0, left;
	int r = image_get_number(node, names[1], TRIES_MAX, &most);

	left = most;
	if (r == 0)
		r = image_get_number(node, names[0], most, &left);
	*value = (unsigned)left;
	*max = (unsigned)most;
	return r;
}

static int load_password(struct card *card, const struct image_node *node, enum pace_password kind)
{
	const char *tries[] = { "tries", "max_tries" };
	const char *used[] = { "uses", "max_uses" };
	struct eac_password password = { .len = 0 };
	int r = image_check_fields(node, fields_password, COUNT(fields_password));

	if (r == 0)
		r = image_get_password(node, password.value, sizeof password.value, &password.len);
	if (r == 0)
		r = load_counter(node, tries, &password.tries, &password.tries_max);
	if (r == 0)
		r = load_counter(node, used, &password.uses, &password.uses_max);
	if (r == 0)
		r = image_get_bool(node, "deactivated", &password.deactivated);
	if (r == 0)
		r = image_get_bool(node, "transport", &password.transport);
	if (r == 0)
		r = eac_set_password(card, kind, &password);
	secret_wipe(&password, sizeof password);
	return r;
}

static int load_passwords(struct card *card, const struct image_node *in)
{
	struct image_node object, item;
	int r;

	if (!image_has(in, "passwords", &object))
		return 0;
	r = image_check_fields(&object, passwords + PACE_MRZ, EAC_PASSWORDS - PACE_MRZ);
	for (int kind = PACE_MRZ; r == 0 && kind < EAC_PASSWORDS; kind++) {
		if (image_has(&object, passwords[kind], &item))
			r = load_password(card, &item, (enum pace_password)kind);
	}
	return r;
}

static int load_versions(const struct image_node *in, const char *name, unsigned *out)
{
	static const char *const words[VERSION_MAX] = { "1", "2", "3" };
	struct image_node list, item;
	int r;

	if (!image_has(in, name, &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++) {
		size_t version = 0;

		r = image_word_of(&item, words, COUNT(words), &version);
		*out |= 2u << version;
	}
	return r;
}

/* A key while it is read: what its views point into. */
struct draft {
	struct eac_key key;
	struct buffer private, second, manager;
	struct buffer oids[EAC_SUITES_MAX];
};

static void draft_init(struct draft *draft)
{
	*draft = (struct draft){ .key = { .has_id = false } };
	buffer_init(&draft->private, PRIVATE_MAX);
	buffer_init(&draft->second, PRIVATE_MAX);
	buffer_init(&draft->manager, PRIVATE_MAX);
	for (size_t i = 0; i < EAC_SUITES_MAX; i++)
		buffer_init(&draft->oids[i], EAC_OID_MAX);
}

static void draft_done(struct draft *draft)
{
	buffer_done(&draft->private);
	buffer_done(&draft->second);
	buffer_done(&draft->manager);
	for (size_t i = 0; i < EAC_SUITES_MAX; i++)
		buffer_done(&draft->oids[i]);
}

static int load_oids(const struct image_node *node, struct draft *draft)
{
	struct image_node list, item;
	int r;

	if (!image_has(node, "protocols", &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && image_at(&list, i, &item); i++) {
		if (i == EAC_SUITES_MAX)
			return image_refuse(&item, "a key has at most %d", EAC_SUITES_MAX);
		r = image_bytes_of(&item, &draft->oids[i]);
		if (r == ERR_LIMIT)
			r = image_refuse(
			    &item, "an object identifier has at most %d bytes", EAC_OID_MAX);
		draft->key.oids[i] = buffer_bytes(&draft->oids[i]);
	}
	return r;
}

static int load_id(const struct image_node *node, struct eac_key *key)
{
	uint64_t id = 0, parameters = 0;
	struct image_node field;
	size_t use = 0;
	int r = image_require(node, "use", &field);

	if (r == 0)
		r = image_get_word(node, "use", uses, COUNT(uses), &use);
	if (r == 0)
		r = image_get_number(node, "id", UINT8_MAX, &id);
	if (r == 0)
		r = require_number(node, "parameters", UINT8_MAX, &parameters);
	key->use = (enum eac_key_use)use;
	key->has_id = image_has(node, "id", &field);
	key->id = (uint8_t)id;
	key->parameter_id = (uint8_t)parameters;
	return r;
}

static int load_grants(
    const struct image_node *node, const char *name, uint8_t auth_info[PSEUDONYMS])
{
	struct image_node list, item;
	int r;

	if (!image_has(node, name, &list))
		return 0;
	r = image_check_array(&list);
	for (size_t i = 0; r == 0 && i < PSEUDONYMS; i++) {
		size_t word = 0;

		if (!image_at(&list, i, &item))
			return image_refuse(&list, "there are %d pseudonyms", PSEUDONYMS);
		r = image_word_of(&item, grants, COUNT(grants), &word);
		auth_info[i] = (uint8_t)word;
	}
	return r == 0 && image_at(&list, PSEUDONYMS, &item)
	    ? image_refuse(&item, "there are %d pseudonyms", PSEUDONYMS)
	    : r;
}

/* A part of a key, if it is there. */
static int load_part(
    const struct image_node *node, const char *name, struct buffer *memory, struct bytes *out)
{
	struct image_node field;
	int r;

	if (!image_has(node, name, &field))
		return 0;
	r = image_bytes_of(&field, memory);
	if (r == ERR_LIMIT)
		r = image_refuse(&field, "a part of a key has at most %d bytes", PRIVATE_MAX);
	*out = buffer_bytes(memory);
	return r;
}

/* What only keys for pseudonymous signatures have. */
static int load_pseudonym(const struct image_node *node, struct draft *draft)
{
	static const char *const only[] = { "second", "manager", "psa", "psm", "psc" };
	struct eac_key *key = &draft->key;
	struct image_node field;
	int r;

	for (size_t i = 0; key->use != EAC_KEY_PSEUDONYM && i < COUNT(only); i++) {
		if (image_has(node, only[i], &field))
			return image_refuse(&field, "only a key with the use \"pseudonym\" has it");
	}
	r = load_part(node, "second", &draft->second, &key->second);
	if (r == 0)
		r = load_part(node, "manager", &draft->manager, &key->manager);
	for (size_t i = 0; r == 0 && i < PSEUDONYMOUS_VARIANTS; i++)
		r = load_grants(node, variants[i], key->auth_info[i]);
	return r;
}

/* Without "private" the card makes a new one. */
static int load_draft(const struct image_node *node, struct draft *draft)
{
	struct eac_key *key = &draft->key;
	int r = image_check_fields(node, fields_key, COUNT(fields_key));

	if (r == 0)
		r = load_id(node, key);
	if (r == 0)
		r = load_versions(node, "versions", &key->versions);
	if (r == 0)
		r = load_oids(node, draft);
	if (r == 0)
		r = image_get_bool(node, "authorized_only", &key->authorized_only);
	if (r == 0)
		r = image_get_bool(node, "privileged_only", &key->privileged_only);
	if (r == 0)
		r = load_part(node, "private", &draft->private, &key->private);
	return r == 0 ? load_pseudonym(node, draft) : r;
}

static int load_key(struct card *card, const struct image_node *node)
{
	struct draft draft;
	int r;

	draft_init(&draft);
	r = load_draft(node, &draft);
	if (r == 0)
		r = judge(node, eac_add_key(card, &draft.key), "key");
	draft_done(&draft);
	return r;
}

/* DER in hexadecimal, or PEM. */
static int load_pair(
    struct card *card, const struct image_node *node, const struct active_auth_scheme *scheme)
{
	const char *text = NULL;
	struct image_node field;
	struct buffer der;
	int r;

	buffer_init(&der, PRIVATE_MAX);
	if (image_has(node, "pem", &field))
		r = image_get_text(node, "pem", &text);
	else
		r = image_require(node, "pair", &field);
	if (r == 0 && text == NULL)
		r = image_bytes_of(&field, &der);
	if (r == ERR_LIMIT)
		r = image_refuse(&field, "a private key has at most %d bytes", PRIVATE_MAX);
	if (r == 0)
		r = judge(&field,
		    eac_set_active_auth(
		        card, text != NULL ? bytes_of_string(text) : buffer_bytes(&der), scheme),
		    "private key");
	buffer_done(&der);
	return r;
}

static int load_active_auth(struct card *card, const struct image_node *in)
{
	struct active_auth_scheme scheme = { .digest = DIGEST_SHA1 };
	size_t digest = DIGEST_SHA256, trailer = ACTIVE_AUTH_TRAILER_HASH;
	struct image_node node;
	int r;

	if (!image_has(in, "active_authentication", &node))
		return 0;
	r = image_check_fields(&node, fields_active, COUNT(fields_active));
	if (r == 0)
		r = image_get_word(&node, "digest", digests, COUNT(digests), &digest);
	if (r == 0)
		r = image_get_word(&node, "trailer", trailers, COUNT(trailers), &trailer);
	scheme.digest = (enum digest_kind)digest;
	scheme.trailer = (enum active_auth_trailer)trailer;
	return r == 0 ? load_pair(card, &node, &scheme) : r;
}

static int load_trust_point(struct card *card, const struct image_node *node)
{
	struct buffer certificate;
	int r;

	buffer_init(&certificate, CVC_SIZE_MAX);
	r = image_bytes_of(node, &certificate);
	if (r == ERR_LIMIT)
		r = image_refuse(node, "a certificate has at most %d bytes", CVC_SIZE_MAX);
	if (r == 0)
		r = judge(
		    node, eac_add_trust_point(card, buffer_bytes(&certificate)), "trust point");
	buffer_done(&certificate);
	return r;
}

/* From the last to the first: of two that came into effect on one day the last to be added is the newest. */
static int load_trust_points(struct card *card, const struct image_node *in)
{
	struct image_node list, item;
	size_t n = 0;
	int r;

	if (!image_has(in, "trust_points", &list))
		return 0;
	r = image_check_array(&list);
	while (r == 0 && image_at(&list, n, &item))
		n++;
	while (r == 0 && n-- > 0 && image_at(&list, n, &item))
		r = load_trust_point(card, &item);
	return r;
}

static int load_ef_cvca(struct card *card, const struct image_node *in)
{
	struct image_node field;
	struct file *file;
	struct buffer path;
	int r;

	if (!image_has(in, "ef_cvca", &field))
		return 0;
	buffer_init(&path, EAC_FID_PATH_MAX);
	r = image_bytes_of(&field, &path);
	file = r == 0 && path.len > 0 ? fs_by_path(fs_mf(card_files(card)), buffer_bytes(&path))
	                              : NULL;
	buffer_done(&path);
	if (r < 0 && r != ERR_LIMIT)
		return r;
	if (file == NULL || file_kind(file) != FILE_TRANSPARENT)
		return image_refuse(&field, "there is no such transparent file");
	return judge(&field, eac_set_ef_cvca(card, file), "EF.CVCA");
}

static int load_document_number(struct card *card, const struct image_node *in)
{
	struct image_node field;
	struct buffer number;
	int r;

	if (!image_has(in, "document_number", &field))
		return 0;
	buffer_init(&number, EAC_DOCUMENT_NUMBER_MAX);
	r = image_bytes_of(&field, &number);
	if (r == 0)
		r = eac_set_document_number(card, buffer_bytes(&number));
	buffer_done(&number);
	return judge(&field, r, "document number");
}

static int load_rest(struct card *card, const struct image_node *in)
{
	struct eac_state *state = eac_state_of(card);
	uint64_t delay = 0, max = 0;
	int r = image_get_bool(in, "bac", &state->bac);

	if (r == 0)
		r = load_versions(in, "terminal_authentication", &state->terminal_auth_versions);
	if (r == 0)
		r = image_get_bool(in, "ignore_dates", &state->ignore_dates);
	if (r == 0)
		r = image_get_number(in, "delay", DELAY_MAX, &delay);
	max = delay;
	if (r == 0)
		r = image_get_number(in, "max_delay", DELAY_MAX, &max);
	eac_set_delay(card, (unsigned)delay, (unsigned)max);
	return r;
}

/* EF.CVCA is written anew when it is known: after the trust points. */
int eac_load(struct card *card, void *part, const struct image_node *in)
{
	int r = image_check_fields(in, fields, COUNT(fields));

	if (r == 0)
		r = load_rest(card, in);
	if (r == 0)
		r = load_list(card, in, "pace", load_pace);
	if (r == 0)
		r = load_passwords(card, in);
	if (r == 0)
		r = load_list(card, in, "keys", load_key);
	if (r == 0)
		r = load_active_auth(card, in);
	if (r == 0)
		r = load_trust_points(card, in);
	if (r == 0)
		r = load_ef_cvca(card, in);
	return r == 0 ? load_document_number(card, in) : r;
}
