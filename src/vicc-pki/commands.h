/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vicc-pki's commands. Each says what fails, and returns false then. */
#ifndef VICC_PKI_COMMANDS_H
#define VICC_PKI_COMMANDS_H

#include "vicc-pki/settings.h"

/* authority.c: X.509 */
bool command_csca(const struct settings *settings);
bool command_csca_link(const struct settings *settings);
bool command_signer(const struct settings *settings);
bool command_master_list_signer(const struct settings *settings);
bool command_crl(const struct settings *settings);

/* signed.c: what document and master list signers sign */
bool command_sod(const struct settings *settings);
bool command_card_security(const struct settings *settings);
bool command_master_list(const struct settings *settings);

/* terminals.c: CV certificates */
bool command_cvca(const struct settings *settings);
bool command_cvca_link(const struct settings *settings);
bool command_dv(const struct settings *settings);
bool command_terminal(const struct settings *settings);
bool command_request(const struct settings *settings);
bool command_sector(const struct settings *settings);

/* keys.c */
bool command_key(const struct settings *settings);

/* show.c */
bool command_show(const struct settings *settings);

#endif
