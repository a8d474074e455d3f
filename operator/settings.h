// All settings of faisca-operator (docs/reference/config.md).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lib/base/config.h"
#include "operator/function/settings.h"

namespace faisca::operators {

struct OperatorSettings {
  std::string kubeconfig;
  std::string context;
  std::string namespace_;        // of the lease; empty: the pod's own
  std::string watch_namespaces;  // separated by commas; empty: all
  bool openfaas = false;
  bool leader_election = true;
  std::chrono::nanoseconds lease = std::chrono::seconds(15);
  int workers = 4;
  int requests_per_second = 400;
  std::string address = "0.0.0.0";
  uint16_t port = 8081;
  bool webhook = true;
  uint16_t webhook_port = 9443;
  std::string webhook_names;  // separated by commas
  std::chrono::nanoseconds device_grace = std::chrono::seconds(30);
  std::string runtimes;  // a folder of Runtimes to apply
  std::string log_level = "info";
  FunctionSettings functions;

  std::vector<std::string> spaces() const;  // of watch_namespaces
  std::vector<std::string> names() const;   // of webhook_names
};

void declare(Config& config, OperatorSettings& settings);

// What no single field can tell.
Status complete(OperatorSettings& settings);

}  // namespace faisca::operators
