/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads DEVICENAME. */
#include "vpcd/endpoint.h"

#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "vpcd/protocol.h"

#define PORT_MAX 65535
#define NUMBER_TEXT_MAX 32        /* characters of a number */
#define TIMEOUT_MAX_S (24 * 3600) /* a day */

static const char listen_name[] = "/dev/null";

static const struct bytes no_bytes = { NULL, 0 };

/* Splits at the first (or last) c. False: there is none, and *before is all. */
static bool split(struct bytes text, char c, bool last, struct bytes *before, struct bytes *after)
{
	size_t at = text.len;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == (uint8_t)c && (last || at == text.len))
			at = i;
	}
	*before = bytes_first(text, at);
	*after = bytes_after(text, at + 1);
	return at < text.len;
}

static bool contains(struct bytes text, char c)
{
	struct bytes before;
	struct bytes after;

	return split(text, c, false, &before, &after);
}

static bool is(struct bytes text, const char *what)
{
	return bytes_equal(text, bytes_of_string(what));
}

static bool parse_number(struct bytes text, uint64_t max, uint64_t *out)
{
	char copy[NUMBER_TEXT_MAX + 1];

	if (text.len == 0 || text.len > NUMBER_TEXT_MAX)
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return number_parse(copy, max, out);
}

/* "timeout=SECONDS" */
static const char *parse_query(struct bytes query, struct endpoint *out)
{
	struct bytes name;
	struct bytes value;
	uint64_t seconds;

	if (!split(query, '=', false, &name, &value) || !is(name, "timeout"))
		return "only timeout=SECONDS can follow the question mark";
	if (!parse_number(value, TIMEOUT_MAX_S, &seconds) || seconds == 0)
		return "the timeout must be a number of seconds from 1 to 86400";
	out->timeout_s = (unsigned)seconds;
	return NULL;
}

static const char *parse_port(struct bytes text, unsigned n_slots, struct endpoint *out)
{
	uint64_t port;

	if (text.len == 0)
		return "the port is missing behind the colon; the usual one is 35963";
	if (!parse_number(text, PORT_MAX, &port) || port == 0)
		return "the port behind the last colon must be a number from 1 to 65535";
	if (n_slots > 1 && port > PORT_MAX - (n_slots - 1))
		return "the port is too high: each slot needs one, and the last would be above "
		       "65535";
	out->port = (uint16_t)port;
	return NULL;
}

/* The characters of an IPv6 address, with its zone ("%eth0"). */
static bool is_ipv6(struct bytes text)
{
	struct bytes address;
	struct bytes zone;
	bool has_zone = split(text, '%', false, &address, &zone);

	for (size_t i = 0; i < address.len; i++) {
		uint8_t c = address.data[i];
		bool hexadecimal =
		    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

		if (!hexadecimal && c != ':' && c != '.')
			return false;
	}
	return contains(address, ':') && (!has_zone || zone.len > 0);
}

/* Takes the brackets off an IPv6 address. */
static const char *strip_brackets(struct bytes *host)
{
	if (host->data[0] != '[') {
		if (contains(*host, ':'))
			return "an IPv6 address must stand in brackets, as in [::1]:35963";
		return NULL;
	}
	if (host->len < 2 || host->data[host->len - 1] != ']')
		return "the closing bracket must stand before the colon and the port, as in "
		       "[::1]:35963";
	*host = bytes_of(host->data + 1, host->len - 2);
	if (!is_ipv6(*host))
		return "only an IPv6 address can stand in brackets, as in [::1]:35963";
	return NULL;
}

/* A printable character that no host name has, or one that does not print. */
static bool has_strange_character(struct bytes host)
{
	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = host.data[i];

		if (c <= ' ' || c == 0x7F || strchr("/\\[]?*\"'", c) != NULL)
			return true;
	}
	return false;
}

static const char *parse_host(struct bytes host, struct endpoint *out)
{
	const char *why;

	out->listen = is(host, listen_name) || is(host, "*");
	if (is(host, listen_name))
		host = no_bytes;
	if (out->listen)
		goto copy;
	if (host.len == 0)
		return "the host is missing before the colon; /dev/null there means to wait for "
		       "a card on this machine";
	why = strip_brackets(&host);
	if (why != NULL)
		return why;
	if (host.len > ENDPOINT_HOST_MAX)
		return "the host name is longer than 255 characters";
	if (has_strange_character(host))
		return "before the last colon must stand /dev/null, *, or a host to connect to";
copy:
	if (host.len > 0)
		memcpy(out->host, host.data, host.len);
	return NULL;
}

/* Everything but the query. */
static const char *parse_place(struct bytes place, unsigned n_slots, struct endpoint *out)
{
	struct bytes host;
	struct bytes port;
	const char *why;

	if (is(place, "*"))
		return "the port is missing: *:35963 waits on every address";
	if (!split(place, ':', true, &host, &port)) {
		out->listen = true;
		out->port = VPCD_PORT;
		out->default_port = true;
		return NULL;
	}
	if (place.data[0] == '[' && place.data[place.len - 1] == ']')
		return "the port is missing behind the bracket, as in [::1]:35963";
	why = parse_host(host, out);
	return why != NULL ? why : parse_port(port, n_slots, out);
}

/* What reader.conf has in quotation marks, pcscd 1.9 passes on with them, and what has a star, brackets
 * or a question mark must be in quotation marks there. */
static struct bytes strip_quotes(struct bytes name)
{
	if (name.len < 2 || (name.data[0] != '"' && name.data[0] != '\'') ||
	    name.data[name.len - 1] != name.data[0])
		return name;
	return bytes_of(name.data + 1, name.len - 2);
}

int endpoint_parse(const char *name, unsigned n_slots, struct endpoint *out, const char **why)
{
	struct endpoint made = { .listen = false };
	struct bytes place;
	struct bytes query;
	bool has_query = split(strip_quotes(bytes_of_string(name)), '?', false, &place, &query);
	const char *wrong = parse_place(place, n_slots, &made);

	if (wrong == NULL && has_query)
		wrong = parse_query(query, &made);
	if (wrong != NULL) {
		*why = wrong;
		return ERR_FORMAT;
	}
	*out = made;
	return 0;
}
