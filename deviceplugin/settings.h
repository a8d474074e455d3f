// The plugin's settings; each is explained where it is declared (settings.cpp), in --help and in
// docs/reference/config.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "lib/base/config.h"
#include "lib/base/result.h"

namespace faisca::deviceplugin {

struct Settings {
  std::string agent = "unix:/run/faisca/agent.sock";
  std::string host_folder;
  std::string node;
  int index = 0;
  int slots = 8;
  std::string resource = "faisca.dev/engine";
  std::string kubelet_folder = "/var/lib/kubelet/device-plugins";
  std::string kubeconfig;
  std::chrono::nanoseconds heartbeat = std::chrono::seconds(10);
  std::chrono::nanoseconds look = std::chrono::seconds(1);
  std::string address = "0.0.0.0";
  std::uint16_t port = 8082;
  bool prepare = false;
  int agent_user = 10001;
  std::string log_level = "info";
};

void declare(Config& config, Settings& settings);

// "unix:PATH" → PATH, which must be absolute.
Result<std::filesystem::path> socket_path(const std::string& agent);

// What no single field can tell.
Status check(const Settings& settings);

// Makes the folder of the agent's socket and gives it to the agent's user: what an init container does,
// because the kubelet makes missing folders of the host for root alone.
Status prepare_folder(const Settings& settings);

}  // namespace faisca::deviceplugin
