// Accepts connections on a listening socket for one Application, on one reactor. Several servers (one a
// thread) may share the socket: the kernel wakes one of them (EPOLLEXCLUSIVE). Ownership: the Server owns its
// connections. Thread: its reactor's.
#pragma once

#include <memory>
#include <vector>

#include "watchdog/server/connection.h"

namespace faisca::watchdog {

class Server final : public EventTarget, public Connection::Owner {
 public:
  Server(Reactor& reactor, ServerSettings settings, Application& application);
  ~Server();

  // The socket stays the caller's; it must be non-blocking and outlive accepting.
  Status listen(int socket);
  // Serves on, new connections too, but every answer says that it is its connection's last: clients that keep
  // connections open go elsewhere, and none is cut while it sends.
  void say_good_bye();
  // Takes the connections that wait to be accepted, then no new ones; idle ones close, busy ones after their
  // answer.
  void drain();
  // Cancels all that is in progress.
  void close_all();
  size_t connections() const { return connections_.size(); }

 private:
  enum class More { kPerhaps, kNo };

  void on_event(int tag, uint32_t events) override;
  More accept_one();
  void closed(Connection& connection) override;

  Reactor& reactor_;
  ServerSettings settings_;
  Application& application_;
  int socket_ = -1;
  Watch watch_;
  Timer retry_;  // after running out of descriptors
  bool saying_good_bye_ = false;
  std::vector<std::shared_ptr<Connection>> connections_;
};

// A listening TCP socket on all addresses (IPv4 and IPv6, else IPv4 alone); port 0 picks a free one.
Result<UniqueFd> bind_port(uint16_t port);
// Checks that an inherited descriptor is a listening socket, and makes it non-blocking and close-on-exec.
Result<UniqueFd> adopt_listener(int fd);

}  // namespace faisca::watchdog
