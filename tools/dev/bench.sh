# shellcheck shell=bash
# bench [--json FILE] [NAME…]: measure what the README claims, with peers and conditions.

need_packages bench
build_preset release
link_binaries release
exec "$DEV_ROOT/tests/bench/run" "$@"
