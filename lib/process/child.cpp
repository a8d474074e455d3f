// What runs in the child between clone3 and execve. It shares the parent's memory while the parent's thread
// stands still: no allocation, no locks, no library call that keeps state. Built without sanitizers
// (CMakeLists.txt), whose run-time would take the child for the parent.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>

#include "lib/process/launch.h"

namespace faisca::process::internal {
namespace {

// The kernel's own layout: libc's sigaction adds a restorer that SIG_DFL does not need.
struct KernelSigaction {
  void (*handler)(int) = nullptr;
  unsigned long flags = 0;
  void (*restorer)() = nullptr;
  unsigned long mask = 0;
};

[[noreturn]] void give_up(Launch& launch, Step step) {
  launch.step = step;
  launch.error = errno;
  ::syscall(SYS_exit_group, 127);
  __builtin_unreachable();
}

void close_range(unsigned first, unsigned last) {
  if (first <= last) ::syscall(SYS_close_range, first, last, 0);
}

void arrange_descriptors(Launch& launch) {
  const int highest = launch.fds[launch.fd_count - 1].to;
  // A source among the targets' numbers would be overwritten: move it out of the way first.
  for (size_t i = 0; i < launch.fd_count; ++i) {
    FdMapping& map = launch.fds[i];
    if (map.from > highest || map.from == map.to) continue;
    const long moved = ::syscall(SYS_fcntl, map.from, F_DUPFD_CLOEXEC, highest + 1);
    if (moved < 0) give_up(launch, Step::kDescriptors);
    map.from = static_cast<int>(moved);
  }
  unsigned next = 0;
  for (size_t i = 0; i < launch.fd_count; ++i) {
    const FdMapping& map = launch.fds[i];
    if (map.from == map.to ? ::syscall(SYS_fcntl, map.to, F_SETFD, 0) < 0
                           : ::syscall(SYS_dup3, map.from, map.to, 0) < 0)
      give_up(launch, Step::kDescriptors);
    if (map.to > 0) close_range(next, static_cast<unsigned>(map.to) - 1);
    next = static_cast<unsigned>(map.to) + 1;
  }
  close_range(next, UINT_MAX);
}

}  // namespace

void child_main(void* opaque) {
  auto& launch = *static_cast<Launch*>(opaque);
  const RawCommand& command = *launch.command;

  if (command.group == Group::kNewGroup && ::syscall(SYS_setpgid, 0, 0) != 0) give_up(launch, Step::kGroup);
  if (command.group == Group::kNewSession && ::syscall(SYS_setsid) < 0) give_up(launch, Step::kGroup);
  if (command.on_parent_death == OnParentDeath::kKill) {
    if (::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) give_up(launch, Step::kParentDeath);
    // It may have died before: then no signal will come.
    if (::syscall(SYS_getppid) != launch.parent) ::syscall(SYS_exit_group, 127);
  }
  if (command.folder && ::syscall(SYS_chdir, command.folder) != 0) give_up(launch, Step::kFolder);
  arrange_descriptors(launch);

  // clone3 reset what was handled; what was ignored stays so over execve, and a server ignores SIGPIPE.
  const KernelSigaction normal;
  ::syscall(SYS_rt_sigaction, SIGPIPE, &normal, nullptr, sizeof(normal.mask));
  const unsigned long none = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof(none));
  ::syscall(SYS_execve, command.path, command.arguments, command.environment);
  give_up(launch, Step::kExec);
}

}  // namespace faisca::process::internal
