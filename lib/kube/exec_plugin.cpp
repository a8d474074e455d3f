#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "lib/kube/credentials.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"
#include "lib/process/executable.h"
#include "lib/process/spawn.h"
#include "lib/process/wait.h"

namespace faisca::kube {
namespace {

constexpr std::chrono::seconds kLongest{30};
constexpr size_t kMostOutput = 1u << 20;

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(errno_error(errno, "making a pipe"));
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::string search_path(const std::vector<std::string>& environment) {
  for (const std::string& variable : environment)
    if (variable.starts_with("PATH=")) return variable.substr(5);
  return "/usr/local/bin:/usr/bin:/bin";
}

std::vector<std::string> environment_of(const ExecPlugin& plugin) {
  std::vector<std::string> out = plugin.inherited;
  for (const auto& [name, value] : plugin.environment) {
    std::erase_if(out, [&](const std::string& one) { return one.starts_with(name + "="); });
    out.push_back(name + "=" + value);
  }
  const Json info{
      {"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", {{"interactive", false}}}};
  out.push_back("KUBERNETES_EXEC_INFO=" + info.dump());
  return out;
}

// Reads what there is; false at the end or when there is too much.
bool drain(int fd, std::string& into) {
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  if (count < 0) return errno == EINTR;
  into.append(bytes.data(), static_cast<size_t>(count));
  return count > 0 && into.size() <= kMostOutput;
}

// Both streams to their ends; false when the time is over.
bool read_all(Pipe& out, Pipe& err, std::string& text, std::string& complaint) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + kLongest;
  std::array<pollfd, 2> fds = {{{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    if (::poll(fds.data(), fds.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
    if (fds[0].revents != 0 && !drain(fds[0].fd, text)) fds[0].fd = -1;
    if (fds[1].revents != 0 && !drain(fds[1].fd, complaint)) fds[1].fd = -1;
  }
  return true;
}

tl::unexpected<Error> refuse(const ExecPlugin& plugin, const std::string& what) {
  return fail(Code::kUnauthenticated, "the credential plugin " + plugin.command + " " + what,
              plugin.install_hint);
}

}  // namespace

Result<ExecCredential> parse_exec_credential(std::string_view json) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (text_at(root, "/kind") != "ExecCredential")
    return fail(Code::kUnauthenticated, "no ExecCredential was printed: " + std::string(json.substr(0, 80)));
  ExecCredential out;
  out.token = text_at(root, "/status/token");
  if (out.token.empty())
    return fail(Code::kUnauthenticated, "the ExecCredential has no token",
                "plugins that give certificates are not supported");
  if (const std::string expiry = text_at(root, "/status/expirationTimestamp"); !expiry.empty()) {
    FAISCA_TRY(time, parse_time(expiry));
    out.expires = time;
  }
  return out;
}

Result<ExecCredential> run_exec_plugin(const ExecPlugin& plugin) {
  const std::vector<std::string> environment = environment_of(plugin);
  auto path = process::find_executable(plugin.command, "", search_path(environment));
  if (!path) return refuse(plugin, "cannot be run: " + path.error().message);
  FAISCA_TRY(out, make_pipe());
  FAISCA_TRY(err, make_pipe());
  process::Command command{.path = *path, .arguments = {plugin.command}, .environment = environment};
  command.arguments.insert(command.arguments.end(), plugin.arguments.begin(), plugin.arguments.end());
  command.fds = {{out.write.get(), 1}, {err.write.get(), 2}};
  FAISCA_TRY(child, process::spawn(command));
  out.write.reset();
  err.write.reset();
  std::string text, complaint;
  const bool in_time = read_all(out, err, text, complaint);
  if (!in_time) process::signal_group(child.pid, SIGKILL);
  FAISCA_TRY(exit, process::wait(child.pidfd.get()));
  if (!in_time) return refuse(plugin, "did not end within 30 s");
  if (!exit.success()) return refuse(plugin, exit.text() + ": " + complaint.substr(0, 300));
  return parse_exec_credential(text).map_error(while_doing("running " + plugin.command));
}

}  // namespace faisca::kube
