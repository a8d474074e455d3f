// The facts of one request that outlive its head: the head's bytes make room for the body's.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace faisca::gateway {

struct Call {
  std::string id;         // X-Call-Id: the client's, or a new UUID
  uint64_t start_ns = 0;  // X-Start-Time: since the epoch
  SteadyTime began;
  std::string method;
  std::string content_type;  // of the request
  std::string function;      // its name
  int client_minor = 1;      // HTTP/1.x of the client
  bool keep_alive = true;    // the client would like another request on this connection
  bool expects_continue = false;

  bool is_head() const { return method == "HEAD"; }
  // May be sent again when nobody knows whether it was received (RFC 9110 §9.2.2).
  bool is_idempotent() const {
    return method == "GET" || is_head() || method == "OPTIONS" || method == "PUT" || method == "DELETE";
  }
};

// Random version 4 UUIDs (RFC 9562 §5.4). Not secrets. Thread: owned by one thread.
class CallIds {
 public:
  explicit CallIds(uint64_t seed) : random_(seed) {}
  void next(std::string& out);

 private:
  std::mt19937_64 random_;
};

}  // namespace faisca::gateway
