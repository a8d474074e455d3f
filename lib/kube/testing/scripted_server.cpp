#include "lib/kube/testing/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>

#include "lib/base/assert.h"

namespace faisca::kube::testing {
namespace {

size_t body_length(const std::string& head) {
  const size_t at = head.find("Content-Length:");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
}

}  // namespace

ScriptedServer::ScriptedServer()
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool listens = ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::listen(listener_.get(), 16) == 0 &&
                       ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  FAISCA_ASSERT(listens, "no loopback socket");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { run(); });
}

ScriptedServer::~ScriptedServer() {
  const uint64_t one = 1;
  (void)!::write(stop_.get(), &one, sizeof one);
}

std::string ScriptedServer::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

void ScriptedServer::answer(std::string bytes) {
  std::lock_guard lock(mutex_);
  turns_.push_back({std::move(bytes)});
}

void ScriptedServer::answer(int status, const std::string& body, const std::string& headers) {
  answer("HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
}

void ScriptedServer::answer_and_wait(std::string bytes) {
  std::lock_guard lock(mutex_);
  turns_.push_back({std::move(bytes), true});
}

std::vector<std::string> ScriptedServer::raw_requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<std::string> ScriptedServer::requests() const {
  std::vector<std::string> out;
  for (const std::string& request : raw_requests()) out.push_back(request.substr(0, request.find(" HTTP/")));
  return out;
}

void ScriptedServer::run() {
  std::array<pollfd, 2> fds = {{{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  while (::poll(fds.data(), fds.size(), -1) > 0 && fds[1].revents == 0) {
    const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection) serve(connection.get());
  }
}

void ScriptedServer::serve(int connection) {
  std::string request;
  std::array<char, 4096> bytes;
  std::array<pollfd, 2> fds = {{{connection, POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  const auto read_more = [&] {
    if (::poll(fds.data(), fds.size(), -1) <= 0 || fds[1].revents != 0) return false;
    const ssize_t count = ::recv(connection, bytes.data(), bytes.size(), 0);
    if (count > 0) request.append(bytes.data(), static_cast<size_t>(count));
    return count > 0;
  };
  size_t head = 0;
  while ((head = request.find("\r\n\r\n")) == std::string::npos ||
         request.size() < head + 4 + body_length(request))
    if (!read_more()) return;
  Turn turn;
  {
    std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (turns_.empty()) return;
    turn = std::move(turns_.front());
    turns_.pop_front();
  }
  (void)::send(connection, turn.bytes.data(), turn.bytes.size(), MSG_NOSIGNAL);
  while (turn.waits && read_more()) {
  }
}

}  // namespace faisca::kube::testing
