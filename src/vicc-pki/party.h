/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who signs: an X.509 certificate and its private key. */
#ifndef VICC_PKI_PARTY_H
#define VICC_PKI_PARTY_H

#include "pki/x509.h"
#include "vicc-pki/files.h"

#define PARTY_TEXT_SIZE 65

struct party {
	struct buffer file;
	struct x509 x509; /* views into the file */
	struct sign_key key;
};

/* Reads both, and holds that they belong together. What fails is said. */
MUST_USE bool party_load(
    struct random *random, const char *certificate, const char *key, struct party *out);
void party_done(struct party *party);

/* A certificate in a file, of anybody. */
MUST_USE bool party_certificate(const char *path, struct buffer *file, struct x509 *out);

/* The last arcs of attributes of names, below 2.5.4. */
enum party_attribute { PARTY_NAME = 3, PARTY_COUNTRY = 6, PARTY_ORGANIZATION = 10 };

/* An attribute of the holder's name; NULL: there is none, or it does not fit. */
const char *party_attribute(
    const struct x509 *x509, enum party_attribute attribute, char text[PARTY_TEXT_SIZE]);

#endif
