// What the function controller is told by its installation. Plain values.
#pragma once

#include <chrono>
#include <string>

#include "lib/base/clock.h"

namespace faisca::operators {

struct FunctionSettings {
  std::string gateway_url;                // "http://gateway.faisca"; empty: status.url stays empty
  std::string default_space = "default";  // of /function/NAME without a namespace
  std::string offload_image;              // of mem functions: faisca-watchdog-offload
  std::string pull_policy = "IfNotPresent";
  int run_as_user = 10001;                      // of functions' processes; 0: as their image says
  Duration announce = std::chrono::seconds(5);  // a stopping instance serves on, until routers have noticed
  // A change that is being carried out is given so long before the status says so: most are done by then, and
  // the status is written once.
  Duration settle = std::chrono::seconds(1);
  Duration counters = std::chrono::seconds(30);  // between writes that only bring counters up to date
};

}  // namespace faisca::operators
