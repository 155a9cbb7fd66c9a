/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider of OpenSSL (provider-rand(7)) that offers one generator, SEEDED: it has no state of its own but
 * passes on what random_for_openssl() gives. The library context takes it for all its generators, so that
 * keys, nonces and blinding of a seeded card are the same in every run. */
#include "crypto/seeded.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include "crypto/context.h"
#include "crypto/random.h"

#define PROVIDER "seeded"
#define GENERATOR "SEEDED"
#define REQUEST_MAX 65536
#define STRENGTH 256

/* A random number of the provider's context, a generator of it, and the card's own numbers are one thing:
 * struct random. It is known once seeded_init() has put it here. */
struct provider {
	struct random *random;
};

static void *generator_new(void *provider, void *parent, const OSSL_DISPATCH *parent_calls)
{
	return provider;
}

static void generator_free(void *generator)
{
}

/* NOLINTNEXTLINE(readability-function-size): the arguments are OpenSSL's. */
static int generator_instantiate(void *generator, unsigned strength, int prediction_resistance,
    const unsigned char *text, size_t text_len, const OSSL_PARAM params[])
{
	return 1;
}

static int generator_uninstantiate(void *generator)
{
	return 1;
}

/* NOLINTNEXTLINE(readability-function-size): the arguments are OpenSSL's. */
static int generator_generate(void *generator, unsigned char *out, size_t len, unsigned strength,
    int prediction_resistance, const unsigned char *additional, size_t additional_len)
{
	const struct provider *provider = generator;

	return provider->random != NULL && random_for_openssl(provider->random, out, len) == 0;
}

/* NOLINTNEXTLINE(readability-function-size): the arguments are OpenSSL's. */
static int generator_reseed(void *generator, int prediction_resistance,
    const unsigned char *entropy, size_t entropy_len, const unsigned char *additional,
    size_t additional_len)
{
	return 1;
}

/* One thread at a time works with a card. */
static int generator_enable_locking(void *generator)
{
	return 1;
}

static int generator_lock(void *generator)
{
	return 1;
}

static void generator_unlock(void *generator)
{
}

static const OSSL_PARAM *generator_gettable(void *generator, void *provider)
{
	static const OSSL_PARAM known[] = { OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, NULL),
		OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, NULL),
		OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, NULL), OSSL_PARAM_END };

	return known;
}

static int generator_get(void *generator, OSSL_PARAM params[])
{
	OSSL_PARAM *state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
	OSSL_PARAM *strength = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
	OSSL_PARAM *max = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);

	return (state == NULL || OSSL_PARAM_set_int(state, EVP_RAND_STATE_READY) == 1) &&
	    (strength == NULL || OSSL_PARAM_set_uint(strength, STRENGTH) == 1) &&
	    (max == NULL || OSSL_PARAM_set_size_t(max, REQUEST_MAX) == 1);
}

#define FUNCTION(f) ((void (*)(void))(f))

static const OSSL_DISPATCH generator_functions[] = {
	{ OSSL_FUNC_RAND_NEWCTX, FUNCTION(generator_new) },
	{ OSSL_FUNC_RAND_FREECTX, FUNCTION(generator_free) },
	{ OSSL_FUNC_RAND_INSTANTIATE, FUNCTION(generator_instantiate) },
	{ OSSL_FUNC_RAND_UNINSTANTIATE, FUNCTION(generator_uninstantiate) },
	{ OSSL_FUNC_RAND_GENERATE, FUNCTION(generator_generate) },
	{ OSSL_FUNC_RAND_RESEED, FUNCTION(generator_reseed) },
	{ OSSL_FUNC_RAND_ENABLE_LOCKING, FUNCTION(generator_enable_locking) },
	{ OSSL_FUNC_RAND_LOCK, FUNCTION(generator_lock) },
	{ OSSL_FUNC_RAND_UNLOCK, FUNCTION(generator_unlock) },
	{ OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, FUNCTION(generator_gettable) },
	{ OSSL_FUNC_RAND_GET_CTX_PARAMS, FUNCTION(generator_get) },
	{ 0, NULL },
};

static const OSSL_ALGORITHM *provider_query(void *provider, int operation, int *no_cache)
{
	static const OSSL_ALGORITHM generators[] = {
		{ GENERATOR, "provider=" PROVIDER, generator_functions, NULL },
		{ NULL, NULL, NULL, NULL },
	};

	*no_cache = 0;
	return operation == OSSL_OP_RAND ? generators : NULL;
}

static void provider_teardown(void *provider)
{
	OPENSSL_free(provider);
}

static const OSSL_DISPATCH provider_functions[] = {
	{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, FUNCTION(provider_query) },
	{ OSSL_FUNC_PROVIDER_TEARDOWN, FUNCTION(provider_teardown) },
	{ 0, NULL },
};

static int provider_init(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *core_functions,
    const OSSL_DISPATCH **functions, void **provider)
{
	*provider = OPENSSL_zalloc(sizeof(struct provider));
	*functions = provider_functions;
	return *provider != NULL;
}

static bool set_up(struct seeded *seeded, struct random *random)
{
	struct provider *provider;

	if (OSSL_PROVIDER_add_builtin(seeded->context, PROVIDER, provider_init) != 1)
		return false;
	seeded->algorithms = OSSL_PROVIDER_load(seeded->context, "default");
	seeded->generator = OSSL_PROVIDER_load(seeded->context, PROVIDER);
	if (seeded->algorithms == NULL || seeded->generator == NULL)
		return false;
	provider = OSSL_PROVIDER_get0_provider_ctx(seeded->generator);
	provider->random = random;
	return RAND_set_DRBG_type(seeded->context, GENERATOR, NULL, NULL, NULL) == 1;
}

bool seeded_init(struct random *random, struct seeded *out)
{
	struct seeded seeded = { .context = context_shared() == NULL ? NULL : OSSL_LIB_CTX_new() };

	if (seeded.context == NULL || !set_up(&seeded, random)) {
		seeded_done(&seeded);
		return false;
	}
	*out = seeded;
	return true;
}

void seeded_done(struct seeded *seeded)
{
	if (seeded->context == NULL)
		return;
	OPENSSL_thread_stop_ex(seeded->context);
	if (seeded->generator != NULL)
		OSSL_PROVIDER_unload(seeded->generator);
	if (seeded->algorithms != NULL)
		OSSL_PROVIDER_unload(seeded->algorithms);
	OSSL_LIB_CTX_free(seeded->context);
	*seeded = (struct seeded){ 0 };
}
