/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EIDSecurityInfo in EF.ChipSecurity (BSI TR-03110-3, A.1.1.8 and A.1.2.3): the hashes of the data groups of the eID application
 * that nobody can write, signed for privileged terminals. */
#include <stdlib.h>

#include "base/err.h"
#include "cards/npa/internal.h"
#include "crypto/digest.h"
#include "iso7816/tlv.h"
#include "pki/algorithm.h"
#include "pki/der.h"

#define STATIC_GROUPS 16 /* DG1 to DG16; those behind them can be written */

/* DataGroupHash, of a group that the card has. */
static int put_hash(
    const struct dataset *dataset, unsigned n, struct writer *group, struct writer *out)
{
	uint8_t hash[DIGEST_SIZE_MAX];
	int r;

	writer_reset(group);
	if (!dataset_put_group(dataset, n, group))
		return 0;
	if (!writer_done(group))
		return ERR_LIMIT;
	r = digest_compute(DIGEST_SHA256, writer_bytes(group), hash);
	if (r < 0)
		return r;
	tlv_open(out, DER_SEQUENCE);
	der_put_unsigned(out, n);
	tlv_put(out, DER_OCTET_STRING, bytes_of(hash, digest_size(DIGEST_SHA256)));
	tlv_close(out);
	return 0;
}

int npa_put_eid_security(const struct dataset *dataset, struct writer *out)
{
	uint8_t *memory = malloc(DATASET_GROUP_MAX);
	struct writer group;
	int r = 0;

	if (memory == NULL)
		return ERR_NO_MEMORY;
	writer_init(&group, memory, DATASET_GROUP_MAX);
	tlv_open(out, DER_SEQUENCE);
	algorithm_put_digest(out, DIGEST_SHA256);
	tlv_open(out, DER_SEQUENCE);
	for (unsigned n = 1; r == 0 && n <= STATIC_GROUPS; n++)
		r = put_hash(dataset, n, &group, out);
	tlv_close(out);
	tlv_close(out);
	free(memory);
	return r;
}
