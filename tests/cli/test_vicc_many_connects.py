# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 readers that connect and go, within a minute."""
import time

import common
from common import equal

READERS = 10000


def test_ten_thousand():
    vicc, port = common.reversed_vicc()
    with common.dial(port) as reader:
        reader.check_alive()
        before = vicc.descriptors(), vicc.resident()
    begun = time.monotonic()
    for i in range(READERS):
        with common.dial(port) as reader:
            if i % 100 == 0:
                reader.check_alive()
    took = time.monotonic() - begun
    with common.dial(port) as reader:
        reader.check_alive()
        equal(vicc.descriptors(), before[0], 'descriptors')
        assert vicc.resident() - before[1] < 256, 'KB: %d to %d' % (before[1], vicc.resident())
    print('%d connections in %.1f s' % (READERS, took))
    assert took < 60, 'took %.1f s' % took
    common.terminate(vicc)


common.main(globals())
