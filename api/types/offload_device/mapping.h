// The one list of an OffloadDevice's fields (see function/mapping.h for what an Io is). Internal to
// api/types.
#pragma once

#include "api/types/fields/limits.h"
#include "api/types/offload_device/offload_device.h"

namespace faisca::api::internal {

inline constexpr auto kDeviceSpecFields = [](auto& io, OffloadDeviceSpec& v) {
  io.text("node", v.node, "Name of the Node that the device is in",
          {.required = true, .min_length = 1, .max_length = 253, .pattern = kSubdomainPattern});
  io.integer("index", v.index, "Number of the device on its node", {.min = 0, .max = 255});
  io.text("address", v.address, "Address of the agent on the node, unix:PATH", {.max_length = 1024});
  io.choice("medium", v.medium, kDeviceMedia, "verilated: simulated cycle by cycle; pcie: a board");
  io.rule("self.node == oldSelf.node && self.index == oldSelf.index",
          "a device stays where it is: announce another one under another name");
};

inline constexpr auto kDeviceProgramFields = [](auto& io, DeviceProgram& v) {
  io.text("function", v.function, "NAMESPACE/NAME of the Function", {.required = true, .max_length = 512});
  io.text("programId", v.program_id, "SHA-256 of the verified program", {.max_length = 64});
  io.text("convention", v.convention, "mem or xdp", {.max_length = 16});
  io.integer_list("ports", v.ports, "xdp: ports where packets enter it", {.max_items = 64});
};

inline constexpr auto kDeviceStatusFields = [](auto& io, OffloadDeviceStatus& v) {
  io.list("conditions", v.conditions, kConditionFields,
          "Ready: the agent answers and the device runs programs", {.max_items = 16, .key = "type"});
  io.integer("observedGeneration", v.observed_generation, "Generation of the spec that this status is about");
  io.text("lastHeartbeat", v.last_heartbeat, "When the agent was last seen well", {.format = "date-time"});
  io.text("instance", v.instance, "Changes when the agent starts anew, without programs",
          {.max_length = 128});
  io.integer("engines", v.engines, "eBPF processors of the device");
  io.integer("slots", v.slots, "Functions of convention mem that may be placed on it");
  io.integer_list("ports", v.ports, "Network ports", {.max_items = 64});
  io.integer("clockHz", v.clock_hz, "Clock of the pipeline; assumed when the device is simulated");
  io.integer("memoryBytes", v.memory_bytes, "Memory that one run may use");
  io.integer("maxInstructions", v.max_instructions, "Longest program that fits");
  io.integer("dataBytes", v.data_bytes, "Room for the globals and maps of one program");
  io.list("programs", v.programs, kDeviceProgramFields, "What the device holds now", {.max_items = 1024});
};

}  // namespace faisca::api::internal
