#include "operator/webhook/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "lib/base/log.h"

namespace faisca::webhook {
namespace {

constexpr int kBacklog = 64;
constexpr int kTidyMilliseconds = 1000;  // ended connections are cleared away so often

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

Result<Address> address_of(const std::string& text, std::uint16_t port) {
  Address address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    address.size = sizeof *four;
  } else if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    address.size = sizeof *six;
  } else {
    return fail(Code::kInvalidArgument, "\"" + text + "\" is not an IP address",
                "for example 0.0.0.0, or ::");
  }
  return address;
}

// OpenSSL writes with write(2): without this a client that has left would end the process.
void ignore_broken_pipes() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

Server::Server(ServerSettings settings, const TlsSlot& tls, HttpHandler handler)
    : settings_(std::move(settings)), tls_(tls), handler_(std::move(handler)) {}

Result<std::unique_ptr<Server>> Server::start(ServerSettings settings, const TlsSlot& tls,
                                              HttpHandler handler) {
  std::unique_ptr<Server> server(new Server(std::move(settings), tls, std::move(handler)));
  FAISCA_CHECK_OK(server->listen());
  server->acceptor_ = std::thread([raw = server.get()] { raw->accept_all(); });
  return server;
}

Server::~Server() {
  const std::uint64_t one = 1;
  if (wake_) [[maybe_unused]]
    const ssize_t written = ::write(wake_.get(), &one, sizeof one);
  if (acceptor_.joinable()) acceptor_.join();
  for (Place& place : places_) place.connection->hang_up();
  for (Place& place : places_) place.thread.join();
}

Status Server::listen() {
  FAISCA_TRY(address, address_of(settings_.address, settings_.port));
  wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  listener_.reset(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!wake_ || !listener_) return fail(errno_error(errno, "making a socket"));
  const int on = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const std::string where = settings_.address + " port " + std::to_string(settings_.port);
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address.bytes), address.size) != 0 ||
      ::listen(listener_.get(), kBacklog) != 0)
    return fail(errno_error(errno, "listening on " + where));
  if (::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address.bytes), &address.size) != 0)
    return fail(errno_error(errno, "asking for the port"));
  // The port stands at the same place in both kinds of address.
  port_ = ntohs(reinterpret_cast<sockaddr_in*>(&address.bytes)->sin_port);
  return {};
}

void Server::accept_all() {
  for (;;) {
    std::array<pollfd, 2> wanted{{{listener_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    ::poll(wanted.data(), wanted.size(), kTidyMilliseconds);
    clear_away();
    if (wanted[1].revents) return;
    if (!wanted[0].revents) continue;
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket)
      take_in(std::move(socket));
    else if (errno == EMFILE || errno == ENFILE)
      make_room();
  }
}

void Server::take_in(UniqueFd socket) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (places_.size() >= settings_.connections) make_room();
  if (places_.size() >= settings_.connections) return;  // all are at work: the client tries again
  const auto context = tls_.get();
  if (!context) return;
  Place& place = places_.emplace_back();
  place.connection = std::make_shared<Connection>(std::move(socket), context, handler_, settings_.limits);
  place.thread = std::thread([&place] {
    ignore_broken_pipes();
    place.connection->serve();
    place.done = true;
  });
}

void Server::clear_away() {
  for (auto place = places_.begin(); place != places_.end();) {
    if (!place->done) {
      ++place;
      continue;
    }
    place->thread.join();
    place = places_.erase(place);
  }
}

void Server::make_room() {
  const auto longest = std::min_element(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return a.connection->idle_since() < b.connection->idle_since();
  });
  if (longest == places_.end() || longest->connection->idle_since() == SteadyTime::max()) return;
  longest->connection->hang_up();
  longest->thread.join();  // it waits for nothing but its client
  places_.erase(longest);
}

}  // namespace faisca::webhook
