/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys for pseudonymous signatures, as the manager of a group of chips gives them out (BSI TR-03110-2, 3.1.6.1). */
#include "base/err.h"
#include "crypto/context.h"
#include "crypto/ec_internal.h"
#include "crypto/pkey.h"
#include "crypto/pseudonym.h"

/* SK_ICC,1 = SK_ICC - SK_M * SK_ICC,2. ERR_FORMAT: it is zero, which is no key. */
static int first_key(
    const struct pseudonym_manager *manager, const BIGNUM *second, const BIGNUM *order, BIGNUM *out)
{
	BN_CTX *ctx = BN_CTX_secure_new_ex(manager->own->context);
	int r = ERR_CRYPTO;

	if (ctx != NULL && BN_mod_mul(out, manager->own->d, second, order, ctx) == 1 &&
	    BN_mod_sub(out, manager->group->d, out, order, ctx) == 1)
		r = BN_is_zero(out) ? ERR_FORMAT : 0;
	BN_CTX_free(ctx);
	return r;
}

int pseudonym_issue(const struct pseudonym_manager *manager, struct random *random,
    struct writer *first, struct writer *second)
{
	const struct ec_group *group = manager->own->group;
	const BIGNUM *order = EC_GROUP_get0_order(group->group);
	struct ec_key *key = NULL;
	BIGNUM *number = NULL;
	int r;

	if (manager->own->d == NULL || manager->group->d == NULL)
		return ERR_NOT_FOUND;
	if (manager->group->group != group)
		return ERR_FORMAT;
	r = ec_generate(group, random, &key);
	number = BN_secure_new();
	if (r == 0)
		r = number != NULL ? first_key(manager, key->d, order, number) : ERR_CRYPTO;
	if (r == 0 && !pkey_put_number(number, group->order_size, first))
		r = ERR_LIMIT;
	if (r == 0)
		r = ec_put_private(key, second);
	BN_clear_free(number);
	ec_free(key);
	return r;
}
