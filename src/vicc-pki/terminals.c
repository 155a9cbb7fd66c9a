/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CV certificates: of CVCAs, document verifiers, terminals; and requests for them. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "iso7816/tlv.h"
#include "pki/cvc_chain.h"
#include "pki/cvc_request.h"
#include "vicc-pki/commands.h"
#include "vicc-pki/days.h"
#include "vicc-pki/files.h"
#include "vicc-pki/keys.h"

#define TAG_EXTENSION 0x73
#define TAG_OID 0x06
#define TAG_HASH 0x80 /* and 81 */
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_NUMBERS 0x81 /* p, and what follows in D.3.3 */
#define TAG_POINT 0x86
#define TAG_PS_SECTOR 0xA0
#define TAG_PS_DOMAIN 0x80
#define TAG_PS_HASH 0x81
#define EXTENSIONS_MAX 1024
#define KEY_MAX 2048
#define RIGHT_MAX 64

/* id-extensions, 0.4.0.127.0.7.3.1.3: description, sector, sector of pseudonymous signatures */
static const uint8_t description_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 3, 1, 3, 1 };
/* id-RI-ECDH, 0.4.0.127.0.7.2.2.5.2; the digest is one number more */
static const uint8_t restricted_id_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 2, 2, 5, 2 };
static const uint8_t sector_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 3, 1, 3, 2 };
static const uint8_t ps_sector_oid[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 3, 1, 3, 3 };

/* How long a certificate is valid, in months (TR-03110-3, 2.2.4 asks for shorter ones further down). */
static const unsigned months[] = {
	[CHAT_CVCA] = 36,
	[CHAT_DV_DOMESTIC] = 12,
	[CHAT_DV_FOREIGN] = 12,
	[CHAT_TERMINAL] = 3,
};

/* Who signs: a CV certificate and its private key. */
struct issuer {
	struct buffer file;
	struct cvc cvc; /* views into the file */
	struct sign_key key;
};

/* Whom the certificate is for. */
struct holder {
	struct sign_key key;
	struct bytes reference;
	enum cvc_algorithm algorithm;
	uint8_t memory[KEY_MAX]; /* of the numbers of the key */
	struct cvc_public_key public;
	struct buffer request; /* --request */
};

static bool fail(const char *name, const char *why)
{
	log_error("%s: %s", name, why);
	return false;
}

static bool algorithm_of(const struct sign_scheme *scheme, enum cvc_algorithm *out)
{
	for (unsigned i = 0; i < CVC_ALGORITHMS; i++) {
		const struct sign_scheme *each = cvc_scheme((enum cvc_algorithm)i);

		if (each->ec != scheme->ec || each->pss != scheme->pss ||
		    each->digest != scheme->digest)
			continue;
		*out = (enum cvc_algorithm)i;
		return true;
	}
	return fail("--digest", "RSA signs CV certificates with sha1, sha256 or sha512");
}

static bool is_key_of(const struct cvc *cvc, const struct sign_key *key)
{
	uint8_t memory[KEY_MAX];
	struct cvc_public_key public;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	if (cvc_public_key_of(key, cvc->key.algorithm, &w, &public) < 0)
		return false;
	return key->ec != NULL ? bytes_equal(public.point, cvc->key.point)
	                       : bytes_equal(public.n, cvc->key.n);
}

static bool load_issuer(const struct settings *s, struct random *random, struct issuer *out)
{
	struct issuer issuer;

	if (!files_read(s->issuer, &issuer.file) ||
	    (cvc_parse(buffer_bytes(&issuer.file), &issuer.cvc) < 0 &&
	        !fail(s->issuer, "not a CV certificate")) ||
	    !keys_load(random, s->issuer_key, true, &issuer.key)) {
		buffer_done(&issuer.file);
		return false;
	}
	*out = issuer;
	if (is_key_of(&issuer.cvc, &issuer.key))
		return true;
	log_error("%s: not the key of the certificate in %s", s->issuer_key, s->issuer);
	sign_key_done(&out->key);
	buffer_done(&out->file);
	return false;
}

/* A new key is like the issuer's; without one, for authorities, on the curve that documents have most. */
static struct key_type type_like(const struct issuer *issuer)
{
	struct key_type type = { .curve = EC_BRAINPOOL_P256R1 };

	if (issuer != NULL && issuer->key.rsa != NULL)
		type.rsa_bits = rsa_bits(issuer->key.rsa);
	else if (issuer != NULL)
		(void)public_key_curve_of(ec_group_of(issuer->key.ec), &type.curve);
	return type;
}

