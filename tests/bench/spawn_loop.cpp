// The floor under fork mode: pipes, clone(CLONE_VM | CLONE_VFORK | CLONE_PIDFD) + execve, 16 bytes to its
// stdin, its stdout read to the end, waitid; one after the other. No HTTP, no library of ours, nothing that
// an honest loop could leave out.
//
//   spawn_loop [--json] [--seconds N] PROGRAM
// prints rate, p50 and p99; with --json as one line {"rate": …, "p50_us": …, "p99_us": …}. Pin it with
// taskset.
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

struct Child {
  const char* path;
  int in, out;
};

alignas(16) std::array<char, 64 * 1024> stack;

int child_main(void* opaque) {
  const auto& child = *static_cast<Child*>(opaque);
  ::dup2(child.in, 0);
  ::dup2(child.out, 1);
  char* const arguments[] = {const_cast<char*>(child.path), nullptr};
  char* const environment[] = {nullptr};
  ::execve(child.path, arguments, environment);
  ::_exit(127);
}

bool run_once(const char* path) {
  int in[2], out[2], pidfd = -1;
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return false;
  Child child{path, in[0], out[1]};
  const pid_t pid = ::clone(child_main, stack.data() + stack.size(),
                            CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, &pidfd);
  if (pid < 0) return false;
  ::close(in[0]);
  ::close(out[1]);
  bool good = ::write(in[1], "0123456789abcdef", 16) == 16;
  ::close(in[1]);
  char buffer[4096];
  for (ssize_t count; (count = ::read(out[0], buffer, sizeof buffer)) != 0;) good &= count > 0;
  ::close(out[0]);
  siginfo_t info{};
  good &= ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED) == 0 && info.si_status == 0;
  ::close(pidfd);
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  bool json = false;
  double seconds = 2;
  const char* path = nullptr;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--json") {
      json = true;
    } else if (word == "--seconds" && i + 1 < argc) {
      seconds = std::atof(argv[++i]);
    } else {
      path = argv[i];
    }
  }
  if (!path || seconds <= 0) {
    std::fprintf(stderr, "usage: spawn_loop [--json] [--seconds N] PROGRAM\n");
    return 2;
  }
  ::signal(SIGPIPE, SIG_IGN);  // a handler may end before it has read
  std::vector<double> micros;
  micros.reserve(100'000);
  const auto begin = SteadyClock::now();
  const auto end = begin + std::chrono::duration<double>(seconds);
  for (auto before = begin; before < end;) {
    if (!run_once(path)) {
      std::fprintf(stderr, "spawn_loop: %s failed: %s\n", path, std::strerror(errno));
      return 1;
    }
    const auto after = SteadyClock::now();
    micros.push_back(std::chrono::duration<double, std::micro>(after - before).count());
    before = after;
  }
  const double rate =
      static_cast<double>(micros.size()) / std::chrono::duration<double>(SteadyClock::now() - begin).count();
  std::sort(micros.begin(), micros.end());
  const double p50 = micros[micros.size() / 2], p99 = micros[micros.size() * 99 / 100];
  std::printf(json ? "{\"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n"
                   : "%.0f processes/s, p50 %.0f us, p99 %.0f us\n",
              rate, p50, p99);
  return 0;
}
