// Whether devices are alive, from their heartbeats. Times written by others are never compared with a running
// clock: what counts is when a heartbeat was *seen to change*, on our own clock, which does not jump.
//
// A device seen for the first time (after the operator's start) is believed if its heartbeat is fresh by the
// wall clock; otherwise it is in doubt until the heartbeat changes. Not well or not heard of for longer than
// the grace: gone. Thread: owned by one.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "operator/offload/placement.h"

namespace faisca::offload {

// What a device said last.
struct DeviceSight {
  bool ready = false;
  std::string why;        // it is not ready
  std::string heartbeat;  // RFC 3339

  bool operator==(const DeviceSight&) const = default;
};

class LivenessTracker {
 public:
  explicit LivenessTracker(Duration grace) : grace_(grace) {}

  struct Verdict {
    Liveness liveness = Liveness::kReady;
    std::string why;
  };
  Verdict look(const std::string& device, const DeviceSight& sight, const Clock& clock);
  void forget(const std::string& device) { seen_.erase(device); }

  // When a device will be gone if nothing is heard of it; empty: none can be.
  std::optional<SteadyTime> next_change(SteadyTime now) const;

 private:
  struct Seen {
    std::string heartbeat;
    SteadyTime well_at;   // when the heartbeat was last seen to change, or at first
    bool proven = false;  // the heartbeat was fresh at first sight, or has changed since
  };

  const Duration grace_;
  std::map<std::string, Seen> seen_;
};

}  // namespace faisca::offload
