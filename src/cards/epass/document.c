/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Personalisation: the files of a passport (ICAO 9303-10) out of what options say. What is given is served as it is; the rest is
 * made, and EF.SOD signed last. */
#include "cards/epass/document.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/contents.h"
#include "base/err.h"
#include "base/secret.h"
#include "cards/epass/sign.h"
#include "iso7816/tlv.h"
#include "lds/biometric.h"
#include "pki/cvc.h"
#include "pki/public_key.h"
#include "specimen/specimen.h"

#define SCRATCH_SIZE (BIOMETRIC_PICTURE_MAX + 65536)
#define AID_COUNT 1
#define WHY_SIZE 128   /* what is wrong with a file */
#define OPTION_SIZE 32 /* "--dg 16=", and any other number */
#define CAN_SPECIMEN "123456"
#define PROTOCOLS_DEFAULT                                                                          \
	"bac,pace-gm:13:aes-128,pace-cam:13:aes-128,aa:rsa:sha-256,ca:13:aes-256,ta"

/* The passport of Utopia (9303-4, appendix A). */
#define MRZ_SPECIMEN                                                                               \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"

static const struct lds_person person = {
	.name = "ERIKSSON<<ANNA<MARIA",
	.personal_number = "ZE184226B",
	.birth = "19740812",
	.birth_place = "ZENITH<UTOPIA",
};
static const struct lds_document passport = { .authority = "SPECIMEN AUTHORITY OF UTOPIA",
	.issued = "20020415" };

struct maker {
	const struct epass_options *options;
	struct random *random;
	struct epass_document *document;
	struct writer scratch;
	char *error; /* CARD_ERROR_SIZE bytes */
};

static int fail(const struct maker *maker, int r, const char *format, ...) PRINTF_LIKE(3, 4);

static int fail(const struct maker *maker, int r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(maker->error, CARD_ERROR_SIZE, format, args);
	va_end(args);
	return r;
}

/* ERR_*: why says it of the file. */
static int load(const char *path, struct buffer *out, char why[WHY_SIZE])
{
	int r = contents_load(path, out);

	if (r == ERR_LIMIT)
		(void)snprintf(why, WHY_SIZE, "is longer than %zu bytes", out->max);
	else if (r < 0)
		(void)snprintf(why, WHY_SIZE, "%s", r == ERR_IO ? strerror(errno) : err_text(r));
	return r;
}

static int load_picture(
    const char *path, struct buffer *file, struct picture *out, char why[WHY_SIZE])
{
	int r = load(path, file, why);

	if (r < 0)
		return r;
	r = picture_parse(buffer_bytes(file), out);
	if (r == ERR_LIMIT)
		(void)snprintf(why, WHY_SIZE, "is wider or higher than 65535");
	else if (r < 0)
		(void)snprintf(
		    why, WHY_SIZE, "is not a JPEG or JPEG 2000 picture, or its end is missing");
	return r;
}

static bool has(const struct maker *maker, enum lds_id id)
{
	return maker->document->files[id].len > 0;
}

/* Whether all that the specimen has is wanted, as far as nothing else is given. */
static bool is_specimen(const struct maker *maker)
{
	return maker->options->specimen || epass_options_are_bare(maker->options);
}

/* What has been written to the scratch becomes the file. */
static int keep(struct maker *maker, enum lds_id id, int r)
{
	if (r == 0 && !writer_done(&maker->scratch))
		r = ERR_LIMIT;
	if (r == 0)
		r = buffer_set(&maker->document->files[id], writer_bytes(&maker->scratch));
	if (r < 0 && maker->error[0] == '\0')
		(void)fail(maker, r, "%s: %s", lds_file(id)->name, err_text(r));
	writer_reset(&maker->scratch);
	return r;
}

/* The option is as it stands before the name of the file. */
static int take_file(struct maker *maker, enum lds_id id, const char *option, const char *path)
{
	const struct lds_file *file = lds_file(id);
	struct buffer *out = &maker->document->files[id];
	char why[WHY_SIZE];
	int r = path != NULL ? load(path, out, why) : 0;

	if (r < 0)
		return fail(maker, r, "%s%s: %s", option, path, why);
	if (path != NULL && !lds_is_file(id, buffer_bytes(out)))
		return fail(maker, ERR_FORMAT,
		    "%s%s: is not %s, one data object %02X and nothing behind it", option, path,
		    file->name, (unsigned)file->tag);
	return 0;
}

