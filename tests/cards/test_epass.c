/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passports as they are made: the list of protocols, what the chip then says of itself, which files there are. Memory that runs
 * out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "base/compiler.h"
#include "base/err.h"
#include "cards/epass/document.h"
#include "eac_terminal.h"
#include "exact.h"
#include "iso7816/tlv.h"

#define MRZ_TD1                                                                                    \
	"I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<" \
	"<<"

static char error[CARD_ERROR_SIZE];
static struct random *source;

static const struct {
	const char *text;
	size_t n;
	struct epass_entry last;
	const char *oid; /* of the last entry */
} good[] = {
	{ "bac", 1, { EPASS_BAC }, NULL },
	{ "pace-gm", 1, { EPASS_PACE_GM, 13, CIPHER_AES_128 }, "04007F00070202040202" },
	{ "pace-gm:0:3des", 1, { EPASS_PACE_GM, 0, CIPHER_3DES }, "04007F00070202040101" },
	{ "bac,pace-im:2:aes-256", 2, { EPASS_PACE_IM, 2, CIPHER_AES_256 },
	    "04007F00070202040304" },
	{ "pace-im:8:aes-192", 1, { EPASS_PACE_IM, 8, CIPHER_AES_192 }, "04007F00070202040403" },
	{ "pace-cam:18", 1, { EPASS_PACE_CAM, 18, CIPHER_AES_128 }, "04007F00070202040602" },
	{ "pace-gm:10", 1, { EPASS_PACE_GM, 10, CIPHER_AES_128 }, NULL },
	{ "pace-cam:10", 1, { EPASS_PACE_CAM, 10, CIPHER_AES_128 }, NULL },
	{ "bac,aa", 2, { EPASS_AA, .digest = DIGEST_SHA256 }, NULL },
	{ "bac,aa:rsa:sha-1", 2, { EPASS_AA, .digest = DIGEST_SHA1 }, NULL },
	{ "bac,aa:ec:sha-224", 2, { EPASS_AA, .ec = true, .digest = DIGEST_SHA224 }, NULL },
	{ "bac,ca:1", 2, { EPASS_CA, 1, CIPHER_AES_128 }, "04007F00070202030102" },
	{ "bac,ca,ca:13:3des", 3, { EPASS_CA, 13, CIPHER_3DES }, "04007F00070202030201" },
	{ "bac,ca,ta", 3, { EPASS_TA }, NULL },
	{ "pace-cam,ta", 2, { EPASS_TA }, NULL },
};

static void test_good_lists(void **state)
{
	struct epass_protocols list;
	uint8_t oid[EPASS_OID_SIZE];

	for (size_t i = 0; i < COUNT(good); i++) {
		const struct epass_entry *last;

		print_message("# %s\n", good[i].text);
		assert_int_equal(
		    epass_protocols_parse(good[i].text, &list, error, sizeof error), 0);
		assert_int_equal(list.n, good[i].n);
		last = &list.entries[list.n - 1];
		assert_int_equal(last->protocol, good[i].last.protocol);
		assert_int_equal(last->id, good[i].last.id);
		assert_int_equal(last->cipher, good[i].last.cipher);
		assert_int_equal(last->ec, good[i].last.ec);
		assert_int_equal(last->digest, good[i].last.digest);
		epass_entry_oid(last, oid);
		if (good[i].oid != NULL)
			assert_bytes_hex(BYTES_OF_ARRAY(oid), good[i].oid);
	}
}

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", ": the protocols are bac, pace-gm, pace-im, pace-cam, aa, ca and ta" },
	{ ",bac", ": the protocols are bac, pace-gm, pace-im, pace-cam, aa, ca and ta" },
	{ "bac:", "bac:: there is a parameter too many" },
	{ "ta:13", "ta:13: there is a parameter too many" },
	{ "pace-gm:5", "pace-gm:5: the domain parameters 3 to 7 are reserved" },
	{ "pace-gm:-1", "pace-gm:-1: the domain parameters are a number, 0 to 2 or 8 to 18" },
	{ "pace-gm:00000000000000013",
	    "pace-gm:00000000000000013: the domain parameters are a number, 0 to 2 or 8 to 18" },
	{ "pace-gm:13:", "pace-gm:13:: the cipher is 3des, aes-128, aes-192 or aes-256" },
	{ "pace-im:10", "pace-im:10: integrated mapping does not work with the curve of 10" },
	{ "pace-cam:2", "pace-cam:2: chip authentication mapping needs a curve, 8 to 18" },
	{ "bac,ca,ca", "ca: it is there twice" },
	{ "ca,ta,aa", "ca,ta,aa: bac or one of pace-gm, pace-im, pace-cam must be there" },
	{ "bac,ta", "bac,ta: ta comes after ca or pace-cam, one of which must be there" },
};