static bool load_request(const struct settings *s, struct random *random, struct holder *holder)
{
	struct cvc_request request;

	if (!files_read(s->request, &holder->request))
		return false;
	if (cvc_request_parse(buffer_bytes(&holder->request), &request) < 0)
		return fail(s->request, "not a request for a CV certificate");
	if (cvc_request_verify(&request, random) < 0)
		return fail(s->request, "not signed with the key that it is about");
	if (cvc_key(&request.key, NULL, random, &holder->key) < 0)
		return fail(s->request, "the key is not a valid one");
	holder->reference = request.chr;
	holder->algorithm = request.key.algorithm;
	return true;
}

/* Unless asked otherwise, the holder signs with the algorithm of the issuer. */
static bool load_key(const struct settings *s, struct random *random, const struct issuer *issuer,
    bool private, struct holder *holder)
{
	struct sign_scheme scheme;

	if (!keys_get(random, s, private, type_like(issuer), &holder->key))
		return false;
	holder->reference = bytes_of_string(s->reference);
	if (issuer != NULL && !s->has_digest && !s->pss &&
	    (issuer->key.ec != NULL) == (holder->key.ec != NULL)) {
		holder->algorithm = issuer->cvc.key.algorithm;
		return true;
	}
	return keys_scheme(s, &holder->key, &scheme) && algorithm_of(&scheme, &holder->algorithm);
}

static bool load_holder(const struct settings *s, struct random *random,
    const struct issuer *issuer, bool private, struct holder *holder)
{
	struct writer w;

	*holder = (struct holder){ 0 };
	if (!(s->request != NULL ? load_request(s, random, holder)
	                         : load_key(s, random, issuer, private, holder)))
		return false;
	if (!cvc_reference_is_valid(holder->reference))
		return fail(s->request, "the holder's reference is none");
	writer_init(&w, holder->memory, sizeof holder->memory);
	if (cvc_public_key_of(&holder->key, holder->algorithm, &w, &holder->public) < 0)
		return fail("--key", "the key does not fit into a certificate");
	return true;
}

static void holder_done(struct holder *holder)
{
	sign_key_done(&holder->key);
	buffer_done(&holder->request);
}

/* One name of --rights. */
static bool set_right(const char *name, size_t len, struct chat *chat)
{
	char text[RIGHT_MAX] = "";
	unsigned bit;

	if (len < sizeof text)
		memcpy(text, name, len);
	if (!chat_right_find(chat->type, text, &bit)) {
		char shown[RIGHT_MAX];

		log_error(
		    "--rights: terminals of kind %s have no right %s; show prints their names",
		    chat_type_name(chat->type),
		    log_escape(bytes_of((const uint8_t *)name, len), shown, sizeof shown));
		return false;
	}
	chat_set(chat, bit, true);
	return true;
}

static void set_all(struct chat *chat)
{
	for (unsigned bit = 0; bit < chat_rights(chat->type); bit++)
		chat_set(chat, bit, chat_right_name(chat->type, bit) != NULL);
}

/* Role and rights. */
static bool set_chat(
    const struct settings *s, const struct issuer *issuer, enum chat_role role, struct chat *out)
{
	struct chat chat = { .type = issuer != NULL ? issuer->cvc.chat.type : s->kind };
	const char *list = s->rights;

	if (list == NULL && issuer != NULL)
		chat = issuer->cvc.chat;
	else if (list == NULL || strcmp(list, "all") == 0)
		set_all(&chat);
	else if (strcmp(list, "none") != 0)
		for (; list != NULL;
		     list = strchr(list, ',') != NULL ? strchr(list, ',') + 1 : NULL)
			if (!set_right(list, strcspn(list, ","), &chat))
				return false;
	chat_set_role(&chat, role);
	*out = chat;
	return true;
}

/* The digest of a file, in a data object. */
static bool put_hash(
    const char *path, uint32_t tag, enum digest_kind digest, uint32_t first, struct writer *out)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	struct buffer file;
	struct bytes in;
	struct bytes value;
	bool good = files_read(path, &file);

	in = buffer_bytes(&file);
	if (good && first != 0 && (!tlv_take_tag(&in, first, &value) || in.len > 0))
		good = fail(path, "not a public key in a data object 7F49");
	if (good && digest_compute(digest, buffer_bytes(&file), hash) < 0)
		good = fail(path, err_text(ERR_CRYPTO));
	if (good)
		tlv_put(out, tag, bytes_of(hash, digest_size(digest)));
	buffer_done(&file);
	return good;
}