static int take_files(struct maker *maker)
{
	const struct epass_options *options = maker->options;
	char option[OPTION_SIZE];
	int r = take_file(maker, LDS_COM, "--com ", options->com);

	if (r == 0)
		r = take_file(maker, LDS_SOD, "--sod ", options->sod);
	for (int i = LDS_DG1; r == 0 && i <= LDS_DATA_GROUPS; i++) {
		(void)snprintf(option, sizeof option, "--dg %d=", i);
		r = take_file(maker, (enum lds_id)i, option, options->dg[i]);
	}
	return r;
}

/* Which protocols there are: those that are asked for, or all that do not need a private key that we have not. */
static int choose_protocols(struct maker *maker)
{
	const struct epass_options *options = maker->options;
	struct epass_protocols *list = &maker->document->protocols;
	int r;

	*list = options->protocols;
	if (options->has_protocols)
		return 0;
	r = epass_protocols_parse(PROTOCOLS_DEFAULT, list, maker->error, CARD_ERROR_SIZE);
	if (has(maker, LDS_SOD) || has(maker, LDS_DG15))
		epass_protocols_drop(list, EPASS_AA);
	if (!has(maker, LDS_SOD) && !has(maker, LDS_DG14))
		return r;
	epass_protocols_drop(list, EPASS_PACE_CAM);
	epass_protocols_drop(list, EPASS_CA);
	epass_protocols_drop(list, EPASS_TA);
	return r;
}

/* Of --mrz, of data group 1, of the specimen. */
static int find_mrz(struct maker *maker)
{
	struct epass_document *document = maker->document;
	struct bytes dg1 = buffer_bytes(&document->files[LDS_DG1]);
	char why[MRZ_ERROR_SIZE];

	if (maker->options->has_mrz)
		document->mrz = maker->options->mrz;
	else if (dg1.len == 0)
		return mrz_parse(bytes_of_string(MRZ_SPECIMEN), &document->mrz, why);
	else if (lds_parse_dg1(dg1, &document->mrz, why) < 0)
		return fail(maker, ERR_FORMAT, "--dg 1=%s: %s", maker->options->dg[LDS_DG1], why);
	return 0;
}

static int make_dg1(struct maker *maker)
{
	if (has(maker, LDS_DG1))
		return 0;
	lds_put_dg1(&maker->document->mrz, &maker->scratch);
	return keep(maker, LDS_DG1, 0);
}

static int make_picture(
    struct maker *maker, enum lds_id id, enum biometric_type type, enum specimen_name specimen)
{
	struct picture picture;
	int r = picture_parse(specimen_file(specimen), &picture);

	if (r == 0)
		r = biometric_put(type, &picture, &maker->scratch);
	return keep(maker, id, r);
}

static int make_dg2(struct maker *maker)
{
	const char *path = maker->options->picture;
	struct picture picture;
	struct buffer file;
	char why[WHY_SIZE];
	int r;

	if (has(maker, LDS_DG2))
		return 0;
	if (path == NULL)
		return make_picture(maker, LDS_DG2, BIOMETRIC_FACE, SPECIMEN_PORTRAIT);
	buffer_init(&file, BIOMETRIC_PICTURE_MAX);
	r = load_picture(path, &file, &picture, why);
	if (r < 0)
		(void)fail(maker, r, "--picture %s: %s", path, why);
	else
		r = biometric_put(BIOMETRIC_FACE, &picture, &maker->scratch);
	r = keep(maker, LDS_DG2, r);
	buffer_done(&file);
	return r;
}

int epass_check_picture(const char *path, char error[CARD_ERROR_SIZE])
{
	struct picture picture;
	struct buffer file;
	char why[WHY_SIZE];
	int r;

	buffer_init(&file, BIOMETRIC_PICTURE_MAX);
	r = load_picture(path, &file, &picture, why);
	if (r < 0)
		(void)snprintf(error, CARD_ERROR_SIZE, "%s: %s", path, why);
	buffer_done(&file);
	return r;
}

