/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* X.509 certificates and signed data, judged by OpenSSL: signatures, chain, profile, content; and our reader over the same
 * certificates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/err.h"
#include "exact.h"
#include "iso7816/tlv.h"
#include "pki/cms_read.h"
#include "pki/der.h"
#include "pki/x509.h"
#include "pki/x509_crl.h"

#define AT_2027 1798761600 /* 2027-01-01, a moment at which everything here is valid */

/* The schemes with which everything is signed once. */
static const struct sign_scheme schemes[] = {
	{ false, false, DIGEST_SHA1 },
	{ false, false, DIGEST_SHA224 },
	{ false, false, DIGEST_SHA256 },
	{ false, false, DIGEST_SHA384 },
	{ false, false, DIGEST_SHA512 },
	{ false, true, DIGEST_SHA1 },
	{ false, true, DIGEST_SHA256 },
	{ false, true, DIGEST_SHA512 },
	{ true, false, DIGEST_SHA1 },
	{ true, false, DIGEST_SHA224 },
	{ true, false, DIGEST_SHA256 },
	{ true, false, DIGEST_SHA384 },
	{ true, false, DIGEST_SHA512 },
};

struct certificate {
	uint8_t memory[X509_SIZE_MAX];
	struct bytes bytes;
};

static struct random *random_numbers;
static struct sign_key rsa_keys[2], ec_keys[2]; /* of the authority and of the signer */
static struct certificate root, signer;
static const uint8_t serial[] = { 0x8A, 1, 2, 3 };

static int setup(void **state)
{
	if (random_new(bytes_of_string("x509"), &random_numbers) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++)
		if (rsa_generate(random_numbers, 2048, bytes_of(NULL, 0), &rsa_keys[i].rsa) < 0 ||
		    ec_generate(ec_group_named(i == 0 ? EC_BRAINPOOL_P384R1 : EC_P256),
		        random_numbers, &ec_keys[i].ec) < 0)
			return -1;
	return 0;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		sign_key_done(&rsa_keys[i]);
		sign_key_done(&ec_keys[i]);
	}
	random_free(random_numbers);
	return 0;
}

static struct x509_fields fields(enum x509_kind kind)
{
	struct x509_fields f = { .kind = kind,
		.country = "UT",
		.locality = "UTO",
		.organization = "Specimen",
		.common_name = kind == X509_CSCA ? "CSCA Utopia"
		    : kind == X509_CSCA_LINK     ? "CSCA Utopia 2"
		                                 : "Signer 1",
		.crl = "http://utopia.example/csca.crl",
		.email = "csca@utopia.example",
		.serial = BYTES_OF_ARRAY(serial),
		.not_before = { 2026, 1, 1 },
		.not_after = { 2049, 12, 31 },
		.signs_until = { 2031, 12, 31 } };

	if (kind == X509_DOCUMENT_SIGNER) {
		f.document_types[0] = "P";
		f.document_types[1] = "ID";
	}
	return f;
}

static void write_one(struct certificate *out, const struct x509_fields *f,
    const struct sign_key keys[2], const struct sign_scheme *scheme)
{
	struct writer w;

	writer_init(&w, out->memory, sizeof out->memory);
	assert_int_equal(
	    x509_write(f, &keys[f->kind == X509_CSCA ? 0 : 1], &keys[0], scheme, &w), 0);
	assert_true(writer_done(&w));
	out->bytes = writer_bytes(&w);
}

/* A root and a signer below it. */
static const struct sign_key *make(enum x509_kind kind, const struct sign_scheme *scheme)
{
	const struct sign_key *keys = scheme->ec ? ec_keys : rsa_keys;
	struct x509_fields f = fields(X509_CSCA);
	struct x509 parsed;

	write_one(&root, &f, keys, scheme);
	assert_int_equal(x509_parse(root.bytes, &parsed), 0);
	f = fields(kind);
	f.issuer = parsed.subject;
	write_one(&signer, &f, keys, scheme);
	return &keys[1];
}

