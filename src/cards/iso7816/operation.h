/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The security operations (ISO/IEC 7816-8), known to their own files alone. */
#ifndef CARDS_ISO7816_OPERATION_H
#define CARDS_ISO7816_OPERATION_H

#include "cards/iso7816/iso7816.h"

/* What P1 and P2 of the command name: the object that comes out, and the one that goes in. */
#define OBJECT_PLAIN 0x80
#define OBJECT_CRYPTOGRAM_TLV 0x82    /* its plain text is data objects of secure messaging */
#define OBJECT_CRYPTOGRAM 0x84        /* its plain text is data objects of other kinds */
#define OBJECT_CRYPTOGRAM_PADDED 0x86 /* begins with a padding indicator */
#define OBJECT_CHECKSUM 0x8E
#define OBJECT_HASH 0x90
#define OBJECT_SIGNATURE_INPUT 0x9A
#define OBJECT_SIGNATURE 0x9E
#define OBJECT_HASH_INPUT 0xA0
#define OBJECT_CHECKSUM_INPUT 0xA2
#define OBJECT_VERIFICATION_INPUT 0xA8
#define OBJECT_SIGNATURE_VALUES 0xAC  /* the values of these objects are signed */
#define OBJECT_SIGNATURE_OBJECTS 0xBC /* these objects are signed */

card_handler cipher_encipher;
card_handler cipher_decipher;
card_handler checksum_compute;
card_handler checksum_verify;
card_handler signature_compute;
card_handler signature_verify;
card_handler hash_plain;
card_handler hash_objects;

#endif