/* The data groups that only the specimen has. Those about the holder are hers alone. */
static int make_specimen(struct maker *maker)
{
	bool hers = strcmp(maker->document->mrz.text, MRZ_SPECIMEN) == 0;
	int r = 0;

	if (!is_specimen(maker))
		return 0;
	if (!has(maker, LDS_DG3))
		r = make_picture(maker, LDS_DG3, BIOMETRIC_FINGER, SPECIMEN_FINGER);
	if (r == 0 && !has(maker, LDS_DG4))
		r = make_picture(maker, LDS_DG4, BIOMETRIC_IRIS, SPECIMEN_IRIS);
	if (r == 0 && hers && !has(maker, LDS_DG11)) {
		lds_put_dg11(&person, &maker->scratch);
		r = keep(maker, LDS_DG11, 0);
	}
	if (r == 0 && hers && !has(maker, LDS_DG12)) {
		lds_put_dg12(&passport, &maker->scratch);
		r = keep(maker, LDS_DG12, 0);
	}
	return r;
}

/* The key of Active Authentication, and DG15 with its public part. */
static int make_dg15(struct maker *maker)
{
	struct epass_document *document = maker->document;
	struct sign_key key = { 0 };
	size_t i = 0;
	int r;

	while (i < document->protocols.n && document->protocols.entries[i].protocol != EPASS_AA)
		i++;
	if (i == document->protocols.n)
		return 0;
	document->active_auth.ec = document->protocols.entries[i].ec;
	document->active_auth.digest = document->protocols.entries[i].digest;
	document->active_auth_key = specimen_file(
	    document->active_auth.ec ? SPECIMEN_ACTIVE_AUTH_EC_KEY : SPECIMEN_ACTIVE_AUTH_RSA_KEY);
	r = sign_key_read(maker->random, document->active_auth_key, &key);
	if (r < 0)
		return r;
	tlv_open(&maker->scratch, lds_file(LDS_DG15)->tag);
	r = public_key_put(&maker->scratch, &key, CURVE_EXPLICIT);
	if (r == 0)
		tlv_close(&maker->scratch);
	sign_key_done(&key);
	return keep(maker, LDS_DG15, r);
}

static int make_dg14(struct maker *maker)
{
	int r = epass_make_keys(maker->document, maker->random);

	if (r < 0 || has(maker, LDS_DG14) || has(maker, LDS_SOD) ||
	    !epass_has_dg14(maker->document))
		return r;
	return keep(maker, LDS_DG14, epass_put_dg14(maker->document, &maker->scratch));
}

static const char *lds_version(const struct maker *maker)
{
	const char *version = maker->options->lds_version;

	return version != NULL ? version : LDS_VERSION_1_7;
}

static int make_com(struct maker *maker)
{
	struct lds_com com = { .version = lds_version(maker) };

	if (has(maker, LDS_COM))
		return 0;
	for (int i = LDS_DG1; i <= LDS_DATA_GROUPS; i++)
		com.has[i] = has(maker, (enum lds_id)i);
	lds_put_com(&com, &maker->scratch);
	return keep(maker, LDS_COM, 0);
}

static enum digest_kind digest_of(const struct epass_options *options)
{
	return options->has_digest ? options->digest : DIGEST_SHA256;
}

static int make_sod(struct maker *maker, const struct epass_signer *signer)
{
	const struct epass_options *options = maker->options;
	struct cms_lds lds = { .version = options->lds_version != NULL &&
		    strcmp(options->lds_version, LDS_VERSION_1_8) == 0,
		.digest = digest_of(options),
		.lds_version = lds_version(maker),
		.unicode_version = LDS_UNICODE_VERSION };

	if (has(maker, LDS_SOD))
		return 0;
	for (int i = LDS_DG1; i <= LDS_DATA_GROUPS; i++)
		lds.data_groups[i - 1] = buffer_bytes(&maker->document->files[i]);
	return keep(maker, LDS_SOD, epass_sign_sod(signer, &lds, &maker->scratch));
}

static int make_card_security(struct maker *maker, const struct epass_signer *signer)
{
	uint8_t memory[SECURITY_INFOS_SIZE_MAX];
	struct writer content;
	int r;

	if (!epass_protocols_has(&maker->document->protocols, EPASS_PACE_CAM))
		return 0;
	writer_init(&content, memory, sizeof memory);
	r = epass_put_card_security(maker->document, &content);
	if (r == 0)
		r = epass_sign_security(
		    signer, writer_bytes(&content), digest_of(maker->options), &maker->scratch);
	return keep(maker, LDS_CARD_SECURITY, r);
}

static int make_mf(struct maker *maker)
{
	const struct epass_protocols *list = &maker->document->protocols;
	int r = 0;

	if (epass_protocols_has_pace(list))
		r = keep(maker, LDS_CARD_ACCESS,
		    epass_put_card_access(maker->document, &maker->scratch));
	if (r == 0) {
		lds_put_dir(&lds_aid, AID_COUNT, &maker->scratch);
		r = keep(maker, LDS_DIR, 0);
	}
	return r;
}

