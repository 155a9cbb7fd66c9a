/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of secure messaging, known to the files of this folder alone. */
#ifndef SM_INTERNAL_H
#define SM_INTERNAL_H

#include "crypto/mac.h"
#include "iso7816/tlv.h"
#include "sm/sm.h"

#define SM_MAC_SIZE 8 /* of a cryptographic checksum: the first bytes of what the algorithm gives */
#define SM_PADDED 0x01
#define SM_NOT_PADDED 0x02

/* Tags of SM data objects (7816-4, tables 49 to 52) without bit 1, which says that the object is part of the
 * cryptographic checksum. */
enum sm_tag {
	SM_PLAIN = 0x80,              /* not BER-TLV */
	SM_CRYPTOGRAM_FIELD = 0x82,   /* of data objects, SM ones too */
	SM_CRYPTOGRAM_OBJECTS = 0x84, /* of data objects */
	SM_CRYPTOGRAM = 0x86,         /* padding indicator; not BER-TLV */
	SM_HEADER = 0x88,             /* 89 alone is defined */
	SM_CHECKSUM = 0x8E,
	SM_LE = 0x96,
	SM_STATUS = 0x98, /* 99 alone is defined */
	SM_FIELD = 0xB0,  /* data objects, SM ones too */
	SM_OBJECTS = 0xB2,
	SM_RESPONSE_DESCRIPTOR = 0xBA,
};

struct sm {
	enum sm_profile profile;
	size_t block;
	struct cipher *cbc;  /* with the key of encryption */
	struct cipher *ecb;  /* the same key, for the IV; NULL: the IV is zero */
	struct mac *mac;     /* with the key of authentication */
	bool has_counter;    /* of block bytes */
	bool plain_response; /* the command asked for data that is not enciphered */
	bool unasked_status; /* and for no status */
	uint8_t counter[CIPHER_BLOCK_MAX];
};

/* Adds one to the counter, if there is one. */
void sm_count(struct sm *sm);

/* The IV of the message that the counter stands at. */
MUST_USE int sm_iv(struct sm *sm, uint8_t iv[CIPHER_BLOCK_MAX]);

/* Begins a checksum: with the counter, if there is one. */
MUST_USE int sm_start_checksum(struct sm *sm);

/* Ends it. */
MUST_USE int sm_finish_checksum(struct sm *sm, uint8_t out[SM_MAC_SIZE]);

#endif
