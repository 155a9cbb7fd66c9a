/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A security environment: control reference templates, which say with which key and which mechanism the
 * commands that name neither work (ISO/IEC 7816-4, 10.3 and 11.6.11). No card in sight. */
#ifndef AUTH_ENVIRONMENT_H
#define AUTH_ENVIRONMENT_H

#include "base/bytes.h"
#include "base/writer.h"
#include "iso7816/sw.h"

#define CRT_IV_MAX 16

/* Control reference templates by tag, valued as places in struct environment. */
enum crt_kind {
	CRT_AT,  /* A4, authentication */
	CRT_KAT, /* A6, key agreement */
	CRT_HT,  /* AA, hash-code */
	CRT_CCT, /* B4, cryptographic checksum */
	CRT_DST, /* B6, digital signature */
	CRT_CT,  /* B8, confidentiality */
};

#define CRT_KINDS 6

/* What a template is for: bits 8 to 5 of P1 and of the usage qualifier 95, from left to right. */
enum crt_use {
	CRT_EXTERNAL,    /* verification, encipherment, external authentication, key agreement */
	CRT_INTERNAL,    /* computation, decipherment, internal authentication, key agreement */
	CRT_SM_RESPONSE, /* secure messaging in responses */
	CRT_SM_COMMAND,  /* and in commands */
};

#define CRT_USES 4
#define CRT_USE_MASK 0xF0

/* The bit of P1 and of the usage qualifier. */
uint8_t crt_use_bit(enum crt_use use);

struct crt {
	bool has_algorithm;
	uint8_t algorithm; /* 80: docs/generic-card.md */
	bool has_public;
	uint8_t public_key; /* 83: reference of a public or secret key */
	bool has_private;
	uint8_t private_key; /* 84: reference of a private key */
	uint8_t iv[CRT_IV_MAX];
	size_t iv_len; /* 87, or 85 for zeros: 0 */
};

struct environment {
	struct crt crts[CRT_KINDS][CRT_USES];
};

MUST_USE bool crt_kind_of(uint32_t tag, enum crt_kind *out);
uint8_t crt_tag(enum crt_kind kind);

/* MSE SET: takes the data objects of a template for the uses that are bits of p1, or of a qualifier 95
 * among them: each replaces the one there was, and no objects at all remove what there was. SW_WRONG_DATA: malformed, or an object
 * of a wrong length; SW_FUNCTION_NOT_SUPPORTED: an object that this card knows nothing of. Unchanged then. */
MUST_USE enum sw environment_set(
    struct environment *environment, enum crt_kind kind, uint8_t p1, struct bytes objects);

/* MSE STORE and RESTORE: the environment as templates, each with its qualifier. ERR_FORMAT: none such. */
void environment_encode(const struct environment *environment, struct writer *out);
MUST_USE int environment_parse(struct bytes templates, struct environment *out);

/* The reference of the key to be used, public or private first as the use has it. False: none. */
MUST_USE bool environment_key(const struct environment *environment, enum crt_kind kind,
    enum crt_use use, uint8_t *reference);

#endif
