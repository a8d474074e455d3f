// The OffloadDevice that the plugin announces. Pure.
#pragma once

#include <optional>
#include <string>

#include "api/types/offload_device/offload_device.h"
#include "deviceplugin/agent/agent.h"
#include "deviceplugin/programs/held.h"

namespace faisca::deviceplugin {

struct DeviceIdentity {
  std::string node;
  int index = 0;
  std::string address;  // of the agent, on the node
  int slots_per_engine = 8;

  // NODE-INDEX, as the OffloadDevice is called.
  std::string name() const { return node + "-" + std::to_string(index); }
};

enum class Away { kSilent, kStopping };  // the agent does not answer; the plugin is being stopped

struct DeviceSituation {
  std::optional<AgentState> agent;  // empty: away
  Away away = Away::kSilent;
  std::string why;        // away
  std::string heartbeat;  // when the agent was last seen well, RFC 3339
  std::string now;        // RFC 3339
};

// `before`: the status as it was; what only the agent knows is kept from it while the agent is away.
api::OffloadDevice device_of(const DeviceIdentity& identity, const DeviceSituation& situation,
                             const Wanted& wanted, const Held& held, const api::OffloadDeviceStatus& before);

// Something other than the heartbeat is different.
bool differs_in_substance(const api::OffloadDeviceStatus& a, const api::OffloadDeviceStatus& b);

}  // namespace faisca::deviceplugin
