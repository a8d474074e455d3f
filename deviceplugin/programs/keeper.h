// Keeps the agent's programs as they are wanted, and says what it found: one step of observe → plan → carry
// out. Thread: step() by one thread; observed() from any.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "deviceplugin/agent/agent.h"
#include "deviceplugin/programs/held.h"
#include "lib/base/clock.h"

namespace faisca::deviceplugin {

struct Observed {
  std::optional<AgentState> agent;  // empty: it does not answer
  std::string why;                  // it does not
  WallTime well_at{};               // when it last answered; the epoch: never
  Wanted wanted;
  Held held;
};
using ObservedPtr = std::shared_ptr<const Observed>;

class Keeper {
 public:
  Keeper(Agent& agent, const Clock& clock) : agent_(agent), clock_(clock) {}

  // Takes seconds when the agent hangs. A program that cannot be loaded does not keep others from it.
  void step(const Wanted& wanted);
  ObservedPtr observed() const;  // of the last step; never null

 private:
  void carry_out(const Plan& plan, const Wanted& wanted, const std::string& instance);
  void load(const kube::ObjectKey& key, const WantedProgram& wanted, const std::string& instance);
  void unload(const std::string& id);

  Agent& agent_;
  const Clock& clock_;
  Held held_;          // of the stepping thread, as the two below
  bool away_ = false;  // was it, at the last step
  WallTime well_at_{};
  mutable std::mutex mutex_;
  ObservedPtr observed_ = std::make_shared<Observed>();  // guarded by mutex_
};

}  // namespace faisca::deviceplugin
