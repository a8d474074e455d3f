// Brings each Function's children and status to what its spec says: observe → decide → apply → write the
// status once.
//
// Level-based: a look at a Function depends on nothing but what is there, so it may be repeated, interrupted
// at any point and continued by another operator. Children carry owner references; the garbage collector
// removes them.
//
// Invariants: (1) one worker at a time looks at a Function; (2) nothing that is not the Function's is
// changed; (3) the status is written at most once a look, and only when it says something new; (4) nothing is
// written when nothing changed. Thread: start and stop from one; workers are its own.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/clock.h"
#include "lib/kube/client.h"
#include "lib/kube/events.h"
#include "lib/kube/work_queue.h"
#include "operator/function/caches.h"
#include "operator/function/metrics.h"
#include "operator/function/observe.h"
#include "operator/function/recent.h"
#include "operator/function/settings.h"
#include "operator/function/status.h"
#include "operator/offload/placer.h"

namespace faisca::operators {

class FunctionController {
 public:
  struct Parts {
    kube::Client& client;
    const Clock& clock;
    const Origin& origin;
    std::vector<std::string> spaces;  // empty: all
    kube::EventRecorder* events = nullptr;
    Metrics* metrics = nullptr;
    offload::Placer* placer = nullptr;  // null: functions with offload find no device
  };

  FunctionController(Parts parts, FunctionSettings settings);
  ~FunctionController();
  FunctionController(const FunctionController&) = delete;
  FunctionController& operator=(const FunctionController&) = delete;

  // Begins to follow the cluster; does not act yet.
  void watch();
  bool synced() const { return caches_.synced(); }
  bool wait_synced(std::chrono::milliseconds longest) const { return caches_.wait_synced(longest); }

  // Begins to act, once: only the leader may.
  void act(int workers);
  // Ends the workers after the look each is at, then the watches.
  void stop();

  void add(const kube::ObjectKey& function) { queue_.add(function); }
  size_t waiting() const { return queue_.waiting(); }
  size_t functions() const { return caches_.functions(); }

  // One look. The duration: when to look again without being told; empty: only when told.
  Result<std::optional<Duration>> reconcile(const kube::ObjectKey& key);

 private:
  struct Applied {
    kube::Json deployment;           // as it is now; null: none
    std::optional<Problem> refused;  // by the API server, for good
    bool wrote = false;
    bool space_ends = false;  // the namespace is being deleted
  };

  std::optional<Observed> observe(const kube::ObjectKey& key);
  Status observe_unknown(const Decision& decision, Observed& out);
  Result<Applied> apply(const Observed& observed, const Decision& decision);
  Status take_refusal(const Error& error, const Wanted& child, Applied& out) const;
  Result<std::optional<Duration>> write_status(const Observed& observed, const api::FunctionStatus& status);
  void forget(const kube::ObjectKey& key);
  void work();
  void work_on(const kube::ObjectKey& key);

  Parts parts_;
  FunctionSettings settings_;
  kube::WorkQueue queue_;
  Caches caches_;
  Recent recent_;
  std::mutex mutex_;
  std::map<kube::ObjectKey, SteadyTime>
      applied_at_;  // guarded by mutex_: a change is being carried out since
  std::map<kube::ObjectKey, SteadyTime> counters_at_;  // guarded by mutex_: counters were last written
  std::vector<std::jthread> workers_;
};

}  // namespace faisca::operators
