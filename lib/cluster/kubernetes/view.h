// The gateway's view of a Kubernetes cluster: watches feed a World, a thread makes snapshots of it.
//
// Invariants: (1) nothing is published before every watch has its first complete list, so that a gateway that
// starts never answers 404 for a function that exists; (2) a watch that breaks changes nothing: the last
// snapshot stays until the API server tells otherwise; (3) snapshots come at most every `coalesce`, the first
// change after a quiet time at once. Thread: `start` and the destructor by the owner, the rest from any.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "lib/cluster/kubernetes/kubernetes.h"
#include "lib/cluster/kubernetes/world.h"
#include "lib/cluster/publisher.h"
#include "lib/kube/reflector.h"

namespace faisca::cluster {

class View {
 public:
  // Both outlive it.
  View(kube::Client& client, const KubernetesSettings& settings);
  ~View();

  void start();

  SnapshotPtr snapshot() const { return publisher_.snapshot(); }
  Cluster::Subscription subscribe(std::function<void()> changed) {
    return publisher_.subscribe(std::move(changed));
  }
  // kUnavailable until the first snapshot; names what is waited for.
  Status ready() const;
  // The default one, those named in the settings, those marked for functions, and those that have some.
  std::vector<std::string> namespaces() const;

  std::optional<Origin> origin_of(const FunctionId& id) const;

  // Waits until `shows` is true of a snapshot, for `longest`.
  void wait_until(const std::function<bool(const Snapshot&)>& shows, std::chrono::milliseconds longest) const;

 private:
  struct Feed;
  void watch(const kube::Resource& resource, const std::string& space, std::string label_selector,
             std::unique_ptr<Feed> feed);
  void watch_functions(Origin origin, const std::string& space);
  void watch_slices(const std::string& space);
  void watch_namespaces();
  void build(std::stop_token stop);

  kube::Client& client_;
  const KubernetesSettings& settings_;
  Publisher publisher_;

  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  World world_;                   // guarded by mutex_
  std::set<std::string> marked_;  // namespaces; guarded by mutex_
  size_t unsynced_ = 0;           // watches without their first list; guarded by mutex_
  bool published_ = false;        // guarded by mutex_

  struct Watch {
    std::unique_ptr<Feed> feed;
    std::unique_ptr<kube::Reflector> reflector;
  };
  std::list<Watch> watches_;  // made by start
  std::jthread builder_;
};

}  // namespace faisca::cluster
