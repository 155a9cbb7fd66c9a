/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the card trusts (BSI TR-03110-3, 2.6): the CVCAs of the specimen PKI or those that are given, and the day that it
 * believes in: not before any of them was made. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "auth/trust_points.h"
#include "base/contents.h"
#include "base/err.h"
#include "cards/npa/internal.h"
#include "iso7816/tlv.h"
#include "pki/cvc.h"
#include "specimen/specimen.h"

#define PATH_SIZE 4096
#define TOTAL_MAX 64 /* CVCAs that are looked at */
#define TAG_CERTIFICATE 0x7F21
#define TAG_SIGNATURE 0x5F37

struct point {
	struct buffer certificate;
	struct cvc cvc; /* views into that */
};

struct points {
	struct point list[TOTAL_MAX];
	size_t n;
};

/* Whether these bytes are the certificate of a CVCA; *cvc is then what it says. */
static bool is_cvca(struct bytes certificate, struct cvc *cvc)
{
	return cvc_parse(certificate, cvc) == 0 && chat_role(&cvc->chat) == CHAT_CVCA;
}

/* Adds it, if it is a CVCA's that is not there. ERR_FORMAT: it is none. */
static int add(struct points *points, struct bytes certificate)
{
	struct point *point = &points->list[points->n];
	struct cvc cvc;
	int r;

	if (!is_cvca(certificate, &cvc))
		return ERR_FORMAT;
	for (size_t i = 0; i < points->n; i++) {
		if (bytes_equal(buffer_bytes(&points->list[i].certificate), certificate))
			return 0;
	}
	if (points->n == TOTAL_MAX)
		return ERR_LIMIT;
	buffer_init(&point->certificate, CVC_SIZE_MAX);
	r = buffer_set(&point->certificate, certificate);
	if (r < 0)
		return r;
	(void)is_cvca(buffer_bytes(&point->certificate), &point->cvc);
	points->n++;
	return 0;
}

static int add_specimens(struct points *points)
{
	static const enum specimen_name names[] = { SPECIMEN_CVCA_IS, SPECIMEN_CVCA_AT,
		SPECIMEN_CVCA_ST };
	int r = 0;

	for (size_t i = 0; r == 0 && i < COUNT(names); i++)
		r = add(points, specimen_file(names[i]));
	return r;
}

static int add_given(const struct npa_maker *maker, struct points *points)
{
	struct buffer certificate;
	int r = 0;

	buffer_init(&certificate, CVC_SIZE_MAX);
	for (size_t i = 0; r == 0 && i < maker->options->n_cvcas; i++) {
		const char *path = maker->options->cvcas[i];

		r = npa_load_file(maker, "cvca", path, &certificate);
		if (r < 0)
			break;
		r = add(points, buffer_bytes(&certificate));
		if (r == ERR_FORMAT)
			r = card_setup_fail(maker->setup, r,
			    "--cvca %s: this is no CV certificate of a CVCA", path);
	}
	buffer_done(&certificate);
	return r;
}

/* What else lies in the folder, certificates of document verifiers and terminals say, is passed over; the others are counted. */
static int add_file(const char *folder, const char *name, struct points *points, size_t *found)
{
	char path[PATH_SIZE];
	struct buffer certificate;
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);
	struct stat status;
	int r;

	/* Whoever opens a pipe waits until somebody writes into it. */
	if (n < 0 || (size_t)n >= sizeof path || name[0] == '.' || stat(path, &status) != 0 ||
	    !S_ISREG(status.st_mode))
		return 0;
	buffer_init(&certificate, CVC_SIZE_MAX);
	r = contents_load(path, &certificate);
	if (r == 0)
		r = add(points, buffer_bytes(&certificate));
	buffer_done(&certificate);
	*found += r == 0;
	return r == ERR_NO_MEMORY ? r : 0;
}

