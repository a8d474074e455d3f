#include "cli/testing/fake_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "lib/base/assert.h"

namespace faisca::cli {

FakeServer::FakeServer(Answer answer) : answer_(std::move(answer)) {
  listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  stop_.reset(::eventfd(0, EFD_CLOEXEC));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  FAISCA_ASSERT(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0, "bind");
  FAISCA_ASSERT(::listen(listener_.get(), 16) == 0, "listen");
  thread_ = std::thread([this] { serve(); });
}

FakeServer::~FakeServer() {
  const uint64_t one = 1;
  FAISCA_ASSERT(::write(stop_.get(), &one, sizeof one) == sizeof one, "stop");
  thread_.join();
}

std::string FakeServer::url() const {
  sockaddr_in name{};
  socklen_t length = sizeof name;
  ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&name), &length);
  return "http://127.0.0.1:" + std::to_string(ntohs(name.sin_port));
}

std::string FakeServer::response(int status, const std::string& body, const std::string& content_type) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

void FakeServer::serve() {
  for (;;) {
    pollfd fds[] = {{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    ::poll(fds, 2, -1);
    if (fds[1].revents) return;
    const UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client) answer_one(client.get());
  }
}

void FakeServer::answer_one(int client) {
  std::string bytes;
  const auto read_more = [&] {
    pollfd fds[] = {{client, POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    ::poll(fds, 2, -1);
    char buffer[4096];
    const ssize_t count = fds[1].revents ? 0 : ::read(client, buffer, sizeof buffer);
    if (count > 0) bytes.append(buffer, static_cast<size_t>(count));
    return count > 0;
  };
  size_t end = std::string::npos;
  while ((end = bytes.find("\r\n\r\n")) == std::string::npos)
    if (!read_more()) return;
  Request request{
      .method = bytes.substr(0, bytes.find(' ')), .target = "", .body = "", .head = bytes.substr(0, end)};
  for (char& c : request.head)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  const size_t target = request.method.size() + 1;
  request.target = bytes.substr(target, bytes.find(' ', target) - target);
  size_t length = 0;
  if (const size_t field = request.head.find("content-length:"); field != std::string::npos)
    length = std::strtoul(request.head.c_str() + field + 15, nullptr, 10);
  while (bytes.size() < end + 4 + length)
    if (!read_more()) return;
  request.body = bytes.substr(end + 4, length);
  const std::string answer = answer_(request);
  for (size_t sent = 0; sent < answer.size();) {
    const ssize_t count = ::send(client, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
  ::shutdown(client, SHUT_WR);
}

}  // namespace faisca::cli
