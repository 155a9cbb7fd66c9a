/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses under which other machines reach this one. */
#ifndef PAIRING_ADDRESS_H
#define PAIRING_ADDRESS_H

#include "base/bytes.h"

#define ADDRESS_TEXT_SIZE 46 /* the longest IPv6 address in text, NUL included */
#define ADDRESS_LIST_MAX 32

struct address {
	uint8_t raw[16]; /* network byte order; the first 4 are an IPv4 address */
	bool v6;
	bool running;        /* the interface has a carrier */
	bool point_to_point; /* a tunnel: seldom where a phone is */
	bool routed;         /* what this machine calls itself on its default route */
	char text[ADDRESS_TEXT_SIZE];
};

/* How good an address is for pairing: lower is better. Negative: nobody else can use it (loopback,
 * link-local IPv6, which needs the name of an interface of the peer's, multicast, unspecified). */
int address_rank(const struct address *address);

/* Fills list with the usable addresses of the interfaces that are up, the best one first, and returns
 * their number. Sends nothing, and needs no default route. */
size_t address_list(struct address list[ADDRESS_LIST_MAX]);

/* The address that a host's name or number stands for, the best one if there are several. False: there is
 * no such host. */
MUST_USE bool address_resolve(const char *host, struct address *out);

/* Whether only this machine can reach it: 127.0.0.0/8 and ::1. */
bool address_is_loopback(const struct address *address);

/* Whether it stands for every address: 0.0.0.0 and ::. */
bool address_is_any(const struct address *address);

#endif
