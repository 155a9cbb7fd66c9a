/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication, by the worked examples of BSI TR-03110: the chain and the terminal's signature; and what terminals
 * do wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/terminal_auth.h"
#include "base/err.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "random_source.h"
#include "vectors.h"

static const struct bytes none;
static struct trust_points stored;

static const char *const files[] = { "bsi-eac2-ecdh", "bsi-eac2-dh" };

/* One example: its certificates, and the chip's state. */
struct example {
	const char *file;
	struct exact cvca, dv, terminal, chip, key, challenge, signature;
	struct bytes links; /* the certificates after the first in cvca */
	struct cvc dv_cvc, terminal_cvc;
	struct terminal_auth_binding binding;
	struct trust_points *trust;
	struct date today;
	struct terminal_auth *auth;
};

/* Comp(PK): x, or the SHA-1 hash of the number. */
static struct exact compressed(const char *file, const char *name)
{
	struct exact public = vectors_get(file, name);
	struct exact out;
	uint8_t hash[DIGEST_SIZE_MAX];

	if (public.bytes.len == 65) {
		out = exact_copy(bytes_of(public.bytes.data + 1, 32));
	} else {
		assert_int_equal(digest_compute(DIGEST_SHA1, public.bytes, hash), 0);
		out = exact_copy(bytes_of(hash, 20));
	}
	exact_free(&public);
	return out;
}

/* The example's authority is of inspection systems, and what it issues is not: take it for one of its own kind. */
static void trust(struct example *e, struct bytes certificate)
{
	uint8_t memory[CVC_SIZE_MAX];
	struct writer w;
	struct cvc cvc;

	assert_int_equal(cvc_parse(certificate, &cvc), 0);
	cvc.chat = e->dv_cvc.chat;
	chat_set_role(&cvc.chat, CHAT_CVCA);
	writer_init(&w, memory, sizeof memory);
	tlv_open(&w, 0x7F21);
	assert_int_equal(cvc_put_body(&cvc, &w), 0);
	tlv_put(&w, 0x5F37, cvc.signature);
	tlv_close(&w);
	assert_true(writer_done(&w));
	assert_int_equal(trust_points_add(e->trust, writer_bytes(&w)), 0);
}

static void open_example(struct example *e, const char *file)
{
	struct terminal_auth_setup setup = { .random = random_source };
	struct tlv first;

	stored = (struct trust_points){ .n = 0 };
	*e = (struct example){ .file = file, .trust = &stored };
	e->cvca = vectors_get(file, "ta_cvca_cert");
	e->dv = vectors_get(file, "ta_dv_cert");
	e->terminal = vectors_get(file, "ta_terminal_cert");
	e->challenge = vectors_get(file, "ta_challenge");
	e->signature = vectors_get(file, "ta_signature");
	e->chip = compressed(file, "pk_pace_picc");
	e->key = compressed(file, "pk_ca_pcd");
	e->binding =
	    (struct terminal_auth_binding){ .chip = e->chip.bytes, .terminal = e->key.bytes };
	e->links = e->cvca.bytes;
	assert_true(tlv_take(&e->links, &first));
	assert_int_equal(cvc_parse(e->dv.bytes, &e->dv_cvc), 0);
	assert_int_equal(cvc_parse(e->terminal.bytes, &e->terminal_cvc), 0);
	trust(e, first.whole);
	setup.trust = e->trust;
	setup.today = &e->today;
	assert_int_equal(terminal_auth_new(&setup, &e->auth), 0);
}

static void close_example(struct example *e)
{
	struct exact *all[] = { &e->cvca, &e->dv, &e->terminal, &e->chip, &e->key, &e->challenge,
		&e->signature };

	for (size_t i = 0; i < COUNT(all); i++)
		exact_free(all[i]);
	terminal_auth_free(e->auth);
}

/* PSO with a certificate whose issuer is set first; the input is gone afterwards. */
static enum sw certificate(struct example *e, struct bytes whole, bool *changed)
{
	struct exact copy;
	struct bytes content;
	struct cvc cvc;
	enum sw sw;

