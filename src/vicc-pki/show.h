/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of "show": each prints one kind of file. False: it is not of this kind. */
#ifndef VICC_PKI_SHOW_H
#define VICC_PKI_SHOW_H

#include "crypto/random.h"

bool show_cvc(struct bytes in, struct random *random);
bool show_request(struct bytes in, struct random *random);
bool show_x509(struct bytes in, struct random *random);
bool show_signed(struct bytes in, struct random *random);
bool show_security_infos(struct bytes in);
bool show_public_key(struct bytes in);

#endif
