/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses under which other machines reach this one. */
#include "pairing/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Documentation addresses (RFC 5737, RFC 3849): every default route leads there, and to nobody. */
#define FAR_AWAY_V4 "192.0.2.1"
#define FAR_AWAY_V6 "2001:db8::1"
#define ANY_PORT 9

enum rank { RANK_GLOBAL = 0, RANK_V6 = 1, RANK_V6_UNIQUE_LOCAL = 2, RANK_LINK_LOCAL = 3 };

static int rank_v4(const uint8_t raw[16])
{
	if (raw[0] == 127 || raw[0] == 0 || raw[0] >= 224)
		return -1;
	return raw[0] == 169 && raw[1] == 254 ? RANK_LINK_LOCAL : RANK_GLOBAL; /* RFC 3927 */
}

static int rank_v6(const uint8_t raw[16])
{
	static const uint8_t zeros[12];
	static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };

	if (memcmp(raw, zeros, sizeof zeros) == 0 || memcmp(raw, mapped, sizeof mapped) == 0)
		return -1; /* unspecified, loopback, IPv4 in disguise */
	if (raw[0] == 0xFF || (raw[0] == 0xFE && (raw[1] & 0xC0) == 0x80))
		return -1; /* RFC 4291, 2.7 and 2.5.6 */
	return (raw[0] & 0xFE) == 0xFC ? RANK_V6_UNIQUE_LOCAL : RANK_V6; /* RFC 4193 */
}

int address_rank(const struct address *address)
{
	int rank = address->v6 ? rank_v6(address->raw) : rank_v4(address->raw);

	if (rank < 0)
		return rank;
	/* What the default route uses comes first: it leads to where the phone most likely is. IPv4
	 * stays before IPv6 there, since not every phone application takes an address in brackets. */
	if (!address->routed)
		rank += 8;
	if (address->point_to_point)
		rank += 16;
	if (!address->running)
		rank += 32;
	return rank;
}

static bool fill(struct address *out, const struct sockaddr *from)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof v4);
		memcpy(out->raw, &v4.sin_addr, sizeof v4.sin_addr);
		out->v6 = false;
	} else if (from->sa_family == AF_INET6) {
		memcpy(&v6, from, sizeof v6);
		memcpy(out->raw, &v6.sin6_addr, sizeof v6.sin6_addr);
		out->v6 = true;
	} else {
		return false;
	}
	return inet_ntop(from->sa_family, out->raw, out->text, sizeof out->text) != NULL;
}

/* Our own address on the way to somewhere: a UDP socket that is connected knows it, and nothing is sent. */
static bool own_address_towards(int family, const char *text, struct address *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(ANY_PORT) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(ANY_PORT) };
	const struct sockaddr *far = (const struct sockaddr *)&v4;
	socklen_t far_len = sizeof v4;
	struct sockaddr_storage own = { 0 };
	socklen_t own_len = sizeof own;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool found = false;

	if (fd < 0)
		return false;
	if (family == AF_INET6) {
		far = (const struct sockaddr *)&v6;
		far_len = sizeof v6;
	}
	if (inet_pton(family, text,
	        family == AF_INET6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr) == 1)
		found = connect(fd, far, far_len) == 0 &&
		    getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
		    fill(out, (const struct sockaddr *)&own);
	(void)close(fd);
	return found;
}

static bool same(const struct address *a, const struct address *b)
{
	return a->v6 == b->v6 && memcmp(a->raw, b->raw, a->v6 ? 16 : 4) == 0;
}

static bool is_known(const struct address *list, size_t n, const struct address *address)
{
	for (size_t i = 0; i < n; i++)
		if (same(&list[i], address))
			return true;
	return false;
}

/* Keeps the list sorted; addresses of the same rank stay in the order of the interfaces. */
static size_t insert(struct address *list, size_t n, const struct address *address)
{
	size_t at = n;

	if (n == ADDRESS_LIST_MAX || is_known(list, n, address))
		return n;
	while (at > 0 && address_rank(&list[at - 1]) > address_rank(address)) {
		list[at] = list[at - 1];
		at--;
	}
	list[at] = *address;
	return n + 1;
}

static bool is_routed(
    const struct address *address, const struct address own[2], const bool known[2])
{
	return (known[0] && same(address, &own[0])) || (known[1] && same(address, &own[1]));
}

size_t address_list(struct address list[ADDRESS_LIST_MAX])
{
	struct address own[2];
	const bool known[2] = { own_address_towards(AF_INET, FAR_AWAY_V4, &own[0]),
		own_address_towards(AF_INET6, FAR_AWAY_V6, &own[1]) };
	struct ifaddrs *all;
	size_t n = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		struct address address = { .running = (i->ifa_flags & IFF_RUNNING) != 0,
			.point_to_point = (i->ifa_flags & IFF_POINTOPOINT) != 0 };

		if (i->ifa_addr == NULL || (i->ifa_flags & IFF_UP) == 0 ||
		    (i->ifa_flags & IFF_LOOPBACK) != 0 || !fill(&address, i->ifa_addr))
			continue;
		address.routed = is_routed(&address, own, known);
		if (address_rank(&address) >= 0)
			n = insert(list, n, &address);
	}
	freeifaddrs(all);
	return n;
}

/* What nobody else can use comes last. */
static bool is_better(const struct address *a, const struct address *b)
{
	int rank_a = address_rank(a), rank_b = address_rank(b);

	return rank_a >= 0 && (rank_b < 0 || rank_a < rank_b);
}

bool address_resolve(const char *host, struct address *out)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *all;
	bool found = false;

	if (getaddrinfo(host, NULL, &hints, &all) != 0)
		return false;
	for (const struct addrinfo *i = all; i != NULL; i = i->ai_next) {
		struct address address = { .running = true };

		if (fill(&address, i->ai_addr) && (!found || is_better(&address, out))) {
			*out = address;
			found = true;
		}
	}
	freeaddrinfo(all);
	return found;
}

bool address_is_loopback(const struct address *address)
{
	static const uint8_t v6_loopback[16] = { [15] = 1 };

	if (address->v6)
		return memcmp(address->raw, v6_loopback, sizeof v6_loopback) == 0;
	return address->raw[0] == 127;
}

bool address_is_any(const struct address *address)
{
	static const uint8_t zeros[16];

	return memcmp(address->raw, zeros, address->v6 ? 16 : 4) == 0;
}
