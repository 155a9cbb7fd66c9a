/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal Authentication with chains of our own: links, dates, roles, rights, names, extensions, algorithms; and where it is
 * at hand, a published PKI. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alloc.h"
#include "auth/terminal_auth.h"
#include "base/err.h"
#include "cvc_maker.h"
#include "published.h"

#define ROOT "UTCVCA00001"
#define LINK "UTCVCA00002"
#define LINK_2 "UTCVCA00003"
#define LINK_3 "UTCVCA00004"
#define DV "UTDV00001"
#define TERMINAL "UTTERM00001"
#define FROM "2026-01-01"
#define TO "2026-12-31"
#define ALL_RIGHTS (~(uint64_t)0)

static const struct bytes none;
static const uint8_t challenge[TERMINAL_AUTH_CHALLENGE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static struct random *random_source;
static struct party root, next, verifier, terminal, rsa[3];

/* The card's side. */
static struct trust_points trust;
static struct date today;
static struct terminal_auth *auth;

static int set_up(void **state)
{
	struct party *const all[] = { &root, &next, &verifier, &terminal };

	if (random_new(bytes_of_string("chains"), &random_source) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(all); i++)
		party_init(all[i], CVC_ECDSA_SHA256, random_source);
	for (size_t i = 0; i < COUNT(rsa); i++)
		party_init(&rsa[i], CVC_RSA_PSS_SHA256, random_source);
	return 0;
}

static int tear_down(void **state)
{
	struct party *const all[] = { &root, &next, &verifier, &terminal };

	for (size_t i = 0; i < COUNT(all); i++)
		party_done(all[i]);
	for (size_t i = 0; i < COUNT(rsa); i++)
		party_done(&rsa[i]);
	random_free(random_source);
	return 0;
}

static struct wish wish(const char *car, const char *chr, enum chat_role role)
{
	return (struct wish){ .car = car,
		.chr = chr,
		.type = CHAT_AT,
		.role = role,
		.rights = ALL_RIGHTS,
		.from = FROM,
		.to = TO };
}

static void start(const struct chat *confined, bool ignore_dates)
{
	const struct terminal_auth_setup setup = { .trust = &trust,
		.today = &today,
		.ignore_dates = ignore_dates,
		.confined = confined,
		.random = random_source };

	terminal_auth_free(auth);
	auth = NULL;
	assert_int_equal(terminal_auth_new(&setup, &auth), 0);
}

static void start_confined(const struct chat *confined, struct bytes extensions)
{
	const struct terminal_auth_setup setup = { .trust = &trust,
		.today = &today,
		.confined = confined,
		.extensions = extensions,
		.random = random_source };

	terminal_auth_free(auth);
	auth = NULL;
	assert_int_equal(terminal_auth_new(&setup, &auth), 0);
}

/* A card that trusts one CVCA, on a day; NULL: it knows none. */
static void card(const struct wish *cvca, const struct party *key, const char *day)
{
	static struct made made;

	trust = (struct trust_points){ .n = 0 };
	today = (struct date){ .year = 0 };
	if (day != NULL)
		assert_true(date_parse(day, &today));
	make_cvc(&made, cvca, key, key);
	assert_int_equal(trust_points_add(&trust, made.bytes), 0);
	start(NULL, false);
}

static void default_card(const char *day)
{
	const struct wish w = wish(ROOT, ROOT, CHAT_CVCA);

	card(&w, &root, day);
}

static int close_card(void **state)
{
	terminal_auth_free(auth);
	auth = NULL;
	return 0;
}

/* MSE:Set DST and PSO; the input is gone afterwards. */
static enum sw send_bytes(const char *car, struct bytes content, bool *changed)
{
	enum sw sw = terminal_auth_set_issuer(auth, bytes_of_string(car));
	struct exact copy;

	if (sw != SW_OK)
		return sw;
	copy = exact_copy(content);
	sw = terminal_auth_verify_certificate(auth, copy.bytes, changed);
	memset(copy.memory, 0xEE, copy.bytes.len);
	exact_free(&copy);
	return sw;
}

static enum sw send(const struct wish *w, const struct party *holder, const struct party *issuer)
{
	static struct made made;
	bool changed;

	make_cvc(&made, w, holder, issuer);
	return send_bytes(w->car, made.content, &changed);
}

/* MSE:Set AT, GET CHALLENGE, EXTERNAL AUTHENTICATE. */
static enum sw authenticate(const struct party *party, const char *name, struct terminal *who)
{
	static const uint8_t chip[] = "chip";
	static const uint8_t key[] = "key";
	const struct terminal_auth_binding binding = { BYTES_OF_ARRAY(chip), BYTES_OF_ARRAY(key),
		none };
	uint8_t signature[SIGN_KEY_SIGNATURE_MAX];
	uint8_t memory[64];
	enum cvc_algorithm algorithm = party->public.algorithm;
	struct writer w;
	enum sw sw =
	    terminal_auth_set_terminal(auth, bytes_of_string(name), cvc_algorithm_oid(algorithm));

	if (sw != SW_OK)
		return sw;
	terminal_auth_set_challenge(auth, challenge);
	writer_init(&w, memory, sizeof memory);
	writer_put(&w, binding.chip);
	writer_put(&w, BYTES_OF_ARRAY(challenge));
	writer_put(&w, binding.terminal);
	assert_int_equal(
	    sign_key_sign(&party->key, cvc_scheme(algorithm), writer_bytes(&w), signature), 0);
	return terminal_auth_verify_signature(
	    auth, &binding, bytes_of(signature, sign_key_signature_size(&party->key)), who);
}

/* A DV and a terminal below a CVCA, with these rights. */
static enum sw whole_chain(const char *car, const struct party *issuer, uint64_t dv_rights,
    uint64_t terminal_rights, struct terminal *who)
{
	struct wish dv = wish(car, DV, CHAT_DV_DOMESTIC);
	struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
	enum sw sw;

	dv.rights = dv_rights;
	end.rights = terminal_rights;
	sw = send(&dv, &verifier, issuer);
	if (sw == SW_OK)
		sw = send(&end, &terminal, &verifier);
	return sw == SW_OK ? authenticate(&terminal, TERMINAL, who) : sw;
}

static void chain_with_links(void **state)
{
	static const char *const names[] = { ROOT, LINK, LINK_2, LINK_3 };
	static const char *const from[] = { FROM, "2026-01-02", "2026-01-03", "2026-01-04" };
	struct terminal who;

	default_card(FROM);
	for (size_t i = 1; i < COUNT(names); i++) {
		struct wish w = wish(names[i - 1], names[i], CHAT_CVCA);

		w.from = from[i];
		assert_int_equal(
		    send(&w, i % 2 != 0 ? &next : &root, i % 2 != 0 ? &root : &next), SW_OK);
		assert_true(bytes_equal(trust_points_name(&trust, 0), bytes_of_string(names[i])));
		assert_true(
		    bytes_equal(trust_points_name(&trust, 1), bytes_of_string(names[i - 1])));
		assert_int_equal(today.day, i + 1);
	}
	assert_int_equal(trust.n, 2);
	assert_int_equal(
	    terminal_auth_set_issuer(auth, bytes_of_string(ROOT)), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(whole_chain(LINK_3, &next, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
	/* the one before is still good, in another session too */
	start(NULL, false);
	assert_int_equal(whole_chain(LINK_2, &root, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
	assert_int_equal(trust.n, 2);
}

/* A link that has no domain parameters goes on with those of before, also when what had them is gone. */
static void links_without_domain_parameters(void **state)
{
	struct wish w = wish(ROOT, LINK, CHAT_CVCA);
	struct terminal who;

	default_card(FROM);
	w.no_domain = true;
	w.from = "2026-01-02";
	assert_int_equal(send(&w, &next, &root), SW_OK);
	w = wish(LINK, LINK_2, CHAT_CVCA);
	w.no_domain = true;
	w.from = "2026-01-03";
	assert_int_equal(send(&w, &root, &next), SW_OK);
	start(NULL, false);
	assert_int_equal(
	    terminal_auth_set_issuer(auth, bytes_of_string(ROOT)), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(whole_chain(LINK, &next, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
	assert_int_equal(whole_chain(LINK_2, &root, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
}

/* What is kept of a link is the certificate as it came. */
static void links_as_they_came(void **state)
{
	struct wish w = wish(ROOT, LINK, CHAT_CVCA);
	static struct made made;
	bool changed = false;

	default_card("2026-06-01");
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(send_bytes(ROOT, made.content, &changed), SW_OK);
	assert_true(changed);
	assert_true(bytes_equal(trust_points_certificate(&trust, 0), made.bytes));
	assert_int_equal(today.month, 6);
	/* a document verifier changes nothing now */
	w = wish(LINK, DV, CHAT_DV_FOREIGN);
	make_cvc(&made, &w, &verifier, &next);
	assert_int_equal(send_bytes(LINK, made.content, &changed), SW_OK);
	assert_false(changed);
}

/* A new CVCA key of the other kind, and document verifier and terminal of that kind. */
static void links_to_the_other_kind_of_key(void **state)
{
	struct wish w = wish(ROOT, LINK, CHAT_CVCA);
	struct wish dv = wish(LINK, DV, CHAT_DV_DOMESTIC);
	struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
	struct terminal who;

	default_card(FROM);
	assert_int_equal(send(&w, &rsa[0], &root), SW_OK);
	assert_int_equal(send(&dv, &rsa[1], &rsa[0]), SW_OK);
	assert_int_equal(send(&end, &rsa[2], &rsa[1]), SW_OK);
	assert_int_equal(authenticate(&rsa[2], TERMINAL, &who), SW_OK);
	/* and back: a key without domain parameters inherits none */
	w = wish(LINK, LINK_2, CHAT_CVCA);
	w.no_domain = true;
	assert_int_equal(send(&w, &next, &rsa[0]), SW_WARNING_CHANGED);
	w.no_domain = false;
	assert_int_equal(send(&w, &next, &rsa[0]), SW_OK);
	assert_int_equal(whole_chain(LINK_2, &next, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
}

static void algorithms(void **state)
{
	for (enum cvc_algorithm a = 0; a < CVC_ALGORITHMS; a++) {
		bool ec = cvc_scheme(a)->ec;
		struct party *keys[] = { ec ? &root : &rsa[0], ec ? &verifier : &rsa[1],
			ec ? &terminal : &rsa[2] };
		const struct wish cvca = wish(ROOT, ROOT, CHAT_CVCA);
		const struct wish dv = wish(ROOT, DV, CHAT_DV_DOMESTIC);
		const struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
		struct terminal who;

		print_message("# %s\n", cvc_algorithm_name(a));
		for (size_t i = 0; i < COUNT(keys); i++)
			party_use(keys[i], a);
		card(&cvca, keys[0], FROM);
		assert_int_equal(send(&dv, keys[1], keys[0]), SW_OK);
		assert_int_equal(send(&end, keys[2], keys[1]), SW_OK);
		assert_int_equal(authenticate(keys[2], TERMINAL, &who), SW_OK);
		assert_int_equal(who.digest, cvc_scheme(a)->digest);
		for (size_t i = 0; i < COUNT(keys); i++)
			party_use(keys[i], ec ? CVC_ECDSA_SHA256 : CVC_RSA_PSS_SHA256);
	}
}

static uint64_t rights_of(const struct chat *chat)
{
	uint64_t rights = 0;

	for (unsigned bit = 0; bit < chat_rights(chat->type); bit++)
		rights |= (uint64_t)chat_has(chat, bit) << bit;
	return rights;
}

/* The effective rights are in all certificates, and in what PACE has confined them to (2.7). */
static void rights(void **state)
{
	static const struct {
		const char *name;
		uint64_t cvca, dv, terminal, confined, want;
	} cases[] = {
		{ "all", ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS, 0x3FFFFFFFFF },
		{ "none", ALL_RIGHTS, ALL_RIGHTS, ALL_RIGHTS, 0, 0 },
		{ "the terminal's", ALL_RIGHTS, ALL_RIGHTS, 0x2000000101, ALL_RIGHTS,
		    0x2000000101 },
		{ "the terminal claims more than its verifier", ALL_RIGHTS, 0xF0, 0xFF, ALL_RIGHTS,
		    0xF0 },
		{ "the verifier claims more than the CVCA", 0x0F, 0xFF, 0xFF, ALL_RIGHTS, 0x0F },
		{ "PACE is asked for more", ALL_RIGHTS, ALL_RIGHTS, 0x10, ALL_RIGHTS, 0x10 },
		{ "a bit of each", 0x1E, 0x1D, 0x1B, 0x17, 0x10 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wish cvca = wish(ROOT, ROOT, CHAT_CVCA);
		struct chat confined = chat_of(CHAT_AT, CHAT_TERMINAL, cases[i].confined);
		struct terminal who;

		print_message("# %s\n", cases[i].name);
		cvca.rights = cases[i].cvca;
		card(&cvca, &root, FROM);
		start(&confined, false);
		memset(&confined, 0, sizeof confined);
		assert_int_equal(
		    whole_chain(ROOT, &root, cases[i].dv, cases[i].terminal, &who), SW_OK);
		assert_int_equal(rights_of(&who.rights), cases[i].want);
		assert_int_equal(who.rights.type, CHAT_AT);
		assert_int_equal(chat_role(&who.rights), CHAT_TERMINAL);
	}
}

/* A link has its own rights: otherwise none could ever be added (2.7.2). */
static void rights_of_links(void **state)
{
	struct wish cvca = wish(ROOT, ROOT, CHAT_CVCA);
	struct wish w = wish(ROOT, LINK, CHAT_CVCA);
	struct terminal who;

	cvca.rights = 0x01;
	w.rights = 0x03;
	card(&cvca, &root, FROM);
	assert_int_equal(send(&w, &next, &root), SW_OK);
	assert_int_equal(whole_chain(LINK, &next, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
	assert_int_equal(rights_of(&who.rights), 0x03);
	assert_int_equal(whole_chain(ROOT, &root, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
	assert_int_equal(rights_of(&who.rights), 0x01);
}

static void another_kind_of_terminal_than_pace(void **state)
{
	const struct chat confined = chat_of(CHAT_IS, CHAT_TERMINAL, 3);
	struct terminal who, before;

	memset(&who, 0x33, sizeof who);
	before = who;
	default_card(FROM);
	start(&confined, false);
	assert_int_equal(
	    whole_chain(ROOT, &root, ALL_RIGHTS, ALL_RIGHTS, &who), SW_CONDITIONS_NOT_SATISFIED);
	assert_memory_equal(&who, &before, sizeof who);
}

/* A card that has been shown certificates down to the holder of a role. */
static const struct party *reach(enum chat_role role, const char **name)
{
	const struct wish dv =
	    wish(ROOT, DV, role == CHAT_TERMINAL ? CHAT_DV_DOMESTIC : (enum chat_role)role);
	const struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);

	default_card(FROM);
	*name = ROOT;
	if (role == CHAT_CVCA)
		return &root;
	assert_int_equal(send(&dv, &verifier, &root), SW_OK);
	*name = DV;
	if (role != CHAT_TERMINAL)
		return &verifier;
	assert_int_equal(send(&end, &terminal, &verifier), SW_OK);
	*name = TERMINAL;
	return &terminal;
}

/* Who may issue what: every role by every role, and another kind of terminal by none. */
static void roles(void **state)
{
	static const bool may[4][4] = {
		[CHAT_CVCA] = { [CHAT_CVCA] = true,
		    [CHAT_DV_DOMESTIC] = true,
		    [CHAT_DV_FOREIGN] = true },
		[CHAT_DV_DOMESTIC] = { [CHAT_TERMINAL] = true },
		[CHAT_DV_FOREIGN] = { [CHAT_TERMINAL] = true },
	};

	for (unsigned i = 0; i < 16; i++) {
		enum chat_role issuer = (enum chat_role)(i / 4);
		enum chat_role holder = (enum chat_role)(i % 4);
		const char *name;
		const struct party *key = reach(issuer, &name);
		struct wish w = wish(name, "UTOTHER00001", holder);

		w.type = CHAT_ST;
		assert_int_equal(send(&w, &next, key), SW_WARNING_CHANGED);
		w.type = CHAT_AT;
		assert_int_equal(
		    send(&w, &next, key), may[issuer][holder] ? SW_OK : SW_WARNING_CHANGED);
	}
}

/* Document verifier and terminal with these days; the day of the card afterwards. */
static void dates(void **state)
{
	static const struct {
		const char *name, *day;
		enum chat_role dv_role;
		const char *dv_from, *dv_to, *from, *to;
		bool dv_good, good;
		const char *after;
	} cases[] = {
		{ "all days", "2026-05-01", CHAT_DV_DOMESTIC, FROM, TO, FROM, TO, true, true,
		    "2026-05-01" },
		{ "no day is known", NULL, CHAT_DV_DOMESTIC, "2026-02-01", TO, "2026-01-15", TO,
		    true, true, "2026-02-01" },
		{ "the last day of the verifier", "2026-05-01", CHAT_DV_FOREIGN, FROM, "2026-05-01",
		    FROM, TO, true, true, "2026-05-01" },
		{ "the day after", "2026-05-02", CHAT_DV_FOREIGN, FROM, "2026-05-01", FROM, TO,
		    false, false, "2026-05-02" },
		{ "the last day of the terminal", "2026-05-01", CHAT_DV_FOREIGN, FROM, TO, FROM,
		    "2026-05-01", true, true, "2026-05-01" },
		{ "the day after", "2026-05-02", CHAT_DV_FOREIGN, FROM, TO, FROM, "2026-05-01",
		    true, false, "2026-05-02" },
		{ "a verifier that is not yet in effect", "2026-05-01", CHAT_DV_FOREIGN,
		    "2026-06-01", TO, FROM, TO, true, true, "2026-06-01" },
		{ "a foreign verifier's terminal that is not yet in effect", "2026-05-01",
		    CHAT_DV_FOREIGN, FROM, TO, "2026-07-01", TO, true, true, "2026-05-01" },
		{ "a domestic one's", "2026-05-01", CHAT_DV_DOMESTIC, FROM, TO, "2026-07-01", TO,
		    true, true, "2026-07-01" },
		{ "the verifier's day ends the terminal's", "2026-05-01", CHAT_DV_DOMESTIC,
		    "2026-07-01", TO, FROM, "2026-06-30", true, false, "2026-07-01" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wish dv = wish(ROOT, DV, cases[i].dv_role);
		struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
		char text[DATE_TEXT_SIZE];

		print_message("# %s\n", cases[i].name);
		dv.from = cases[i].dv_from;
		dv.to = cases[i].dv_to;
		end.from = cases[i].from;
		end.to = cases[i].to;
		default_card(cases[i].day);
		assert_int_equal(
		    send(&dv, &verifier, &root), cases[i].dv_good ? SW_OK : SW_WARNING_CHANGED);
		if (cases[i].dv_good)
			assert_int_equal(send(&end, &terminal, &verifier),
			    cases[i].good ? SW_OK : SW_WARNING_CHANGED);
		assert_string_equal(date_text(today, text), cases[i].after);
		/* the same without dates */
		default_card(cases[i].day);
		start(NULL, true);
		assert_int_equal(send(&dv, &verifier, &root), SW_OK);
		assert_int_equal(send(&end, &terminal, &verifier), SW_OK);
		assert_string_equal(
		    date_text(today, text), cases[i].day != NULL ? cases[i].day : "0000-00-00");
	}
}

/* A link that has expired is taken; a trust point that has expired verifies links alone. */
static void expired_trust_points(void **state)
{
	struct wish old = wish(ROOT, LINK, CHAT_CVCA);
	struct wish later = wish(LINK, LINK_2, CHAT_CVCA);
	struct wish dv = wish(LINK, DV, CHAT_DV_DOMESTIC);
	struct terminal who;

	default_card("2026-05-01");
	old.from = "2026-02-01";
	old.to = "2026-03-01";
	assert_int_equal(send(&old, &next, &root), SW_OK);
	assert_int_equal(send(&dv, &verifier, &next), SW_WARNING_CHANGED);
	start(NULL, true);
	assert_int_equal(send(&dv, &verifier, &next), SW_OK);
	start(NULL, false);
	later.from = "2026-03-01";
	assert_int_equal(send(&later, &root, &next), SW_OK);
	assert_int_equal(whole_chain(LINK_2, &root, ALL_RIGHTS, ALL_RIGHTS, &who), SW_OK);
}

/* A name that a trust point has is no other's (A.7.2), and it must not come from the past. */
static void names_that_are_known(void **state)
{
	const struct wish self = wish(ROOT, ROOT, CHAT_CVCA);
	const struct wish dv = wish(ROOT, ROOT, CHAT_DV_DOMESTIC);
	struct wish w = wish(ROOT, LINK, CHAT_CVCA);
	static struct trust_points before;

	default_card("2026-05-01");
	before = trust;
	assert_int_equal(send(&self, &root, &root), SW_WARNING_CHANGED);
	assert_int_equal(send(&self, &next, &root), SW_WARNING_CHANGED);
	assert_int_equal(send(&dv, &verifier, &root), SW_WARNING_CHANGED);
	assert_memory_equal(&trust, &before, sizeof trust);
	assert_int_equal(send(&w, &next, &root), SW_OK);
	w = wish(LINK, LINK_2, CHAT_CVCA);
	w.from = "2025-12-31";
	before = trust;
	assert_int_equal(send(&w, &next, &next), SW_WARNING_CHANGED);
	assert_memory_equal(&trust, &before, sizeof trust);
}

/* A certificate that is refused leaves the last holder, whose key is still to be used (A.7.2.2). */
static void after_a_refusal(void **state)
{
	const struct wish dv = wish(ROOT, DV, CHAT_DV_DOMESTIC);
	struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
	struct terminal who;

	default_card(FROM);
	assert_int_equal(send(&dv, &verifier, &root), SW_OK);
	assert_int_equal(send(&end, &terminal, &root), SW_WARNING_CHANGED);
	assert_int_equal(terminal_auth_set_terminal(auth, bytes_of_string(TERMINAL), none),
	    SW_REFERENCE_NOT_FOUND);
	assert_int_equal(send(&end, &terminal, &verifier), SW_OK);
	/* the terminal's key replaces the verifier's */
	assert_int_equal(
	    terminal_auth_set_issuer(auth, bytes_of_string(DV)), SW_REFERENCE_NOT_FOUND);
	end.chr = "UTTERM00002";
	assert_int_equal(send(&end, &terminal, &verifier), SW_REFERENCE_NOT_FOUND);
	assert_int_equal(authenticate(&terminal, TERMINAL, &who), SW_OK);
	assert_int_equal(authenticate(&terminal, TERMINAL, &who), SW_REFERENCE_NOT_FOUND);
}

/* Only what the terminal's own certificate says of sectors counts, by the hash function it is signed with. */
static void sectors(void **state)
{
	static const char hash[] =
	    "732D 06 09 04007F000703010302 80 20 "
	    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
	struct exact extensions = exact_of_hex(hash);
	struct wish dv = wish(ROOT, DV, CHAT_DV_DOMESTIC);
	struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
	struct terminal who;

	for (unsigned i = 0; i < 2; i++) {
		dv.extensions = i == 0 ? extensions.bytes : none;
		end.extensions = i == 0 ? none : extensions.bytes;
		default_card(FROM);
		assert_int_equal(send(&dv, &verifier, &root), SW_OK);
		assert_int_equal(send(&end, &terminal, &verifier), SW_OK);
		assert_int_equal(authenticate(&terminal, TERMINAL, &who), SW_OK);
		assert_int_equal(who.sectors.digest, DIGEST_SHA256);
		assert_int_equal(terminal_sector_check(&who.sectors, 0, bytes_of_string("abc")),
		    i == 0 ? ERR_NOT_FOUND : 0);
	}
	exact_free(&extensions);
}

/* One algorithm and one size of keys below a CVCA (2.3): EAC2_ISO7816_J_51 and J_52, with RSA and ECDSA. */
static void keys_of_another_size(void **state)
{
	static struct party rsa_of_1024, short_point;
	struct wish cvca = wish(ROOT, ROOT, CHAT_CVCA);
	struct wish dv = wish(ROOT, DV, CHAT_DV_DOMESTIC);
	const struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);

	rsa_of_1024 = (struct party){ .key = { .ec = NULL } };
	assert_int_equal(rsa_generate(random_source, 1024, none, &rsa_of_1024.key.rsa), 0);
	party_publish(&rsa_of_1024, CVC_RSA_PSS_SHA256);
	card(&cvca, &rsa[0], FROM);
	dv.from = "2026-05-01";
	assert_int_equal(send(&dv, &rsa_of_1024, &rsa[0]), SW_WARNING_CHANGED);
	assert_int_equal(today.month, 1);
	assert_int_equal(send(&dv, &verifier, &rsa[0]), SW_WARNING_CHANGED);
	assert_int_equal(send(&dv, &rsa[1], &rsa[0]), SW_OK);
	assert_int_equal(send(&end, &rsa_of_1024, &rsa[1]), SW_WARNING_CHANGED);
	party_use(&rsa[2], CVC_RSA_PSS_SHA512);
	assert_int_equal(send(&end, &rsa[2], &rsa[1]), SW_WARNING_CHANGED);
	party_use(&rsa[2], CVC_RSA_PSS_SHA256);
	assert_int_equal(send(&end, &rsa[2], &rsa[1]), SW_OK);
	party_done(&rsa_of_1024);
	short_point = (struct party){ .key = { .ec = NULL } };
	assert_int_equal(
	    ec_generate(ec_group_named(EC_BRAINPOOL_P224R1), random_source, &short_point.key.ec),
	    0);
	party_publish(&short_point, CVC_ECDSA_SHA256);
	default_card(FROM);
	assert_int_equal(send(&dv, &short_point, &root), SW_WARNING_CHANGED);
	party_use(&verifier, CVC_ECDSA_SHA384);
	assert_int_equal(send(&dv, &verifier, &root), SW_WARNING_CHANGED);
	party_use(&verifier, CVC_ECDSA_SHA256);
	assert_int_equal(send(&dv, &verifier, &root), SW_OK);
	assert_int_equal(send(&end, &short_point, &verifier), SW_WARNING_CHANGED);
	party_done(&short_point);
}

/* Rights by extension are in all certificates, and in what PACE has confined them to (2.7). */
static void authorizations(void **state)
{
	static const struct {
		const char *cvca, *dv, *terminal, *confined;
		unsigned want;
	} cases[] = {
		{ "C0", "C0", "C0", "C0", 0xC0 },
		{ "C0", "C0", "C0", "40", 0x40 },
		{ "C0", "C0", "80", "C0", 0x80 },
		{ "C0", "40", "C0", "C0", 0x40 },
		{ "80", "C0", "C0", "C0", 0x80 },
		{ "C0", "C0", "C0", NULL, 0 },
		{ "C0", "C0", NULL, "C0", 0 },
		{ "C0", NULL, "C0", "C0", 0 },
		{ NULL, "C0", "C0", "C0", 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const texts[] = { cases[i].cvca, cases[i].dv, cases[i].terminal,
			cases[i].confined };
		struct exact extensions[COUNT(texts)];
		struct chat confined = chat_of(CHAT_AT, CHAT_TERMINAL, ALL_RIGHTS);
		struct wish cvca = wish(ROOT, ROOT, CHAT_CVCA);
		struct wish dv = wish(ROOT, DV, CHAT_DV_DOMESTIC);
		struct wish end = wish(DV, TERMINAL, CHAT_TERMINAL);
		struct terminal who;
		unsigned bits = 0;

		for (size_t n = 0; n < COUNT(texts); n++) {
			char hex[64] = "";

			if (texts[n] != NULL)
				snprintf(hex, sizeof hex, "730F 060A 04007F00070301020202 5301 %s",
				    texts[n]);
			extensions[n] = exact_of_hex(hex);
		}
		cvca.extensions = extensions[0].bytes;
		dv.extensions = extensions[1].bytes;
		end.extensions = extensions[2].bytes;
		card(&cvca, &root, FROM);
		start_confined(&confined, extensions[3].bytes);
		exact_free(&extensions[3]);
		assert_int_equal(send(&dv, &verifier, &root), SW_OK);
		assert_int_equal(send(&end, &terminal, &verifier), SW_OK);
		assert_int_equal(authenticate(&terminal, TERMINAL, &who), SW_OK);
		for (unsigned bit = 0; bit < 8; bit++)
			bits |= (unsigned)authorization_has(
			            &who.authorizations, AUTHORIZATION_SPECIAL_FUNCTIONS, bit)
			    << bit;
		assert_int_equal(bits, cases[i].want);
		for (size_t n = 0; n < 3; n++)
			exact_free(&extensions[n]);
	}
}

/* Without memory a certificate is not taken, nor anything changed; and the next time it is. */
static void no_memory(void **state)
{
	static struct made made;
	static struct trust_points before;
	struct terminal_auth_setup setup = { .trust = &trust, .today = &today };
	struct terminal_auth *other = NULL;
	struct wish w = wish(ROOT, LINK, CHAT_CVCA);
	size_t n = 0;
	bool failed;

	default_card(FROM);
	alloc_fail_at(1);
	assert_int_equal(terminal_auth_new(&setup, &other), ERR_NO_MEMORY);
	assert_true(alloc_stop());
	assert_null(other);
	w.from = "2026-02-02";
	make_cvc(&made, &w, &next, &root);
	before = trust;
	do {
		bool changed = false;
		enum sw sw;

		assert_int_equal(terminal_auth_set_issuer(auth, bytes_of_string(ROOT)), SW_OK);
		alloc_fail_at(++n);
		sw = terminal_auth_verify_certificate(auth, made.content, &changed);
		failed = alloc_stop();
		assert_int_equal(sw, failed ? SW_NO_DIAGNOSIS : SW_OK);
		if (failed) {
			assert_memory_equal(&trust, &before, sizeof trust);
			assert_int_equal(today.month, 1);
			assert_false(changed);
		}
	} while (failed);
	assert_true(n > 1);
	assert_int_equal(trust.n, 2);
}

static void adding_trust_points(void **state)
{
	static struct made made;
	struct wish w = wish(ROOT, ROOT, CHAT_CVCA);
	static struct trust_points before;
	size_t i;

	default_card(NULL);
	before = trust;
	assert_int_equal(trust_points_add(&trust, none), ERR_FORMAT);
	make_cvc(&made, &w, &root, &root);
	assert_int_equal(trust_points_add(&trust, made.content), ERR_FORMAT);
	assert_int_equal(trust_points_add(&trust, made.bytes), ERR_EXISTS);
	w.chr = LINK;
	w.type = CHAT_IS;
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(trust_points_add(&trust, made.bytes), ERR_FORMAT);
	w.type = CHAT_AT;
	w.no_domain = true;
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(trust_points_add(&trust, made.bytes), ERR_FORMAT);
	w.no_domain = false;
	w.role = CHAT_DV_DOMESTIC;
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(trust_points_add(&trust, made.bytes), ERR_FORMAT);
	assert_memory_equal(&trust, &before, sizeof trust);
	assert_int_equal(trust_points_name(&trust, 1).len, 0);
	/* an older one is the second, and goes when there is a newer one */
	w.role = CHAT_CVCA;
	w.from = "2025-01-01";
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(trust_points_add(&trust, made.bytes), 0);
	assert_true(bytes_equal(trust_points_name(&trust, 1), bytes_of_string(LINK)));
	w.chr = LINK_2;
	w.from = "2025-06-01";
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(trust_points_add(&trust, made.bytes), 0);
	assert_true(bytes_equal(trust_points_name(&trust, 0), bytes_of_string(ROOT)));
	assert_true(bytes_equal(trust_points_name(&trust, 1), bytes_of_string(LINK_2)));
	assert_true(trust_points_find(&trust, bytes_of_string(LINK_2), &i) && i == 1);
	assert_false(trust_points_find(&trust, bytes_of_string(LINK), &i));
	w.chr = LINK_3;
	w.from = "2025-01-01";
	make_cvc(&made, &w, &next, &root);
	assert_int_equal(trust_points_add(&trust, made.bytes), ERR_LIMIT);
}

/* Another implementation's PKI: certificates of a branch, and a signature with the terminal's key. */
static void published(const char *cvca, const char *dv, const char *end, const char *key_name)
{
	const char *const names[] = { cvca, dv, end, key_name };
	struct exact files[COUNT(names)];
	static struct party party;
	struct bytes content[COUNT(names)];
	struct terminal who;
	struct cvc cvc[3];
	char car[CVC_REFERENCE_MAX + 1];
	bool changed;

	for (size_t i = 0; i < COUNT(names); i++)
		if (!published_file(names[i], &files[i]))
			return;
	trust = (struct trust_points){ .n = 0 };
	assert_true(date_parse("2018-05-04", &today));
	assert_int_equal(trust_points_add(&trust, files[0].bytes), 0);
	start(NULL, false);
	for (size_t i = 1; i < 3; i++) {
		struct bytes rest = files[i].bytes;

		assert_int_equal(cvc_parse(files[i].bytes, &cvc[i]), 0);
		assert_true(tlv_take_tag(&rest, 0x7F21, &content[i]));
		snprintf(
		    car, sizeof car, "%.*s", (int)cvc[i].car.len, (const char *)cvc[i].car.data);
		assert_int_equal(send_bytes(car, content[i], &changed), SW_OK);
	}
	assert_int_equal(sign_key_read(random_source, files[3].bytes, &party.key), 0);
	party.public.algorithm = cvc[2].key.algorithm;
	snprintf(car, sizeof car, "%.*s", (int)cvc[2].chr.len, (const char *)cvc[2].chr.data);
	assert_int_equal(authenticate(&party, car, &who), SW_OK);
	assert_int_equal(who.rights.type, cvc[2].chat.type);
	party_done(&party);
	for (size_t i = 0; i < COUNT(names); i++)
		exact_free(&files[i]);
}

static void utopia(void **state)
{
#define PKI "cvc-utopia/"
	published(PKI "UTISCVCA/UTISCVCA00001.selfsigned.cvcert",
	    PKI "UTISCVCA/UTISDVCAOD/UTISDVCAOD00001.cvcert",
	    PKI "UTISCVCA/UTISDVCAOD/UTTERM/UTTERM00001.cvcert",
	    PKI "UTISCVCA/UTISDVCAOD/UTTERM/UTTERM00001.pkcs8");
	published(PKI "UTATCVCA/UTATCVCA00001.selfsigned.cvcert",
	    PKI "UTATCVCA/UTATDVCANO/UTATDVCANO00001.cvcert",
	    PKI "UTATCVCA/UTATDVCANO/UTTERM/UTTERM00001.cvcert",
	    PKI "UTATCVCA/UTATDVCANO/UTTERM/UTTERM00001.pkcs8");
	published(PKI "UTSTCVCA/UTSTCVCA00001.selfsigned.cvcert",
	    PKI "UTSTCVCA/UTSTDVCAAB/UTSTDVCAAB00001.cvcert",
	    PKI "UTSTCVCA/UTSTDVCAAB/UTTERM/UTTERM00001.cvcert",
	    PKI "UTSTCVCA/UTSTDVCAAB/UTTERM/UTTERM00001.pkcs8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(chain_with_links, close_card),
		cmocka_unit_test_teardown(links_without_domain_parameters, close_card),
		cmocka_unit_test_teardown(links_as_they_came, close_card),
		cmocka_unit_test_teardown(links_to_the_other_kind_of_key, close_card),
		cmocka_unit_test_teardown(algorithms, close_card),
		cmocka_unit_test_teardown(rights, close_card),
		cmocka_unit_test_teardown(rights_of_links, close_card),
		cmocka_unit_test_teardown(another_kind_of_terminal_than_pace, close_card),
		cmocka_unit_test_teardown(roles, close_card),
		cmocka_unit_test_teardown(dates, close_card),
		cmocka_unit_test_teardown(expired_trust_points, close_card),
		cmocka_unit_test_teardown(names_that_are_known, close_card),
		cmocka_unit_test_teardown(after_a_refusal, close_card),
		cmocka_unit_test_teardown(sectors, close_card),
		cmocka_unit_test_teardown(keys_of_another_size, close_card),
		cmocka_unit_test_teardown(authorizations, close_card),
		cmocka_unit_test_teardown(no_memory, close_card),
		cmocka_unit_test_teardown(adding_trust_points, close_card),
		cmocka_unit_test_teardown(utopia, close_card),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
