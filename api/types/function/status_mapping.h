// The one list of a Function's status fields. Internal to api/types.
#pragma once

#include "api/types/function/status.h"

namespace faisca::api::internal {

inline constexpr auto kOffloadStatusFields = [](auto& io, OffloadStatus& v) {
  io.text("device", v.device, "Name of the OffloadDevice it runs on", {.max_length = 253});
  io.integer_list("ports", v.ports, "Ports of the device where packets enter it", {.max_items = 64});
  io.integer("packets", v.packets, "Packets handled since the program was loaded");
  io.integer("faults", v.faults, "Runs that ended in a fault");
  io.text("programId", v.program_id, "SHA-256 of the verified program", {.max_length = 64});
};

inline constexpr auto kStatusFields = [](auto& io, FunctionStatus& v) {
  io.list("conditions", v.conditions, kConditionFields,
          "Ready: requests are answered. Progressing: a change is being carried out. Degraded: something is "
          "wrong",
          {.max_items = 16, .key = "type"});
  io.integer("observedGeneration", v.observed_generation, "Generation of the spec that this status is about");
  io.integer("replicas", v.replicas, "Instances that exist");
  io.integer("readyReplicas", v.ready_replicas, "Instances that are ready");
  io.text("selector", v.selector, "Label selector of the instances, for autoscalers", {.max_length = 1024});
  io.text("url", v.url, "Where the gateway serves it", {.max_length = 2048});
  io.text("reason", v.reason, "Why it is not ready, as one word; none when it is", {.max_length = 128});
  io.text("runtime", v.runtime, "What runs: image, the Runtime's name, ebpf/mem or ebpf/xdp",
          {.max_length = 128});
  io.optional("offload", v.offload, kOffloadStatusFields, "Where an offloaded function runs");
};

}  // namespace faisca::api::internal
