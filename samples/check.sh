#!/usr/bin/env bash
# The samples as `./dev up` deploys them: the printed curl lines work as printed, a second start finds the functions.
# Argument: the faisca binary.
set -euo pipefail

FAISCA=$1
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=templates/platform.sh
source "$folder/../templates/platform.sh"

start_platform --samples "$folder"
# shellcheck disable=SC2016
expect "the printed lines answer" $'Hello, Ada!\n|4|0x' \
  "$(grep -o 'curl .*' "$work/up.out" | while read -r line; do bash -c "$line"; printf '|'; done | cut -c1-13 | sed 's/^\(|4|0x\).*/\1/')"
checksum() { printf '%b' "$1" | curl -sS --data-binary @- "$url/function/checksum"; }
expect "RFC 1071's own example" 0x220d "$(checksum '\x00\x01\xf2\x03\xf4\xf5\xf6\xf7')"
expect "an odd length" 0x9eff "$(checksum 'a')"
expect "nothing at all" 0xffff "$(checksum '')"
expect "carries are folded" 0x0000 "$(checksum '\xff\xff\xff\xff\xff\xff')"
expect "hello trims the newline" "Hello, Ada!" "$(echo Ada | "$FAISCA" invoke hello)"
expect "hello without a name" "Hello, world!" "$("$FAISCA" invoke hello -d '')"

kill -TERM "$platform"
code=0
wait "$platform" || code=$?
platform=
expect "SIGTERM ends it with 0" 0 "$code"
start_platform --samples "$folder"
expect "a second start finds the functions" "Functions: checksum, hello, hello-ebpf" "$(grep Functions: "$work/up.out")"
expect "they answer" "Hello, Ada!" "$("$FAISCA" invoke hello -d Ada)"
