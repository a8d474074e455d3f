#include "cli/platform/orphans.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

namespace faisca::cli {
namespace {

// proc(5): /proc/PID/task/TID/children lists the children that thread TID has started or adopted.
std::vector<pid_t> children() {
  std::vector<pid_t> pids;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc/self/task", error), end; !error && it != end;
       it.increment(error)) {
    std::ifstream list(it->path() / "children");
    for (pid_t pid; list >> pid;) pids.push_back(pid);
  }
  return pids;
}

}  // namespace

Status adopt_orphans() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
    return fail(errno_error(errno, "becoming the parent of orphans"));
  return {};
}

int end_orphans(std::span<const pid_t> known) {
  int left = 0;
  for (const pid_t pid : children()) {
    if (std::find(known.begin(), known.end(), pid) != known.end()) continue;
    ::kill(pid, SIGKILL);
    if (::waitpid(pid, nullptr, WNOHANG) == 0) ++left;
  }
  return left;
}

}  // namespace faisca::cli
