// The OffloadDevice resource (faisca.dev/v1alpha1, cluster scoped): one device of one node, written by the
// device plugin beside the node's agent, read by whoever places programs.
//
// spec is what the device is, status what it has and does. A device is usable while its condition Ready is
// True and `lastHeartbeat` is fresh. Thread: plain values, pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/condition/condition.h"
#include "api/types/fields/choices.h"
#include "api/types/fields/metadata.h"
#include "api/types/fields/unknown.h"
#include "lib/base/result.h"

namespace faisca::api {

inline constexpr char kOffloadDeviceKind[] = "OffloadDevice";
inline constexpr char kEngineResource[] = "faisca.dev/engine";  // what the kubelet hands out

enum class DeviceMedium { kVerilated, kPcie };
inline constexpr Choices<DeviceMedium, 2> kDeviceMedia = {
    {{"verilated", DeviceMedium::kVerilated}, {"pcie", DeviceMedium::kPcie}}};

struct OffloadDeviceSpec {
  std::string node;     // name of the Node
  int index = 0;        // of the device on its node
  std::string address;  // of the agent, as seen on the node: unix:PATH
  DeviceMedium medium = DeviceMedium::kVerilated;

  bool operator==(const OffloadDeviceSpec&) const = default;
};

// A program that the device holds now.
struct DeviceProgram {
  std::string function;    // NAMESPACE/NAME
  std::string program_id;  // SHA-256 of the verified program
  std::string convention;  // mem or xdp
  std::vector<int> ports;  // xdp: where it is attached

  bool operator==(const DeviceProgram&) const = default;
};

struct OffloadDeviceStatus {
  Conditions conditions;  // Ready
  int64_t observed_generation = 0;
  std::string last_heartbeat;  // RFC 3339
  std::string instance;        // changes when the agent starts anew and has lost its programs
  int engines = 0;
  int slots = 0;  // functions that may be called over HTTP at once: engines times the plugin's setting
  std::vector<int> ports;
  int64_t clock_hz = 0;
  int64_t memory_bytes = 0;  // for packets and memory of one engine
  int max_instructions = 0;  // of one program
  int64_t data_bytes = 0;    // for globals and maps of one program
  std::vector<DeviceProgram> programs;

  bool operator==(const OffloadDeviceStatus&) const = default;
};

struct OffloadDevice {
  Metadata metadata;
  OffloadDeviceSpec spec;
  OffloadDeviceStatus status;

  bool operator==(const OffloadDevice&) const = default;
};

Result<OffloadDevice> parse_offload_device(std::string_view text,
                                           UnknownFields unknown = UnknownFields::kRefuse);
// The whole object as JSON on one line: for the object itself, and (spec is ignored there) its status
// subresource.
std::string print_offload_device_json(const OffloadDevice& device);
// Without status: for applying the object.
std::string print_offload_device_spec_json(const OffloadDevice& device);

}  // namespace faisca::api
