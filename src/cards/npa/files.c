/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EFs of the card, and how they grow: other than with the generic card a new address may be longer than the old one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/contents.h"
#include "base/err.h"
#include "cards/iso7816/iso7816.h"
#include "cards/npa/internal.h"
#include "fs/transparent.h"
#include "iso7816/tlv.h"
#include "pki/pem.h"
#include "pki/x509.h"

/* WRITE is no command of this card; data units are bytes. */
#define DATA_CODING 0x00

int npa_load_file(
    const struct npa_maker *maker, const char *option, const char *path, struct buffer *out)
{
	int r = contents_load(path, out);

	if (r == ERR_IO)
		return card_setup_fail(
		    maker->setup, r, "--%s %s: %s", option, path, strerror(errno));
	if (r == ERR_LIMIT)
		return card_setup_fail(maker->setup, r, "--%s %s: a file has at most %zu bytes",
		    option, path, out->max);
	if (r == 0 && out->len == 0)
		return card_setup_fail(
		    maker->setup, ERR_FORMAT, "--%s %s: the file is empty", option, path);
	return r;
}

/* Text becomes what it stands for. */
static int decode_pem(struct buffer *file)
{
	struct bytes rest = buffer_bytes(file);
	char label[PEM_LABEL_SIZE];
	uint8_t *memory;
	struct writer der;
	int r;

	if (!pem_is_text(rest))
		return 0;
	memory = malloc(rest.len);
	if (memory == NULL)
		return ERR_NO_MEMORY;
	writer_init(&der, memory, rest.len);
	r = pem_take(&rest, label, &der);
	if (r == 0)
		r = buffer_set(file, writer_bytes(&der));
	free(memory);
	return r;
}

int npa_load_certificate(
    const struct npa_maker *maker, const char *option, const char *path, struct buffer *out)
{
	struct x509 x509;
	int r = npa_load_file(maker, option, path, out);

	if (r < 0)
		return r;
	r = decode_pem(out);
	if (r == ERR_NO_MEMORY)
		return r;
	if (r < 0 || x509_parse(buffer_bytes(out), &x509) < 0)
		return card_setup_fail(maker->setup, ERR_FORMAT,
		    "--%s %s: this is no X.509 certificate", option, path);
	return 0;
}

int npa_add_file(struct card *card, struct file *df, const struct npa_file *file)
{
	const struct fs_parameters parameters = { .descriptor = FCP_DESCRIPTOR_TRANSPARENT,
		.data_coding = DATA_CODING,
		.fid = file->fid,
		.sfi = file->sfi,
		.life_cycle = FCP_LIFE_CYCLE_ACTIVATED,
		.size = file->contents.len };
	struct file *made;
	int r = fs_create(card_files(card), df, &parameters, &made);

	if (r < 0)
		return r;
	return transparent_update(made, 0, file->contents) == SW_OK ? 0 : ERR_LIMIT;
}

/* A file that is one whole data object ends with it. */
static void cut_after_object(struct file *file)
{
	struct bytes contents;
	struct tlv tlv;

	if (transparent_read(file, 0, transparent_size(file), &contents) != SW_OK ||
	    !tlv_take(&contents, &tlv) || contents.len == 0)
		return;
	/* Without memory for less it stays longer, with what was there. */
	if (transparent_resize(file, tlv.whole.len) < 0)
		return;
}

/* UPDATE BINARY: what does not fit makes the file longer; a shorter data object than before makes it shorter. */
enum sw npa_update_binary(struct card *card, const struct apdu *apdu, struct writer *out)
{
	struct file *file = card_target_file(card);
	size_t size = transparent_size(file);
	struct binary_request request;
	enum sw sw = binary_decode(apdu, &request);

	if (sw != SW_OK)
		return sw;
	if (request.has_end)
		return SW_WRONG_DATA;
	if (request.data.len == 0)
		return SW_WRONG_LENGTH;
	if (request.offset > size)
		return SW_WRONG_OFFSET;
	if (request.data.len > NPA_FILE_MAX - request.offset)
		return SW_NOT_ENOUGH_MEMORY;
	if (request.offset + request.data.len > size) {
		sw = sw_of(transparent_resize(file, request.offset + request.data.len));
		if (sw != SW_OK)
			return sw;
	}
	sw = transparent_update(file, request.offset, request.data);
	if (sw == SW_OK)
		cut_after_object(file);
	return sw;
}
