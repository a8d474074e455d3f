// Says in the status of a device that nothing is heard of it any more: who would say so beside it has gone
// with it. When the device plugin is back, its own word replaces this one with the next heartbeat.
//
// Writes once for each silence: a device that is marked already does not say that it is ready. Thread: owned
// by one; on the leader only.
#pragma once

#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/kube/client.h"

namespace faisca::offload {

// A device that says it is ready, and has been silent for longer than the grace.
struct SilentDevice {
  std::string name;
  std::string why;
};

class Marker {
 public:
  // Both outlive it.
  Marker(kube::Client& client, const Clock& clock) : client_(client), clock_(clock) {}

  // What cannot be written is logged, and tried again with the next call.
  void mark(const std::vector<SilentDevice>& silent);

 private:
  kube::Client& client_;
  const Clock& clock_;
};

}  // namespace faisca::offload
