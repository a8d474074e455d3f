#include "tests/component/cluster/cluster_world.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <condition_variable>
#include <fstream>
#include <thread>

#include "lib/base/files.h"
#include "lib/base/unique_fd.h"

namespace faisca::cluster {
namespace {

constexpr std::chrono::seconds kGiveUp{20};

}  // namespace

ClusterWorld::ClusterWorld() {
  std::string folder = (std::filesystem::temp_directory_path() / "faisca-cluster-XXXXXX").string();
  EXPECT_NE(::mkdtemp(folder.data()), nullptr);
  settings.home = folder + "/home";
  settings.watchdog = FAISCA_WATCHDOG;
  settings.restart = {std::chrono::milliseconds(5), std::chrono::milliseconds(50), 2.0};
}

ClusterWorld::~ClusterWorld() {
  close();
  std::error_code error;
  std::filesystem::remove_all(settings.home.parent_path(), error);
}

Cluster& ClusterWorld::open() {
  auto opened = open_embedded(settings);
  if (!opened) {
    ADD_FAILURE() << opened.error().text();
    std::abort();
  }
  cluster_ = std::move(*opened);
  return *cluster_;
}

FunctionState ClusterWorld::wait_for(const std::string& name,
                                     const std::function<bool(const FunctionState&)>& condition) {
  std::mutex mutex;
  std::condition_variable changed;
  bool news = true;
  const auto subscription = cluster_->subscribe([&] {
    const std::lock_guard lock(mutex);
    news = true;
    changed.notify_all();
  });
  const auto deadline = std::chrono::steady_clock::now() + kGiveUp;
  std::string last;
  std::unique_lock lock(mutex);
  while (changed.wait_until(lock, deadline, [&] { return news; })) {
    news = false;
    lock.unlock();
    if (const FunctionStatePtr state = cluster_->snapshot()->find(name)) {
      if (condition(*state)) return *state;
      last = state->reason;
    }
    lock.lock();
  }
  ADD_FAILURE() << "gave up waiting for " << name << "; reason: " << last;
  FunctionState none;
  none.reason = "(gave up)";
  return none;
}

FunctionState ClusterWorld::wait_ready(const std::string& name, size_t count) {
  return wait_for(name, [&](const FunctionState& state) { return state.ready.size() == count; });
}

bool ClusterWorld::eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kGiveUp;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string post(uint16_t port, const std::string& body) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{20, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) return "error: refused";
  const std::string request =
      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return "error: broken";
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<size_t>(got));
  const size_t end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200") || end == std::string::npos) return "error: " + answer;
  return answer.substr(end + 4);
}

std::string ClusterWorld::invoke(const std::string& name, const std::string& body) {
  const FunctionState state = wait_for(name, [](const FunctionState& s) { return !s.ready.empty(); });
  return state.ready.empty() ? "error: not ready" : post(state.ready[0].port, body);
}

std::string ClusterWorld::logs(const std::string& name) {
  std::string out;
  const Status status = cluster_->logs({.function = {name}}, [&](const LogLine& line) {
    out += line.text + "\n";
    return true;
  });
  return status ? out : "error: " + status.error().text();
}

std::string ClusterWorld::script(const std::string& name, const std::string& text) {
  const std::filesystem::path path = settings.home.parent_path() / name;
  std::ofstream(path) << text;
  ::chmod(path.c_str(), 0755);
  return path;
}

std::vector<pid_t> ClusterWorld::marked_processes() const {
  std::vector<pid_t> pids;
  const std::string mark = "FAISCA_HOME=" + settings.home.string();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const auto environment = read_file(entry.path() / "environ");
    if (environment && ("\0" + *environment).find(mark + '\0') != std::string::npos)
      pids.push_back(std::atoi(entry.path().filename().c_str()));
  }
  return pids;
}

api::Function function(const std::string& name, std::vector<std::string> command) {
  api::Function made;
  made.metadata.name = name;
  made.spec.handler.command = std::move(command);
  return made;
}

api::Function inline_function(const std::string& name, const std::string& runtime, const std::string& code) {
  api::Function made;
  made.metadata.name = name;
  made.spec.source = api::Source{runtime, code, {}};
  return made;
}

}  // namespace faisca::cluster
