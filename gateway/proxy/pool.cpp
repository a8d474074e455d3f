#include "gateway/proxy/pool.h"

namespace faisca::gateway {

bool InstancePool::usable(const Idle& idle, SteadyTime now) const {
  // Bytes that no one asked for make a connection as useless as a closed one.
  const io::Source& source = idle.stream->source();
  return !source.hung_up() && !source.readable() && now - idle.since < settings_.pool_idle;
}

std::unique_ptr<io::Stream> InstancePool::take(const InstancePtr& instance, SteadyTime now) {
  const auto found = idle_.find(instance);
  if (found == idle_.end()) return nullptr;
  std::vector<Idle>& list = found->second;
  while (!list.empty()) {
    Idle last = std::move(list.back());
    list.pop_back();
    if (usable(last, now)) return std::move(last.stream);
  }
  return nullptr;
}

void InstancePool::put(const InstancePtr& instance, std::unique_ptr<io::Stream> stream, SteadyTime now) {
  if (!stream->input().empty()) return;
  stream->input().release();
  std::vector<Idle>& list = idle_[instance];
  if (list.size() < settings_.pool_size) list.push_back({std::move(stream), now});
}

void InstancePool::prune(SteadyTime now) {
  for (auto at = idle_.begin(); at != idle_.end();) {
    std::erase_if(at->second, [&](const Idle& idle) { return !usable(idle, now); });
    const bool forgotten = at->first.use_count() == 1;
    at = at->second.empty() || forgotten ? idle_.erase(at) : std::next(at);
  }
}

size_t InstancePool::size() const {
  size_t count = 0;
  for (const auto& [instance, list] : idle_) count += list.size();
  return count;
}

}  // namespace faisca::gateway
