// Leader election by a Lease, so that of several replicas one acts.
//
// Invariants: (1) a holder counts itself leader only until `renew_deadline` after it *sent* its last
// successful write, by the monotonic clock; (2) nobody takes a lease over before it has watched it unchanged
// for the holder's `lease_duration`, by its own monotonic clock: times written by others are never compared
// with a clock, so jumps of any wall clock do no harm; (3) every write carries the resourceVersion that was
// read, so of two that try at once one gets 409. With renew_deadline < lease_duration there are never two
// leaders, except for requests that are under way when a process is frozen: guard what must not happen twice
// by the object's resourceVersion as well.
//
// Thread: one of its own; `is_leader` from any, exact at the moment of the call.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "lib/base/clock.h"
#include "lib/kube/client.h"

namespace faisca::kube {

struct LeaderSettings {
  ObjectKey lease;       // namespace and name
  std::string identity;  // unique to this process: the pod's name and a random part
  std::chrono::milliseconds lease_duration{15'000};
  std::chrono::milliseconds renew_deadline{10'000};
  std::chrono::milliseconds retry{2'000};
};

// What was last read of the Lease. `seen_at`: when it was first seen with this content.
struct LeaseView {
  std::string holder;  // empty: released
  std::string resource_version;
  std::string renewed;  // text; compared, never read as a time
  std::chrono::milliseconds duration{0};
  int transitions = 0;
  bool exists = false;
  SteadyTime seen_at{};
};

// What a Lease object says; keeps `before.seen_at` while nothing in it changed.
LeaseView read_lease(const Json& lease, const LeaseView& before, SteadyTime now);

enum class LeaseStep { kCreate, kTake, kRenew, kWait };
// The decision alone: what `settings.identity` should do with the lease it has read.
LeaseStep next_step(const LeaseView& view, const LeaderSettings& settings, SteadyTime now);

class LeaderElection {
 public:
  // `changed(true)` when this process became leader, `changed(false)` when it no longer is; on the election's
  // thread, in turns, beginning with true. The process should stop acting at once; most simply it ends.
  LeaderElection(Client& client, const Clock& clock, LeaderSettings settings,
                 std::function<void(bool is_leader)> changed);
  ~LeaderElection();  // stops
  LeaderElection(const LeaderElection&) = delete;
  LeaderElection& operator=(const LeaderElection&) = delete;

  void start();
  // Gives the lease back, so that another may take it at once.
  void stop();

  bool is_leader() const;
  std::string holder() const;  // as last read; may be empty

  // One round of read, decide, write: what the thread does every `retry`. For tests.
  void step();

 private:
  void run(std::stop_token stop);
  Status look();
  Status write(LeaseStep what);
  void release();
  Status give_back();
  Duration until_next_step() const;  // mutex_ is held
  std::chrono::milliseconds request_timeout() const;
  void tell();
  void note(const Status& outcome);

  Client& client_;
  const Clock& clock_;
  const LeaderSettings settings_;
  std::function<void(bool)> changed_;
  bool told_ = false;     // what `changed_` was last told; the thread's
  bool failing_ = false;  // the thread's
  std::stop_token stop_;  // the thread's
  LeaseView view_;        // the thread's
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<SteadyTime> leader_until_;  // guarded by mutex_
  std::string holder_;                      // guarded by mutex_
  std::jthread thread_;
};

}  // namespace faisca::kube