static X509 *openssl_read(struct bytes in)
{
	const unsigned char *data = in.data;
	X509 *x509 = d2i_X509(NULL, &data, (long)in.len);

	assert_non_null(x509);
	assert_ptr_equal(data, in.data + in.len);
	return x509;
}

/* OpenSSL wants named curves in a chain, ICAO 9303-12 explicit parameters: no error but that one is forgiven. */
static int forgive(int good, X509_STORE_CTX *context)
{
	return good == 1 || X509_STORE_CTX_get_error(context) == X509_V_ERR_EC_KEY_EXPLICIT_PARAMS;
}

/* A store that trusts the root, at a fixed moment. SHA-1 is weak, and to be accepted here. */
static X509_STORE *store_of(X509 *trusted)
{
	X509_STORE *store = X509_STORE_new();
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);

	assert_int_equal(X509_STORE_add_cert(store, trusted), 1);
	X509_STORE_set_verify_cb(store, forgive);
	X509_VERIFY_PARAM_set_time(param, AT_2027);
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	return store;
}

static void verify_chain(void)
{
	X509 *ca = openssl_read(root.bytes);
	X509 *end = openssl_read(signer.bytes);
	X509_STORE *store = store_of(ca);
	X509_STORE_CTX *context = X509_STORE_CTX_new();

	assert_int_equal(X509_verify(ca, X509_get0_pubkey(ca)), 1);
	assert_int_equal(X509_verify(end, X509_get0_pubkey(ca)), 1);
	assert_int_equal(X509_STORE_CTX_init(context, store, end, NULL), 1);
	assert_int_equal(X509_verify_cert(context), 1);
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	X509_free(end);
	X509_free(ca);
}

static void test_schemes(void **state)
{
	for (size_t i = 0; i < COUNT(schemes); i++) {
		make(X509_DOCUMENT_SIGNER, &schemes[i]);
		verify_chain();
	}
}

/* The judge does judge: a certificate that was changed is not accepted. */
static void test_changed(void **state)
{
	X509 *ca;
	X509 *end;

	for (size_t i = 0; i < 2; i++) {
		make(X509_DOCUMENT_SIGNER, &schemes[i == 0 ? 2 : 10]);
		ca = openssl_read(root.bytes);
		signer.memory[signer.bytes.len - 1] ^= 1;
		end = openssl_read(signer.bytes);
		assert_int_not_equal(X509_verify(end, X509_get0_pubkey(ca)), 1);
		X509_free(end);
		X509_free(ca);
	}
}

static bool has(X509 *x509, const char *oid, bool critical)
{
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	int at = X509_get_ext_by_OBJ(x509, object, -1);

	ASN1_OBJECT_free(object);
	return at >= 0 && (X509_EXTENSION_get_critical(X509_get_ext(x509, at)) != 0) == critical;
}

/* Which extensions each kind has, and which are critical (9303-12, table 5). */
static void test_profiles(void **state)
{
	static const struct {
		const char *oid;
		bool critical, in[4];
	} extensions[] = {
		{ "2.5.29.35", false, { true, true, true, true } },
		{ "2.5.29.14", false, { true, true, true, true } },
		{ "2.5.29.15", true, { true, true, true, true } },
		{ "2.5.29.16", false, { true, true, true, true } },
		{ "2.5.29.17", false, { true, true, true, true } },
		{ "2.5.29.18", false, { true, true, true, true } },
		{ "2.5.29.31", false, { true, true, true, true } },
		{ "2.5.29.19", true, { true, true, false, false } },
		{ "2.5.29.37", true, { false, false, false, true } },
		{ "2.23.136.1.1.6.2", false, { false, false, true, false } },
	};

	for (enum x509_kind kind = X509_CSCA; kind <= X509_MASTER_LIST_SIGNER; kind++) {
		const bool authority = kind == X509_CSCA || kind == X509_CSCA_LINK;
		X509 *x509;

		make(kind == X509_CSCA ? X509_DOCUMENT_SIGNER : kind, &schemes[10]);
		x509 = openssl_read(kind == X509_CSCA ? root.bytes : signer.bytes);
		assert_int_equal(X509_get_version(x509), 2);
		for (size_t i = 0; i < COUNT(extensions); i++)
			if (has(x509, extensions[i].oid, extensions[i].critical) !=
			    extensions[i].in[kind])
				fail_msg("kind %d, %s", (int)kind, extensions[i].oid);
		assert_int_equal(X509_get_key_usage(x509),
		    authority ? KU_KEY_CERT_SIGN | KU_CRL_SIGN : KU_DIGITAL_SIGNATURE);
		assert_int_equal(X509_check_ca(x509) == 1, authority);
		if (authority)
			assert_int_equal(X509_get_pathlen(x509), 0);
		X509_free(x509);
	}
}

