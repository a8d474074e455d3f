# shellcheck shell=bash
# fmt [--check]: format every C++ file; with --check, only name those that differ.

need_packages test
arguments=(-i)
[[ ${1:-} == --check ]] && arguments=(--dry-run -Werror)
git ls-files -z --cached --others --exclude-standard '*.cpp' '*.h' | xargs -0 -r -n 40 -P "$(nproc)" clang-format-19 "${arguments[@]}"
