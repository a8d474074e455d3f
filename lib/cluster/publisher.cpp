#include "lib/cluster/publisher.h"

#include <algorithm>

namespace faisca::cluster {
// The handle given out clears `changed` under the mutex, so that no call happens after its end. Recursive:
// the callback may drop its own handle.
struct Publisher::Subscriber {
  std::recursive_mutex mutex;
  std::function<void()> changed;  // guarded by mutex
};

SnapshotPtr Publisher::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void Publisher::publish(std::vector<FunctionState> states) {
  const SnapshotPtr before = snapshot();
  Snapshot next;
  next.default_namespace = before->default_namespace;
  std::ranges::sort(states, [](const FunctionState& a, const FunctionState& b) {
    return Snapshot::before(a, b.name_space(), b.name());
  });
  bool different = states.size() != before->functions.size();
  for (FunctionState& state : states) {
    FunctionStatePtr known = before->find(state.name(), state.name_space());
    const bool unchanged = known && same(*known, state);
    different = different || !unchanged;
    next.functions.push_back(unchanged ? known : std::make_shared<const FunctionState>(std::move(state)));
  }
  if (different) publish(std::move(next));
}

void Publisher::publish(Snapshot next) {
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  {
    const std::lock_guard lock(mutex_);
    next.version = snapshot_->version + 1;
    snapshot_ = std::make_shared<const Snapshot>(std::move(next));
    std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber.expired(); });
    for (const auto& subscriber : subscribers_)
      if (auto living = subscriber.lock()) subscribers.push_back(std::move(living));
  }
  for (const auto& subscriber : subscribers) {
    const std::lock_guard lock(subscriber->mutex);
    if (subscriber->changed) subscriber->changed();
  }
}

Cluster::Subscription Publisher::subscribe(std::function<void()> changed) {
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->changed = std::move(changed);
  const std::lock_guard lock(mutex_);
  subscribers_.push_back(subscriber);
  return Cluster::Subscription(subscriber.get(), [subscriber](Subscriber*) {
    const std::lock_guard inner(subscriber->mutex);
    subscriber->changed = nullptr;
  });
}

}  // namespace faisca::cluster
