// The agent's settings; each is explained where it is declared (settings.cpp), in --help and in
// docs/reference/config.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "lib/base/config.h"

namespace faisca::agent {

struct Settings {
  std::string listen = "unix:/run/faisca/agent.sock";
  int queue = 256;
  int programs = 256;
  int64_t budget = 1'000'000;
  Bytes max_message{16u << 20};
  std::chrono::nanoseconds drain = std::chrono::seconds(5);
  std::string log_level = "info";
};

void declare(Config& config, Settings& settings);

}  // namespace faisca::agent
