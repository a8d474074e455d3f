# shellcheck shell=bash
# A platform of its own for a test: source this with $FAISCA set to the binary. Sets $work (a folder that is removed at
# the end) and $url; every process is gone when the test ends.

work=$(mktemp -d "${TMPDIR:-/tmp}/faisca-test-XXXXXX")
platform=
cleanup() {
  local code=$?
  if [[ -n $platform ]]; then
    kill -TERM "$platform" 2>/dev/null || true
    wait "$platform" 2>/dev/null || true
  fi
  if [[ $code -ne 0 && $code -ne 77 ]]; then
    tail -n 20 "$work"/up.* "$work"/home/platform/*.log 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

# start_platform ARGUMENTS…: returns when it is ready.
start_platform() {
  "$FAISCA" up --port 0 --home "$work/home" "$@" >"$work/up.out" 2>"$work/up.err" &
  platform=$!
  local tries=600
  until grep -q 'Ctrl-C stops everything' "$work/up.out"; do
    if ! kill -0 "$platform" 2>/dev/null || ((--tries == 0)); then
      echo "the platform did not start"
      exit 1
    fi
    sleep 0.05
  done
  url=$(sed -n 's/.* is ready at //p' "$work/up.out")
  export FAISCA_GATEWAY=$url
}

# expect CLAIM WANTED GOT
expect() {
  if [[ $2 != "$3" ]]; then
    printf 'FAILED: %s\n  wanted: %q\n  got:    %q\n' "$1" "$2" "$3"
    exit 1
  fi
  echo "ok: $1"
}
