// The two ways in which spawn.cpp starts a process. Internal to lib/process.
#pragma once

#include <array>

#include "lib/process/spawn.h"

namespace faisca::process::internal {

// What the child was doing when it failed.
enum class Step { kNone, kDescriptors, kFolder, kGroup, kParentDeath, kExec };

// All that the child needs, prepared by the parent: the child allocates nothing. `step` and `error` are
// written by the child into the parent's memory (CLONE_VM) before it gives up.
struct Launch {
  const RawCommand* command = nullptr;
  std::array<FdMapping, kMaxFdMappings> fds{};  // sorted by `to`
  size_t fd_count = 0;
  pid_t parent = 0;
  volatile Step step = Step::kNone;
  volatile int error = 0;
};

struct Outcome {
  pid_t pid = -1;
  int pidfd = -1;
  int error = 0;  // errno when no child was made at all
};

// ENOSYS where there is no clone3 for this CPU.
Outcome launch_with_clone3(Launch& launch);
// Without OnParentDeath::kKill, which posix_spawn(3) cannot do.
Outcome launch_with_posix_spawn(Launch& launch);

// Runs in the child on its own small stack: arranges everything, then becomes the program. Makes system calls
// only.
[[noreturn]] void child_main(void* launch);

}  // namespace faisca::process::internal
