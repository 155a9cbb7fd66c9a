# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The usual door to ninja, after ./configure. BUILD is the folder that configure prepared; DESTDIR is
# honoured by install and uninstall. NINJA holds arguments for ninja: --quiet, -v, -j1 ...
BUILD = build
NINJA =

all: configured
	@ninja -C $(BUILD) $(NINJA)

check: configured
	@meson test -C $(BUILD) --print-errorlogs

# Builds only what is not yet built: after a plain "make", "sudo make install" compiles nothing. The log of
# an earlier installation may belong to root.
install: all
	@rm -f $(BUILD)/meson-logs/install-log.txt
	@DESTDIR="$(DESTDIR)" meson install -C $(BUILD) --no-rebuild

uninstall: configured
	@DESTDIR="$(DESTDIR)" ninja -C $(BUILD) uninstall

clean: configured
	@ninja -C $(BUILD) clean

distclean:
	@rm -rf $(BUILD)

# A source archive of what is committed, BUILD/meson-dist/virtualsmartcard-VERSION.tar.xz; distcheck builds
# and tests it as well.
dist: configured
	@meson dist -C $(BUILD) --no-tests

distcheck: configured
	@meson dist -C $(BUILD)

configured:
	@test -f $(BUILD)/build.ninja || { echo 'make: run ./configure first' >&2; exit 1; }

.PHONY: all check install uninstall clean distclean dist distcheck configured
