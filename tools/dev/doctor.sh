# shellcheck shell=bash
# doctor: say what this machine has and lacks; change nothing.

trouble=0
fine() { printf '  ok       %s\n' "$*"; }
lacks() {
  printf '  lacking  %s\n' "$*"
  trouble=1
}

for level in build cluster test bench; do
  missing=$(missing_packages "$level")
  if [[ -z $missing ]]; then
    fine "packages for $level"
  else
    lacks "packages for $level: $(cut -d'|' -f1 <<<"$missing" | paste -sd' ') (./dev deps $level)"
  fi
done
for tool in clang++-19 cmake ninja verilator; do
  if path=$(command -v "$tool"); then fine "$tool: $path"; else lacks "$tool"; fi
done
cores=$(nproc)
memory=$(awk '/MemAvailable/ {printf "%d", $2 / 1048576}' /proc/meminfo)
if ((memory >= 2 * cores)); then fine "$cores cores, $memory GiB of memory free"; else
  lacks "memory: $memory GiB free for $cores cores; DEV_JOBS=1 builds with one job"
fi
free=$(df -Pk "$DEV_ROOT" | awk 'NR == 2 {printf "%d", $4 / 1048576}')
if ((free >= 6)); then fine "$free GiB of disk free"; else lacks "disk: $free GiB free, a build with tests takes 6"; fi
if { exec 9<>/dev/tcp/127.0.0.1/8080; } 2>/dev/null; then
  exec 9>&-
  lacks "port 8080 is taken: ./dev up --port N"
else
  fine "port 8080 is free"
fi
# Not everybody wants one, so it is no trouble.
if reason=$("$DEV_ROOT/tools/cluster/cluster" check); then fine "./dev cluster can run here"; else
  printf '  no       ./dev cluster cannot run here: %s\n' "$reason"
fi
exit "$trouble"
