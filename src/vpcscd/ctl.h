/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "vpcscd ctl": asks a running service to take a card out or put one in. */
#ifndef VPCSCD_CTL_H
#define VPCSCD_CTL_H

/* argv as main() has it, from the word "ctl" on. Says what is wrong on stderr; returns the exit status. */
int ctl_main(char **argv);

#endif