static void test_bad_lists(void **state)
{
	struct epass_protocols list = { .n = 99 };

	for (size_t i = 0; i < COUNT(bad); i++) {
		print_message("# %s\n", bad[i].text);
		assert_int_equal(
		    epass_protocols_parse(bad[i].text, &list, error, sizeof error), ERR_FORMAT);
		assert_string_equal(error, bad[i].error);
		assert_int_equal(list.n, 99);
	}
}

/* As many as EF.CardAccess can have; one more is too many. */
static void test_longest_list(void **state)
{
	static const char *const ciphers[] = { "3des", "aes-128", "aes-192", "aes-256" };
	char text[EPASS_ENTRIES_MAX * 24 + 24] = "";
	struct epass_protocols list;
	size_t len = 0;

	for (size_t i = 0; i <= EPASS_ENTRIES_MAX; i++) {
		if (i > 0)
			assert_int_equal(
			    epass_protocols_parse(text, &list, error, sizeof error), 0);
		len += (size_t)snprintf(text + len, sizeof text - len, "%space-gm:%zu:%s",
		    i > 0 ? "," : "", 8 + i / 4, ciphers[i % 4]);
	}
	assert_int_equal(epass_protocols_parse(text, &list, error, sizeof error), ERR_FORMAT);
	assert_non_null(strstr(error, "more than 32"));
}

static void use(struct epass_options *options, const char *protocols)
{
	assert_int_equal(
	    epass_protocols_parse(protocols, &options->protocols, error, sizeof error), 0);
	options->has_protocols = true;
}

static struct epass_document *make(const struct epass_options *options)
{
	struct epass_document *document = NULL;

	if (epass_document_new(options, source, &document, error) != 0)
		fail_msg("%s", error);
	return document;
}

/* Which files there are, as the numbers of enum lds_id with blanks between. */
static void assert_files(const struct epass_document *document, const char *want)
{
	char text[128] = "";
	size_t len = 0;

	for (int i = 1; i < LDS_FILES; i++)
		if (document->files[i].len > 0)
			len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
			    len > 0 ? " " : "", lds_file((enum lds_id)i)->name + strlen("EF."));
	assert_string_equal(text, want);
}

static struct bytes file_of(const struct epass_document *document, enum lds_id id)
{
	return buffer_bytes(&document->files[id]);
}

static void test_specimen(void **state)
{
	const struct epass_options options = { .specimen = true };
	struct epass_document *document = make(&options);

	assert_files(document,
	    "DG1 DG2 DG3 DG4 DG11 DG12 DG14 DG15 COM SOD CVCA CardAccess CardSecurity DIR");
	assert_string_equal(document->mrz.number, "L898902C3");
	assert_string_equal(document->can, "123456");
	assert_bytes_hex(
	    file_of(document, LDS_COM), "601A5F0104303130375F36063034303030305C08617563766B6C6E6F");
	assert_int_equal(document->n_keys, 1);
	assert_true(document->keys[0].has_key_id && document->keys[0].key_id == 13);
	assert_true(document->keys[0].for_mapping && document->keys[0].n_suites == 1);
	assert_int_equal(document->trust.n, 1);
	assert_false(document->delay);
	epass_document_free(document);
}

