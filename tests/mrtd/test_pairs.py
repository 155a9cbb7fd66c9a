# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each protocol, mapping, cipher and domain parameter with each other: a passport for every plan, inspected over the
vpcd protocol. MRTD_PART=N/M takes the N-th of M parts of the plans."""
import os
import time
import traceback

import common
import plans
import support


def part(rows):
    number, count = (int(n) for n in os.environ.get('MRTD_PART', '1/1').split('/'))
    return rows[number - 1::count]


def test_pairs():
    csca, terminal = support.csca(), support.specimen_terminal()
    rows, failed, start = part(plans.pairwise()), [], time.monotonic()
    for plan in rows:
        try:
            plans.run(plan, csca, terminal)
        except Exception as error:
            failed.append(plan)
            if len(failed) == 1:
                traceback.print_exc()
            print('%s: %s\n    vicc -t ePass --specimen %s' % (
                plans.text(plan), error, ' '.join("'%s'" % word if '<' in word else word
                                                  for word in plans.options(plan))), flush=True)
    print('    %d plans in %.0f s' % (len(rows), time.monotonic() - start))
    assert not failed, '%d of %d plans failed' % (len(failed), len(rows))


common.main(globals())
