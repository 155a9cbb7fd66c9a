/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What document and master list signers sign: EF.SOD, EF.CardSecurity, master lists. */
#include "base/err.h"
#include "base/log.h"
#include "pki/cms_read.h"
#include "pki/security_info.h"
#include "vicc-pki/commands.h"
#include "vicc-pki/days.h"
#include "vicc-pki/keys.h"
#include "vicc-pki/party.h"

/* The files of one piece of work. */
struct work {
	const struct settings *settings;
	struct random *random;
	struct party party;
	struct buffer added; /* --add-certificate */
	struct cms_signer signer;
	struct output content, output;
};

static bool load_signer(struct work *work)
{
	const struct settings *s = work->settings;
	struct x509 added;

	if (!party_load(work->random, s->signer, s->signer_key, &work->party))
		return false;
	if ((s->add_certificate == NULL ||
	        party_certificate(s->add_certificate, &work->added, &added)) &&
	    keys_scheme(s, &work->party.key, &work->signer.scheme))
		return true;
	party_done(&work->party);
	return false;
}

static bool begin(const struct settings *settings, struct work *work)
{
	*work = (struct work){ .settings = settings };
	if (!files_may_write(settings->out, settings->force) || !output_init(&work->content) ||
	    !output_init(&work->output) || random_new(bytes_of(NULL, 0), &work->random) < 0 ||
	    !load_signer(work)) {
		output_done(&work->content);
		output_done(&work->output);
		buffer_done(&work->added);
		random_free(work->random);
		return false;
	}
	work->signer.key = &work->party.key;
	work->signer.certificate = buffer_bytes(&work->party.file);
	work->signer.issuer_certificate = buffer_bytes(&work->added);
	work->signer.day = settings->from.year != 0 ? settings->from : days_today();
	return true;
}

/* Writes what there is, unless something was wrong. */
static bool end(struct work *work, int r, const char *label)
{
	bool good = r == 0;

	if (r < 0)
		log_error("cannot sign: %s", err_text(r));
	good =
	    good && output_save(&work->output, work->settings->out, label, work->settings->force);
	output_done(&work->content);
	output_done(&work->output);
	buffer_done(&work->added);
	party_done(&work->party);
	random_free(work->random);
	return good;
}

static bool read_groups(
    const struct settings *s, struct buffer files[CMS_DATA_GROUPS_MAX], struct cms_lds *lds)
{
	for (size_t i = 0; i < CMS_DATA_GROUPS_MAX; i++) {
		if (s->data_groups[i] == NULL)
			continue;
		if (!files_read(s->data_groups[i], &files[i]))
			return false;
		lds->data_groups[i] = buffer_bytes(&files[i]);
	}
	return true;
}

bool command_sod(const struct settings *settings)
{
	struct buffer files[CMS_DATA_GROUPS_MAX] = { { 0 } };
	struct cms_lds lds = { .version = settings->lds_version == 108 ? 1 : 0,
		.lds_version = "0108",
		.unicode_version = "040000" };
	struct work work;
	bool good = false;

	if (read_groups(settings, files, &lds) && begin(settings, &work)) {
		lds.digest = work.signer.scheme.digest;
		good = end(&work, cms_put_sod(&lds, &work.signer, &work.output.w), NULL);
	}
	for (size_t i = 0; i < CMS_DATA_GROUPS_MAX; i++)
		buffer_done(&files[i]);
	return good;
}

bool command_card_security(const struct settings *settings)
{
	struct security_info infos[SECURITY_INFOS_MAX];
	struct buffer file;
	struct work work;
	bool good = false;
	size_t n;

	if (!files_read(settings->security_infos, &file)) {
		buffer_done(&file);
		return false;
	}
	if (security_infos_parse(buffer_bytes(&file), infos, &n) < 0)
		log_error("%s: not SecurityInfos, a SET of SEQUENCEs that begin with an object "
		          "identifier",
		    settings->security_infos);
	else if (begin(settings, &work))
		good = end(&work,
		    cms_sign(
		        CMS_SECURITY_OBJECT, buffer_bytes(&file), &work.signer, &work.output.w),
		    NULL);
	buffer_done(&file);
	return good;
}

/* All certificates, one behind the other. */
static bool read_certificates(const struct settings *s, struct buffer *all)
{
	struct buffer file;
	struct x509 x509;

	buffer_init(all, FILES_SIZE_MAX);
	for (size_t i = 0; i < s->n_files; i++) {
		int r;

		if (!party_certificate(s->files[i], &file, &x509))
			return false;
		r = buffer_append(all, x509.whole);
		buffer_done(&file);
		if (r < 0) {
			log_error("%s: %s", s->files[i], err_text(r));
			return false;
		}
	}
	return true;
}

bool command_master_list(const struct settings *settings)
{
	struct buffer all;
	struct work work;
	bool good = false;
	int r;

	if (read_certificates(settings, &all) && begin(settings, &work)) {
		r = cms_put_master_list(buffer_bytes(&all), &work.content.w);
		if (r == 0)
			r = cms_sign(CMS_MASTER_LIST, writer_bytes(&work.content.w), &work.signer,
			    &work.output.w);
		good = end(&work, r, NULL);
	}
	buffer_done(&all);
	return good;
}
