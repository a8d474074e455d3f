// What the kubelet counts: every engine of the device as several slots, so that several functions can share
// an engine (the agent queues their calls). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faisca::deviceplugin {

enum class Health { kHealthy, kUnhealthy };

struct Slot {
  std::string id;  // "engine-0-slot-3"
  Health health = Health::kHealthy;

  bool operator==(const Slot&) const = default;
};

// All slots, engine by engine; none for a device that was never seen (0 engines).
std::vector<Slot> slots_of(std::uint32_t engines, std::uint32_t slots_per_engine, Health health);

// `wanted` of the free slots, those in `must` first, then from the engines with the most free ones, so that
// functions spread over engines. Fewer if there are not enough.
std::vector<std::string> preferred(const std::vector<std::string>& available,
                                   const std::vector<std::string>& must, std::size_t wanted);

}  // namespace faisca::deviceplugin
