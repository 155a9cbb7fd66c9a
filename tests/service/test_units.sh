#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
# test_units.sh VPCSCD SOCKET-UNIT SERVICE-UNIT: systemd finds nothing wrong with the units.
set -eu
command -v systemd-analyze >/dev/null || { echo 'skipped: systemd-analyze is not installed'; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp "$2" "$dir"
sed "s,^ExecStart=.*/vpcscd,ExecStart=$1," "$3" >"$dir/vpcscd.service"
mkdir "$dir/run" "$dir/home"
said=$(XDG_RUNTIME_DIR=$dir/run HOME=$dir/home SYSTEMD_UNIT_PATH=$dir: \
	systemd-analyze verify --user --man=no "$dir/vpcscd.socket" "$dir/vpcscd.service" 2>&1) || failed=yes
if [ -n "${failed-}" ] || echo "$said" | grep -q vpcscd; then
	echo "$said"
	exit 1
fi
