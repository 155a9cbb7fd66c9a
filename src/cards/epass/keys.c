/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chip's static key pairs: one for each set of domain parameters that Chip Authentication or chip authentication
 * mapping is to use. That of the specimen is known to everybody; the others are drawn. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"
#include "cards/epass/document.h"
#include "specimen/specimen.h"

static struct epass_chip_key *key_for(struct epass_document *document, uint8_t id)
{
	struct epass_chip_key *key = document->keys;

	while (key < document->keys + document->n_keys && key->id != id)
		key++;
	if (key == document->keys + document->n_keys) {
		assert(document->n_keys < EPASS_CHIP_KEYS_MAX);
		document->n_keys++;
		key->id = id;
	}
	return key;
}

/* The numbers that tell keys apart are needed where there is more than one. That of mapping is always there, and is the number of
 * its domain parameters (TR-03110-3, A.1.1.1). */
static void number_keys(struct epass_document *document)
{
	for (size_t i = 0; i < document->n_keys; i++) {
		struct epass_chip_key *key = &document->keys[i];

		key->has_key_id = key->for_mapping || document->n_keys > 1;
		key->key_id = key->has_key_id ? key->id : 0;
	}
}

static int take_specimen(struct random *random, struct writer *out)
{
	struct ec_key *key = NULL;
	int r = ec_read(random, specimen_file(SPECIMEN_CHIP_AUTH_EC_KEY), &key);

	if (r == 0)
		r = ec_put_private(key, out);
	ec_free(key);
	return r;
}

static int make_pair(struct epass_chip_key *key, struct random *random)
{
	uint8_t private[EC_FIELD_SIZE_MAX];
	struct writer writer;
	struct domain domain;
	int r = domain_standardized(key->id, &domain);

	writer_init(&writer, private, sizeof private);
	if (r == 0 && key->id == EPASS_PARAMETER_ID_DEFAULT)
		r = take_specimen(random, &writer);
	if (r == 0)
		r = agreement_init(&domain, random, writer_bytes(&writer), &key->pair);
	secret_wipe(private, sizeof private);
	return r;
}

int epass_make_keys(struct epass_document *document, struct random *random)
{
	int r = 0;

	for (size_t i = 0; i < document->protocols.n; i++) {
		const struct epass_entry *entry = &document->protocols.entries[i];
		struct epass_chip_key *key;

		if (entry->protocol != EPASS_CA && entry->protocol != EPASS_PACE_CAM)
			continue;
		key = key_for(document, entry->id);
		if (entry->protocol == EPASS_CA)
			epass_entry_oid(entry, key->suites[key->n_suites++]);
		else
			key->for_mapping = true;
	}
	number_keys(document);
	for (size_t i = 0; r == 0 && i < document->n_keys; i++)
		r = make_pair(&document->keys[i], random);
	return r;
}
