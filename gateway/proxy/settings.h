// The data path's limits. Every wait of a request has one of these deadlines or one of the function's own.
#pragma once

#include <chrono>
#include <cstdint>

#include "lib/http/head.h"

namespace faisca::gateway {

struct ProxySettings {
  std::chrono::nanoseconds keep_alive = std::chrono::seconds(75);  // an idle client connection
  std::chrono::nanoseconds head = std::chrono::seconds(10);  // from a request's first byte to its head's last
  std::chrono::nanoseconds connect = std::chrono::seconds(2);         // to an instance
  std::chrono::nanoseconds instance_wait = std::chrono::seconds(10);  // until an instance is ready
  std::chrono::nanoseconds exec_margin =
      std::chrono::seconds(5);  // over timeouts.exec, for the watchdog's own answer
  std::chrono::nanoseconds hang_up_grace =
      std::chrono::seconds(1);  // for clients that close only their sending side
  std::chrono::nanoseconds linger =
      std::chrono::seconds(2);  // reading on after a last answer, so that it arrives
  std::chrono::nanoseconds pool_idle = std::chrono::seconds(20);  // an idle connection to an instance
  size_t connections = 10'000;                                    // of clients, per reactor; more get 503
  size_t pool_size = 128;               // idle connections to one instance, per reactor
  size_t api_threads = 1;               // run /system requests
  uint64_t api_body_bytes = 16u << 20;  // of a request to /system
  http::HeadLimits head_limits;
};

}  // namespace faisca::gateway
