#include "gateway/proxy/admit.h"

#include <algorithm>

namespace faisca::gateway {

Admitted admit(const Entry& entry, size_t turn, std::span<const InstancePtr> unreachable) {
  const int limit = entry.state->function.spec.concurrency.per_instance;
  const size_t count = entry.instances.size();
  // Another reactor may take the place between the look and the count; then look again. Each time round
  // someone got a place, so this ends.
  for (size_t round = 0; round < 64; ++round) {
    const InstancePtr* best = nullptr;
    int least = 0;
    for (size_t i = 0; i < count; ++i) {
      const InstancePtr& instance = entry.instances[(turn + i) % count];
      if (std::ranges::find(unreachable, instance) != unreachable.end()) continue;
      const int load = instance->in_flight.load(std::memory_order_relaxed);
      if (best == nullptr || load < least) {
        best = &instance;
        least = load;
      }
    }
    if (best == nullptr) return {Admission::kNoInstance, {}};
    if (limit > 0 && least >= limit) return {Admission::kBusy, {}};
    if (limit <= 0 ||
        (*best)->in_flight.compare_exchange_strong(least, least + 1, std::memory_order_relaxed)) {
      if (limit <= 0) (*best)->in_flight.fetch_add(1, std::memory_order_relaxed);
      return {Admission::kAdmitted, Lease(*best)};
    }
  }
  return {Admission::kBusy, {}};
}

}  // namespace faisca::gateway
