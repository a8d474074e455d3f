# shellcheck shell=bash
# lint [--all | FILE…]: format, layers, shell scripts, and clang-tidy on the C++ files that differ from the last commit.
#
# --all: clang-tidy on every C++ file (minutes).

need_packages test
build_preset dev all
link_binaries dev
ctest --test-dir "$DEV_ROOT/build/dev" --output-on-failure --no-tests=error -L lint

files=("$@")
if [[ ${1:-} == --all ]]; then
  mapfile -t files < <(git ls-files '*.cpp')
elif [[ $# -eq 0 ]]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d HEAD -- '*.cpp' && git ls-files --others --exclude-standard '*.cpp')
fi
if [[ ${#files[@]} -gt 0 ]]; then
  printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 -p "$DEV_ROOT/build/dev" --quiet
fi
say "lint: fine"