static const struct {
	const char *protocols, *files;
	size_t keys;
} offers[] = {
	{ "bac", "DG1 DG2 DG3 DG4 DG11 DG12 COM SOD DIR", 0 },
	{ "bac,aa", "DG1 DG2 DG3 DG4 DG11 DG12 DG15 COM SOD DIR", 0 },
	{ "bac,aa:ec", "DG1 DG2 DG3 DG4 DG11 DG12 DG14 DG15 COM SOD DIR", 0 },
	{ "pace-gm", "DG1 DG2 DG3 DG4 DG11 DG12 DG14 COM SOD CardAccess DIR", 0 },
	{ "pace-cam", "DG1 DG2 DG3 DG4 DG11 DG12 DG14 COM SOD CardAccess CardSecurity DIR", 1 },
	{ "pace-cam,pace-cam:18",
	    "DG1 DG2 DG3 DG4 DG11 DG12 DG14 COM SOD CardAccess CardSecurity DIR", 2 },
	{ "bac,ca:0,ca:0:3des,ca:12,ta", "DG1 DG2 DG3 DG4 DG11 DG12 DG14 COM SOD CVCA DIR", 2 },
};

static void test_files_for_protocols(void **state)
{
	for (size_t i = 0; i < COUNT(offers); i++) {
		struct epass_options options = { .specimen = true };
		struct epass_document *document;

		print_message("# %s\n", offers[i].protocols);
		use(&options, offers[i].protocols);
		document = make(&options);
		assert_files(document, offers[i].files);
		assert_int_equal(document->n_keys, offers[i].keys);
		epass_document_free(document);
	}
}

static struct security_info infos[SECURITY_INFOS_MAX];

static size_t count(size_t n, enum security_info_kind kind)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (infos[i].kind == kind)
			found++;
	return found;
}

/* EF.CardAccess has PACE alone; DG14 that as well, each cipher of each key, and a public key each, by number. */
static void test_security_infos(void **state)
{
	struct epass_options options = { .specimen = true };
	struct epass_document *document;
	struct bytes dg14, value;
	size_t n;

	use(&options, "bac,pace-gm:1,pace-im:16:aes-256,pace-cam:12,ca:0,ca:0:3des,ca:12,aa:ec,ta");
	document = make(&options);
	assert_int_equal(security_infos_parse(file_of(document, LDS_CARD_ACCESS), infos, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(count(n, SECURITY_INFO_PACE), 3);
	dg14 = file_of(document, LDS_DG14);
	assert_true(tlv_take_tag(&dg14, 0x6E, &value));
	assert_int_equal(security_infos_parse(value, infos, &n), 0);
	assert_int_equal(count(n, SECURITY_INFO_PACE), 3);
	assert_int_equal(count(n, SECURITY_INFO_CHIP_AUTH), 3);
	assert_int_equal(count(n, SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY), 2);
	assert_int_equal(count(n, SECURITY_INFO_TERMINAL_AUTH), 1);
	assert_int_equal(count(n, SECURITY_INFO_ACTIVE_AUTH), 1);
	assert_int_equal(n, 10);
	for (size_t i = 0; i < n; i++)
		if (infos[i].kind == SECURITY_INFO_CHIP_AUTH ||
		    infos[i].kind == SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY)
			assert_true(infos[i].has_id && (infos[i].id == 0 || infos[i].id == 12));
	epass_document_free(document);
}

/* The protocols of first, and many PACE. */
static void use_many(struct epass_options *options, const char *first, size_t n)
{
	static const char *const ciphers[] = { "3des", "aes-128", "aes-192", "aes-256" };
	char text[EPASS_ENTRIES_MAX * 24];
	size_t len = (size_t)snprintf(text, sizeof text, "%s", first);

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(
		    text + len, sizeof text - len, ",pace-gm:%zu:%s", 8 + i / 4, ciphers[i % 4]);
	use(options, text);
}

/* What files can tell of: the options are good as long as a passport can be made of them. */
static void test_too_many_infos(void **state)
{
	static const struct {
		const char *first;
		size_t n, infos; /* that many PACE, and all infos of the larger file */
	} cases[] = {
		{ "ca", 30, 32 },
		{ "ca", 31, 33 }, /* a protocol and a key */
		{ "ca,ta,aa:ec", 28, 32 },
		{ "ca,ta,aa:ec", 29, 33 },
		{ "ca:13,ca:13:aes-256,aa", 29, 32 },
		{ "ca:13,ca:14", 29, 33 },
		{ "pace-cam", 30, 32 },
		{ "pace-cam", 31, 33 }, /* its key is in EF.CardSecurity */
		{ "pace-cam,pace-cam:14,ta", 28, 32 },
		{ "pace-cam,pace-cam:14,ta", 29, 33 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct epass_options options = { .specimen = true };
		struct epass_document *document = NULL;
		bool fits = cases[i].infos <= 32;

		print_message("# %s and %zu\n", cases[i].first, cases[i].n);
		use_many(&options, cases[i].first, cases[i].n);
		assert_int_equal(epass_protocols_infos(&options.protocols), cases[i].infos);
		assert_int_equal(epass_options_check(&options, error), fits ? 0 : ERR_FORMAT);
		assert_int_equal(
		    epass_document_new(&options, source, &document, error), fits ? 0 : ERR_LIMIT);
		epass_document_free(fits ? document : NULL);
	}
}

/* Somebody else: no fingers, no CAN, the number in the keys' password whole. */
static void test_other_holder(void **state)
{
	struct epass_options options = { .has_mrz = true };
	struct epass_document *document;

	assert_int_equal(mrz_parse(bytes_of_string(MRZ_TD1), &options.mrz, error), 0);
	document = make(&options);
	assert_files(document, "DG1 DG2 DG14 DG15 COM SOD CVCA CardAccess CardSecurity DIR");
	assert_string_equal(document->mrz.number, "D23145890734");
	assert_string_equal(document->can, "");
	assert_int_equal(file_of(document, LDS_DG1).len, 95);
	epass_document_free(document);
	options.specimen = true;
	document = make(&options);
	assert_files(
	    document, "DG1 DG2 DG3 DG4 DG14 DG15 COM SOD CVCA CardAccess CardSecurity DIR");
	epass_document_free(document);
}

static void write_file(char *path, struct bytes data)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data.data, data.len), data.len);
	assert_int_equal(close(fd), 0);
}

