#include "watchdog/process/sweeper.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>

#include "lib/base/log.h"

namespace faisca::watchdog {
namespace {

constexpr Duration kEvery = std::chrono::milliseconds(250);
constexpr int kLooksAfterWork = 3;

}  // namespace

Sweeper::Sweeper(Reactor& reactor, const KnownChildren& known) : known_(known), timer_(reactor, *this, 0) {}

Status Sweeper::start() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    return fail(errno_error(errno, "cannot become a child subreaper"));
  timer_.set_after(kEvery);
  return {};
}

void Sweeper::on_event(int, uint32_t) {
  timer_.set_after(kEvery);
  const uint64_t started = known_.started();
  if (started != looked_at_started_) {
    looked_at_started_ = started;
    looks_left_ = kLooksAfterWork;
  }
  if (looks_left_ == 0) return;
  --looks_left_;
  look();
  if (!suspects_.empty()) looks_left_ = kLooksAfterWork;
}

void Sweeper::look() {
  const std::string self = std::to_string(::getpid());
  std::ifstream children("/proc/self/task/" + self + "/children");
  std::unordered_set<pid_t> strangers;
  for (pid_t pid; children >> pid;) {
    if (known_.contains(pid)) continue;
    strangers.insert(pid);
    if (!suspects_.contains(pid)) continue;
    // Still unreaped by us, so that the pid cannot have passed to another process.
    ::kill(pid, SIGKILL);
    if (::waitpid(pid, nullptr, WNOHANG) == pid) {
      strangers.erase(pid);
      log_warning("killed a process that a handler left behind", {{"pid", pid}});
    }
  }
  suspects_ = std::move(strangers);
}

}  // namespace faisca::watchdog
