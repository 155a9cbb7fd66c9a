/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The protocols of travel documents, the card alone and in process, command by command, beside the bare calls of OpenSSL
 * that they consist of (eac_bare.h): the passport's BAC, and its PACE with generic mapping over brainpoolP256r1 and AES-128;
 * and Extended Access Control as identity cards have it, which is PACE, Terminal Authentication 2 with a chain of two, and
 * Chip Authentication 2, of which all after PACE is under secure messaging. The clock runs while the card has a command,
 * and stands still while the terminal works.
 *
 * All take turns in one run. Prints for each the medians in microseconds, card and bare, and the median of their ratios in
 * each turn: other work on the machine disturbs a turn as a whole. */
#include <time.h>

#include "auth/bac.h"
#include "base/compiler.h"
#include "cards/epass/epass.h"
#include "cards/npa/npa.h"
#include "eac_bare.h"
#include "must.h"

#define TURNS 201
#define BATCH 100 /* of BAC, which is short */

static clockid_t which;
static uint64_t spent; /* by the card, in nanoseconds */

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static struct bytes timed_command(struct card *card, struct bytes command)
{
	const uint64_t start = clock_ns();
	const struct bytes response = card_command(card, command);

	spent += clock_ns() - start;
	return response;
}

/* The terminal of the tests. */
#define card_command timed_command
#include "eac_terminal.h"
#undef card_command

#define PASSPORT_MRZ "L898902C3674081221204159" /* of the specimen */
#define PASSPORT_CAN "123456"
#define IDENTITY_CARD_CAN "222222"
#define IDENTITY_CARD_KEY 0x41
#define ROOT "UTCVCA00001"
#define VERIFIER "UTDV00001"
#define TERMINAL "UTTERM00001"
#define SET_DST 0x81B6
#define SET_AT_TERMINAL 0x81A4
#define SET_AT_CHIP 0x41A4
#define VERIFY_CERTIFICATE 0x00BE
#define FIELD_SIZE 32

/* What an authority has issued, and the terminal's key. */
static struct party root, verifier, terminal;
static struct made root_cvc, verifier_cvc, terminal_cvc;
static struct eac_reader passport, reader; /* with an identity card */

static void expect_good(uint16_t sw, const char *what)
{
	must(sw == 0x9000, what);
}

static void issue(struct made *out, const char *car, const char *chr, const struct party *holder,
    const struct party *issuer)
{
	const struct wish wish = { .car = car,
		.chr = chr,
		.type = CHAT_AT,
		.role = out == &root_cvc   ? CHAT_CVCA
		    : out == &verifier_cvc ? CHAT_DV_DOMESTIC
		                           : CHAT_TERMINAL,
		.rights = UINT64_MAX,
		.from = "2026-01-01",
		.to = "2026-12-31" };

	make_cvc(out, &wish, holder, issuer);
}

static void set_up_passport(void)
{
	struct epass_options options = {
		.specimen = true, .can = PASSPORT_CAN, .has_protocols = true
	};
	const struct card_setup setup = { .own = &options };
	char error[CARD_ERROR_SIZE];
	struct card *card = NULL;

	must(epass_protocols_parse(
	         "bac,pace-gm:13:aes-128", &options.protocols, error, sizeof error) == 0,
	    "protocols");
	assert_int_equal(card_new(&card_epass, &setup, &card), 0);
	reader_init(&passport, card);
}

static void set_up(void)
{
	struct card *card = NULL;

	assert_int_equal(card_new(&card_npa, NULL, &card), 0);
	reader_init(&reader, card);
	party_init(&root, CVC_ECDSA_SHA256, reader.random);
	party_init(&verifier, CVC_ECDSA_SHA256, reader.random);
	party_init(&terminal, CVC_ECDSA_SHA256, reader.random);
	issue(&root_cvc, ROOT, ROOT, &root, &root);
	issue(&verifier_cvc, ROOT, VERIFIER, &verifier, &root);
	issue(&terminal_cvc, VERIFIER, TERMINAL, &terminal, &verifier);
	assert_int_equal(eac_add_trust_point(card, root_cvc.bytes), 0);
}

static void tear_down(void)
{
	party_done(&root);
	party_done(&verifier);
	party_done(&terminal);
	card_free(reader.card);
	card_free(passport.card);
	reader_done(&reader);
	reader_done(&passport);
}

/* No session is left of the run before. */
static void begin(struct eac_reader *r)
{
	card_reset(r->card);
	r->protected = false;
}

static void run_bac(void)
{
	begin(&passport);
	expect_good(reader_bac(&passport, PASSPORT_MRZ), "BAC");
}

static void pace(struct eac_reader *r, const char *can, const struct chat *chat)
{
	const struct reader_pace pace = { .variant = PACE_ECDH_GM,
		.cipher = 2,
		.parameters = 13,
		.kind = PACE_CAN,
		.password = can,
		.chat = chat };

	begin(r);
	expect_good(reader_pace(r, &pace), "PACE");
}

static void run_pace(void)
{
	pace(&passport, PASSPORT_CAN, NULL);
}

static uint16_t set(unsigned p1p2, const struct writer *objects)
{
	must(writer_done(objects), "data");
	return reader_do(&reader, INS_MANAGE_SECURITY_ENV, p1p2, writer_bytes(objects), 0);
}