/* What is given is there byte for byte, and what would need its private key is not offered. */
static void test_given(void **state)
{
	const uint8_t dg14[] = { 0x6E, 0x02, 0x31, 0x00 }, dg15[] = { 0x6F, 0x02, 0x30, 0x00 };
	char path14[] = "/tmp/epass-dg14-XXXXXX", path15[] = "/tmp/epass-dg15-XXXXXX";
	struct epass_options options = { .dg = { [14] = path14, [15] = path15 } };
	struct epass_document *document;

	write_file(path14, BYTES_OF_ARRAY(dg14));
	write_file(path15, BYTES_OF_ARRAY(dg15));
	document = make(&options);
	assert_files(document, "DG1 DG2 DG14 DG15 COM SOD CardAccess DIR");
	assert_true(bytes_equal(file_of(document, LDS_DG14), BYTES_OF_ARRAY(dg14)));
	assert_true(bytes_equal(file_of(document, LDS_DG15), BYTES_OF_ARRAY(dg15)));
	assert_false(epass_protocols_has(&document->protocols, EPASS_AA));
	assert_false(epass_protocols_has(&document->protocols, EPASS_CA));
	assert_true(epass_protocols_has(&document->protocols, EPASS_BAC));
	assert_int_equal(document->n_keys, 0);
	assert_int_equal(document->active_auth_key.len, 0);
	epass_document_free(document);
	options.dg[14] = NULL;
	document = make(&options);
	assert_files(document, "DG1 DG2 DG14 DG15 COM SOD CVCA CardAccess CardSecurity DIR");
	assert_false(epass_protocols_has(&document->protocols, EPASS_AA));
	epass_document_free(document);
	assert_int_equal(unlink(path14), 0);
	assert_int_equal(unlink(path15), 0);
}

