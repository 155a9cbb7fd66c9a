#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests the reader driver with a handler_test card in it, without pcscd: cases 1 to 4 as APDUs and as TPDUs,
# the card waiting for the reader and the reader for the card.
#
#   VICC          the emulator (vicc)
#   DRIVER        the reader driver (the installed one)
#   HANDLER_TEST  the tester: PCSC-Lite's handler_test, or handler_host of this tree, which takes the same
#                 options (the one in the build folder)
set -eu
: "${VICC:=vicc}" "${DRIVER:=/usr/lib/pcsc/drivers/serial/libifdvpcd.so}"
: "${HANDLER_TEST:=$(dirname "$0")/../../build/tests/ifd/handler_host}"

out=$(mktemp)
card=
# shellcheck disable=SC2317 # called by trap
stop() {
	[ -z "$card" ] || kill "$card" 2>/dev/null || true
	rm -f "$out"
}
trap stop EXIT
trap 'exit 1' INT TERM

command -v "$HANDLER_TEST" >/dev/null || { echo "skipped: no tester: HANDLER_TEST=$HANDLER_TEST"; exit 77; }

stop_card() {
	kill "$card"
	wait "$card" || { echo "vicc ended with status $?"; exit 1; }
	card=
}

# The port that a waiting vicc has taken, once it has.
port_of_card() {
	while ! grep -q 'VICC port:' "$out"; do
		kill -0 "$card" 2>/dev/null || { echo 'vicc has ended' >&2; return 1; }
		sleep 0.05
	done
	sed -n 's/.*VICC port: *//p' "$out"
}

echo 'The card waits for the reader.'
"$VICC" --type handler_test --port 0 --reversed >"$out" &
card=$!
port=$(port_of_card)
for form in -A -T; do
	"$HANDLER_TEST" -l "$DRIVER" -1 -2 -3 -4 $form -d "localhost:$port"
done
stop_card

case ${HANDLER_TEST##*/} in
handler_host) ;;
*) exit 0 ;; # PCSC-Lite's tester does not wait for a card
esac

echo 'The reader waits for the card.'
port=$((31100 + $$ % 1500)) # other tests take theirs from below
"$VICC" --type handler_test --port "$port" --wait >"$out" &
card=$!
for form in -A -T; do
	"$HANDLER_TEST" -f -l "$DRIVER" -1 -2 -3 -4 $form -t 40 -d "/dev/null:$port"
done
stop_card
