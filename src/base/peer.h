/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the other end of a Unix socket. */
#ifndef BASE_PEER_H
#define BASE_PEER_H

#include <stdbool.h>

/* Whether the process that connected runs as the same user as we do. False also when that cannot be
 * found out. */
bool peer_is_same_user(int fd);

#endif