static void test_refused(void **state)
{
	static uint8_t memory[X509_SIZE_MAX];
	const struct x509_fields good = fields(X509_CSCA);
	static const uint8_t long_serial[X509_SERIAL_MAX] = { 0x80 };
	static struct x509_fields bad[13];
	struct writer w;

	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].country = "ut";
	bad[1].country = "UTO";
	bad[2].locality = NULL;
	bad[3].common_name = "";
	bad[4].crl = "with blank";
	bad[5].serial = bytes_of(NULL, 0);
	bad[6].serial = BYTES_OF_ARRAY(long_serial);
	bad[7].not_after = (struct date){ 2025, 12, 31 };
	bad[8].signs_until = (struct date){ 2050, 1, 1 };
	bad[9].not_before = (struct date){ 2026, 13, 1 };
	bad[10].kind = X509_DOCUMENT_SIGNER;
	bad[11].issuer = bytes_of_string("x");
	bad[12].kind = X509_CSCA_LINK;
	for (size_t i = 0; i < COUNT(bad); i++) {
		writer_init(&w, memory, sizeof memory);
		if (x509_write(&bad[i], &ec_keys[0], &ec_keys[0], &schemes[10], &w) != ERR_FORMAT)
			fail_msg("case %zu", i);
		assert_int_equal(w.len, 0);
	}
	assert_int_equal(
	    x509_write(&good, &ec_keys[0], &ec_keys[0], &schemes[0], &w), ERR_UNSUPPORTED);
	writer_init(&w, memory, 100);
	assert_int_equal(x509_write(&good, &ec_keys[0], &ec_keys[0], &schemes[10], &w), ERR_LIMIT);
}

static void test_parse(void **state)
{
	struct x509 x509;
	struct x509 issuer;

	make(X509_DOCUMENT_SIGNER, &schemes[2]);
	assert_int_equal(x509_parse(root.bytes, &issuer), 0);
	assert_int_equal(x509_parse(signer.bytes, &x509), 0);
	assert_true(bytes_equal(x509.issuer, issuer.subject));
	assert_false(bytes_equal(x509.subject, issuer.subject));
	assert_bytes_hex(x509.serial, "0205008A010203");
	assert_true(bytes_equal(x509.not_before, bytes_of_string("260101000000Z")));
	assert_true(bytes_equal(x509.not_after, bytes_of_string("491231235959Z")));
	assert_true(x509.extensions.len > 0);
	assert_int_equal(x509_verify(&issuer, &rsa_keys[0]), 0);
	assert_int_equal(x509_verify(&x509, &rsa_keys[0]), 0);
	assert_int_equal(x509_verify(&x509, &rsa_keys[1]), ERR_FORMAT);
	assert_int_equal(x509_verify(&x509, &ec_keys[0]), ERR_UNSUPPORTED);
	for (size_t len = 0; len < signer.bytes.len; len++) {
		struct exact e = exact_copy(bytes_first(signer.bytes, len));

		assert_int_equal(x509_parse(e.bytes, &x509), ERR_FORMAT);
		exact_free(&e);
	}
}

