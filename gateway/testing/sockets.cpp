#include "gateway/testing/sockets.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "lib/http/body.h"
#include "lib/http/head.h"

namespace faisca::gateway::testing {
namespace {

constexpr int kPatienceMs = 20'000;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

Wire::Wire(UniqueFd socket) : socket_(std::move(socket)) {
  const int one = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const timeval patience{.tv_sec = kPatienceMs / 1000, .tv_usec = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

Wire Wire::connect_to(uint16_t port) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    ADD_FAILURE() << "cannot connect to port " << port << ": " << errno;
  }
  return Wire(std::move(socket));
}

void Wire::send(std::string_view bytes) { (void)try_send(bytes); }

bool Wire::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool Wire::more() {
  char bytes[65536];
  for (;;) {
    const ssize_t count = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN)
      ADD_FAILURE() << "nothing came in 20 s after: " << buffer_.substr(0, 500);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<size_t>(count));
    return true;
  }
}

std::string Wire::read_until(std::string_view end) {
  size_t at;
  while ((at = buffer_.find(end)) == std::string::npos) {
    if (!more()) return std::exchange(buffer_, "");
  }
  std::string out = buffer_.substr(0, at + end.size());
  buffer_.erase(0, at + end.size());
  return out;
}

std::string Wire::read_exactly(size_t size) {
  while (buffer_.size() < size && more()) {
  }
  std::string out = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return out;
}

std::string Wire::read_to_end() {
  while (more()) {
  }
  return std::exchange(buffer_, "");
}

size_t Wire::drain() {
  size_t total = buffer_.size();
  buffer_.clear();
  while (more()) {
    total += buffer_.size();
    buffer_.clear();
  }
  return total;
}

bool Wire::at_end() { return buffer_.empty() && !more(); }

void Wire::half_close() { ::shutdown(socket_.get(), SHUT_WR); }

void Wire::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

Response TestClient::request(const std::string& method, const std::string& path, const std::string& body,
                             const std::string& headers) {
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: test\r\n" + headers;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  wire_.send(text + "\r\n" + body);
  return read_response(method == "HEAD");
}

Response TestClient::read_response(bool of_head) {
  Response response;
  response.raw_head = wire_.read_until("\r\n\r\n");
  http::ResponseHead head;
  const http::Problem problem = http::parse_response_head(response.raw_head, head);
  if (problem) {
    ADD_FAILURE() << "bad response head: " << problem.reason << "\n" << response.raw_head;
    return response;
  }
  response.status = head.status;
  for (const http::Header& header : head.headers) {
    response.headers[lower(std::string(header.name))] = header.value;
  }
  const http::Framing framing =
      http::response_framing(head, of_head ? http::Answers::kHead : http::Answers::kOtherMethod);
  EXPECT_FALSE(framing.problem) << framing.problem.reason;
  if (framing.kind == http::BodyKind::kLength) response.body = wire_.read_exactly(framing.length);
  if (framing.kind == http::BodyKind::kUntilClose) response.body = wire_.read_to_end();
  if (framing.kind == http::BodyKind::kChunked) {
    for (;;) {
      const std::string line = wire_.read_until("\r\n");
      if (line.size() < 3) break;
      const size_t size = std::stoul(line, nullptr, 16);
      response.body += wire_.read_exactly(size);
      wire_.read_until("\r\n");
      if (size == 0) break;
    }
  }
  return response;
}

ScriptedInstance::ScriptedInstance(Script script) : script_(std::move(script)) {
  listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof to;
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&to), size) != 0 ||
      ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&to), &size) != 0) {
    ADD_FAILURE() << "cannot listen: " << errno;
  }
  port_ = ntohs(to.sin_port);
  thread_ = std::thread([this] { accept_loop(); });
}

void ScriptedInstance::accept_loop() {
  for (;;) {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) {
      if (errno == EINTR) continue;
      return;
    }
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    auto& served = serving_.emplace_back(Wire(std::move(socket)), std::thread());
    served.second = std::thread([this, &served, number = connections_++] {
      script_(served.first, number);
      ::shutdown(served.first.fd(), SHUT_RDWR);
    });
  }
}

void ScriptedInstance::stop_listening() {
  stopping_ = true;
  ::shutdown(listener_.get(), SHUT_RDWR);
  if (thread_.joinable()) thread_.join();
  listener_.reset();
}

ScriptedInstance::~ScriptedInstance() {
  stop_listening();
  for (auto& [wire, thread] : serving_) {
    if (wire.fd() >= 0) ::shutdown(wire.fd(), SHUT_RDWR);
    thread.join();
  }
}

std::string Request::header(const std::string& name) const {
  http::RequestHead parsed;
  EXPECT_FALSE(http::parse_request_head(head, parsed));
  return std::string(parsed.value(name));
}

bool read_request(Wire& wire, Request& request) {
  request = {};
  request.head = wire.read_until("\r\n\r\n");
  if (!request.head.ends_with("\r\n\r\n")) return false;
  http::RequestHead head;
  const http::Problem problem = http::parse_request_head(request.head, head);
  EXPECT_FALSE(problem) << problem.reason << "\n" << request.head;
  const http::Framing framing = http::request_framing(head);
  EXPECT_FALSE(framing.problem) << framing.problem.reason << "\n" << request.head;
  if (framing.kind == http::BodyKind::kLength) {
    request.body = wire.read_exactly(framing.length);
    return request.body.size() == framing.length;
  }
  while (framing.kind == http::BodyKind::kChunked) {
    const std::string line = wire.read_until("\r\n");
    if (line.size() < 3) return false;
    const size_t size = std::stoul(line, nullptr, 16);
    request.body += wire.read_exactly(size);
    if (wire.read_until("\r\n") != "\r\n") return false;
    if (size == 0) break;
  }
  return true;
}

std::string response(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + headers + "\r\n" + body;
}

void echo(Wire& wire, int) {
  Request request;
  while (read_request(wire, request))
    wire.send(
        response(200, request.body, "X-Path: " + request.head.substr(0, request.head.find("\r\n")) + "\r\n"));
}

}  // namespace faisca::gateway::testing
