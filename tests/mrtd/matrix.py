# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every combination of what a passport can offer (plans.everything): tens of thousands of passports, some hours.

    matrix.py [--state FILE] [--part N/M] [--from COUNT] [--match TEXT] [--list]

Prints a line a hundred plans. The number of plans done is kept in the state file, from where the next run goes on;
a failed plan is printed with the command line of its passport. Exit status 1 if any has failed."""
import argparse
import os
import sys
import time

import common
import plans
import support


def arguments():
    parser = argparse.ArgumentParser(usage='script/test-matrix [options]', description='Every passport there can be.')
    parser.add_argument('--state', default='matrix.state', help='where the number of plans done is kept')
    parser.add_argument('--part', default='1/1', help='N/M: the N-th of M parts, for several processors')
    parser.add_argument('--from', dest='start', type=int, help='begin with this plan instead of where it was stopped')
    parser.add_argument('--match', default='', help='only plans whose name contains this, as in cam:13; keeps no state')
    parser.add_argument('--list', action='store_true', help='print the plans, run none')
    return parser.parse_args()


def load(path):
    """(plans done, plans failed)"""
    try:
        with open(path) as file:
            done, failed = file.read().split()
            return int(done), int(failed)
    except FileNotFoundError:
        return 0, 0


def save(path, done, failed):
    if path is None:
        return
    with open(path + '.new', 'w') as file:
        file.write('%d %d\n' % (done, failed))
    os.replace(path + '.new', path)


def chosen(given):
    number, count = (int(n) for n in given.part.split('/'))
    rows = [plan for at, plan in enumerate(plans.everything()) if at % count == number - 1]
    return [plan for plan in rows if given.match in plans.text(plan)]


def run(plan, csca, terminal):
    """True if it went well."""
    try:
        plans.run(plan, csca, terminal)
        return True
    except Exception as error:
        print('FAILED %s: %s\n    vicc -t ePass --specimen %s' % (
            plans.text(plan), error, ' '.join("'%s'" % word for word in plans.options(plan))), flush=True)
        common.Program.end_all()
        return False


def main():
    given = arguments()
    rows = chosen(given)
    if given.list:
        print('\n'.join(plans.text(plan) for plan in rows))
        return 0
    csca, terminal = support.csca(), support.specimen_terminal()
    state = '%s.%s' % (given.state, given.part.replace('/', '-')) if given.part != '1/1' else given.state
    state = None if given.match else state
    done, failed = load(state) if state and given.start is None else (given.start or 0, 0)
    first, begun = done, time.monotonic()
    try:
        for plan in rows[first:]:
            failed += not run(plan, csca, terminal)
            done += 1
            if done % 100 == 0 or done == len(rows):
                save(state, done, failed)
                each = (time.monotonic() - begun) / (done - first)
                print('%d of %d, %d failed, %d minutes left: %s' % (
                    done, len(rows), failed, each * (len(rows) - done) / 60, plans.text(plan)), flush=True)
    except KeyboardInterrupt:
        save(state, done, failed)
        common.Program.end_all()
        print('stopped after %d of %d; the next run goes on from there' % (done, len(rows)))
        return 1
    print('%d passed, %d failed' % (done - failed, failed))
    return 1 if failed else 0


sys.exit(main())
