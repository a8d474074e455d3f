#include "lib/cluster/embedded/orphans.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "lib/base/files.h"
#include "lib/base/unique_fd.h"
#include "lib/cluster/embedded/environment.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;

std::vector<pid_t> all_pids() {
  std::vector<pid_t> pids;
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    pid_t pid = 0;
    const auto [stop, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad == std::errc() && stop == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

// Null-ended entries, as in /proc/PID/environ.
bool has_entry(std::string_view environment, std::string_view name, std::string_view value) {
  while (!environment.empty()) {
    const std::string_view entry = environment.substr(0, environment.find('\0'));
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=' &&
        (value.empty() || entry.substr(name.size() + 1) == value))
      return true;
    environment.remove_prefix(std::min(environment.size(), entry.size() + 1));
  }
  return false;
}

bool is_marked(pid_t pid, const std::string& home, const std::string& instance) {
  const auto environment = read_file("/proc/" + std::to_string(pid) + "/environ", 4u << 20);
  return environment && has_entry(*environment, kHomeMark, home) &&
         has_entry(*environment, kInstanceMark, instance);
}

struct Status {
  char state = 0;
  pid_t parent = 0;
  pid_t session = 0;
};
// proc(5), /proc/PID/stat; the name in parentheses may hold anything.
Status status_of(pid_t pid) {
  Status status;
  const auto text = read_file("/proc/" + std::to_string(pid) + "/stat", 4096);
  if (!text) return status;
  const size_t end = text->rfind(')');
  int group = 0;
  if (end != std::string::npos)
    std::sscanf(text->c_str() + end + 1, " %c %d %d %d", &status.state, &status.parent, &group,
                &status.session);
  return status;
}

}  // namespace

std::vector<pid_t> kill_marked(const fs::path& home, const std::string& instance) {
  std::vector<pid_t> killed;
  for (const pid_t pid : all_pids()) {
    if (pid == ::getpid() || !is_marked(pid, home.string(), instance)) continue;
    // The pidfd pins the process: if the marks are still there, the pid was not reused in between.
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd || !is_marked(pid, home.string(), instance)) continue;
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
    killed.push_back(pid);
  }
  return killed;
}

void reap_session(pid_t session) {
  for (const pid_t pid : all_pids()) {
    const Status status = status_of(pid);
    if (status.state == 'Z' && status.parent == ::getpid() && status.session == session)
      ::waitpid(pid, nullptr, WNOHANG);
  }
}

void reap_gone(std::vector<pid_t>& pids) {
  std::erase_if(pids, [](pid_t pid) {
    if (::waitpid(pid, nullptr, WNOHANG) == pid) return true;
    return ::kill(pid, 0) < 0;
  });
}

}  // namespace faisca::cluster
