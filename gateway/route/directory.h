// The current route table, kept up to date with the cluster, for all reactors.
//
// A reactor keeps the table it used last and asks for a newer one with one atomic load per request.
// Thread: `refresh` and `add_listener` take the mutex; `update` takes it only when the table changed.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "gateway/route/table.h"

namespace faisca::gateway {

class Directory {
 public:
  Directory(cluster::Cluster& cluster, MetricsOf metrics_of);
  ~Directory();

  // Makes `cached` the current table. Cheap when it is already.
  void update(TablePtr& cached) const;

  // `changed` is called after each new table, on the cluster's thread: return quickly.
  void add_listener(std::function<void()> changed);
  // Follows the cluster no longer; the last table stays.
  void stop();

 private:
  void refresh();

  cluster::Cluster& cluster_;
  const MetricsOf metrics_of_;
  std::atomic<uint64_t> generation_{0};
  mutable std::mutex mutex_;
  TablePtr table_;                                // guarded by mutex_
  std::vector<std::function<void()>> listeners_;  // guarded by mutex_
  cluster::Cluster::Subscription subscription_;
};

}  // namespace faisca::gateway
