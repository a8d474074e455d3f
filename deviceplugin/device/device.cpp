#include "deviceplugin/device/device.h"

#include <algorithm>

namespace faisca::deviceplugin {
namespace {

constexpr std::size_t kMostPrograms = 1024;  // the resource's limit

api::DeviceMedium medium_of(const std::string& device) {
  return device.starts_with("pcie") ? api::DeviceMedium::kPcie : api::DeviceMedium::kVerilated;
}

void describe(api::OffloadDeviceStatus& status, const AgentState& agent, int slots_per_engine) {
  status.instance = agent.instance;
  status.engines = static_cast<int>(agent.engines);
  status.slots = status.engines * slots_per_engine;
  status.ports = agent.ports;
  status.clock_hz = static_cast<std::int64_t>(agent.clock_hz);
  status.memory_bytes = static_cast<std::int64_t>(agent.memory_bytes);
  status.max_instructions = static_cast<int>(agent.instructions);
  status.data_bytes = static_cast<std::int64_t>(agent.data_bytes);
}

std::vector<api::DeviceProgram> programs_of(const AgentState& agent, const Wanted& wanted, const Held& held) {
  std::vector<api::DeviceProgram> programs;
  for (const auto& [key, program] : held) {
    const auto source = wanted.find(key);
    if (source == wanted.end() || !program.is_loaded(agent) || programs.size() == kMostPrograms) continue;
    const api::OffloadProgramSpec& spec = source->second.program->spec;
    programs.push_back({.function = key.space + "/" + spec.function,
                        .program_id = program.id,
                        .convention = spec.convention == api::Convention::kXdp ? "xdp" : "mem"});
  }
  return programs;
}

}  // namespace

api::OffloadDevice device_of(const DeviceIdentity& identity, const DeviceSituation& situation,
                             const Wanted& wanted, const Held& held, const api::OffloadDeviceStatus& before) {
  api::OffloadDevice device;
  device.metadata.name = identity.name();
  device.spec = {.node = identity.node, .index = identity.index, .address = identity.address};
  device.status = before;
  device.status.last_heartbeat = situation.heartbeat;
  api::Condition ready{.type = "Ready"};
  if (situation.agent) {
    device.spec.medium = medium_of(situation.agent->device);
    describe(device.status, *situation.agent, identity.slots_per_engine);
    device.status.programs = programs_of(*situation.agent, wanted, held);
    ready.status = api::ConditionStatus::kTrue;
    ready.reason = "AgentReady";
  } else {
    device.status.programs.clear();
    ready.status = api::ConditionStatus::kFalse;
    ready.reason = situation.away == Away::kStopping ? "Stopped" : "AgentAway";
    ready.message = situation.why;
  }
  api::set_condition(device.status.conditions, std::move(ready), situation.now);
  return device;
}

bool differs_in_substance(const api::OffloadDeviceStatus& a, const api::OffloadDeviceStatus& b) {
  api::OffloadDeviceStatus other = b;
  other.last_heartbeat = a.last_heartbeat;
  return a != other;
}

}  // namespace faisca::deviceplugin
