#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
# make-pki.sh [FOLDER]: makes the specimen PKI in FOLDER (this one), with the program vicc-pki, or the one that VICC_PKI names.
# Keys that are there already are used again, everything else is made anew. README.md says what each file is.
set -eu
vicc_pki=${VICC_PKI:-vicc-pki}
cd "${1:-$(dirname "$0")}"

# key NAME TYPE: a key, unless there is one.
key() {
	[ -e "$1-key.pem" ] || "$vicc_pki" key --new-key "$1-key.pem" --key-type "$2"
}

# A certificate is valid as long as chips can tell.
from=2026-01-01 until=2099-12-31

# x509 COMMAND NAME COMMON-NAME OPTION...
x509() {
	command=$1 name=$2 common_name=$3
	shift 3
	"$vicc_pki" "$command" --force --out "$name.der" --key "$name-key.pem" --country UT --mrz-country UTO \
		--organization 'Utopia SPECIMEN' --name "$common_name" --email 'specimen@utopia.example' \
		--crl-url 'https://utopia.example/specimen.crl' --from $from --until $until --signs-until $until "$@"
}

key csca rsa:3072
key signer rsa:2048
x509 csca csca 'Utopia CSCA SPECIMEN' --serial 01
x509 signer signer 'Utopia Document Signer SPECIMEN' --serial 02 --issuer csca.der --issuer-key csca-key.pem \
	--document-type P --document-type ID

# cv COMMAND NAME REFERENCE OPTION...
cv() {
	command=$1 name=$2 reference=$3
	shift 3
	key "$name" brainpoolP256r1
	"$vicc_pki" "$command" --force --out "$name.cvcert" --key "$name-key.pem" --reference "$reference" \
		--from $from --until $until --rights all --digest sha256 "$@"
}

key sector-at brainpoolP256r1
"$vicc_pki" sector --force --out sector-at.bin --key sector-at-key.pem --digest sha256
for kind in IS AT ST; do
	lower=$(echo $kind | tr IATS iats)
	sector=
	[ $kind != AT ] || sector="--sector sector-at.bin --ps-sector 13=sector-at.bin"
	cv cvca "cvca-$lower" "UTSPEC${kind}00001" --kind $kind
	cv dv "dv-$lower" "UTSPECDV${kind}00001" --issuer "cvca-$lower.cvcert" --issuer-key "cvca-$lower-key.pem"
	# shellcheck disable=SC2086 # words of their own, or none
	cv terminal "terminal-$lower" "UTSPECT${kind}00001" --issuer "dv-$lower.cvcert" \
		--issuer-key "dv-$lower-key.pem" $sector
done

key active-auth-rsa rsa:2048
key active-auth-ec brainpoolP256r1
key chip-auth-ec brainpoolP256r1
