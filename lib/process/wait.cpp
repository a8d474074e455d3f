#include "lib/process/wait.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace faisca::process {
namespace {

Result<std::optional<Exit>> wait_with(int pidfd, int options) {
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | options) != 0) {
    if (errno == EINTR) continue;
    if (errno == ECHILD)
      return fail(Code::kNotFound, "the process is not a child of this one, or was waited for before");
    return fail(errno_error(errno, "waiting for a process"));
  }
  if (info.si_pid == 0) return std::nullopt;
  Exit exit;
  (info.si_code == CLD_EXITED ? exit.status : exit.signal) = info.si_status;
  return exit;
}

}  // namespace

std::string Exit::text() const {
  if (signal == 0) return "exited with status " + std::to_string(status);
  const char* name = ::sigabbrev_np(signal);
  return "was killed by signal " + std::to_string(signal) +
         (name ? " (SIG" + std::string(name) + ")" : std::string());
}

Result<std::optional<Exit>> try_wait(int pidfd) { return wait_with(pidfd, WNOHANG); }

Result<std::optional<Exit>> peek(int pidfd) { return wait_with(pidfd, WNOHANG | WNOWAIT); }

Result<Exit> wait(int pidfd) {
  FAISCA_TRY(exit, wait_with(pidfd, 0));
  return *exit;
}

void signal_group(pid_t pid, int signal) {
  if (pid > 1) ::kill(-pid, signal);
}

void signal_child(int pidfd, int signal) { ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0); }

}  // namespace faisca::process
