# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with passports over PC/SC, whichever service is behind it: a representative set of plans."""
import plans
import support
from terminal.card import Card
from terminal.transport import Pcsc

NAMES = (
    'bac:3des/mrz/kat:13:3des/rsa:sha-1/ta/td3/fid', 'bac:3des/mrz/at:2:aes-256/ec:sha-256/ta/td1/sfi-extended',
    'gm:13:aes-128/mrz/at:13:aes-128/ec:sha-224/ta/td3/sfi', 'gm:0:3des/can/none/none/-/td2/odd',
    'im:16:aes-256/can/at:18:aes-192/none/ta/td3/extended', 'im:2:aes-192/mrz/kat:1:3des/rsa:sha-256/-/td1/fid',
    'cam:13:aes-128/mrz/none/none/ta/td2/sfi', 'cam:18:aes-256/can/at:12:aes-256/rsa:sha-512/ta/td3/sfi-extended',
)


def named(name):
    """The plan that plans.text() has made this name of."""
    way, password, kind, active, terminal, zone, reading = name.split('/')

    def numbers(parts, count):
        parts = parts.split(':')
        return [parts[0]] + [None] * (count - len(parts)) + [int(p) if p.isdigit() else p for p in parts[1:]]

    plan = dict(zip(plans.WAY, numbers(way, 3) + [password]))
    plan.update(zip(plans.KIND, numbers(kind, 3)))
    plan.update(active=active, terminal='yes' if terminal == 'ta' else 'no', zone=zone, reading=reading)
    assert plans.possible(plan) and plans.text(plan) == name, (name, plan)
    return plan


def inspect(plan, reader):
    """With the card in a reader of PC/SC."""
    card = Card(Pcsc(reader))
    try:
        plans.inspect(plan, card, support.csca(), support.specimen_terminal())
    finally:
        card.close()
