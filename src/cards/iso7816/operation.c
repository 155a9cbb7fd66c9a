/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PERFORM SECURITY OPERATION (ISO/IEC 7816-8): P1 and P2 say which. */
#include "cards/iso7816/operation.h"

#include "base/compiler.h"

static enum sw not_supported(struct card *card, const struct apdu *apdu, struct writer *out)
{
	return SW_FUNCTION_NOT_SUPPORTED;
}

/* clang-format off */
static const struct {
	uint8_t p1, p2;
	card_handler *run;
} operations[] = {
	{ OBJECT_HASH,              OBJECT_PLAIN,              hash_plain        },
	{ OBJECT_HASH,              OBJECT_HASH_INPUT,         hash_objects      },
	{ OBJECT_SIGNATURE,         OBJECT_SIGNATURE_INPUT,    signature_compute },
	{ OBJECT_SIGNATURE,         OBJECT_SIGNATURE_VALUES,   signature_compute },
	{ OBJECT_SIGNATURE,         OBJECT_SIGNATURE_OBJECTS,  signature_compute },
	{ 0x00,                     OBJECT_VERIFICATION_INPUT, signature_verify  },
	{ OBJECT_CHECKSUM,          OBJECT_PLAIN,              checksum_compute  },
	{ 0x00,                     OBJECT_CHECKSUM_INPUT,     checksum_verify   },
	{ OBJECT_CRYPTOGRAM_TLV,    OBJECT_PLAIN,              cipher_encipher   },
	{ OBJECT_CRYPTOGRAM,        OBJECT_PLAIN,              cipher_encipher   },
	{ OBJECT_CRYPTOGRAM_PADDED, OBJECT_PLAIN,              cipher_encipher   },
	{ OBJECT_PLAIN,             OBJECT_CRYPTOGRAM_TLV,     cipher_decipher   },
	{ OBJECT_PLAIN,             OBJECT_CRYPTOGRAM,         cipher_decipher   },
	{ OBJECT_PLAIN,             OBJECT_CRYPTOGRAM_PADDED,  cipher_decipher   },
	{ 0x00,                     0x92,                      not_supported     }, /* certificates: this card has no */
	{ 0x00,                     0xAE,                      not_supported     }, /* trust in anybody's */
	{ 0x00,                     0xBE,                      not_supported     },
};
/* clang-format on */

enum sw operation_perform(struct card *card, const struct apdu *apdu, struct writer *out)
{
	for (size_t i = 0; i < COUNT(operations); i++) {
		if (operations[i].p1 == apdu->p1 && operations[i].p2 == apdu->p2)
			return operations[i].run(card, apdu, out);
	}
	return SW_WRONG_P1P2;
}
