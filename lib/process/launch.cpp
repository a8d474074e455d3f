#include "lib/process/launch.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace faisca::process::internal {
namespace {

// One stack for the children of a thread: it waits while its child uses it.
class ChildStack {
 public:
  static constexpr size_t kBytes = 64 * 1024;

  ChildStack()
      : base_(::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1,
                     0)) {}
  ~ChildStack() {
    if (base_ != MAP_FAILED) ::munmap(base_, kBytes);
  }
  ChildStack(const ChildStack&) = delete;
  ChildStack& operator=(const ChildStack&) = delete;
  void* base() const { return base_ == MAP_FAILED ? nullptr : base_; }

 private:
  void* base_;
};

#if defined(__x86_64__)
// clone3(2) into `entry(argument)` on the new stack. There is no libc wrapper, and a plain syscall() cannot
// do it: the child would return through a stack that has no return address. The kernel keeps every register
// but rax, rcx and r11.
long clone3_into(clone_args* args, void (*entry)(void*), void* argument) {
  long result = SYS_clone3;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %[argument], %%rdi\n\t"
      "call *%[entry]\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(args), "S"(sizeof(*args)), [entry] "r"(entry), [argument] "r"(argument)
      : "rcx", "r11", "cc", "memory");
  return result;
}
#endif

// Puts a descriptor above every target, so that no file action overwrites it before its turn.
UniqueFd moved_above(int fd, int highest) { return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, highest + 1)); }

}  // namespace

Outcome launch_with_clone3(Launch& launch) {
#if defined(__x86_64__)
  static thread_local ChildStack stack;
  if (!stack.base()) return {.error = ENOMEM};
  int pidfd = -1;
  clone_args args{};
  args.flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND;
  args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  args.stack = reinterpret_cast<uint64_t>(stack.base());
  args.stack_size = ChildStack::kBytes;
  const long pid = clone3_into(&args, child_main, &launch);
  if (pid < 0) return {.error = static_cast<int>(-pid)};
  return {.pid = static_cast<pid_t>(pid), .pidfd = pidfd};
#else
  (void)launch;
  return {.error = ENOSYS};
#endif
}

Outcome launch_with_posix_spawn(Launch& launch) {
  const RawCommand& command = *launch.command;
  const int highest = launch.fds[launch.fd_count - 1].to;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);

  if (command.folder) ::posix_spawn_file_actions_addchdir_np(&actions, command.folder);
  std::array<UniqueFd, kMaxFdMappings> sources;
  int next = 0;
  for (size_t i = 0; i < launch.fd_count; ++i) {
    sources[i] = moved_above(launch.fds[i].from, highest);
    ::posix_spawn_file_actions_adddup2(&actions, sources[i].get(), launch.fds[i].to);
    for (; next < launch.fds[i].to; ++next) ::posix_spawn_file_actions_addclose(&actions, next);
    ++next;
  }
  ::posix_spawn_file_actions_addclosefrom_np(&actions, next);

  sigset_t all, none;
  ::sigfillset(&all);
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  if (command.group == Group::kNewGroup) flags |= POSIX_SPAWN_SETPGROUP;
  if (command.group == Group::kNewSession) flags |= POSIX_SPAWN_SETSID;
  ::posix_spawnattr_setflags(&attributes, flags);

  Outcome outcome;
  const int error = ::posix_spawn(&outcome.pid, command.path, &actions, &attributes, command.arguments,
                                  command.environment);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    // posix_spawn does not say which step failed; execve is by far the likeliest.
    launch.step = Step::kExec;
    launch.error = error;
    return {.error = error};
  }
  outcome.pidfd = static_cast<int>(::syscall(SYS_pidfd_open, outcome.pid, 0));
  return outcome;
}

}  // namespace faisca::process::internal