	assert_int_equal(cvc_parse(whole, &cvc), 0);
	sw = terminal_auth_set_issuer(e->auth, cvc.car);
	if (sw != SW_OK)
		return sw;
	assert_true(tlv_take_tag(&whole, 0x7F21, &content));
	copy = exact_copy(content);
	sw = terminal_auth_verify_certificate(e->auth, copy.bytes, changed);
	exact_free(&copy);
	return sw;
}

/* All certificates up to the terminal's. */
static void chain(struct example *e)
{
	struct bytes links = e->links;
	bool changed = false;
	struct tlv link;

	while (links.len > 0) {
		size_t n = e->trust->n;

		assert_true(tlv_take(&links, &link));
		assert_int_equal(certificate(e, link.whole, &changed), SW_OK);
		assert_true(changed);
		assert_int_equal(e->trust->n, n + 1);
	}
	assert_int_equal(certificate(e, e->dv.bytes, &changed), SW_OK);
	assert_int_not_equal(e->today.year, 0);
	assert_int_equal(certificate(e, e->terminal.bytes, &changed), SW_OK);
}

static void ready(struct example *e)
{
	chain(e);
	assert_int_equal(terminal_auth_set_terminal(e->auth, e->terminal_cvc.chr,
	                     cvc_algorithm_oid(e->terminal_cvc.key.algorithm)),
	    SW_OK);
	terminal_auth_set_challenge(e->auth, e->challenge.bytes.data);
}

static void worked_examples(void **state)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct terminal who;
		struct example e;

		print_message("# %s\n", files[i]);
		open_example(&e, files[i]);
		ready(&e);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
		    SW_OK);
		assert_int_equal(chat_role(&who.rights), CHAT_TERMINAL);
		assert_int_equal(who.rights.type, e.terminal_cvc.chat.type);
		assert_int_equal(who.digest, cvc_scheme(e.terminal_cvc.key.algorithm)->digest);
		assert_int_equal(who.sectors.n_ps + who.sectors.sectors[0].len, 0);
		/* once: the terminal's key is gone as well */
		terminal_auth_set_challenge(e.auth, e.challenge.bytes.data);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
		    SW_CONDITIONS_NOT_SATISFIED);
		assert_int_equal(terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr, none),
		    SW_REFERENCE_NOT_FOUND);
		close_example(&e);
	}
}

/* A challenge from before the certificates (B.3), and no algorithm, as in version 1. */
static void challenge_first(void **state)
{
	struct terminal who;
	struct example e;

	open_example(&e, files[0]);
	terminal_auth_set_challenge(e.auth, e.challenge.bytes.data);
	chain(&e);
	assert_int_equal(terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr, none), SW_OK);
	assert_int_equal(
	    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who), SW_OK);
	close_example(&e);
}

/* Another challenge, key, chip, signature, auxiliary data: refused. The terminal may try again, with all that is good for one
 * attempt anew. */
static void wrong_signatures(void **state)
{
	for (unsigned i = 0; i < 12; i++) {
		struct terminal who, before;
		struct example e;
		struct exact *const changed[] = { &e.challenge, &e.key, &e.chip, &e.signature };

		memset(&who, 0x5A, sizeof who);
		before = who;
		open_example(&e, files[i / 6]);
		if (i % 6 < 4)
			changed[i % 6]->memory[3] ^= 0x10;
		else if (i % 6 == 4)
			e.signature.bytes.len--;
		else
			e.binding.auxiliary = bytes_of_string("x");
		ready(&e);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
		    SW_WARNING_CHANGED);
		assert_memory_equal(&who, &before, sizeof who);
		if (i % 6 < 4)
			changed[i % 6]->memory[3] ^= 0x10;
		else if (i % 6 == 4)
			e.signature.bytes.len++;
		else
			e.binding.auxiliary = none;
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
		    SW_CONDITIONS_NOT_SATISFIED);
		assert_int_equal(
		    terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr, none), SW_OK);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
		    SW_CONDITIONS_NOT_SATISFIED);
		assert_memory_equal(&who, &before, sizeof who);
		terminal_auth_set_challenge(e.auth, e.challenge.bytes.data);
		assert_int_equal(
		    terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr, none), SW_OK);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
		    SW_OK);
		close_example(&e);
	}
}