/* What OpenSSL makes of signed data: the content, with signature and chain verified. */
static void verify_cms(struct bytes in, const char *type, struct bytes content)
{
	const unsigned char *data = in.data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &data, (long)in.len);
	X509 *ca = openssl_read(root.bytes);
	X509_STORE *store = store_of(ca);
	BIO *out = BIO_new(BIO_s_mem());
	char text[64];
	char *got;

	assert_non_null(cms);
	assert_ptr_equal(data, in.data + in.len);
	(void)OBJ_obj2txt(text, sizeof text, CMS_get0_eContentType(cms), 1);
	assert_string_equal(text, type);
	if (CMS_verify(cms, NULL, store, NULL, out, CMS_BINARY) != 1)
		fail_msg("%s", ERR_reason_error_string(ERR_peek_last_error()));
	assert_int_equal(BIO_get_mem_data(out, &got), content.len);
	assert_memory_equal(got, content.data, content.len);
	BIO_free(out);
	X509_STORE_free(store);
	X509_free(ca);
	CMS_ContentInfo_free(cms);
}

/* What our own reader makes of it, and of changes in it. */
static void read_cms(
    struct bytes in, enum cms_content kind, struct bytes content, const struct cms_signer *by)
{
	struct sign_scheme scheme;
	struct exact copy = exact_copy(in);
	struct sign_key key;
	struct x509 x509;
	struct cms cms;

	assert_int_equal(cms_parse(copy.bytes, &cms), 0);
	assert_true(cms.is_known && cms.kind == kind);
	assert_true(bytes_equal(cms.content, content));
	assert_int_equal(cms_scheme(&cms, &scheme), 0);
	assert_int_equal(scheme.ec, by->scheme.ec);
	assert_int_equal(scheme.pss, by->scheme.pss);
	assert_int_equal(scheme.digest, by->scheme.digest);
	assert_int_equal(cms_signer_certificate(&cms, &x509), 0);
	assert_true(bytes_equal(x509.whole, by->certificate));
	assert_int_equal(sign_key_read(random_numbers, x509.public_key, &key), 0);
	assert_int_equal(cms_verify(&cms, &key), 0);
	copy.memory[cms.content.data - copy.memory] ^= 0x20;
	assert_int_equal(cms_verify(&cms, &key), ERR_FORMAT);
	copy.memory[cms.content.data - copy.memory] ^= 0x20;
	copy.memory[cms.attributes.data + cms.attributes.len - 1 - copy.memory] ^= 1;
	assert_int_equal(cms_verify(&cms, &key), ERR_FORMAT);
	copy.memory[cms.attributes.data + cms.attributes.len - 1 - copy.memory] ^= 1;
	copy.memory[cms.signature.data + cms.signature.len - 1 - copy.memory] ^= 1;
	assert_int_equal(cms_verify(&cms, &key), ERR_FORMAT);
	cms.certificates = bytes_of(NULL, 0);
	assert_int_equal(cms_signer_certificate(&cms, &x509), ERR_NOT_FOUND);
	sign_key_done(&key);
	exact_free(&copy);
	for (size_t len = 0; len < in.len; len++) {
		copy = exact_copy(bytes_first(in, len));
		assert_int_equal(cms_parse(copy.bytes, &cms), ERR_FORMAT);
		exact_free(&copy);
	}
}

static struct cms_lds lds_of(unsigned version, enum digest_kind digest)
{
	return (struct cms_lds){ .version = version,
		.digest = digest,
		.lds_version = "0108",
		.unicode_version = "040000",
		.data_groups = { [0] = bytes_of_string("a1"),
		    [1] = bytes_of_string("u2"),
		    [15] = bytes_of_string("p16") } };
}

