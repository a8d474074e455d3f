# shellcheck shell=bash
# What the subcommands of ./dev share: messages, packages, progress, building. Sourced by ./dev, which sets DEV_ROOT and DEV_COMMAND.

say() { printf '%s\n' "$*" >&2; }
die() { # MESSAGE [HINT]
  printf 'error: %s\n' "$1" >&2
  [[ $# -gt 1 ]] && printf 'hint: %s\n' "$2" >&2
  exit 1
}
usage_error() {
  printf 'error: %s\nhint: ./dev %s --help\n' "$1" "$DEV_COMMAND" >&2
  exit 2
}

# The leading comment of a subcommand's file.
command_help() { # FILE
  sed -n '/^# shellcheck/d; /^#/!q; s/^# \{0,1\}//p' "$1"
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing packages needs root, and there is no sudo" "run ./dev deps once as root"
  fi
}

# Prints "PACKAGE|why" for each package of the table that is needed and not installed.
missing_packages() { # build|cluster|test|bench
  local -A level=([build]=1 [cluster]=2 [test]=3 [bench]=4) have=()
  local package needed why name status
  while read -r status name; do
    [[ $status == ii ]] && have[${name%%:*}]=1
  done < <(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null)
  while IFS='|' read -r package needed why; do
    package=${package// /}
    needed=${needed// /}
    [[ -z $package || $package == '#'* || -z $needed ]] && continue
    ((${level[$needed]} <= ${level[$1]})) || continue
    if [[ $package == */* ]] && command -v "${package#*/}" >/dev/null; then continue; fi
    package=${package%%/*}
    [[ -n ${have[$package]:-} ]] || printf '%s|%s\n' "$package" "${why# }"
  done <"$DEV_ROOT/tools/dev/packages.txt"
}

# Installs what a level needs. Silent and quick when nothing is missing.
need_packages() { # build|cluster|test|bench
  local missing package why names=()
  command -v dpkg-query >/dev/null || {
    say "This is not Debian: install what tools/dev/packages.txt lists, by your own package manager."
    return 0
  }
  missing=$(missing_packages "$1")
  [[ -n $missing ]] || return 0
  say "Installing from Debian:"
  while IFS='|' read -r package why; do
    names+=("$package")
    say "$(printf '  %-24s %s' "$package" "$why")"
  done <<<"$missing"
  mkdir -p "$DEV_ROOT/build"
  local log=$DEV_ROOT/build/apt.log
  : >"$log"
  run_apt "Reading package lists" "$log" update
  run_apt "Installing ${#names[@]} packages" "$log" install -y --no-install-recommends "${names[@]}"
}

run_apt() { # TITLE LOG ARGS…
  local title=$1 log=$2
  shift 2
  # Progress goes through the pipe, the rest to the log. The descriptors are arranged inside sudo, which closes those
  # it does not know; apt makes the one for progress non-blocking, which package scripts cannot write to.
  # shellcheck disable=SC2016
  if ! as_root env DEBIAN_FRONTEND=noninteractive sh -c 'log=$1; shift; exec apt-get "$@" 3>&1 >>"$log" 2>&1' sh "$log" \
    -q -o DPkg::Lock::Timeout=300 -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 "$@" | apt_progress "$title"; then
    grep -E '^(E|W):' "$log" | tail -5 >&2
    die "apt-get ${1} failed; the whole output is in ${log#"$DEV_ROOT"/}" "is the network there, and do the package sources name Debian 12 main?"
  fi
}

# Turns apt's status lines (kind:package:percent:text) into one line a step.
apt_progress() { # TITLE
  local title=$1 line percent last=-1 step=10
  [[ -t 2 ]] && step=1
  while IFS= read -r line; do
    [[ $line =~ ^(dl|pm)status:[^:]*(:[a-z0-9]+)?:([0-9]+)\.[0-9]+: ]] || continue
    percent=${BASH_REMATCH[3]}
    [[ ${BASH_REMATCH[1]} == dl ]] && percent=$((percent / 2)) || percent=$((50 + percent / 2))
    ((percent >= last + step)) || continue
    last=$percent
    if [[ -t 2 ]]; then printf '\r%s … %3d %%' "$title" "$percent" >&2; else say "$title … $percent %"; fi
  done
  if [[ -t 2 ]]; then printf '\r%s … done \n' "$title" >&2; else say "$title … done"; fi
}

# Configures (once) and builds. Progress: one moving line on a terminal, a line each tenth otherwise.
build_preset() { # PRESET [TARGET…]
  local preset=$1 folder=$DEV_ROOT/build/$1 log=$DEV_ROOT/build/$1.log
  shift
  mkdir -p "$DEV_ROOT/build"
  if [[ ! -f $folder/build.ninja ]]; then
    say "Configuring build/$preset"
    (cd "$DEV_ROOT" && cmake --preset "$preset") >"$log" 2>&1 || {
      tail -20 "$log" >&2
      die "cmake failed; the whole output is in ${log#"$DEV_ROOT"/}"
    }
  fi
  local jobs=()
  [[ -n ${DEV_JOBS:-} ]] && jobs=(-j "$DEV_JOBS")
  if [[ -t 2 ]]; then
    NINJA_STATUS='[%f/%t %es] ' ninja -C "$folder" "${jobs[@]}" "$@" >&2 ||
      die "the build of build/$preset failed"
  else
    NINJA_STATUS='[%f/%t] ' ninja -C "$folder" "${jobs[@]}" "$@" | build_progress "$preset" >&2 ||
      die "the build of build/$preset failed"
  fi
}

build_progress() { # PRESET
  awk -v preset="$1" '
    match($0, /^\[[0-9]+\/[0-9]+\] /) {
      split(substr($0, 2, RLENGTH - 3), n, "/")
      if (n[2] > 0 && int(10 * n[1] / n[2]) > last) { last = int(10 * n[1] / n[2]); print "Building " preset " … " last * 10 " %"; fflush() }
      next
    }
    /^ninja: (Entering|no work)/ { next }
    { print; fflush() }'
}

# bin/NAME → the newest build's program.
link_binaries() { # PRESET
  local program
  mkdir -p "$DEV_ROOT/bin"
  for program in faisca faisca-sim faisca-gateway faisca-watchdog faisca-watchdog-offload faisca-agent; do
    if [[ -x $DEV_ROOT/build/$1/bin/$program ]]; then ln -sfn "../build/$1/bin/$program" "$DEV_ROOT/bin/$program"; fi
  done
}

# Notes in build/test-times.json how long a whole `./dev test` took: cold when most of it had to be compiled. ./dev bench prints it.
record_test_time() { # SECONDS CACHE_MISSES
  local kind=warm
  (($2 > 100)) && kind=cold
  python3 - "$DEV_ROOT/build/test-times.json" "$kind" "$1" <<'END'
import json, pathlib, sys
path = pathlib.Path(sys.argv[1])
times = json.loads(path.read_text()) if path.exists() else {}
times[sys.argv[2]] = round(int(sys.argv[3]) / 60, 1)
path.write_text(json.dumps(times) + "\n")
END
}
