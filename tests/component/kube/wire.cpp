#include "tests/component/kube/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include "lib/base/assert.h"

namespace faisca::kube {
namespace {

sockaddr_in loopback(uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  out.sin_port = htons(port);
  return out;
}

// Closing it sends a reset, not an orderly end.
void reset_on_close(int fd) {
  const linger now{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool move_bytes(int from, int to) {
  std::array<char, 64 * 1024> bytes;
  const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  for (ssize_t sent = 0; sent < count;) {
    const ssize_t now = ::send(to, bytes.data() + sent, static_cast<size_t>(count - sent), MSG_NOSIGNAL);
    if (now <= 0) return false;
    sent += now;
  }
  return true;
}

}  // namespace

struct Wire::Pair {
  UniqueFd client;
  UniqueFd server;
  short client_events = 0;
  short server_events = 0;
};

Wire::Wire(const std::string& server)
    : server_port_(static_cast<uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)))),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool listens = ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::listen(listener_.get(), 64) == 0 &&
                       ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  FAISCA_ASSERT(listens, "no loopback socket");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { run(); });
}

Wire::~Wire() {
  stop_ = true;
  poke();
  thread_.join();
}

void Wire::set(Mode mode) {
  mode_ = mode;
  if (mode == Mode::kClosed) cut_ = true;
  poke();
}

void Wire::cut() {
  cut_ = true;
  poke();
}

void Wire::poke() {
  const uint64_t one = 1;
  (void)!::write(event_.get(), &one, sizeof one);
}

void Wire::run() {
  while (!stop_) {
    if (cut_.exchange(false)) pairs_.clear();
    std::vector<pollfd> fds = {{event_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    const bool carries = mode_ != Mode::kFrozen;
    for (const Pair& pair : pairs_) {
      fds.push_back({carries ? pair.client.get() : -1, POLLIN, 0});
      fds.push_back({carries ? pair.server.get() : -1, POLLIN, 0});
    }
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    size_t i = 2;
    for (auto pair = pairs_.begin(); pair != pairs_.end(); i += 2) {
      pair->client_events = fds[i].revents;
      pair->server_events = fds[i + 1].revents;
      pair = carry(*pair) ? std::next(pair) : pairs_.erase(pair);
    }
    uint64_t ignored;
    if (fds[0].revents != 0) (void)!::read(event_.get(), &ignored, sizeof ignored);
    if (fds[1].revents != 0) accept_one();
  }
}

void Wire::accept_one() {
  UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!client) return;
  ++accepted_;
  reset_on_close(client.get());
  if (mode_ == Mode::kClosed) return;
  UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(server_port_);
  if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  pairs_.push_back({std::move(client), std::move(server)});
}

bool Wire::carry(Pair& pair) {
  if (pair.client_events != 0 && !move_bytes(pair.client.get(), pair.server.get())) return false;
  return pair.server_events == 0 || move_bytes(pair.server.get(), pair.client.get());
}

}  // namespace faisca::kube
