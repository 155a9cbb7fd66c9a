# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages: without fault for mandoc; each option of --help is in the page, with an example, and each
option of the page is in --help."""
import os
import re
import shutil
import subprocess

import common
from common import equal

VPCSCD = os.environ.get('VPCSCD', '')
PAGES = {'vicc.1': common.VICC, 'vicc-pki.1': common.VICC_PKI, 'vpcd-config.1': common.VPCD_CONFIG, 'vpcscd.1': VPCSCD}


def source(page):
    with open(os.path.join(common.SOURCE_ROOT, 'man', page)) as file:
        return file.read()


def help_options(program):
    """Names and letters in --help: {'port': 'P', 'version': None}."""
    text = common.result(program, '--help')[1]
    options = {name: letter for letter, name in re.findall(r'^  (?:-(\w), |    )--([\w-]+)', text, re.M)}
    assert len(options) >= 3, text
    return options


def page_options(page):
    """Names and letters that the page describes: the .It lines with .Fl, and the text below each."""
    options = {}
    for item in re.split(r'^\.It (?=Fl )', source(page), flags=re.M)[1:]:
        line, text = item.split('\n', 1)
        name = re.search(r'(?:Fl |, )-([\w-]{2,})', line)
        if name:
            letter = re.match(r'Fl (\w)\b', line)
            options[name.group(1)] = (letter.group(1) if letter else '', text)
    return options


def card_options():
    """The options that describe a card: every program that makes cards has them, one page explains them."""
    return set(help_options(common.VICC)) & set(help_options(VPCSCD)) - {'help', 'version', 'verbose'}


def test_pages_and_help_agree():
    for page, program in PAGES.items():
        if not program:
            continue
        there = help_options(program)
        described = page_options(page)
        if page == 'vpcscd.1':
            there = {name: letter for name, letter in there.items() if name not in card_options()}
            assert re.search(r'^\.Xr vicc 1 ,\nwhere they are explained', source(page), re.M)
        equal(sorted(described), sorted(there), 'options in ' + page)
        for name, (letter, _) in described.items():
            equal(letter, there[name], '%s: letter of --%s' % (page, name))


def test_each_option_has_an_example():
    for page in PAGES:
        for name, (letter, text) in page_options(page).items():
            examples = re.findall(r'^\.Dl (.*)$', text, re.M)
            assert any('--' + name in example or letter and ' -' + letter in example
                       for example in examples), '%s: --%s' % (page, name)


def test_sections():
    for page in PAGES:
        for section in ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'FILES', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO'):
            assert re.search(r'^\.Sh %s$' % section, source(page), re.M), (page, section)


def test_mandoc():
    if shutil.which('mandoc') is None:
        raise common.Skip('mandoc is not installed')
    for page in PAGES:
        done = subprocess.run(['mandoc', '-T', 'lint', os.path.join(common.SOURCE_ROOT, 'man', page)],
                              capture_output=True, timeout=common.LIMIT)
        # Whether the pages referred to are installed is no fault of the page.
        faults = [line for line in done.stdout.decode().splitlines() if 'referenced manual not found' not in line]
        equal(faults, [], page)


common.main(globals())
