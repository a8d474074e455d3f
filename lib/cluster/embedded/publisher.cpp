#include "lib/cluster/embedded/publisher.h"

#include <algorithm>

namespace faisca::cluster {
namespace {

bool same(const FunctionState& a, const FunctionState& b) {
  return a.generation == b.generation && a.replicas == b.replicas && a.reason == b.reason &&
         a.created_at == b.created_at &&
         std::equal(a.ready.begin(), a.ready.end(), b.ready.begin(), b.ready.end(),
                    [](const Endpoint& x, const Endpoint& y) { return x.id == y.id; }) &&
         a.function == b.function;
}

}  // namespace

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
  auto next = std::make_shared<Snapshot>();
  next->version = before->version + 1;
  bool different = states.size() != before->functions.size();
  for (FunctionState& state : states) {
    const std::string name = state.function.metadata.name;
    const auto known = before->functions.find(name);
    const bool unchanged = known != before->functions.end() && same(*known->second, state);
    different = different || !unchanged;
    next->functions[name] =
        unchanged ? known->second : std::make_shared<const FunctionState>(std::move(state));
  }
  if (!different) return;
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(next);
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
