/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The specimen PKI and what else a specimen document needs: the files of data/specimen/ as bytes in the program.
 * data/specimen/README.md says what each of them is. Their keys are public: they protect nothing. */
#ifndef SPECIMEN_SPECIMEN_H
#define SPECIMEN_SPECIMEN_H

#include "base/bytes.h"

/* A new file: a line here, one in meson.build. Keys are PKCS#8 in PEM, X.509 certificates DER. */
enum specimen_name {
	SPECIMEN_CSCA_CERTIFICATE,
	SPECIMEN_SIGNER_CERTIFICATE, /* of the document signer */
	SPECIMEN_SIGNER_KEY,
	SPECIMEN_CVCA_IS, /* CV certificates, data objects 7F21 */
	SPECIMEN_CVCA_AT,
	SPECIMEN_CVCA_ST,
	SPECIMEN_ACTIVE_AUTH_RSA_KEY, /* 2048 bits */
	SPECIMEN_ACTIVE_AUTH_EC_KEY,  /* brainpoolP256r1 */
	SPECIMEN_CHIP_AUTH_EC_KEY,    /* brainpoolP256r1 */
	SPECIMEN_PORTRAIT,            /* JPEG, of a holder who does not exist */
	SPECIMEN_FINGER,
	SPECIMEN_IRIS,
	SPECIMEN_FILES, /* how many there are */
};

/* The file's bytes, for as long as the program runs. */
struct bytes specimen_file(enum specimen_name name);

#endif
