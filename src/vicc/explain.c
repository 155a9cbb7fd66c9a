/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Error lines that say what was tried and what the cause may be. */
#include "vicc/explain.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"

static const char *reason(int r, int number)
{
	return r == ERR_IO && number != 0 ? strerror(number) : err_text(r);
}

void explain_connect(const char *host, uint16_t port, int r)
{
	const int number = errno;

	if (r == ERR_NOT_FOUND) {
		log_error("cannot connect to %s: no such host; see --hostname", host);
		return;
	}
	if (r == ERR_TIMEOUT || (r == ERR_IO && number == ETIMEDOUT)) {
		log_error("cannot connect to %s port %u: no answer; is that host up, or is a "
		          "firewall blocking the port?",
		    host, port);
		return;
	}
	log_error("cannot connect to %s port %u: %s", host, port, reason(r, number));
	if (r == ERR_IO && number == ECONNREFUSED)
		log_error(
		    "is pcscd running there, is the vpcd driver installed, is the port right? "
		    "(--wait keeps trying)");
}

void explain_listen(const char *host, uint16_t port, int r)
{
	const int number = errno;

	if (r == ERR_NOT_FOUND)
		log_error("cannot listen on %s: no such host; see --hostname", host);
	else if (r == ERR_IO && number == EADDRINUSE)
		log_error("cannot listen on %s port %u: the port is taken (by pcscd, or another "
		          "vicc?); choose another with --port",
		    host, port);
	else if (r == ERR_IO && number == EADDRNOTAVAIL)
		log_error("cannot listen on %s: this is no address of this machine; see --hostname",
		    host);
	else if (r == ERR_IO && number == EACCES)
		log_error(
		    "cannot listen on %s port %u: ports below 1024 are for the system; choose "
		    "another with --port",
		    host, port);
	else
		log_error("cannot listen on %s port %u: %s", host, port, reason(r, number));
}
