#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
# SPDX-License-Identifier: GPL-3.0-or-later
# ./configure: every option is in its help, what it is given reaches meson, and what it does not know it
# refuses by name with one line. Run as test_configure.sh SOURCE_FOLDER; reports in TAP.
set -u
unset CC CFLAGS CPPFLAGS LDFLAGS AR STRIP
configure=$1/configure
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0

# check NAME STATUS: reports a test by the status of what was tried.
check() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' "$dir/out"
		failed=1
	fi
}

# refuses NAME STATUS LINE ARGUMENT...: configure must exit with the status and say just this line.
refuses() {
	name=$1 want=$2 line=$3
	shift 3
	"$configure" --quiet --build-folder="$dir/build" "$@" >"$dir/out" 2>&1
	[ $? -eq "$want" ] && [ "$(cat "$dir/out")" = "configure: $line" ]
	check "$name" $?
}

# has OPTION VALUE: the build folder was configured so.
has() {
	python3 - "$dir/build/meson-info/intro-buildoptions.json" "$1" "$2" >"$dir/out" 2>&1 <<-'END'
		import json, sys
		value = {o['name']: o['value'] for o in json.load(open(sys.argv[1]))}[sys.argv[2]]
		sys.exit(f'{sys.argv[2]} is {value}' if str(value) != sys.argv[3] else 0)
	END
	check "$1 is $2" $?
}

"$configure" --help >"$dir/help" 2>&1
check '--help' $?
for option in $(sed -n "s/^option('\([^']*\)'.*/\1/p" "$1/meson_options.txt"); do
	cp "$dir/help" "$dir/out"
	grep -q -e "--enable-${option}[=,]" "$dir/help"
	check "--help lists $option" $?
done
cp "$dir/help" "$dir/out"
grep -A1 -e '--enable-vpcdslots=' "$dir/help" | grep -q '\[2\]$' && grep -A1 -e '--enable-vpcdhost=' "$dir/help" | grep -q '\[/dev/null\]$'
check '--help has the defaults' $?

all='(./configure --help lists all)'
refuses 'an unknown option' 2 "no such option: --nonsense $all" --nonsense
refuses 'an unknown feature' 2 "no such option: --enable-nonsense, --disable-nonsense $all" --enable-nonsense
refuses 'an unknown folder' 2 "no such option: --nonsensedir $all" --nonsensedir=/x
refuses 'an unknown variable' 2 "no such option: NONSENSE $all" NONSENSE=1
refuses 'a word' 2 "no such option: nonsense $all" nonsense
refuses 'too many slots' 2 '--enable-vpcdslots=99: give 1 to 16' --enable-vpcdslots=99
refuses 'no slot' 2 '--enable-vpcdslots=0: give 1 to 16' --enable-vpcdslots=0
refuses 'slots in words' 2 '--enable-vpcdslots=two: give 1 to 16' --enable-vpcdslots=two
refuses 'slots without a number' 2 '--enable-vpcdslots needs a value: --enable-vpcdslots=VALUE' --enable-vpcdslots
refuses 'a host that is switched off' 2 '--enable-vpcdhost needs a value: --enable-vpcdhost=VALUE' --disable-vpcdhost
refuses 'a half switch' 2 '--enable-infoplist=maybe: give yes or no' --enable-infoplist=maybe
refuses 'a folder without its name' 2 '--prefix needs a value' --prefix
refuses 'an unknown system' 2 '--host=vax-dec-ultrix: there is no file cross/vax-dec-ultrix.ini' --host=vax-dec-ultrix
refuses 'a compiler that is not there' 1 "Unknown compiler(s): [['no-such-compiler']]" CC=no-such-compiler
[ ! -e "$dir/build/build.ninja" ]
check 'nothing refused left a build' $?

"$configure" --build-folder "$dir/build" --prefix /opt/card --sysconfdir=/etc '--mandir=${prefix}/man' \
	--enable-vpcdslots=4 --enable-vpcdhost=10.0.0.1 --enable-serialdropdir=/opt/drop --enable-libpcsclite --disable-tests \
	--disable-qrcode --build=x86_64-linux-gnu --disable-dependency-tracking CFLAGS='-O1 -g0' >"$dir/out" 2>&1
check 'many options' $?
has prefix /opt/card
has sysconfdir /etc
has mandir man
has vpcdslots 4
has vpcdhost 10.0.0.1
has serialdropdir /opt/drop
has libpcsclite True
has tests disabled
has qrcode disabled
has c_args "['-O1', '-g0']"

"$configure" --quiet --build-folder="$dir/build" --enable-vpcdslots=3 --disable-tests >"$dir/out" 2>&1 &&
	[ ! -s "$dir/out" ]
check 'configuring again, quietly' $?
has vpcdslots 3
has prefix /usr/local
has sysconfdir etc
has c_args '[]'
has libpcsclite False

# Without meson: says what to do.
mkdir "$dir/bin"
for tool in sh sed dirname awk tr grep; do
	ln -s "$(command -v $tool)" "$dir/bin/$tool"
done
PATH=$dir/bin "$configure" >"$dir/out" 2>&1
[ $? -eq 1 ] && grep -q '^configure: meson is missing; script/bootstrap' "$dir/out"
check 'no meson' $?

echo "1..$n"
exit $failed
