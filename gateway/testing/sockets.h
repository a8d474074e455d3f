// Plain blocking sockets for tests: a client that sends any bytes, and an instance that answers any bytes.
// Every wait ends after 20 s and fails the test instead of hanging it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lib/base/unique_fd.h"

namespace faisca::gateway::testing {

// A connected socket.
class Wire {
 public:
  explicit Wire(UniqueFd socket);
  static Wire connect_to(uint16_t port);

  void send(std::string_view bytes);             // a broken connection is not a failure here
  bool try_send(std::string_view bytes);         // false when the connection is broken
  std::string read_until(std::string_view end);  // up to and with `end`, or all there is when the peer closes
  std::string read_exactly(size_t size);
  std::string read_to_end();
  // Reads and counts to the end without keeping.
  size_t drain();
  bool at_end();  // waits: true when the peer closed or broke the connection, false when bytes come
  void half_close();
  void close() { socket_.reset(); }
  void reset();  // closes with RST
  int fd() const { return socket_.get(); }

 private:
  bool more();
  UniqueFd socket_;
  std::string buffer_;
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string raw_head;
};

// A client of the gateway.
class TestClient {
 public:
  explicit TestClient(uint16_t port) : wire_(Wire::connect_to(port)) {}

  // With Host, and Content-Length if there is a body.
  Response request(const std::string& method, const std::string& path, const std::string& body = "",
                   const std::string& headers = "");
  void send(std::string_view bytes) { wire_.send(bytes); }
  Response read_response(bool of_head = false);
  Wire& wire() { return wire_; }

 private:
  Wire wire_;
};

// An instance: runs `script` on a thread of its own for each connection, with the connection's number from 0.
class ScriptedInstance {
 public:
  using Script = std::function<void(Wire& wire, int connection)>;
  explicit ScriptedInstance(Script script);
  ~ScriptedInstance();

  uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  // Stops listening: further connects are refused.
  void stop_listening();

 private:
  void accept_loop();
  Script script_;
  UniqueFd listener_;
  uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::list<std::pair<Wire, std::thread>> serving_;  // guarded by mutex_
  std::thread thread_;
};

// Scripts. Reads one request with its body (Content-Length or chunked, given back decoded).
struct Request {
  std::string head;
  std::string body;
  std::string header(const std::string& name) const;
};
bool read_request(Wire& wire, Request& request);
std::string response(int status, const std::string& body, const std::string& headers = "");
// Answers each request with its body, keep-alive.
void echo(Wire& wire, int connection);

}  // namespace faisca::gateway::testing