static void test_sod(void **state)
{
	static uint8_t memory[16384];
	uint8_t lds_memory[512];

	for (size_t i = 0; i < COUNT(schemes); i++) {
		const struct cms_lds lds = lds_of(i % 2, schemes[i].digest);
		struct cms_signer by = { .scheme = schemes[i], .day = { 2026, 2, 3 } };
		struct bytes cms;
		struct bytes rest;
		struct writer content;
		struct writer w;

		by.key = make(X509_DOCUMENT_SIGNER, &schemes[i]);
		by.certificate = signer.bytes;
		writer_init(&content, lds_memory, sizeof lds_memory);
		assert_int_equal(cms_put_lds(&lds, &content), 0);
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(cms_put_sod(&lds, &by, &w), 0);
		assert_true(writer_done(&w));
		rest = writer_bytes(&w);
		assert_true(tlv_take_tag(&rest, 0x77, &cms) && rest.len == 0);
		verify_cms(cms, "2.23.136.1.1.1", writer_bytes(&content));
		read_cms(writer_bytes(&w), CMS_LDS_SECURITY_OBJECT, writer_bytes(&content), &by);
	}
}

static void test_lds(void **state)
{
	struct cms_lds lds = lds_of(0, DIGEST_SHA1);
	uint8_t memory[512];
	struct writer w;

	lds.data_groups[15] = bytes_of(NULL, 0);
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cms_put_lds(&lds, &w), 0);
	assert_bytes_hex(writer_bytes(&w),
	    "3044 020100 3007 06052B0E03021A 3036"
	    "3019 020101 0414"
	    "F29BC91BBDAB169FC0C0A326965953D11C7DFF83"
	    "3019 020102 0414"
	    "B9C69E5488FF88B92096F1137382E67FE1172FA6");
}

/* What is written is read; what readers would trip over is not. */
static void test_lds_read(void **state)
{
	static const char *const bad[] = {
		"", "3003 020100",
		"3010 020100 3007 06052B0E03021A 3002 3000",        /* a hash that is none */
		"3013 020100 3007 06052B0E03021A 3005 3003 020101", /* no hash */
		"3017 020100 3007 06052B0E03021A 3009 3007 020101 0402 0001", /* a short one */
		("3029 020100 3007 06052B0E03021A 301B 3019 020111 0414"
		 "F29BC91BBDAB169FC0C0A326965953D11C7DFF83"), /* data group 17 */
	};
	const struct cms_lds lds = lds_of(1, DIGEST_SHA384);
	uint8_t hash[DIGEST_SIZE_MAX];
	struct cms_lds_hashes got;
	uint8_t memory[512];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cms_put_lds(&lds, &w), 0);
	assert_int_equal(cms_parse_lds(writer_bytes(&w), &got), 0);
	assert_int_equal(got.version, 1);
	assert_int_equal(got.digest, DIGEST_SHA384);
	assert_true(bytes_equal(got.lds_version, bytes_of_string("0108")));
	assert_true(bytes_equal(got.unicode_version, bytes_of_string("040000")));
	assert_int_equal(digest_compute(DIGEST_SHA384, lds.data_groups[15], hash), 0);
	assert_true(bytes_equal(got.hashes[15], bytes_of(hash, 48)));
	assert_int_equal(got.hashes[2].len, 0);
	for (size_t len = 0; len < w.len; len++)
		assert_int_equal(
		    cms_parse_lds(bytes_first(writer_bytes(&w), len), &got), ERR_FORMAT);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct exact e = exact_of_hex(bad[i]);

		assert_int_equal(cms_parse_lds(e.bytes, &got), ERR_FORMAT);
		exact_free(&e);
	}
}

static void test_lds_refused(void **state)
{
	struct cms_lds bad[4] = { lds_of(2, DIGEST_SHA1), lds_of(1, DIGEST_SHA1),
		lds_of(1, DIGEST_SHA1), lds_of(0, DIGEST_SHA1) };
	uint8_t memory[512];
	struct writer w;

	bad[1].lds_version = NULL;
	bad[2].unicode_version = NULL;
	bad[3].data_groups[0] = bad[3].data_groups[1] = bytes_of(NULL, 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(cms_put_lds(&bad[i], &w), ERR_FORMAT);
	}
}

