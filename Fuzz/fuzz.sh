#!/usr/bin/env bash
# Compiles one fuzz target and runs it: fuzz.sh NAME RUNS [FILE]. README.md says more.
#
# SANITIZE  sanitizers for swiftc, "fuzzer,address" unless set
# CORPUS    a directory of texts to begin with and to add to; a temporary one unless set
# MAX_LEN   the longest text in bytes, 1024 unless set
# LIMIT     the longest time for all runs, 2h unless set
set -euo pipefail

name=${1:?the name of a target, such as ScimFilter}
runs=${2:?how many texts to try}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../Sources
target=$here/${name}Fuzz.swift
[[ -f $target ]] || { echo "there is no $target" >&2; exit 2; }

place=$(mktemp -d "${TMPDIR:-/tmp}/rollcall-fuzz.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
corpus=${CORPUS:-$place/corpus}
mkdir -p -- "$corpus"

# The core and the one C library that it needs.
header=$(echo "$sources"/CCrypto/include/*.h)
printf 'module CCrypto { header "%s" export * }\n' "$header" > "$place/module.modulemap"
clang -O2 -I "$sources/CCrypto/include" -c "$sources"/CCrypto/*.c -o "$place/crypto.o"
mapfile -t files < <(find "$sources/RollcallCore" -name '*.swift')
for part in $(sed -n 's|^// With: ||p' "$target"); do files+=("$here/$part"); done
words=()
for dictionary in $(sed -n 's|^// Words: ||p' "$target"); do words=("-dict=$here/$dictionary"); done

swiftc -O -wmo -swift-version 6 -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
    -sanitize="${SANITIZE:-fuzzer,address}" -parse-as-library -module-name fuzz -I "$place" -o "$place/fuzz" \
    "${files[@]}" "$target" "$place/crypto.o" -lcrypto

export SWIFT_BACKTRACE=enable=no
# Swift keeps pointers with bits set in them, which the leak check takes for lost.
export ASAN_OPTIONS=detect_leaks=0
if [[ $# -ge 3 ]]; then
    timeout -k 5 60 "$place/fuzz" "$3"
else
    timeout -k 10 "${LIMIT:-2h}" "$place/fuzz" -runs="$runs" -timeout=1 -detect_leaks=0 -max_len="${MAX_LEN:-1024}" -print_final_stats=1 \
        "${words[@]}" "$corpus"
fi
