#include "watchdog/server/server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "lib/base/log.h"

namespace faisca::watchdog {
namespace {

enum Tag { kAccept, kRetry };
constexpr Duration kRetryAfter = std::chrono::milliseconds(100);

Result<UniqueFd> bind_family(int family, uint16_t port) {
  UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail(errno_error(errno, "cannot make a socket"));
  const int on = 1, off = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in6 six{};
  sockaddr_in four{};
  six.sin6_family = AF_INET6;
  six.sin6_port = four.sin_port = htons(port);
  four.sin_family = AF_INET;
  if (family == AF_INET6) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  const auto* address =
      family == AF_INET6 ? reinterpret_cast<const sockaddr*>(&six) : reinterpret_cast<const sockaddr*>(&four);
  const socklen_t size = family == AF_INET6 ? sizeof six : sizeof four;
  if (::bind(socket.get(), address, size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
    Error error = errno_error(errno, "cannot listen on port " + std::to_string(port));
    if (errno == EADDRINUSE) {
      error.code = Code::kUnavailable;
      error.hint = "another program uses it (ss -ltnp shows which); choose another port";
    }
    return fail(std::move(error));
  }
  return socket;
}

}  // namespace

Server::Server(Reactor& reactor, ServerSettings settings, Application& application)
    : reactor_(reactor), settings_(settings), application_(application), retry_(reactor, *this, kRetry) {}

Server::~Server() { close_all(); }

Status Server::listen(int socket) {
  socket_ = socket;
  return watch_.start(reactor_, socket, EPOLLIN | EPOLLEXCLUSIVE, *this, kAccept);
}

void Server::on_event(int tag, uint32_t) {
  if (tag == kRetry) {
    if (const Status status = listen(socket_); !status)
      log_error("cannot accept connections", {{"error", status.error()}});
    return;
  }
  // A few a round, so that no flood of connections starves the requests.
  for (int i = 0; i < 16 && accept_one() == More::kPerhaps; ++i) {
  }
}

Server::More Server::accept_one() {
  UniqueFd socket(::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      log_warning("out of descriptors: clients wait",
                  {{"connections", connections_.size()}, {"hint", "raise ulimit -n"}});
      watch_.stop();
      retry_.set_after(kRetryAfter);
    }
    return More::kNo;
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto connection = std::make_shared<Connection>(reactor_, settings_, application_, *this, std::move(socket));
  connection->list_index = connections_.size();
  connections_.push_back(connection);
  if (saying_good_bye_) connection->make_next_answer_last();
  if (!connection->start()) connection->close_now();
  return More::kPerhaps;
}

void Server::closed(Connection& connection) {
  const size_t index = connection.list_index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->list_index = index;
  reactor_.dispose(std::move(connections_.back()));
  connections_.pop_back();
}

void Server::say_good_bye() {
  saying_good_bye_ = true;
  for (const auto& connection : connections_) connection->make_next_answer_last();
}

void Server::drain() {
  say_good_bye();
  // A connection that was made before its client could know would be reset with its request.
  for (int i = 0; i < SOMAXCONN && accept_one() == More::kPerhaps; ++i) {
  }
  watch_.stop();
  retry_.clear();
  const auto all = connections_;
  for (const auto& connection : all) connection->close_when_idle();
}

void Server::close_all() {
  watch_.stop();
  retry_.clear();
  while (!connections_.empty()) connections_.back()->close_now();
}

Result<UniqueFd> bind_port(uint16_t port) {
  Result<UniqueFd> socket = bind_family(AF_INET6, port);
  if (!socket && errno == EAFNOSUPPORT) return bind_family(AF_INET, port);
  return socket;
}

Result<UniqueFd> adopt_listener(int fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0)
    return fail(Code::kInvalidArgument, "descriptor " + std::to_string(fd) + " is not a listening socket",
                "the parent must pass it open (listen_fd, metrics_fd)");
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return UniqueFd(fd);
}

}  // namespace faisca::watchdog