static void steps_in_another_order(void **state)
{
	struct terminal who;
	struct example e;
	bool changed;

	open_example(&e, files[0]);
	assert_int_equal(terminal_auth_verify_certificate(e.auth, e.dv.bytes, &changed),
	    SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(
	    terminal_auth_set_issuer(e.auth, e.terminal_cvc.car), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(terminal_auth_set_issuer(e.auth, none), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(
	    terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr, none), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(terminal_auth_set_terminal(e.auth, none, none), SW_REFERENCE_NOT_FOUND);
	terminal_auth_set_challenge(e.auth, e.challenge.bytes.data);
	assert_int_equal(
	    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
	    SW_CONDITIONS_NOT_SATISFIED);
	/* an issuer is for one certificate */
	chain(&e);
	assert_int_equal(terminal_auth_verify_certificate(e.auth, e.terminal.bytes, &changed),
	    SW_CONDITIONS_NOT_SATISFIED);
	/* another algorithm than that of the certificate, then another terminal */
	assert_int_equal(
	    terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr,
	        cvc_algorithm_oid((e.terminal_cvc.key.algorithm + 1) % CVC_ALGORITHMS)),
	    SW_WRONG_DATA);
	assert_int_equal(terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr, none), SW_OK);
	assert_int_equal(
	    terminal_auth_set_terminal(e.auth, e.dv_cvc.chr, none), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(
	    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &who),
	    SW_CONDITIONS_NOT_SATISFIED);
	close_example(&e);
}

/* The holder of a DV's certificate is no terminal, and a terminal issues nothing. */
static void roles(void **state)
{
	struct bytes whole, content;
	struct example e;
	bool changed;

	open_example(&e, files[0]);
	chain(&e);
	assert_int_equal(terminal_auth_set_issuer(e.auth, e.terminal_cvc.chr), SW_OK);
	whole = e.terminal.bytes;
	assert_true(tlv_take_tag(&whole, 0x7F21, &content));
	assert_int_equal(
	    terminal_auth_verify_certificate(e.auth, content, &changed), SW_WARNING_CHANGED);
	close_example(&e);
	open_example(&e, files[0]);
	assert_int_equal(certificate(&e, e.dv.bytes, &changed),
	    e.links.len > 0 ? SW_REFERENCE_NOT_FOUND : SW_OK);
	assert_int_equal(
	    terminal_auth_set_terminal(e.auth, e.dv_cvc.chr, none), SW_REFERENCE_NOT_FOUND);
	close_example(&e);
}

/* Each truncation of a certificate; and a byte of its signature changed. */
static void bad_certificates(void **state)
{
	struct bytes whole, content;
	struct example e;
	bool changed = false;

	open_example(&e, files[1]);
	whole = e.dv.bytes;
	assert_true(tlv_take_tag(&whole, 0x7F21, &content));
	for (size_t n = 0; n < content.len; n++) {
		struct exact cut = exact_copy(bytes_first(content, n));

		assert_int_equal(terminal_auth_set_issuer(e.auth, e.dv_cvc.car), SW_OK);
		assert_int_equal(
		    terminal_auth_verify_certificate(e.auth, cut.bytes, &changed), SW_WRONG_DATA);
		assert_int_equal(terminal_auth_verify_certificate(e.auth, content, &changed),
		    SW_CONDITIONS_NOT_SATISFIED);
		exact_free(&cut);
	}
	e.dv.memory[e.dv.bytes.len - 1] ^= 1;
	assert_int_equal(certificate(&e, e.dv.bytes, &changed), SW_WARNING_CHANGED);
	assert_int_equal(terminal_auth_set_issuer(e.auth, e.dv_cvc.chr), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(e.today.year, 0);
	assert_false(changed);
	close_example(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(challenge_first),
		cmocka_unit_test(wrong_signatures),
		cmocka_unit_test(steps_in_another_order),
		cmocka_unit_test(roles),
		cmocka_unit_test(bad_certificates),
	};

	return cmocka_run_group_tests(tests, random_source_set_up, random_source_tear_down);
}
