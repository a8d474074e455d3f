// The settings of faisca-gateway and faisca-gateway-kubernetes, as flags, environment and file give them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "lib/base/config.h"

namespace faisca::gateway {

// What both have.
struct GatewayConfig {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;
  int reactors = 0;
  std::string log_level = "info";
  std::chrono::nanoseconds drain = std::chrono::seconds(10);
  int connections = 10'000;
  ProxySettings proxy;
  Bytes api_body{16u << 20};
};

struct EmbeddedConfig {
  std::string home;
  std::string watchdog;
  std::string watchdog_offload;
  std::string agent;
};

struct KubernetesConfig {
  std::string kubeconfig;
  std::string context;
  std::string function_namespace = "default";
  std::string watch_namespaces;  // separated by commas
  bool openfaas = false;
};

// Declare every field; `config` keeps pointers into `settings`.
void declare(Config& config, GatewayConfig& settings);
void declare(Config& config, EmbeddedConfig& settings);
void declare(Config& config, KubernetesConfig& settings);

// The namespaces of `watch_namespaces`. kInvalidArgument for what is no name, and when the default namespace
// is not among them.
Result<std::vector<std::string>> watched_namespaces(const KubernetesConfig& settings);

// The proxy's and the gateway's settings in their own types.
Gateway::Settings gateway_settings(const GatewayConfig& settings);

// How many reactors to run: what is asked for, or one a core up to four.
size_t reactor_count(const GatewayConfig& settings, unsigned cores);

}  // namespace faisca::gateway
