// Starts a program in a new process: explicit descriptors, environment, folder and process group, and a pidfd
// to wait on.
//
//   Command command{.path = "/bin/cat"};
//   FAISCA_TRY(child, spawn(command));          // an error here means that nothing runs
//
// How: clone3(CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND) on a small stack of its own, so
// that neither page tables nor signal handlers are copied; posix_spawn where the kernel or the CPU has no
// clone3. Never fork(): it takes 63 ms from a parent of 2 GiB. Whatever fails up to and with execve is the
// result, naming the path; a missing program is never a silent exit 127. The child: signals at their defaults
// and unblocked, every descriptor that is not listed closed. Thread: any; the caller waits until the program
// is loaded (0.1 ms). With OnParentDeath::kKill the *thread* that spawns must live as long as the child may:
// the kernel ties the signal to it (prctl(2), PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::process {

enum class Group {
  kInherit,
  kNewGroup,    // setpgid: one kill(-pid) reaches the child and what it starts
  kNewSession,  // setsid: also free of the terminal
};
enum class OnParentDeath { kNothing, kKill };

// The child finds this process's descriptor `from` under the number `to`.
struct FdMapping {
  int from = -1;
  int to = -1;
};
inline constexpr size_t kMaxFdMappings = 16;

struct Command {
  std::string path;                      // the file to execute; PATH is not searched (executable.h does that)
  std::vector<std::string> arguments;    // argv, with the program's own name first; empty: {path}
  std::vector<std::string> environment;  // NAME=value; the child gets exactly these
  std::string folder;                    // working folder; empty: this process's
  std::vector<FdMapping> fds;            // 0, 1 and 2 are /dev/null unless listed
  Group group = Group::kNewGroup;
  OnParentDeath on_parent_death = OnParentDeath::kKill;
};

struct Child {
  pid_t pid = -1;
  UniqueFd pidfd;  // readable when the child has ended; wait.h reaps
};

// kNotFound: no such file, or the interpreter of its #! line is missing; kPermissionDenied: not executable;
// kInvalidArgument: not a program, or bad mappings; kOutOfRange: arguments and environment too large;
// kResourceExhausted: too many processes or descriptors.
Result<Child> spawn(const Command& command);

// The same without copies, for one process per request: null-ended arrays as execve takes them, `folder` may
// be null, `fds` must list 0, 1 and 2. All memory is the caller's and is only read.
struct RawCommand {
  const char* path = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const char* folder = nullptr;
  std::span<const FdMapping> fds;
  Group group = Group::kNewGroup;
  OnParentDeath on_parent_death = OnParentDeath::kKill;
};
Result<Child> spawn(const RawCommand& command);

}  // namespace faisca::process
