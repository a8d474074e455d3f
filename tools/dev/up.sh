# shellcheck shell=bash
# up [--port N] [--home DIR] …: install what is missing, build, start the platform with the samples.
#
# Everything after `up` goes to `faisca up`: `bin/faisca up --help`. Ctrl-C stops all of it.

need_packages build
build_preset release platform
link_binaries release
exec "$DEV_ROOT/bin/faisca" up --samples "$DEV_ROOT/samples" "$@"
