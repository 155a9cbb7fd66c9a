# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code that vicc -R prints, read by a scanner that is not ours."""
import common
import qr
from common import equal


def test_code_of_vicc():
    vicc, port = common.reversed_vicc('-H', '*')
    host = vicc.wait_for(r'^VICC hostname:  (.*)$', 'out').group(1)
    if host == '127.0.0.1':
        raise common.Skip('this machine has no network')
    vicc.wait_for('scan this code', 'out')
    common.terminate(vicc)
    equal(qr.urls(vicc.text['out'].splitlines()),
          ['vicc://%s:%d' % ('[%s]' % host if ':' in host else host, port)])


common.main(globals())
