/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CV certificates of any kind for tests, with keys of any algorithm. Include after cmocka.h. */
#ifndef TESTS_CVC_MAKER_H
#define TESTS_CVC_MAKER_H

#include "iso7816/tlv.h"
#include "pki/cvc.h"

/* A key and where its public part is written. */
struct party {
	struct sign_key key;
	struct cvc_public_key public;
	uint8_t memory[4096];
};

/* The public part of the key that is there. */
static inline void party_publish(struct party *party, enum cvc_algorithm algorithm)
{
	struct writer w;

	writer_init(&w, party->memory, sizeof party->memory);
	assert_int_equal(cvc_public_key_of(&party->key, algorithm, &w, &party->public), 0);
}

static inline void party_init(
    struct party *party, enum cvc_algorithm algorithm, struct random *random)
{
	static const struct bytes none;

	*party = (struct party){ .key = { .ec = NULL } };
	if (cvc_scheme(algorithm)->ec)
		assert_int_equal(
		    ec_generate(ec_group_named(EC_BRAINPOOL_P256R1), random, &party->key.ec), 0);
	else
		assert_int_equal(rsa_generate(random, 1536, none, &party->key.rsa), 0);
	party_publish(party, algorithm);
}

static inline void party_done(struct party *party)
{
	sign_key_done(&party->key);
}

/* The same key with another algorithm. */
static inline void party_use(struct party *party, enum cvc_algorithm algorithm)
{
	party->public.algorithm = algorithm;
}

/* What a certificate is to say. */
struct wish {
	const char *car, *chr;
	enum chat_type type;
	enum chat_role role;
	uint64_t rights; /* bit 0 is the right with number 0 */
	const char *from, *to;
	struct bytes extensions;
	bool no_domain; /* also not of a CVCA's key */
};

struct made {
	uint8_t memory[CVC_SIZE_MAX];
	struct bytes bytes;   /* data object 7F21 */
	struct bytes content; /* its value */
};

static inline struct chat chat_of(enum chat_type type, enum chat_role role, uint64_t rights)
{
	struct chat chat = { .type = type };

	for (unsigned bit = 0; bit < chat_rights(type); bit++)
		chat_set(&chat, bit, (rights >> bit & 1) != 0);
	chat_set_role(&chat, role);
	return chat;
}

/* A certificate of the holder's key, signed by the issuer's. */
static inline void make_cvc(struct made *made, const struct wish *wish, const struct party *holder,
    const struct party *issuer)
{
	struct cvc cvc = { .car = bytes_of_string(wish->car),
		.chr = bytes_of_string(wish->chr),
		.key = holder->public,
		.chat = chat_of(wish->type, wish->role, wish->rights),
		.extensions = wish->extensions };
	struct bytes rest;
	struct writer w;

	assert_true(
	    date_parse(wish->from, &cvc.effective) && date_parse(wish->to, &cvc.expiration));
	if (wish->no_domain || wish->role != CHAT_CVCA) {
		cvc.key.has_domain = false;
		cvc.key.domain = (struct ec_numbers){ .p = { NULL, 0 } };
	}
	writer_init(&w, made->memory, sizeof made->memory);
	assert_int_equal(cvc_sign(&cvc, &issuer->key, issuer->public.algorithm, &w), 0);
	assert_true(writer_done(&w));
	made->bytes = writer_bytes(&w);
	rest = made->bytes;
	assert_true(tlv_take_tag(&rest, 0x7F21, &made->content) && rest.len == 0);
}

#endif
