#include "deviceplugin/programs/status.h"

#include <algorithm>

namespace faisca::deviceplugin {
namespace {

using api::ConditionStatus;

constexpr std::size_t kLongestMessage = 4000;

struct Verdict {
  ConditionStatus status = ConditionStatus::kUnknown;
  std::string reason;
  std::string message;
};

Verdict loaded_verdict(const HeldProgram* held, const AgentView& agent) {
  if (!agent.state) return {ConditionStatus::kUnknown, "AgentAway", agent.why};
  if (!held || held->instance != agent.state->instance)
    return {ConditionStatus::kFalse, "Loading", "the program is on its way to the agent"};
  if (held->error)
    return {ConditionStatus::kFalse, is_final(held->error->code) ? "Rejected" : "LoadFailed",
            held->error->text()};
  if (!held->is_loaded(*agent.state))
    return {ConditionStatus::kFalse, "Evicted",
            "the agent has forgotten the program for want of room; it is loaded again within a minute (hint: "
            "raise the "
            "agent's setting programs)"};
  return {ConditionStatus::kTrue, "Loaded", ""};
}

Verdict attached_verdict(const Verdict& loaded, const AgentView& agent) {
  if (loaded.status != ConditionStatus::kTrue) return {loaded.status, loaded.reason, loaded.message};
  if (!agent.attaches)
    return {ConditionStatus::kFalse, "PortsNotSupported",
            "the program is loaded, but this agent cannot put programs on network ports"};
  return {ConditionStatus::kFalse, "Attaching", "the program is on its way to its ports"};
}

void set(api::OffloadProgramStatus& status, const char* type, const Verdict& verdict,
         const std::string& now) {
  api::set_condition(status.conditions,
                     {.type = type,
                      .status = verdict.status,
                      .reason = verdict.reason,
                      .message = verdict.message.substr(0, kLongestMessage),
                      .observed_generation = status.observed_generation},
                     now);
}

}  // namespace

api::OffloadProgramStatus status_of(const WantedProgram& wanted, const HeldProgram* held,
                                    const AgentView& agent, const std::string& device,
                                    const api::OffloadProgramStatus& before, const std::string& now) {
  api::OffloadProgramStatus status = before;
  status.observed_generation = wanted.generation;
  status.device = device;
  status.ports.clear();
  const Verdict loaded = loaded_verdict(held, agent);
  status.loaded = loaded.status == ConditionStatus::kTrue;
  status.program_id = held && !held->error ? held->id : "";
  set(status, "Loaded", loaded, now);
  if (wanted.program->spec.convention == api::Convention::kXdp) {
    const Verdict attached = attached_verdict(loaded, agent);
    set(status, "Attached", attached, now);
    set(status, "Ready", attached, now);
  } else {
    std::erase_if(status.conditions,
                  [](const api::Condition& condition) { return condition.type == "Attached"; });
    set(status, "Ready", loaded, now);
  }
  if (!agent.state || status.program_id.empty()) return status;
  status.counters = {};
  for (const FunctionCounters& row : agent.state->counters) {
    if (row.program_id != status.program_id) continue;
    status.counters.packets = static_cast<std::int64_t>(row.invocations);
    status.counters.faults = static_cast<std::int64_t>(row.failures);
    status.counters.instructions = static_cast<std::int64_t>(row.instructions);
    status.counters.cycles = static_cast<std::int64_t>(row.cycles);
  }
  return status;
}

bool differs_in_substance(const api::OffloadProgramStatus& a, const api::OffloadProgramStatus& b) {
  api::OffloadProgramStatus other = b;
  other.counters = a.counters;
  return a != other;
}

}  // namespace faisca::deviceplugin
