# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Basic Access Control (Doc 9303-11, 4.3)."""
import os

from .ciphers import TRIPLE_DES
from .errors import check
from .sm import SecureMessaging


def run(card, mrz, rnd_ifd=None, k_ifd=None):
    """Mutual authentication with the keys of the MRZ; starts secure messaging."""
    suite, seed = TRIPLE_DES, mrz.bac_seed()
    k_enc, k_mac = suite.derive(seed, 1), suite.derive(seed, 2)
    rnd_ifd, k_ifd = rnd_ifd or os.urandom(8), k_ifd or os.urandom(16)
    rnd_ic = card.command('00840000', ne=8)
    check(len(rnd_ic) == 8, 'a challenge of %d bytes', len(rnd_ic))
    cryptogram = suite.encrypt(k_enc, rnd_ifd + rnd_ic + k_ifd)
    answer = card.command('00820000', cryptogram + suite.mac(k_mac, cryptogram), ne=40)
    check(len(answer) == 40, 'EXTERNAL AUTHENTICATE answers %d bytes', len(answer))
    check(suite.mac(k_mac, answer[:32]) == answer[32:], 'BAC: wrong MAC of the card')
    plain = suite.decrypt(k_enc, answer[:32])
    check(plain[:8] == rnd_ic and plain[8:16] == rnd_ifd, 'BAC: the card gives back other random numbers')
    k_ic = plain[16:]
    secret = bytes(a ^ b for a, b in zip(k_ifd, k_ic))
    card.sm = SecureMessaging.derived(suite, secret, rnd_ic[4:] + rnd_ifd[4:])
