// What the plugin wants of the agent and what the agent has: which programs to load and to unload next. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/types/offload_program/offload_program.h"
#include "deviceplugin/agent/agent.h"
#include "lib/base/clock.h"
#include "lib/kube/resource.h"

namespace faisca::deviceplugin {

// An OffloadProgram of this device.
struct WantedProgram {
  std::int64_t generation = 0;
  std::shared_ptr<const api::OffloadProgram> program;
};
using Wanted = std::map<kube::ObjectKey, WantedProgram>;

// What became of one.
struct HeldProgram {
  std::int64_t generation = 0;  // that was loaded, or tried
  std::string instance;         // of the agent then
  std::string id;               // empty: not loaded
  std::optional<Error> error;   // why it is not
  int failures = 0;             // one after another
  SteadyTime tried_at{};

  bool is_loaded(const AgentState& agent) const;
};
using Held = std::map<kube::ObjectKey, HeldProgram>;

// Will another try with the same program on the same agent end the same way?
bool is_final(Code code);

struct Plan {
  std::vector<kube::ObjectKey> load;
  std::vector<kube::ObjectKey> drop;  // no longer wanted: unload, and forget

  bool operator==(const Plan&) const = default;
};

// A program is loaded when it is new, changed, or the agent has started anew; when the agent has forgotten it
// for want of room, at most once a minute, so that programs do not push each other out all the time; after a
// failure that may pass, with growing waits.
Plan plan(const Wanted& wanted, const Held& held, const AgentState& agent, SteadyTime now);

}  // namespace faisca::deviceplugin
