// The settings of faisca-gateway, as flags, environment and file give them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "gateway/gateway.h"
#include "lib/base/config.h"

namespace faisca::gateway {

struct GatewayConfig {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;
  int reactors = 0;
  std::string home;
  std::string watchdog;
  std::string watchdog_offload;
  std::string agent;
  std::string log_level = "info";
  std::chrono::nanoseconds drain = std::chrono::seconds(10);
  int connections = 10'000;
  ProxySettings proxy;
  Bytes api_body{16u << 20};
};

// Declares every field; `config` keeps pointers into `settings`.
void declare(Config& config, GatewayConfig& settings);

// How many reactors to run: what is asked for, or one a core up to four.
size_t reactor_count(const GatewayConfig& settings, unsigned cores);

}  // namespace faisca::gateway
