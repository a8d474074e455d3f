// Holds the present snapshot and tells subscribers about new ones. Thread: `publish` from one thread, the
// rest from any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "lib/cluster/cluster.h"

namespace faisca::cluster {

class Publisher {
 public:
  Publisher() : snapshot_(std::make_shared<const Snapshot>()) {}

  SnapshotPtr snapshot() const;

  // Makes a snapshot of `states` (ordered as they come), unless it would equal the present one. Reuses the
  // states that have not changed, so that their readers see the same pointer.
  void publish(std::vector<FunctionState> states);

  // `changed` is called by publish; never after the handle has died.
  Cluster::Subscription subscribe(std::function<void()> changed);

 private:
  struct Subscriber;

  mutable std::mutex mutex_;
  SnapshotPtr snapshot_;                                // guarded by mutex_
  std::vector<std::weak_ptr<Subscriber>> subscribers_;  // guarded by mutex_
};

}  // namespace faisca::cluster
