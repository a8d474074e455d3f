// Processes that lost their parent below this one. `faisca up` is a subreaper (prctl(2)): when the gateway or
// the agent is killed, what they had started becomes a child of `up`, which ends it, so that nothing serves
// without supervision. Thread: that of the supervisor.
#pragma once

#include <sys/types.h>

#include <span>

#include "lib/base/result.h"

namespace faisca::cli {

// From now on orphans come to this process.
Status adopt_orphans();

// Sends SIGKILL to every child that is not in `known`, and reaps those that have ended. Returns how many are
// left; each that ends sends SIGCHLD, after which to call this again: its own children are orphans now.
int end_orphans(std::span<const pid_t> known);

}  // namespace faisca::cli
