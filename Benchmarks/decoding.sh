#!/usr/bin/env bash
# Compiles Decoding.swift with the core, as it stands in the program, and runs it.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
sources=$here/../Sources
place=$(mktemp -d "${TMPDIR:-/tmp}/rollcall-decoding.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
header=$(echo "$sources"/CCrypto/include/*.h)
printf 'module CCrypto { header "%s" export * }\n' "$header" > "$place/module.modulemap"
clang -O2 -I "$sources/CCrypto/include" -c "$sources"/CCrypto/*.c -o "$place/crypto.o"
mapfile -t files < <(find "$sources/RollcallCore" -name '*.swift')
swiftc -O -wmo -swift-version 6 -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault -parse-as-library \
    -module-name decoding -I "$place" -o "$place/decoding" "${files[@]}" "$here/Decoding.swift" "$place/crypto.o" -lcrypto
"$place/decoding"
