/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys from files, and new ones. What fails is said here. */
#ifndef VICC_PKI_KEYS_H
#define VICC_PKI_KEYS_H

#include "pki/sign_key.h"
#include "vicc-pki/files.h"
#include "vicc-pki/settings.h"

/* A key in a file. private: it must have its private part. */
MUST_USE bool keys_load(
    struct random *random, const char *path, bool private, struct sign_key *out);

/* The holder's key, of --key or --new-key; a new one is of the type otherwise unless --key-type says more, and is not in its
 * file before keys_save(). */
MUST_USE bool keys_get(struct random *random, const struct settings *settings, bool private,
    struct key_type otherwise, struct sign_key *out);
MUST_USE bool keys_save(const struct settings *settings, struct sign_key *key);

/* Saves the key and, in the file of --out, what has been made for it: both or neither. */
MUST_USE bool keys_save_with(const struct settings *settings, struct sign_key *key,
    const struct output *output, const char *label);

/* How a key signs: as --digest and --pss say, otherwise with a digest that fits its size. */
MUST_USE bool keys_scheme(
    const struct settings *settings, const struct sign_key *key, struct sign_scheme *out);

#endif
