#!/usr/bin/env bash
# One template, as its user meets it: new, build, deploy, invoke. Arguments: the faisca binary, the template.
set -euo pipefail

FAISCA=$1
language=$2
needs=python3
case $language in
  c) needs=clang-19 ;; cpp) needs=clang++-19 ;; c-ebpf | xdp) needs=clang-19 ;; node | bash) needs=$language ;;
esac
command -v "$needs" >/dev/null || {
  echo "skipped: $needs is not installed"
  exit 77
}
# shellcheck source=templates/platform.sh
source "$(dirname "${BASH_SOURCE[0]}")/platform.sh"

cd "$work"
"$FAISCA" new --lang "$language" greet
"$FAISCA" build greet
# shellcheck disable=SC2119 # this script has no arguments for it
start_platform
expect "deploy prints the function's URL" "$url/function/greet" "$("$FAISCA" deploy greet)"
wanted="Hello, Ada!"
[[ $language == c-ebpf ]] && wanted=262 # the sum of the bytes A, d, a
[[ $language == xdp ]] && wanted=4 # XDP_REDIRECT: the wire
expect "a $language function answers" "$wanted" "$("$FAISCA" invoke greet -d Ada)"
expect "it answers again" "$wanted" "$(printf Ada | "$FAISCA" invoke greet)"
expect "an unchanged function has the same archive" "$("$FAISCA" deploy --dry-run greet | sha256sum)" \
  "$("$FAISCA" deploy --dry-run greet | sha256sum)"
"$FAISCA" remove greet
code=0
"$FAISCA" invoke greet -d Ada 2>/dev/null || code=$?
expect "a removed function is not found" 3 "$code"