/* A sector for pseudonymous signatures: the digest of the point alone (C.3.2.2). */
static bool put_ps_sector(
    const struct settings_ps_sector *sector, enum digest_kind digest, struct writer *out)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	struct buffer file;
	struct bytes in, value, point;
	bool good = files_read(sector->file, &file);

	in = buffer_bytes(&file);
	if (good &&
	    (!tlv_take_tag(&in, TAG_PUBLIC_KEY, &value) || in.len > 0 ||
	        !tlv_find(value, TAG_POINT, &point)))
		good = fail(sector->file, "not an EC public key in a data object 7F49");
	if (good && digest_compute(digest, point, hash) < 0)
		good = fail(sector->file, err_text(ERR_CRYPTO));
	if (good) {
		tlv_open(out, TAG_PS_SECTOR);
		tlv_put_u8(out, TAG_PS_DOMAIN, sector->domain);
		tlv_put(out, TAG_PS_HASH, bytes_of(hash, digest_size(digest)));
		tlv_close(out);
	}
	buffer_done(&file);
	return good;
}

static bool put_ps_sectors(const struct settings *s, enum digest_kind digest, struct writer *out)
{
	if (s->n_ps_sectors == 0)
		return true;
	tlv_open(out, TAG_EXTENSION);
	tlv_put(out, TAG_OID, BYTES_OF_ARRAY(ps_sector_oid));
	for (size_t i = 0; i < s->n_ps_sectors; i++)
		if (!put_ps_sector(&s->ps_sectors[i], digest, out))
			return false;
	tlv_close(out);
	return true;
}

/* What a terminal's certificate says besides (C.3). */
static bool put_extensions(const struct settings *s, enum digest_kind digest, struct writer *out)
{
	if (s->description != NULL) {
		tlv_open(out, TAG_EXTENSION);
		tlv_put(out, TAG_OID, BYTES_OF_ARRAY(description_oid));
		if (!put_hash(s->description, TAG_HASH, digest, 0, out))
			return false;
		tlv_close(out);
	}
	if (s->n_sectors > 0) {
		tlv_open(out, TAG_EXTENSION);
		tlv_put(out, TAG_OID, BYTES_OF_ARRAY(sector_oid));
		for (size_t i = 0; i < s->n_sectors; i++)
			if (!put_hash(
			        s->sectors[i], TAG_HASH + (uint32_t)i, digest, TAG_PUBLIC_KEY, out))
				return false;
		tlv_close(out);
	}
	return put_ps_sectors(s, digest, out);
}

/* The key goes into the certificate: of a CVCA with domain parameters, of others without, and they are the CVCA's. */
static bool set_key(const struct issuer *issuer, const struct holder *holder, enum chat_role role,
    struct cvc_public_key *out)
{
	enum ec_curve curves[2];

	*out = holder->public;
	if (role == CHAT_CVCA)
		return true;
	if ((holder->key.ec != NULL) != (issuer->key.ec != NULL))
		return fail("--key", "issuer and holder have keys of different kinds");
	if (holder->key.ec == NULL)
		return true;
	out->has_domain = false;
	out->domain = (struct ec_numbers){ 0 };
	if (public_key_curve_of(ec_group_of(holder->key.ec), &curves[0]) &&
	    public_key_curve_of(ec_group_of(issuer->key.ec), &curves[1]) && curves[0] != curves[1])
		return fail("--key",
		    "the key is on another curve than the issuer's, and only CVCAs "
		    "name a curve");
	return true;
}

/* Everything but the references. */
static bool set_fields(const struct settings *s, const struct issuer *issuer,
    const struct holder *holder, enum chat_role role, struct cvc *cvc)
{
	cvc->effective = s->from.year != 0 ? s->from : days_today();
	cvc->expiration = s->until.year != 0 ? s->until : days_after(cvc->effective, months[role]);
	if (date_compare(cvc->expiration, cvc->effective) < 0)
		return fail("--until", "the last day is before the first");
	return set_chat(s, issuer, role, &cvc->chat) && set_key(issuer, holder, role, &cvc->key);
}

/* A new key goes into its file when there is a certificate for it. */
static bool write_certificate(const struct settings *s, const struct issuer *issuer,
    struct holder *holder, enum chat_role role)
{
	const enum cvc_algorithm algorithm =
	    issuer != NULL ? issuer->cvc.key.algorithm : holder->algorithm;
	uint8_t memory[EXTENSIONS_MAX];
	struct cvc cvc = { .chr = holder->reference,
		.car = issuer != NULL ? issuer->cvc.chr : holder->reference };
	struct writer extensions;
	struct output output;
	bool good;
	int r;

	writer_init(&extensions, memory, sizeof memory);
	if (!set_fields(s, issuer, holder, role, &cvc) ||
	    !put_extensions(s, cvc_scheme(algorithm)->digest, &extensions) || !output_init(&output))
		return false;
	cvc.extensions = writer_bytes(&extensions);
	r = cvc_sign(&cvc, issuer != NULL ? &issuer->key : &holder->key, algorithm, &output.w);
	if (r < 0)
		log_error("cannot make the certificate: %s", err_text(r));
	good = r == 0 && keys_save_with(s, &holder->key, &output, NULL);
	output_done(&output);
	return good;
}