static void test_card_security(void **state)
{
	static const uint8_t infos[] = { 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x06, 0x2A, 3, 4, 5, 6, 7, 2,
		1, 1 };
	static uint8_t memory[16384];
	struct cms_signer by = { .scheme = schemes[10] };
	struct writer w;

	by.key = make(X509_DOCUMENT_SIGNER, &schemes[10]);
	by.certificate = signer.bytes;
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cms_sign(CMS_SECURITY_OBJECT, BYTES_OF_ARRAY(infos), &by, &w), 0);
	verify_cms(writer_bytes(&w), "0.4.0.127.0.7.3.2.1", BYTES_OF_ARRAY(infos));
	read_cms(writer_bytes(&w), CMS_SECURITY_OBJECT, BYTES_OF_ARRAY(infos), &by);
}

static void test_master_list(void **state)
{
	static uint8_t memory[16384];
	static uint8_t list_memory[8192];
	struct cms_signer by = { .scheme = schemes[10] };
	struct bytes certificates;
	struct writer list;
	struct writer w;

	by.key = make(X509_MASTER_LIST_SIGNER, &schemes[10]);
	by.certificate = signer.bytes;
	by.issuer_certificate = root.bytes;
	writer_init(&list, list_memory, sizeof list_memory);
	assert_int_equal(cms_put_master_list(bytes_of(NULL, 0), &list), ERR_FORMAT);
	assert_int_equal(cms_put_master_list(bytes_of_string("0"), &list), ERR_FORMAT);
	assert_int_equal(cms_put_master_list(root.bytes, &list), 0);
	assert_true(writer_done(&list));
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cms_sign(CMS_MASTER_LIST, writer_bytes(&list), &by, &w), 0);
	assert_true(writer_done(&w));
	verify_cms(writer_bytes(&w), "2.23.136.1.1.2", writer_bytes(&list));
	read_cms(writer_bytes(&w), CMS_MASTER_LIST, writer_bytes(&list), &by);
	assert_int_equal(cms_parse_master_list(writer_bytes(&list), &certificates), 0);
	assert_true(bytes_equal(certificates, root.bytes));
	assert_int_equal(cms_parse_master_list(root.bytes, &certificates), ERR_FORMAT);
}

static void test_signer_refused(void **state)
{
	static uint8_t memory[16384];
	struct cms_signer by = { .scheme = schemes[0] };
	struct bytes content = bytes_of_string("x");
	struct writer w;

	by.key = make(X509_DOCUMENT_SIGNER, &schemes[10]);
	by.certificate = signer.bytes;
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cms_sign(CMS_SECURITY_OBJECT, content, &by, &w), ERR_UNSUPPORTED);
	by.scheme = schemes[10];
	by.certificate.len--;
	writer_init(&w, memory, sizeof memory);
	assert_int_equal(cms_sign(CMS_SECURITY_OBJECT, content, &by, &w), ERR_FORMAT);
	by.certificate.len++;
	writer_init(&w, memory, 500);
	assert_int_equal(cms_sign(CMS_SECURITY_OBJECT, content, &by, &w), ERR_LIMIT);
}

static struct x509_crl_fields crl_fields(struct bytes issuer)
{
	return (struct x509_crl_fields){ .issuer = issuer,
		.this_update = { 2026, 1, 1 },
		.next_update = { 2026, 4, 1 },
		.number = 300,
		.serials = { BYTES_OF_ARRAY(serial), bytes_of_string("a") },
		.n_serials = 2 };
}

static void test_crl(void **state)
{
	static const size_t used[] = { 0, 2, 10 }; /* of the schemes: RSA and ECDSA */
	static uint8_t memory[X509_SIZE_MAX];

	for (size_t i = 0; i < COUNT(used); i++) {
		const unsigned char *data = memory;
		const struct sign_scheme *scheme = &schemes[used[i]];
		struct x509_crl_fields f;
		struct x509 issuer;
		struct writer w;
		X509_CRL *crl;
		X509 *ca;

		make(X509_DOCUMENT_SIGNER, scheme);
		assert_int_equal(x509_parse(root.bytes, &issuer), 0);
		f = crl_fields(issuer.subject);
		f.n_serials = i; /* none, one, two */
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(
		    x509_write_crl(&f, scheme->ec ? &ec_keys[0] : &rsa_keys[0], scheme, &w), 0);
		crl = d2i_X509_CRL(NULL, &data, (long)w.len);
		assert_non_null(crl);
		assert_ptr_equal(data, memory + w.len);
		ca = openssl_read(root.bytes);
		assert_int_equal(X509_CRL_verify(crl, X509_get0_pubkey(ca)), 1);
		assert_int_equal(
		    sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl)), i == 0 ? -1 : (int)i);
		assert_int_equal(X509_CRL_get_version(crl), 1);
		assert_int_equal(X509_CRL_get_ext_count(crl), 2);
		X509_free(ca);
		X509_CRL_free(crl);
	}
}

