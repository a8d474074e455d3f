// The status that an OffloadProgram gets, and whether it is worth a write. Pure.
//
// Conditions: Loaded (the agent has it), Attached (xdp: it is on its ports), Ready (Loaded for mem, Attached
// for xdp).
#pragma once

#include <string>

#include "deviceplugin/programs/held.h"

namespace faisca::deviceplugin {

struct AgentView {
  const AgentState* state = nullptr;  // null: it does not answer
  std::string why;                    // it does not
  bool attaches = false;              // it can put programs on ports
};

// `before`: the status as it is, for the times in its conditions and, while the agent is away, its counters.
// `held` null: not tried yet.
api::OffloadProgramStatus status_of(const WantedProgram& wanted, const HeldProgram* held,
                                    const AgentView& agent, const std::string& device,
                                    const api::OffloadProgramStatus& before, const std::string& now);

// Something other than counters is different.
bool differs_in_substance(const api::OffloadProgramStatus& a, const api::OffloadProgramStatus& b);

}  // namespace faisca::deviceplugin
