// Holds the present snapshot and tells subscribers about new ones. Thread: `publish` from one thread, the
// rest from any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "lib/cluster/cluster.h"
#include "lib/cluster/snapshot.h"

namespace faisca::cluster {

class Publisher {
 public:
  explicit Publisher(Snapshot first = {}) : snapshot_(std::make_shared<const Snapshot>(std::move(first))) {}

  SnapshotPtr snapshot() const;

  // Makes a snapshot of `states`, in any order, unless it would equal the present one. Reuses the states that
  // have not changed, so that their readers see the same pointer.
  void publish(std::vector<FunctionState> states);
  // Makes this the present one; its version becomes the next.
  void publish(Snapshot next);

  // `changed` is called by publish; never after the handle has died.
  Cluster::Subscription subscribe(std::function<void()> changed);

 private:
  struct Subscriber;

  mutable std::mutex mutex_;
  SnapshotPtr snapshot_;                                // guarded by mutex_
  std::vector<std::weak_ptr<Subscriber>> subscribers_;  // guarded by mutex_
};

}  // namespace faisca::cluster