static bool certify(const struct settings *s, struct random *random, const struct issuer *issuer,
    enum chat_role role)
{
	struct holder holder;
	bool good;

	if (!files_may_write(s->out, s->force))
		return false;
	good = load_holder(s, random, issuer, issuer == NULL, &holder) &&
	    write_certificate(s, issuer, &holder, role);
	holder_done(&holder);
	return good;
}

static bool run(const struct settings *s, bool has_issuer, enum chat_role role)
{
	struct random *random;
	struct issuer issuer;
	bool good = false;

	if (random_new(bytes_of(NULL, 0), &random) < 0)
		return fail("vicc-pki", err_text(ERR_NO_MEMORY));
	if (!has_issuer) {
		good = certify(s, random, NULL, role);
	} else if (load_issuer(s, random, &issuer)) {
		good = certify(s, random, &issuer, role);
		sign_key_done(&issuer.key);
		buffer_done(&issuer.file);
	}
	random_free(random);
	return good;
}

bool command_cvca(const struct settings *settings)
{
	return run(settings, false, CHAT_CVCA);
}

bool command_cvca_link(const struct settings *settings)
{
	return run(settings, true, CHAT_CVCA);
}

bool command_dv(const struct settings *settings)
{
	return run(settings, true, settings->foreign ? CHAT_DV_FOREIGN : CHAT_DV_DOMESTIC);
}

bool command_terminal(const struct settings *settings)
{
	return run(settings, true, CHAT_TERMINAL);
}

static bool write_request(const struct settings *s, struct holder *holder)
{
	struct cvc_request request = { .chr = holder->reference,
		.key = holder->public,
		.car = s->authority != NULL ? bytes_of_string(s->authority) : bytes_of(NULL, 0) };
	struct output output;
	bool good;
	int r;

	if (!output_init(&output))
		return false;
	r = cvc_request_sign(&request, &holder->key, &output.w);
	if (r < 0)
		log_error("cannot make the request: %s", err_text(r));
	good = r == 0 && keys_save_with(s, &holder->key, &output, NULL);
	output_done(&output);
	return good;
}

bool command_request(const struct settings *settings)
{
	struct random *random;
	struct holder holder;
	bool good;

	if (!files_may_write(settings->out, settings->force))
		return false;
	if (random_new(bytes_of(NULL, 0), &random) < 0)
		return fail("vicc-pki", err_text(ERR_NO_MEMORY));
	good =
	    load_holder(settings, random, NULL, true, &holder) && write_request(settings, &holder);
	holder_done(&holder);
	random_free(random);
	return good;
}

/* A sector's public key, as the certificate has the digest of it and the terminal sends it (D.3.3 and 2.8). */
static void put_sector(const struct holder *holder, enum digest_kind digest, struct writer *out)
{
	const struct ec_numbers *d = &holder->public.domain;
	const struct bytes numbers[] = { d->p, d->a, d->b, d->g, d->n, holder->public.point, d->h };
	uint8_t oid[sizeof restricted_id_oid + 1];

	memcpy(oid, restricted_id_oid, sizeof restricted_id_oid);
	oid[sizeof restricted_id_oid] = (uint8_t)(digest + 1);
	tlv_open(out, TAG_PUBLIC_KEY);
	tlv_put(out, TAG_OID, BYTES_OF_ARRAY(oid));
	for (size_t i = 0; i < COUNT(numbers); i++)
		tlv_put(out, TAG_NUMBERS + (uint32_t)i, numbers[i]);
	tlv_close(out);
}

bool command_sector(const struct settings *settings)
{
	struct settings s = *settings;
	struct random *random;
	struct holder holder;
	struct output output;
	bool good = false;

	s.reference = "UTSECTOR00001"; /* which goes nowhere */
	if (!files_may_write(s.out, s.force) || !output_init(&output))
		return false;
	if (random_new(bytes_of(NULL, 0), &random) < 0)
		return fail("vicc-pki", err_text(ERR_NO_MEMORY));
	good = load_holder(&s, random, NULL, false, &holder) &&
	    (holder.key.ec != NULL || fail("--key", "a sector's key is an EC key here"));
	if (good) {
		put_sector(&holder, cvc_scheme(holder.algorithm)->digest, &output.w);
		good = keys_save_with(&s, &holder.key, &output, NULL);
	}
	holder_done(&holder);
	random_free(random);
	output_done(&output);
	return good;
}
