#include "deviceplugin/programs/held.h"

#include <algorithm>
#include <chrono>

namespace faisca::deviceplugin {
namespace {

constexpr std::chrono::seconds kReloadForgotten{60};
constexpr std::chrono::seconds kLongestWait{30};

bool knows(const AgentState& agent, const std::string& id) {
  return std::find(agent.programs.begin(), agent.programs.end(), id) != agent.programs.end();
}

bool must_load(const WantedProgram& wanted, const HeldProgram& held, const AgentState& agent,
               SteadyTime now) {
  if (held.generation != wanted.generation || held.instance != agent.instance) return true;
  if (held.error) {
    const auto wait =
        std::min<Duration>(std::chrono::seconds(1) * (1 << std::min(held.failures, 10)), kLongestWait);
    return !is_final(held.error->code) && now - held.tried_at >= wait;
  }
  return !knows(agent, held.id) && now - held.tried_at >= kReloadForgotten;
}

}  // namespace

bool HeldProgram::is_loaded(const AgentState& agent) const {
  return !id.empty() && !error && instance == agent.instance && knows(agent, id);
}

bool is_final(Code code) {
  return code == Code::kInvalidArgument || code == Code::kOutOfRange || code == Code::kUnimplemented ||
         code == Code::kFailedPrecondition;
}

Plan plan(const Wanted& wanted, const Held& held, const AgentState& agent, SteadyTime now) {
  Plan plan;
  for (const auto& [key, program] : wanted) {
    const auto found = held.find(key);
    if (found == held.end() || must_load(program, found->second, agent, now)) plan.load.push_back(key);
  }
  for (const auto& [key, program] : held)
    if (!wanted.contains(key)) plan.drop.push_back(key);
  return plan;
}

}  // namespace faisca::deviceplugin
