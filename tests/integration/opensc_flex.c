/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two faults of OpenSC 0.23 stand between its programs and any Cryptoflex, real or not, before the card is asked
 * anything. Preloaded into them, this mends both, so that the rest of the way can be tested:
 *
 * - The driver "flex" refuses each key operation whose security environment asks for padding, and "no padding",
 *   which is what raw RSA asks for, is one of the flags that it takes for padding: CKR_FUNCTION_NOT_SUPPORTED.
 * - cryptoflex-tool --read-key makes a key from what it has read, forgets it, and encodes a key that is not
 *   there: "Error encoding public key". */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define RSA_PAD_NONE 0x00000001u /* SC_ALGORITHM_RSA_PAD_NONE, SC_ALGORITHM_RSA_RAW */

/* The beginning of OpenSC's struct sc_security_env. */
struct security_env {
	unsigned long flags;
	int operation;
	unsigned int algorithm, algorithm_flags;
};

typedef int set_security_env(void *card, struct security_env *env, int number);
typedef int from_data(void *context, void **key, int selection, void *parameters);
typedef int encode(const void *key, unsigned char **out);

int sc_set_security_env(void *card, struct security_env *env, int number);
int EVP_PKEY_fromdata(void *context, void **key, int selection, void *parameters);
int i2d_PUBKEY(const void *key, unsigned char **out);

static void *last_key; /* that was made from data */

/* The next library's function of that name. */
static void find(const char *name, void *function, size_t size)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, size);
}

__attribute__((visibility("default"))) int sc_set_security_env(
    void *card, struct security_env *env, int number)
{
	set_security_env *real;

	find("sc_set_security_env", &real, sizeof real);
	env->algorithm_flags &= ~RSA_PAD_NONE;
	return real(card, env, number);
}

__attribute__((visibility("default"))) int EVP_PKEY_fromdata(
    void *context, void **key, int selection, void *parameters)
{
	from_data *real;
	int r;

	find("EVP_PKEY_fromdata", &real, sizeof real);
	r = real(context, key, selection, parameters);
	if (r == 1)
		last_key = *key;
	return r;
}

__attribute__((visibility("default"))) int i2d_PUBKEY(const void *key, unsigned char **out)
{
	encode *real;

	find("i2d_PUBKEY", &real, sizeof real);
	return real(key != NULL ? key : last_key, out);
}
