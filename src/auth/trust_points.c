/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trust points for Terminal Authentication (BSI TR-03110-3, 2.5 and A.7.2.1). */
#include "auth/trust_points.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"

struct bytes trust_points_certificate(const struct trust_points *trust, size_t i)
{
	assert(i < trust->n);
	return bytes_of(trust->points[i].certificate, trust->points[i].len);
}

struct cvc trust_points_cvc(const struct trust_points *trust, size_t i)
{
	struct cvc cvc = { .car = { NULL, 0 } };
	int r = cvc_parse(trust_points_certificate(trust, i), &cvc);

	assert(r == 0); /* it has been read before */
	(void)r;
	return cvc;
}

struct bytes trust_points_name(const struct trust_points *trust, size_t i)
{
	return i < trust->n ? trust_points_cvc(trust, i).chr : bytes_of(NULL, 0);
}

bool trust_points_find(const struct trust_points *trust, struct bytes name, size_t *i)
{
	for (size_t at = 0; at < trust->n; at++) {
		if (!bytes_equal(trust_points_name(trust, at), name))
			continue;
		*i = at;
		return true;
	}
	return false;
}

static int check(const struct trust_points *trust, struct bytes certificate, struct cvc *cvc)
{
	struct cvc_issuer issuer;
	size_t i;
	int r;

	if (certificate.len > CVC_SIZE_MAX)
		return ERR_LIMIT;
	r = cvc_parse(certificate, cvc);
	if (r < 0)
		return r;
	if (!cvc_trust_point(cvc, &issuer) ||
	    (trust->n > 0 && trust_points_cvc(trust, 0).chat.type != cvc->chat.type))
		return ERR_FORMAT;
	return trust_points_find(trust, cvc->chr, &i) ? ERR_EXISTS : 0;
}

int trust_points_add(struct trust_points *trust, struct bytes certificate)
{
	struct cvc cvc;
	size_t place = 0;
	int r = check(trust, certificate, &cvc);

	if (r < 0)
		return r;
	while (place < trust->n &&
	    date_compare(trust_points_cvc(trust, place).effective, cvc.effective) > 0)
		place++;
	if (place == TRUST_POINTS_MAX)
		return ERR_LIMIT;
	if (trust->n < TRUST_POINTS_MAX)
		trust->n++;
	memmove(&trust->points[place + 1], &trust->points[place],
	    (trust->n - 1 - place) * sizeof trust->points[0]);
	memcpy(trust->points[place].certificate, certificate.data, certificate.len);
	trust->points[place].len = certificate.len;
	return 0;
}
