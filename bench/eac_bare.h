/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the protocols of travel documents cost the chip at the least: the calls of OpenSSL that they consist of, one after
 * the other, with algorithms fetched and curves made in advance. What is computed has no meaning; the lengths, the
 * order and the kinds of numbers are those of the protocols. */
#ifndef BENCH_EAC_BARE_H
#define BENCH_EAC_BARE_H

/* Fetches and makes what all runs share. A failure ends the program, here and below. */
void bare_init(void);

/* BAC with 3DES: two random numbers, four SHA-1, one message checked and deciphered, one enciphered and checked. */
void bare_bac(void);

/* PACE with generic mapping over brainpoolP256r1 and AES-128:
 *
 *  1  the nonce, SHA-1 for its key, AES
 *  2  a private key and its point; the terminal's point read and multiplied; nonce * G, added
 *  3  a private key and its point, over the new generator; the terminal's point read and multiplied; SHA-1 twice
 *  4  CMAC with AES-128, twice */
void bare_pace(void);

/* Terminal Authentication with a chain of two, ECDSA over brainpoolP256r1 with SHA-256: three public keys, three hashes, three
 * signatures; a challenge. */
void bare_terminal_auth(void);

/* Chip Authentication 2 with AES-128: the terminal's point read and multiplied, a nonce, SHA-1 twice, CMAC. */
void bare_chip_auth(void);

#endif
