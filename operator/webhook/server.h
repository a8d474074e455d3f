// A small HTTPS server: a thread for each connection, few of them. Its clients are API servers, which keep
// some connections open and send a request now and then.
//
// When all places are taken, the connection that has waited longest for a request makes room, so that whoever
// opens connections and says nothing keeps nobody out. Thread: start and destructor from one.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "lib/base/result.h"
#include "operator/webhook/connection.h"
#include "operator/webhook/tls_slot.h"

namespace faisca::webhook {

struct ServerSettings {
  std::string address = "0.0.0.0";  // or an IPv6 address
  std::uint16_t port = 9443;        // 0: a free one
  std::size_t connections = 64;
  ConnectionLimits limits;
};

class Server {
 public:
  // `tls` outlives it and has a certificate already. `handler` is called on the connections' threads.
  static Result<std::unique_ptr<Server>> start(ServerSettings settings, const TlsSlot& tls,
                                               HttpHandler handler);
  ~Server();  // hangs up, and waits for handlers that run

  std::uint16_t port() const { return port_; }

 private:
  struct Place {
    std::shared_ptr<Connection> connection;
    std::thread thread;
    std::atomic<bool> done = false;
  };

  Server(ServerSettings settings, const TlsSlot& tls, HttpHandler handler);
  Status listen();
  void accept_all();
  void take_in(UniqueFd socket);
  void clear_away();
  void make_room();

  const ServerSettings settings_;
  const TlsSlot& tls_;
  const HttpHandler handler_;
  UniqueFd listener_;
  UniqueFd wake_;
  std::uint16_t port_ = 0;
  std::list<Place> places_;  // of acceptor_
  std::thread acceptor_;
};

}  // namespace faisca::webhook
