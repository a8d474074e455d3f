// What to do with a function's instances: wanted + observed + now → actions. Pure; the supervisor carries it
// out.
//
// Rules, in order:
//   1. an instance that is not ready in time is killed; so is one that drains too long, and a ready one that
//   has stopped answering
//   2. old instances (of an earlier revision) serve until enough new ones are ready, then drain; those not
//   ready go at once
//   3. too many: those not ready go first, then the youngest
//   4. too few: start the rest, not before `start_after` (back-off after a crash)
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/clock.h"

namespace faisca::cluster {

enum class Phase {
  kStarting,  // runs, has not answered that it is ready
  kReady,
  kDraining,  // was sent SIGTERM; not in the snapshot
  kKilled,    // was sent SIGKILL; waits to be reaped
};

struct ObservedInstance {
  std::string id;
  uint64_t revision = 0;
  Phase phase = Phase::kStarting;
  SteadyTime since{};                      // in this phase
  std::optional<SteadyTime> unanswered{};  // when it was first asked whether it lives, of the asks left open
};

struct WantedInstances {
  int replicas = 0;
  uint64_t revision = 0;
  SteadyTime start_after{};
};

struct LifeLimits {
  Duration ready_timeout{};
  Duration drain_timeout{};
  Duration silence_timeout{};
};

struct Action {
  enum class Kind { kStart, kDrain, kKill };
  Kind kind;
  std::string id;      // empty for kStart
  std::string reason;  // for people; empty when it needs none

  bool operator==(const Action&) const = default;
};

struct Decision {
  std::vector<Action> actions;
  std::optional<SteadyTime> wake;  // decide again then at the latest
};

// `observed` is ordered by age, oldest first.
Decision decide(const WantedInstances& wanted, std::span<const ObservedInstance> observed, SteadyTime now,
                const LifeLimits& limits);

}  // namespace faisca::cluster