static int add_folder(const struct npa_maker *maker, struct points *points)
{
	const char *folder = maker->options->cvc_dir;
	size_t found = 0;
	const struct dirent *entry;
	DIR *dir = folder != NULL ? opendir(folder) : NULL;
	int r = 0;

	if (folder == NULL)
		return 0;
	if (dir == NULL)
		return card_setup_fail(
		    maker->setup, ERR_IO, "--cvc-dir %s: %s", folder, strerror(errno));
	while (r == 0 && (entry = readdir(dir)) != NULL)
		r = add_file(folder, entry->d_name, points, &found);
	(void)closedir(dir);
	if (r == 0 && found == 0)
		r = card_setup_fail(maker->setup, ERR_FORMAT,
		    "--cvc-dir %s: there is no CV certificate of a CVCA in it", folder);
	return r;
}

static int newest_first(const void *a, const void *b)
{
	const struct point *x = a;
	const struct point *y = b;

	return date_compare(y->cvc.effective, x->cvc.effective);
}

/* The same CVCA's certificate for terminals of this kind, with all rights: without the checks of Terminal Authentication it
 * is good for any. That it is signed no more does not matter, since a trust point is trusted as it is. */
static int widen(const struct cvc *cvc, enum chat_type type, struct writer *out)
{
	struct cvc wide = *cvc;
	int r;

	wide.chat.type = type;
	memset(wide.chat.bits, 0xFF, sizeof wide.chat.bits);
	tlv_open(out, TAG_CERTIFICATE);
	r = cvc_put_body(&wide, out);
	tlv_put(out, TAG_SIGNATURE, cvc->signature);
	tlv_close(out);
	if (r < 0)
		return r;
	return writer_done(out) ? 0 : ERR_LIMIT;
}

/* What is there already, or is older than what there is room for, does not matter. */
static int trust_one(struct card *card, struct bytes certificate)
{
	int r = eac_add_trust_point(card, certificate);

	return r == ERR_EXISTS || r == ERR_LIMIT ? 0 : r;
}

/* The others, as far as those of this kind leave room. */
static int trust_widened(struct card *card, const struct points *points, enum chat_type type)
{
	uint8_t memory[CVC_SIZE_MAX];
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < points->n; i++)
		n += points->list[i].cvc.chat.type == type;
	for (size_t i = 0; r == 0 && i < points->n && n < TRUST_POINTS_MAX; i++) {
		const struct cvc *cvc = &points->list[i].cvc;
		struct writer w;

		if (cvc->chat.type == type)
			continue;
		writer_init(&w, memory, sizeof memory);
		r = widen(cvc, type, &w);
		if (r == 0)
			r = trust_one(card, writer_bytes(&w));
		n++;
	}
	return r;
}

/* The newest ones of each kind. */
static int trust(const struct npa_maker *maker, struct points *points)
{
	struct date day = card_date(maker->card);
	int r = 0;

	qsort(points->list, points->n, sizeof points->list[0], newest_first);
	for (size_t i = 0; r == 0 && i < points->n; i++) {
		const struct point *point = &points->list[i];

		r = trust_one(maker->card, buffer_bytes(&point->certificate));
		if (maker->setup->date.year == 0 && date_compare(point->cvc.effective, day) > 0)
			day = point->cvc.effective;
	}
	for (enum chat_type type = 0; type < CHAT_TYPES; type++) {
		if (r == 0 && maker->options->disable_ta_checks)
			r = trust_widened(maker->card, points, type);
	}
	card_set_date(maker->card, day);
	return r;
}

int npa_make_trust(const struct npa_maker *maker)
{
	struct points *points = calloc(1, sizeof *points);
	int r;

	if (points == NULL)
		return ERR_NO_MEMORY;
	r = maker->options->n_cvcas > 0 ? add_given(maker, points) : add_specimens(points);
	if (r == 0)
		r = add_folder(maker, points);
	if (r == 0)
		r = trust(maker, points);
	for (size_t i = 0; i < points->n; i++)
		buffer_done(&points->list[i].certificate);
	free(points);
	if (r < 0)
		return r;
	eac_offer_terminal_auth(maker->card, 1U << 2);
	if (maker->options->disable_ta_checks)
		eac_ignore_dates(maker->card);
	return 0;
}
