#!/usr/bin/env bash
# Checks of ./dev itself: the scripts are clean, the table of packages is well formed, mistakes get exit code 2.
# Argument: the source folder.
set -euo pipefail
cd "$1"
failures=0
expect() { # CLAIM COMMAND…
  local claim=$1
  shift
  if "$@" >/dev/null 2>&1; then echo "ok: $claim"; else
    echo "FAILED: $claim: $*"
    failures=$((failures + 1))
  fi
}
code() { # WANTED COMMAND…
  local wanted=$1 got=0
  shift
  "$@" || got=$?
  [[ $got -eq $wanted ]]
}

mapfile -t scripts < <(grep -rlE --include='*' --exclude-dir={build,bin,.git,.cache} -m1 '^#!.*\b(ba)?sh$|^# shellcheck shell=' . | grep -vE '\.(md|py|cpp|cmake)$')
shellcheck -x "${scripts[@]}" || failures=$((failures + 1))

malformed=$(awk -F'|' '!/^#/ && NF && (NF != 3 || $2 !~ /^ *(build|cluster|test|bench) *$/ || $3 ~ /^ *$/)' tools/dev/packages.txt)
expect "every package has a level and a reason ($malformed)" test -z "$malformed"
expect "no package is listed twice" test -z "$(awk -F'[|/ ]' '!/^#/ && NF {print $1}' tools/dev/packages.txt | sort | uniq -d)"
expect "help lists every command" code 0 ./dev help
for file in tools/dev/*.sh; do
  name=$(basename "$file" .sh)
  [[ $name == lib ]] && continue
  expect "$name explains itself" grep -q "^# $name\b.*: " "$file"
  expect "help names $name" grep -q "^  $name " <(./dev help)
done
expect "an unknown command is a usage error" code 2 ./dev nonsense
expect "a path is no command" code 2 ./dev ../lib
expect "the library is no command" code 2 ./dev lib
expect "an unknown level is a usage error" code 2 ./dev deps everything
expect "an unknown preset is a usage error" code 2 ./dev build --preset nonsense
((failures == 0)) || {
  echo "$failures failed"
  exit 1
}