static void test_crl_refused(void **state)
{
	static const uint8_t zero[] = { 0, 1 };
	static const uint8_t too_long[X509_SERIAL_MAX + 1] = { 1 };
	static struct x509_crl_fields bad[6];
	uint8_t memory[512];
	struct writer w;

	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = crl_fields(bytes_of_string("issuer"));
	bad[0].issuer = bytes_of(NULL, 0);
	bad[1].this_update.month = 13;
	bad[2].next_update.year = 0;
	bad[3].serials[1] = BYTES_OF_ARRAY(zero);
	bad[4].serials[1] = BYTES_OF_ARRAY(too_long);
	bad[5].n_serials = X509_REVOKED_MAX + 1;
	for (size_t i = 0; i < COUNT(bad); i++) {
		writer_init(&w, memory, sizeof memory);
		assert_int_equal(
		    x509_write_crl(&bad[i], &ec_keys[0], &schemes[10], &w), ERR_FORMAT);
		assert_int_equal(w.len, 0);
	}
	bad[0] = crl_fields(bytes_of_string("issuer"));
	assert_int_equal(x509_write_crl(&bad[0], &ec_keys[0], &schemes[2], &w), ERR_UNSUPPORTED);
	writer_init(&w, memory, 60);
	assert_int_equal(x509_write_crl(&bad[0], &ec_keys[0], &schemes[10], &w), ERR_LIMIT);
}

static void test_words(void **state)
{
	char name[X509_NAME_SIZE];
	char day[DATE_TEXT_SIZE];
	enum digest_kind digest;
	struct x509_extension extension;
	struct x509 x509;
	size_t n = 0;

	make(X509_DOCUMENT_SIGNER, &schemes[2]);
	assert_int_equal(x509_parse(signer.bytes, &x509), 0);
	assert_string_equal(x509_name_text(x509.subject, name), "C=UT, O=Specimen, CN=Signer 1");
	assert_string_equal(x509_name_text(bytes_of_string("?"), name), "?");
	assert_string_equal(x509_time_text(x509.not_after, day), "2049-12-31");
	assert_string_equal(x509_time_text(bytes_of_string("20991231235959Z"), day), "2099-12-31");
	assert_string_equal(x509_time_text(bytes_of_string("991231235959Z"), day), "1999-12-31");
	assert_string_equal(x509_time_text(bytes_of_string("9912312359"), day), "?");
	assert_string_equal(x509_time_text(bytes_of_string("99X231235959Z"), day), "?");
	while (x509_take_extension(&x509.extensions, &extension))
		n++;
	assert_int_equal(n, 8);
	assert_int_equal(x509.extensions.len, 0);
	assert_true(algorithm_digest_find("sha512", &digest) && digest == DIGEST_SHA512);
	assert_true(algorithm_digest_find(algorithm_digest_name(DIGEST_SHA1), &digest));
	assert_int_equal(digest, DIGEST_SHA1);
	assert_false(algorithm_digest_find("md5", &digest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schemes),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_sod),
		cmocka_unit_test(test_lds),
		cmocka_unit_test(test_lds_read),
		cmocka_unit_test(test_lds_refused),
		cmocka_unit_test(test_crl),
		cmocka_unit_test(test_crl_refused),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_card_security),
		cmocka_unit_test(test_master_list),
		cmocka_unit_test(test_signer_refused),
	};

	return cmocka_run_group_tests_name("x509", tests, setup, teardown);
}
