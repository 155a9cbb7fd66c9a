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
#include "vectors.h"

static struct random *random_source;

static int set_up(void **state)
{
	return random_new(bytes_of(NULL, 0), &random_source);
}

static int tear_down(void **state)
{
	random_free(random_source);
	return 0;
}

static const char *const files[] = { "bsi-eac2-ecdh", "bsi-eac2-dh" };

/* One example: its certificates, and the chip's state. */
struct example {
	const char *file;
	struct exact cvca, dv, terminal, chip, key, challenge, signature;
	struct bytes links; /* the certificates after the first in cvca */
	struct cvc dv_cvc, terminal_cvc;
	struct terminal_auth_binding binding;
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

static void open_example(struct example *e, const char *file)
{
	struct terminal_auth_setup setup = { .random = random_source };
	struct tlv first;
	struct cvc cvc;

	*e = (struct example){ .file = file };
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
	assert_int_equal(cvc_parse(first.whole, &cvc), 0);
	assert_int_equal(cvc_parse(e->dv.bytes, &e->dv_cvc), 0);
	assert_int_equal(cvc_parse(e->terminal.bytes, &e->terminal_cvc), 0);
	assert_true(cvc_trust_point(&cvc, &setup.trust[1]));
	/* The example's authority is of inspection systems, and what it issues is not: take it for one of its own kind. */
	setup.trust[1].rights = e->dv_cvc.chat;
	chat_set_role(&setup.trust[1].rights, CHAT_CVCA);
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
static enum sw certificate(struct example *e, struct bytes whole, struct terminal_auth_news *news)
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
	sw = terminal_auth_verify_certificate(e->auth, copy.bytes, news);
	exact_free(&copy);
	return sw;
}

/* All certificates up to the terminal's. */
static void chain(struct example *e)
{
	struct bytes links = e->links;
	struct terminal_auth_news news = { .is_link = false };
	struct tlv link;

	while (links.len > 0) {
		assert_true(tlv_take(&links, &link));
		assert_int_equal(certificate(e, link.whole, &news), SW_OK);
		assert_true(news.is_link);
	}
	assert_int_equal(certificate(e, e->dv.bytes, &news), SW_OK);
	assert_false(news.is_link);
	assert_int_not_equal(news.today.year, 0);
	assert_int_equal(certificate(e, e->terminal.bytes, &news), SW_OK);
}

static void ready(struct example *e)
{
	chain(e);
	assert_int_equal(terminal_auth_set_terminal(e->auth, e->terminal_cvc.chr), SW_OK);
	terminal_auth_set_challenge(e->auth, e->challenge.bytes.data);
}

static void worked_examples(void **state)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct chat rights;
		struct example e;

		print_message("# %s\n", files[i]);
		open_example(&e, files[i]);
		ready(&e);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &rights),
		    SW_OK);
		assert_int_equal(chat_role(&rights), CHAT_TERMINAL);
		assert_int_equal(rights.type, e.terminal_cvc.chat.type);
		/* once */
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &rights),
		    SW_CONDITIONS_NOT_SATISFIED);
		close_example(&e);
	}
}

/* Another challenge, key, chip, signature, auxiliary data: refused, and all must be done again. */
static void wrong_signatures(void **state)
{
	for (unsigned i = 0; i < 12; i++) {
		struct chat rights, before;
		struct example e;
		struct exact *const changed[] = { &e.challenge, &e.key, &e.chip, &e.signature };

		memset(&rights, 0x5A, sizeof rights);
		before = rights;
		open_example(&e, files[i / 6]);
		if (i % 6 < 4)
			changed[i % 6]->memory[3] ^= 0x10;
		else if (i % 6 == 4)
			e.signature.bytes.len--;
		else
			e.binding.auxiliary = bytes_of_string("x");
		ready(&e);
		assert_int_equal(
		    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &rights),
		    SW_WARNING_CHANGED);
		assert_memory_equal(&rights, &before, sizeof rights);
		assert_int_equal(
		    terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr), SW_REFERENCE_NOT_FOUND);
		close_example(&e);
	}
}

