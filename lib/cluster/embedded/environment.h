// What a watchdog is told: the environment of an instance, by the watchdog's contract
// (docs/reference/config.md). Pure.
#pragma once

#include <string>
#include <vector>

#include "api/types/function/function.h"

namespace faisca::cluster {

struct InstancePlace {
  std::string id;      // of the instance
  std::string home;    // of the platform; with `id` it marks every process of the instance
  std::string object;  // the eBPF object's file; empty without offload
  std::string agent;   // its gRPC address, for offload
  std::string lock_file;
  int listen_fd = 3;
  int metrics_fd = 4;
};

inline constexpr char kHomeMark[] = "FAISCA_HOME";
inline constexpr char kInstanceMark[] = "FAISCA_INSTANCE";
// Where programs are looked up, here and by handlers.
inline constexpr char kSearchPath[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// NAME=value. The function's own variables win over what is derived from its spec (as OpenFaaS users expect
// of exec_timeout and the like), but not over FAISCA_ ones.
std::vector<std::string> instance_environment(const api::Function& function, const InstancePlace& place);

}  // namespace faisca::cluster
