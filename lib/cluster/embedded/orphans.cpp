#include "lib/cluster/embedded/orphans.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>
#include <thread>

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

// The value of `name`, from null-ended entries as in /proc/PID/environ; empty without one.
std::string_view value_of(std::string_view environment, std::string_view name) {
  while (!environment.empty()) {
    const std::string_view entry = environment.substr(0, environment.find('\0'));
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=')
      return entry.substr(name.size() + 1);
    environment.remove_prefix(std::min(environment.size(), entry.size() + 1));
  }
  return "";
}

// `instances` may be null: any.
bool is_marked(pid_t pid, const std::string& home, const std::vector<std::string>* instances) {
  const auto environment = read_file("/proc/" + std::to_string(pid) + "/environ", 4u << 20);
  if (!environment || value_of(*environment, kHomeMark) != home) return false;
  const std::string_view instance = value_of(*environment, kInstanceMark);
  return !instance.empty() &&
         (!instances || std::find(instances->begin(), instances->end(), instance) != instances->end());
}

std::vector<pid_t> kill_all(const std::string& home, const std::vector<std::string>* instances) {
  std::vector<pid_t> killed;
  for (const pid_t pid : all_pids()) {
    if (pid == ::getpid() || !is_marked(pid, home, instances)) continue;
    // The pidfd pins the process: if the marks are still there, the pid was not reused in between.
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd || !is_marked(pid, home, instances)) continue;
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
    killed.push_back(pid);
  }
  return killed;
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

std::vector<pid_t> kill_marked(const fs::path& home, const std::vector<std::string>& instances) {
  return kill_all(home.string(), &instances);
}

size_t end_marked(const fs::path& home) {
  constexpr int kLooks = 200;
  size_t count = 0;
  for (int look = 0, empty = 0; look < kLooks && empty < 2; ++look) {
    std::vector<pid_t> left = kill_all(home.string(), nullptr);
    count += left.size();
    empty = left.empty() ? empty + 1 : 0;
    do {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      reap_gone(left);
    } while (!left.empty() && ++look < kLooks);
  }
  return count;
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
