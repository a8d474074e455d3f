#include "lib/cluster/embedded/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace faisca::cluster {
namespace {

constexpr std::string_view kRequest = "GET /_/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr size_t kStatusEnd = 12;  // "HTTP/1.1 200"

}  // namespace

Probe::Probe(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool started =
      fd_ && (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ||
              errno == EINPROGRESS);
  if (!started) state_ = State::kNotReady;
}

Probe::State Probe::advance() {
  if (state_ == State::kConnecting) state_ = connect_done();
  if (state_ == State::kReading) state_ = read();
  return state_;
}

Probe::State Probe::connect_done() {
  const ssize_t sent = ::send(fd_.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno == EAGAIN) return State::kConnecting;
  return sent == static_cast<ssize_t>(kRequest.size()) ? State::kReading : State::kNotReady;
}

Probe::State Probe::read() {
  std::array<char, 256> buffer;
  const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR ? State::kReading : State::kNotReady;
  if (got == 0) return State::kNotReady;
  answer_.append(buffer.data(), static_cast<size_t>(got));
  if (answer_.size() < kStatusEnd) return State::kReading;
  answered_ = answer_.starts_with("HTTP/1.");
  return answered_ && answer_.substr(8, 4) == " 200" ? State::kReady : State::kNotReady;
}

}  // namespace faisca::cluster
