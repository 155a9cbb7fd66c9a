# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this folder share. Imported before the terminal: without python3-cryptography they are skipped."""
import sys

try:
    import cryptography  # noqa: F401
except ImportError:
    print('skipped: python3-cryptography is not installed')
    sys.exit(77)
