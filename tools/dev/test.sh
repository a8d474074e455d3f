# shellcheck shell=bash
# test [--sanitizers] [CTEST ARGUMENTS]: build the dev preset and run every test, or those that ctest's arguments select.
#
#   ./dev test -R watchdog        tests whose name matches
#   ./dev test -L e2e             tests of a label: unit, component, conformance, e2e, fuzz, lint, templates, kube (on a real API
#                                 server), chart, cluster (on real nodes; as root)
#   ./dev test --sanitizers       before that, the C++ tests under ASan+UBSan and under TSan
#
# Ends with ctest's summary; the exit code is ctest's.

sanitizers=no
if [[ ${1:-} == --sanitizers ]]; then
  sanitizers=yes
  shift
fi
need_packages test
started=$SECONDS
misses=$(ccache --print-stats | awk '$1 == "cache_miss" { print $2 }')

if [[ $sanitizers == yes ]]; then
  for preset in asan tsan; do
    say "Testing under $preset"
    build_preset "$preset"
    ctest --test-dir "$DEV_ROOT/build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" \
      -LE 'lint|e2e|templates|chart|cluster|bench|slow|hardware' "$@" || die "tests failed under $preset"
  done
fi

build_preset dev
link_binaries dev
# The fixture would build it too, silently and within its time limit.
selected=$(ctest --test-dir "$DEV_ROOT/build/dev" -N "$@")
if [[ $selected == *kube_control.up* || $selected == *kube_node.up* ]]; then
  "$DEV_ROOT/tools/cluster/build" >/dev/null
fi
status=0
ctest --test-dir "$DEV_ROOT/build/dev" --output-on-failure --no-tests=error -j "$(nproc)" "$@" || status=$?
reason=$DEV_ROOT/build/dev/kube_node/impossible
if [[ $selected == *kube_node.up* && -s $reason ]]; then say "Not tested on nodes: $(<"$reason")"; fi
[[ $# -gt 0 || $sanitizers == yes ]] || record_test_time $((SECONDS - started)) $(($(ccache --print-stats | awk '$1 == "cache_miss" { print $2 }') - misses))
exit "$status"
