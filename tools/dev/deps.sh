# shellcheck shell=bash
# deps [build|cluster|test|bench]: install the Debian packages that are missing (default: test).
#
# The list with a reason for each package is tools/dev/packages.txt.

level=${1:-test}
[[ $level =~ ^(build|cluster|test|bench)$ && $# -le 1 ]] || usage_error "deps takes build, cluster, test or bench, not '$*'"
need_packages "$level"
say "Everything for '$level' is installed."