/* A trust point is a certificate of a CVCA of inspection systems; the chip keeps those of two. */
static int add_trust_point(struct maker *maker, const char *path, struct bytes certificate)
{
	struct cvc cvc;
	int r = cvc_parse(certificate, &cvc);

	if (r == 0 && cvc.chat.type != CHAT_IS)
		r = ERR_FORMAT;
	if (r == 0)
		r = trust_points_add(&maker->document->trust, certificate);
	if (r == ERR_FORMAT || r == ERR_UNSUPPORTED)
		return fail(maker, r,
		    "--cvca %s: is not the card verifiable certificate of a CVCA for inspection "
		    "systems, "
		    "with domain parameters",
		    path);
	if (r == ERR_EXISTS)
		return fail(
		    maker, r, "--cvca %s: has the same name as the trust point before it", path);
	return r;
}

static int take_trust_point(struct maker *maker, const char *path)
{
	struct buffer file;
	char why[WHY_SIZE];
	int r;

	buffer_init(&file, CVC_SIZE_MAX);
	r = load(path, &file, why);
	if (r < 0)
		(void)fail(maker, r, "--cvca %s: %s", path, why);
	else
		r = add_trust_point(maker, path, buffer_bytes(&file));
	buffer_done(&file);
	return r;
}

/* And EF.CVCA, which names them: the card writes it. */
static int make_terminal_auth(struct maker *maker)
{
	const struct epass_options *options = maker->options;
	size_t n = options->n_trust_points;
	int r = 0;

	if (!epass_protocols_has(&maker->document->protocols, EPASS_TA))
		return 0;
	if (n == 0)
		r = trust_points_add(&maker->document->trust, specimen_file(SPECIMEN_CVCA_IS));
	for (size_t i = 0; r == 0 && i < n; i++)
		r = take_trust_point(maker, options->trust_points[i]);
	if (r < 0)
		return r;
	lds_put_cvca(bytes_of(NULL, 0), bytes_of(NULL, 0), &maker->scratch);
	return keep(maker, LDS_CVCA, 0);
}

static int make_signed(struct maker *maker)
{
	struct epass_signer *signer = NULL;
	int r = epass_signer_new(maker->options, maker->random, &signer, maker->error);

	if (r == 0)
		r = make_sod(maker, signer);
	if (r == 0)
		r = make_card_security(maker, signer);
	epass_signer_free(signer);
	return r;
}

static void set_can(struct maker *maker)
{
	const struct epass_options *options = maker->options;
	const char *can = options->can;

	if (can == NULL && !options->has_mrz && options->sod == NULL)
		can = CAN_SPECIMEN;
	if (can != NULL)
		memcpy(maker->document->can, can, EPASS_CAN_SIZE);
}

static int make(struct maker *maker)
{
	static int (*const steps[])(struct maker *) = { take_files, choose_protocols, find_mrz,
		make_dg1, make_dg2, make_specimen, make_dg15, make_dg14, make_com, make_signed,
		make_mf, make_terminal_auth };
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(steps); i++)
		r = steps[i](maker);
	set_can(maker);
	maker->document->delay = maker->options->delay;
	return r;
}

int epass_document_new(const struct epass_options *options, struct random *random,
    struct epass_document **out, char error[CARD_ERROR_SIZE])
{
	struct maker maker = { .options = options, .random = random, .error = error };
	uint8_t *memory = malloc(SCRATCH_SIZE);
	int r = ERR_NO_MEMORY;

	error[0] = '\0';
	maker.document = calloc(1, sizeof *maker.document);
	if (memory != NULL && maker.document != NULL) {
		writer_init(&maker.scratch, memory, SCRATCH_SIZE);
		for (size_t i = 0; i < LDS_FILES; i++)
			buffer_init(&maker.document->files[i], EPASS_FILE_MAX);
		r = make(&maker);
	}
	free(memory);
	if (r < 0)
		epass_document_free(maker.document);
	else
		*out = maker.document;
	return r;
}

void epass_document_free(struct epass_document *document)
{
	if (document == NULL)
		return;
	for (size_t i = 0; i < LDS_FILES; i++)
		buffer_done(&document->files[i]);
	for (size_t i = 0; i < document->n_keys; i++)
		agreement_done(&document->keys[i].pair);
	secret_wipe(document, sizeof *document); /* MRZ and CAN */
	free(document);
}