static void show_certificate(const char *issuer, const struct made *cvc)
{
	uint8_t memory[64];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x83, bytes_of_string(issuer));
	expect_good(set(SET_DST, &w), "MSE:Set DST");
	expect_good(
	    reader_do(&reader, INS_PERFORM_SECURITY_OPERATION, VERIFY_CERTIFICATE, cvc->content, 0),
	    "PSO:Verify Certificate");
}

/* The terminal's signature; public is its ephemeral key. */
static void show_terminal(struct bytes public)
{
	struct bytes x = bytes_of(public.data + 1, FIELD_SIZE);
	uint8_t memory[128], signature[2 * FIELD_SIZE];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x80, cvc_algorithm_oid(CVC_ECDSA_SHA256));
	tlv_put(&w, 0x83, bytes_of_string(TERMINAL));
	tlv_put(&w, 0x91, x);
	expect_good(set(SET_AT_TERMINAL, &w), "MSE:Set AT");
	expect_good(reader_do(&reader, INS_GET_CHALLENGE, 0, nothing, 8), "GET CHALLENGE");
	writer_reset(&w);
	writer_put(&w, bytes_of(reader.chip + 1, FIELD_SIZE));
	writer_put(&w, reader_data(&reader));
	writer_put(&w, x);
	assert_int_equal(
	    sign_key_sign(&terminal.key, cvc_scheme(CVC_ECDSA_SHA256), writer_bytes(&w), signature),
	    0);
	expect_good(reader_do(&reader, INS_EXTERNAL_AUTHENTICATE, 0, BYTES_OF_ARRAY(signature), 0),
	    "EXTERNAL AUTHENTICATE");
}

static void authenticate_chip(struct bytes public)
{
	uint8_t memory[64], oid[SUITE_OID_SIZE];
	struct bytes answer;
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	tlv_put(&w, 0x80, eac_card_oid(oid, SUITE_CHIP_AUTH, CHIP_AUTH_ECDH, 2));
	tlv_put_u8(&w, 0x84, IDENTITY_CARD_KEY);
	expect_good(set(SET_AT_CHIP, &w), "MSE:Set AT");
	expect_good(reader_general(&reader, true, 0x80, public, &answer), "GENERAL AUTHENTICATE");
}

static void run_eac(void)
{
	const struct chat chat = chat_of(CHAT_AT, CHAT_TERMINAL, UINT64_MAX);
	struct agreement ephemeral;
	uint8_t memory[EC_POINT_SIZE_MAX];
	struct writer public;

	pace(&reader, IDENTITY_CARD_CAN, &chat);
	assert_int_equal(agreement_init(&reader.domain, reader.random, nothing, &ephemeral), 0);
	writer_init(&public, memory, sizeof memory);
	assert_int_equal(agreement_put_public(&ephemeral, &public), 0);
	agreement_done(&ephemeral);
	show_certificate(ROOT, &verifier_cvc);
	show_certificate(VERIFIER, &terminal_cvc);
	show_terminal(writer_bytes(&public));
	authenticate_chip(writer_bytes(&public));
}

static void time_bare(void (*run)(void))
{
	const uint64_t start = clock_ns();

	run();
	spent += clock_ns() - start;
}

static void run_bare_bac(void)
{
	time_bare(bare_bac);
}

static void run_bare_pace(void)
{
	time_bare(bare_pace);
}

static void run_bare_eac(void)
{
	time_bare(bare_pace);
	time_bare(bare_terminal_auth);
	time_bare(bare_chip_auth);
}

struct subject {
	const char *name;
	void (*card)(void), (*bare)(void);
	unsigned batch;
	clockid_t
	    clock; /* of this thread where a run takes longer than a process may run at a time;
	                    it takes too long itself for what is short */
	double card_us[TURNS], bare_us[TURNS], ratio[TURNS];
};

static double measure(const struct subject *subject, void (*run)(void))
{
	spent = 0;
	which = subject->clock;
	for (unsigned i = 0; i < subject->batch; i++)
		run();
	return (double)spent / 1000 / subject->batch;
}

/* One right after the other: the machine's state is the same for both. */
static void measure_turn(struct subject *subject, size_t turn)
{
	subject->card_us[turn] = measure(subject, subject->card);
	subject->bare_us[turn] = measure(subject, subject->bare);
	subject->ratio[turn] = subject->card_us[turn] / subject->bare_us[turn];
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double values[TURNS])
{
	qsort(values, TURNS, sizeof values[0], by_size);
	return values[TURNS / 2];
}

int main(void)
{
	static struct subject subjects[] = {
		{ .name = "BAC",
		    .card = run_bac,
		    .bare = run_bare_bac,
		    .batch = BATCH,
		    .clock = CLOCK_MONOTONIC },
		{ .name = "PACE",
		    .card = run_pace,
		    .bare = run_bare_pace,
		    .batch = 1,
		    .clock = CLOCK_THREAD_CPUTIME_ID },
		{ .name = "EAC",
		    .card = run_eac,
		    .bare = run_bare_eac,
		    .batch = 1,
		    .clock = CLOCK_THREAD_CPUTIME_ID },
	};

	bare_init();
	set_up();
	set_up_passport();
	for (size_t turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < COUNT(subjects); i++)
			measure_turn(&subjects[i], turn);
	for (size_t i = 0; i < COUNT(subjects); i++)
		printf("%s\t%.1f\t%.1f\t%.3f\n", subjects[i].name, median(subjects[i].card_us),
		    median(subjects[i].bare_us), median(subjects[i].ratio));
	tear_down();
	return 0;
}