/* With a signature of somebody else's nothing is made that it could not cover. */
static void test_given_signature(void **state)
{
	const uint8_t sod[] = { 0x77, 0x02, 0x30, 0x00 };
	char path[] = "/tmp/epass-sod-XXXXXX";
	const struct epass_options options = { .sod = path };
	struct epass_document *document;

	write_file(path, BYTES_OF_ARRAY(sod));
	document = make(&options);
	assert_files(document, "DG1 DG2 COM SOD CardAccess DIR");
	assert_true(bytes_equal(file_of(document, LDS_SOD), BYTES_OF_ARRAY(sod)));
	assert_string_equal(document->can, "");
	epass_document_free(document);
	assert_int_equal(unlink(path), 0);
}

/* Each option about the signature ends in EF.SOD. */
static void test_signature(void **state)
{
	static const uint8_t version[] = { '0', '1', '0', '8' };
	struct epass_options options = { .specimen = true,
		.lds_version = LDS_VERSION_1_8,
		.has_digest = true,
		.digest = DIGEST_SHA512 };
	struct epass_document *document = make(&options);
	struct bytes sod = file_of(document, LDS_SOD);
	bool found = false;

	assert_true(lds_is_file(LDS_SOD, sod));
	for (size_t i = 0; i + sizeof version < sod.len; i++)
		found = found || memcmp(sod.data + i, version, sizeof version) == 0;
	assert_true(found);
	assert_memory_equal(file_of(document, LDS_COM).data + 5, version, sizeof version);
	epass_document_free(document);
	options = (struct epass_options){ .specimen = true };
	document = make(&options);
	sod = file_of(document, LDS_SOD);
	for (size_t i = 0; i + sizeof version < sod.len; i++)
		assert_memory_not_equal(sod.data + i, version, sizeof version);
	epass_document_free(document);
}

static int work(void *context)
{
	struct epass_document *document = NULL;
	int r = epass_document_new(context, source, &document, error);

	if (r == 0)
		epass_document_free(document);
	return r;
}

/* Each allocation of ours that fails is a failure, whose name crypto/ may not tell from others. */
static void test_no_memory(void **state)
{
	struct epass_options options = { .specimen = true };
	size_t n = 0;
	bool failed;
	int r;

	use(&options, "bac,pace-gm,ca:0,ta");
	assert_int_equal(work(&options), 0);
	do {
		alloc_fail_at(++n);
		r = work(&options);
		failed = alloc_stop();
		assert_int_equal(r < 0, failed);
	} while (failed);
	assert_true(n > 20);
}

/* Where terminals must authenticate themselves fingers are closed to others, whatever the files are: an image can have it so. */
static void test_fingers_want_a_terminal(void **state)
{
	struct epass_options options = { .specimen = true };
	const struct card_setup setup = {
		.seed = bytes_of_string("fingers"), .own = &options, .error = error
	};
	static struct eac_reader reader;
	struct card *card = NULL;

	use(&options, "bac,ca");
	assert_int_equal(card_new(&card_epass, &setup, &card), 0);
	reader_init(&reader, card);
	assert_int_equal(reader_bac(&reader, "L898902C3674081221204159"), 0x9000);
	assert_int_equal(reader_select_application(&reader), 0x9000);
	assert_int_equal(reader_hex(&reader, "00B0830001"), 0x9000); /* nobody need be a terminal */
	eac_offer_terminal_auth(card, 1u << 1);
	assert_int_equal(reader_hex(&reader, "00B0830001"), 0x6982);
	assert_int_equal(reader_hex(&reader, "00B0840001"), 0x6982);
	assert_int_equal(reader_hex(&reader, "00B0820001"), 0x9000);
	reader_done(&reader);
	card_free(card);
}

static int setup(void **state)
{
	return random_new(bytes_of_string("passports"), &source);
}

static int teardown(void **state)
{
	random_free(source);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_lists),
		cmocka_unit_test(test_bad_lists),
		cmocka_unit_test(test_longest_list),
		cmocka_unit_test(test_specimen),
		cmocka_unit_test(test_files_for_protocols),
		cmocka_unit_test(test_security_infos),
		cmocka_unit_test(test_too_many_infos),
		cmocka_unit_test(test_other_holder),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_given_signature),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_fingers_want_a_terminal),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