static void steps_in_another_order(void **state)
{
	struct terminal_auth_news news;
	struct chat rights;
	struct example e;

	open_example(&e, files[0]);
	assert_int_equal(terminal_auth_verify_certificate(e.auth, e.dv.bytes, &news),
	    SW_CONDITIONS_NOT_SATISFIED);
	assert_int_equal(
	    terminal_auth_set_issuer(e.auth, e.terminal_cvc.car), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(
	    terminal_auth_set_issuer(e.auth, bytes_of(NULL, 0)), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(
	    terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(
	    terminal_auth_set_terminal(e.auth, bytes_of(NULL, 0)), SW_REFERENCE_NOT_FOUND);
	terminal_auth_set_challenge(e.auth, e.challenge.bytes.data);
	assert_int_equal(
	    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &rights),
	    SW_CONDITIONS_NOT_SATISFIED);
	/* a terminal without a challenge; a challenge from before the terminal was named */
	chain(&e);
	terminal_auth_set_challenge(e.auth, e.challenge.bytes.data);
	assert_int_equal(terminal_auth_set_terminal(e.auth, e.terminal_cvc.chr), SW_OK);
	assert_int_equal(
	    terminal_auth_verify_signature(e.auth, &e.binding, e.signature.bytes, &rights),
	    SW_CONDITIONS_NOT_SATISFIED);
	close_example(&e);
}

/* The holder of a DV's certificate is no terminal, and a terminal issues nothing. */
static void roles(void **state)
{
	struct terminal_auth_news news;
	struct bytes whole, content;
	struct example e;

	open_example(&e, files[0]);
	chain(&e);
	assert_int_equal(terminal_auth_set_issuer(e.auth, e.terminal_cvc.chr), SW_OK);
	whole = e.terminal.bytes;
	assert_true(tlv_take_tag(&whole, 0x7F21, &content));
	assert_int_equal(
	    terminal_auth_verify_certificate(e.auth, content, &news), SW_WARNING_CHANGED);
	close_example(&e);
	open_example(&e, files[0]);
	assert_int_equal(
	    certificate(&e, e.dv.bytes, &news), e.links.len > 0 ? SW_REFERENCE_NOT_FOUND : SW_OK);
	assert_int_equal(terminal_auth_set_terminal(e.auth, e.dv_cvc.chr), SW_REFERENCE_NOT_FOUND);
	close_example(&e);
}

/* Each truncation of a certificate; and a byte of its signature changed. */
static void bad_certificates(void **state)
{
	struct terminal_auth_news news;
	struct bytes whole, content;
	struct example e;

	open_example(&e, files[1]);
	whole = e.dv.bytes;
	assert_true(tlv_take_tag(&whole, 0x7F21, &content));
	for (size_t n = 0; n < content.len; n++) {
		struct exact cut = exact_copy(bytes_first(content, n));

		assert_int_equal(terminal_auth_set_issuer(e.auth, e.dv_cvc.car), SW_OK);
		assert_int_equal(
		    terminal_auth_verify_certificate(e.auth, cut.bytes, &news), SW_WRONG_DATA);
		assert_int_equal(terminal_auth_verify_certificate(e.auth, content, &news),
		    SW_CONDITIONS_NOT_SATISFIED);
		exact_free(&cut);
	}
	e.dv.memory[e.dv.bytes.len - 1] ^= 1;
	assert_int_equal(certificate(&e, e.dv.bytes, &news), SW_WARNING_CHANGED);
	assert_int_equal(terminal_auth_set_issuer(e.auth, e.dv_cvc.chr), SW_REFERENCE_NOT_FOUND);
	close_example(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(wrong_signatures),
		cmocka_unit_test(steps_in_another_order),
		cmocka_unit_test(roles),
		cmocka_unit_test(bad_certificates),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
