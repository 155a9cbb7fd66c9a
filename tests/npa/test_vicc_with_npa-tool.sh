#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Extended Access Control with OpenSC's npa-tool: it reads DG1 to DG21, writes DG17 to DG21, asks for age and validity,
# manages the PIN. npa-tool prints "Wrote" and "Verified" whatever the card has answered, so the card's log is asked.
#
#   VPCSCD    the PC/SC service with the card inside (vpcscd)
#   NPA_TOOL  the terminal (npa-tool). On today's OpenSSL that of OpenSC 0.23 gets nowhere, and that of 0.26 takes the card
#             for one without extended length, so that certificates are too long, and sends other auxiliary data than it
#             signs (67 inside 67). What it cannot do is said and left out.
#   SPECIMEN  the specimen PKI (data/specimen of this tree)
#   DATA      a folder with ecdh/ and dh/: cvca.cvcert, dvca.cvcert, at.cvcert, at_key.pkcs8, ef_cardaccess,
#             ef_cardsecurity, npa_key ($VICC_TEST_DATA/npa-example-data; without it that part is left out)
set -eu
: "${VPCSCD:=vpcscd}" "${NPA_TOOL:=npa-tool}" "${SPECIMEN:=$(dirname "$0")/../../data/specimen}"
: "${DATA:=${VICC_TEST_DATA:+$VICC_TEST_DATA/npa-example-data}}"

for tool in "$NPA_TOOL" openssl; do
	command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
"$VPCSCD" --help | sed '/^Known, but/q' | grep -qw nPA || { echo 'skipped: there is no card of type nPA'; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
log=$folder/log

fail() {
	echo "FAILED: $1"
	cat "$log"
	exit 1
}

# The card's options are in $card; the arguments are npa-tool's. $1: the exit status that it must have, or "any".
npa_tool() {
	wanted=$1
	shift
	status=0
	# shellcheck disable=SC2086 # no name in it has a blank
	"$VPCSCD" -vv --socket "$folder/socket" $card -- "$NPA_TOOL" "$@" >"$log" 2>&1 || status=$?
	[ "$wanted" = any ] || [ "$status" -eq "$wanted" ] || fail "npa-tool $*: status $status, not $wanted"
}

# The status words of the commands whose line in the log has $1, side by side.
statuses() {
	awk -v text="$1" '
		/ > / { hit = index($0, "> " text) > 0 }
		/ < / && hit && match($0, /, [0-9A-F][0-9A-F][0-9A-F][0-9A-F] /) { print substr($0, RSTART + 2, 4); hit = 0 }
	' "$log" | paste -sd ' '
}

answered() {
	[ "$(statuses "$1")" = "$2" ] || fail "$1: '$(statuses "$1")', not '$2'"
}

# Everything, as far as the terminal's certificate permits: $1 is "all" or "dg1".
read_and_write() {
	rights=$1
	shift
	set -- "$@" --pin=111111
	npa_tool any "$@" --older-than=19991231 --verify-validity=20201020
	case $(statuses 'EXTERNAL AUTHENTICATE') in
	9000) if [ "$rights" = all ]; then answered VERIFY '9000 9000'; else answered VERIFY '6982 9000'; fi ;;
	'') echo 'left out: this npa-tool cannot do Terminal Authentication'; return ;;
	*) echo 'left out: this npa-tool cannot do auxiliary data' ;;
	esac
	set -- "$@" --write-dg17=0107 --write-dg18=0108 --write-dg19=0109 --write-dg20=0200 --write-dg21=0201
	for n in $(seq 1 21); do
		set -- "$@" "--read-dg$n"
	done
	npa_tool any "$@"
	answered 'EXTERNAL AUTHENTICATE' 9000
	grep -q 'Performed Chip Authentication' "$log" || fail 'no Chip Authentication'
	if [ "$rights" = all ]; then
		answered 'WRITE BINARY' '9000 9000 9000 9000 9000'
		grep -q 'MUSTERMANN' "$log" || fail 'the family name was not read'
	else
		answered 'WRITE BINARY' '6982 6982 6982 6982 6982'
	fi
}

# Where npa-tool looks for what it trusts: CV certificates by name, X.509 certificates by OpenSSL's hash.
mkdir "$folder/cvc" "$folder/x509"
cp "$SPECIMEN/cvca-at.cvcert" "$folder/cvc/UTSPECAT00001"
openssl x509 -inform der -in "$SPECIMEN/csca.der" -out "$folder/x509/csca.pem"
ln "$folder/x509/csca.pem" "$folder/x509/$(openssl x509 -in "$folder/x509/csca.pem" -noout -hash).0"
openssl pkcs8 -topk8 -nocrypt -in "$SPECIMEN/terminal-at-key.pem" -outform der -out "$folder/key"
echo 'PhoneNumber=+49301234567' >"$folder/dataset"

card='--type nPA'
npa_tool any --pin=111111
grep -q 'GENERAL AUTHENTICATE' "$log" || { echo "skipped: this $NPA_TOOL does not get as far as PACE"; exit 77; }

echo 'The PIN: changed, suspended, resumed, blocked, unblocked.'
card="--type nPA --save-image $folder/card.json"
npa_tool 0 --pin=111111 --new-pin=654321
answered 'RESET RETRY COUNTER' 9000
card="--file $folder/card.json"
for pin in 999999 999998; do
	npa_tool any --pin=$pin
done
npa_tool 0 --can=222222 --resume --pin=654321
for pin in 999999 999998; do
	npa_tool any --pin=$pin
done
npa_tool any --can=222222 --resume --pin=999997
npa_tool any --pin=654321
if grep -q 'Established PACE channel with eID PIN' "$log"; then fail 'a blocked PIN is taken'; fi
npa_tool 0 --puk=3333333333 --unblock
answered 'RESET RETRY COUNTER' 9000
npa_tool 0 --pin=654321

echo 'The specimen PKI, everything checked.'
card="--type nPA --datasetfile $folder/dataset"
read_and_write all --private-key="$folder/key" --cv-certificate="$SPECIMEN/dv-at.cvcert,$SPECIMEN/terminal-at.cvcert" \
	--cvc-dir="$folder/cvc" --x509-dir="$folder/x509"

[ -d "$DATA" ] || { echo 'left out: no DATA'; exit 0; }
for kind in ecdh dh; do
	echo "The example data, $kind: its terminal may read DG1."
	d=$DATA/$kind
	card="--type nPA --datasetfile $folder/dataset --disable-ta-checks --ef-cardaccess $d/ef_cardaccess"
	card="$card --ef-cardsecurity $d/ef_cardsecurity --ca-key $d/npa_key --cvca $d/cvca.cvcert"
	read_and_write dg1 --private-key="$d/at_key.pkcs8" --cv-certificate="$d/dvca.cvcert,$d/at.cvcert" --cvc-dir="$d" \
		--disable-ta-checks --disable-ca-checks
done
