#!/bin/sh
# Compiles the capture object: build.sh OUTPUT [COPY [OPTION]...]
#
# OPTIONs go to clang: -DRASTRO_PAGE_IN=618 makes the object for kernels that have task work for programs, as they have
# it from Linux 6.18 on, and 700 that for 7.0 (src/main/bpf/unread.bpf.h). Compiles nothing when the same sources,
# compiler, options and libbpf headers made OUTPUT before. The output does not depend on where the tree lies or when
# it is built. COPY is where the jar takes it from: the note of what OUTPUT was made of stays beside OUTPUT and out of
# the jar.
#
# RASTRO_CLANG names another clang than the first that is found.
set -eu

if [ $# -lt 1 ]; then
	echo "usage: build.sh OUTPUT [COPY [OPTION]...]" >&2
	exit 2
fi
mkdir -p "$(dirname "$1")"
output=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
copy=${2:-}
[ $# -lt 2 ] || shift
shift
case $copy in "" | /*) ;; *) copy=$(pwd)/$copy ;; esac
folder=$(cd "$(dirname "$0")" && pwd)
sources=$folder/src/main/bpf

# The first of these names that can be run: "find_tool clang" takes clang, then clang-21 ... clang-14.
find_tool() {
	for version in "" -21 -20 -19 -18 -17 -16 -15 -14; do
		if command -v "$1$version" >/dev/null 2>&1; then
			echo "$1$version"
			return 0
		fi
	done
	return 1
}

if ! clang=${RASTRO_CLANG:-$(find_tool clang)}; then
	echo "build.sh: no clang: the capture program is C for the BPF target, which needs clang 14 or later." >&2
	echo "build.sh: on Debian or Ubuntu: apt-get install clang llvm libbpf-dev (deploy/setup installs all that a build needs)." >&2
	exit 1
fi
if ! printf '%s\n' '#include "vmlinux.h"' '#include <bpf/bpf_helpers.h>' |
	"$clang" -target bpf "-I$sources" -fsyntax-only -x c - 2>/dev/null; then
	echo "build.sh: $clang finds no <bpf/bpf_helpers.h>." >&2
	echo "build.sh: on Debian or Ubuntu: apt-get install libbpf-dev (deploy/setup installs all that a build needs)." >&2
	exit 1
fi
strip=$(find_tool llvm-strip) || strip=

stamp=$output.inputs
inputs=$(
	"$clang" --version | head -n 1
	echo "strip: $strip"
	echo "options: $*"
	cd "$sources"
	sha256sum "$folder/build.sh" ./* /usr/include/bpf/bpf_helpers.h /usr/include/bpf/bpf_core_read.h \
		/usr/include/bpf/bpf_helper_defs.h 2>/dev/null | sed "s|  .*/|  |"
)
deliver() {
	if [ -n "$copy" ] && ! cmp -s "$output" "$copy"; then
		mkdir -p "$(dirname "$copy")"
		cp "$output" "$copy"
	fi
}

if [ -f "$output" ] && [ -f "$stamp" ] && [ "$inputs" = "$(cat "$stamp")" ]; then
	deliver
	exit 0
fi

# v3: 32-bit registers; the oldest kernels that are supported know it. -g makes BTF, which CO-RE needs.
cd "$sources"
"$clang" -target bpf -mcpu=v3 -O2 -g -Wall -Werror \
	-fdebug-prefix-map="$sources"=. -fdebug-compilation-dir=. -ffile-prefix-map="$sources"=. \
	"$@" -I. -c capture.bpf.c -o "$output.new"
if [ -n "$strip" ]; then
	"$strip" --strip-debug "$output.new"	# DWARF goes; BTF stays, it is no debug section to the tool
fi
mv "$output.new" "$output"
printf '%s\n' "$inputs" >"$stamp"
deliver
