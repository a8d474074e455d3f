// What the platform says about a Function: its status subresource. Written by the operator, read by the
// gateway. Thread: plain values, pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/condition/condition.h"
#include "lib/base/result.h"

namespace faisca::api {

// Where an offloaded function runs, and what passed.
struct OffloadStatus {
  std::string device;      // name of the OffloadDevice
  std::vector<int> ports;  // xdp: attached ports
  int64_t packets = 0;     // handled since the program was loaded
  int64_t faults = 0;      // runs that ended in a fault
  std::string program_id;  // SHA-256 of the verified program

  bool operator==(const OffloadStatus&) const = default;
};

struct FunctionStatus {
  Conditions conditions;  // Ready, Progressing, Degraded
  int64_t observed_generation = 0;
  int replicas = 0;        // instances that exist
  int ready_replicas = 0;  // of them, ready and of the current generation
  std::string selector;    // of the instances, for autoscalers
  std::string url;
  std::string reason;   // of what keeps the function from being ready; empty when it is: for `kubectl get`
  std::string runtime;  // what runs: "image", the runtime's name, "ebpf/mem" or "ebpf/xdp"
  std::optional<OffloadStatus> offload;

  bool operator==(const FunctionStatus&) const = default;
};

inline constexpr char kReady[] = "Ready";
inline constexpr char kProgressing[] = "Progressing";
inline constexpr char kDegraded[] = "Degraded";

// The status of a Function's JSON or YAML text; absent: an empty one. Unknown fields are ignored.
Result<FunctionStatus> parse_function_status(std::string_view text);

// {"conditions":…} on one line: the value of the object's `status`.
std::string print_status_json(const FunctionStatus& status);

}  // namespace faisca::api
