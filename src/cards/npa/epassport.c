/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passport's application on an identity card (BSI TR-03127, 3.2.1): EF.COM, the zone, a face, EF.SOD. Who reads it has come
 * through Extended Access Control 2, so that it has no keys and protocols of its own. */
#include <stdlib.h>

#include "base/err.h"
#include "cards/npa/internal.h"
#include "lds/biometric.h"
#include "lds/lds.h"
#include "specimen/specimen.h"

#define DG1_MAX 128
#define COM_MAX 64

static int add(struct card *card, struct file *df, enum lds_id id, const struct writer *contents)
{
	const struct lds_file *file = lds_file(id);
	const struct npa_file made = { file->fid, file->sfi, writer_bytes(contents) };

	return writer_done(contents) ? npa_add_file(card, df, &made) : ERR_LIMIT;
}

static int add_com(struct card *card, struct file *df)
{
	const struct lds_com com = { .version = LDS_VERSION_1_7,
		.has = { [LDS_DG1] = true, [LDS_DG2] = true } };
	uint8_t memory[COM_MAX];
	struct writer w;

	writer_init(&w, memory, sizeof memory);
	lds_put_com(&com, &w);
	return add(card, df, LDS_COM, &w);
}

static int add_sod(
    struct card *card, struct file *df, const struct cms_lds *lds, struct buffer *memory)
{
	struct sign_key key = { 0 };
	struct cms_signer signer;
	struct writer w;
	int r = buffer_resize(memory, memory->max);

	if (r == 0)
		r = npa_read_signer(card, &key, &signer);
	if (r < 0)
		return r;
	writer_init(&w, memory->data, memory->len);
	r = cms_put_sod(lds, &signer, &w);
	if (r == 0)
		r = add(card, df, LDS_SOD, &w);
	sign_key_done(&key);
	return r;
}

static int put_face(struct buffer *memory, struct writer *out)
{
	struct bytes file = specimen_file(SPECIMEN_PORTRAIT);
	struct picture picture;
	int r = buffer_resize(memory, file.len + BIOMETRIC_OVERHEAD);

	if (r == 0)
		r = picture_parse(file, &picture);
	if (r < 0)
		return r;
	writer_init(out, memory->data, memory->len);
	return biometric_put(BIOMETRIC_FACE, &picture, out);
}

static int add_files(const struct npa_maker *maker, struct file *df, struct buffer memory[2])
{
	struct cms_lds lds = { .digest = DIGEST_SHA256 };
	uint8_t zone[DG1_MAX];
	struct writer dg1, dg2;
	struct mrz mrz;
	int r = npa_read_mrz(maker, &mrz);

	if (r < 0)
		return r;
	writer_init(&dg1, zone, sizeof zone);
	lds_put_dg1(&mrz, &dg1);
	r = put_face(&memory[0], &dg2);
	if (r == 0)
		r = add_com(maker->card, df);
	if (r == 0)
		r = add(maker->card, df, LDS_DG1, &dg1);
	if (r == 0)
		r = add(maker->card, df, LDS_DG2, &dg2);
	if (r < 0)
		return r;
	lds.data_groups[0] = writer_bytes(&dg1);
	lds.data_groups[1] = writer_bytes(&dg2);
	return add_sod(maker->card, df, &lds, &memory[1]);
}

int npa_make_epassport(const struct npa_maker *maker)
{
	const struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_DF,
		.fid = NPA_FID_EPASSPORT,
		.name = lds_aid,
		.life_cycle = FCP_LIFE_CYCLE_ACTIVATED };
	struct fs *fs = card_files(maker->card);
	struct buffer memory[2];
	struct file *df;
	int r;

	if (!maker->options->epassport)
		return 0;
	for (size_t i = 0; i < COUNT(memory); i++)
		buffer_init(&memory[i], NPA_FILE_MAX);
	r = fs_create(fs, fs_mf(fs), &parameters, &df);
	if (r == 0)
		r = add_files(maker, df, memory);
	for (size_t i = 0; i < COUNT(memory); i++)
		buffer_done(&memory[i]);
	return r;
}
