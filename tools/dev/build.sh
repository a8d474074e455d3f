# shellcheck shell=bash
# build [--preset dev|release|asan|tsan|cover] [TARGET…]: build (default preset: dev), without running anything.

preset=dev
if [[ ${1:-} == --preset ]]; then
  preset=${2:-}
  [[ $preset =~ ^(dev|release|asan|tsan|cover)$ ]] || usage_error "there is no preset '$preset'"
  shift 2
fi
case $preset in asan | tsan | cover) need_packages test ;; *) need_packages build ;; esac
build_preset "$preset" "$@"
link_binaries "$preset"
