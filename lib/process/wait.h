// How a child ended, learnt through its pidfd. Thread: any; each child has one owner that reaps it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "lib/base/result.h"

namespace faisca::process {

struct Exit {
  int status = 0;  // of exit(3), when signal is 0
  int signal = 0;  // that ended it, or 0

  bool success() const { return status == 0 && signal == 0; }
  // "exited with status 1", "was killed by signal 11 (SIGSEGV)"
  std::string text() const;
};

// Reaps the child if it has ended; empty while it runs. kNotFound: it is not a child of this process, or was
// reaped before.
Result<std::optional<Exit>> try_wait(int pidfd);

// The same, without reaping: its pid stays reserved, so that its process group can still be signalled without
// a race.
Result<std::optional<Exit>> peek(int pidfd);

// Waits until it has ended, then reaps. Blocks without a limit: for tests and for children that were sent
// SIGKILL.
Result<Exit> wait(int pidfd);

// Sends `signal` to every process of the group that the child leads (Group::kNewGroup or kNewSession). Call
// before reaping the child. Nobody left is no error.
void signal_group(pid_t pid, int signal);

// Sends `signal` to the child alone.
void signal_child(int pidfd, int signal);

}  // namespace faisca::process
