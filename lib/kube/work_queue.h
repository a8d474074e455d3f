// Keys of objects that need a look, each at most once at a time.
//
// Invariants: (1) a key that waits is there once, however often it was added; (2) a key being worked on is
// not given to a second worker; added meanwhile, it comes again after `done`; (3) of several due times of one
// key the earliest counts. Thread: any. Time comes from the Clock; `take` sleeps by real time and is for
// workers, `try_take` and `next_due` are for a loop or a test that moves a FakeClock.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "lib/base/clock.h"
#include "lib/kube/resource.h"

namespace faisca::kube {

struct WorkQueueSettings {
  std::chrono::milliseconds first_delay{200};       // of `add_failed`, doubled with each failure
  std::chrono::milliseconds longest_delay{60'000};  // and never longer
  size_t most = 100'000;  // keys waiting; more are dropped and counted, until added again
};

class WorkQueue {
 public:
  explicit WorkQueue(const Clock& clock, WorkQueueSettings settings = {});

  void add(const ObjectKey& key);
  void add_after(const ObjectKey& key, Duration delay);
  // After a failure: waits longer each time until `forget`.
  void add_failed(const ObjectKey& key);
  void forget(const ObjectKey& key);
  int failures(const ObjectKey& key) const;

  // The next key that is due, waiting for one; empty when shut down. Each key taken must be given to `done`.
  std::optional<ObjectKey> take();
  std::optional<ObjectKey> try_take();
  void done(const ObjectKey& key);

  std::optional<SteadyTime> next_due() const;  // when the earliest key is due; empty: nothing waits
  size_t waiting() const;                      // keys due or not yet due, without those being worked on
  uint64_t dropped() const;

  // From now on `take` gives nothing; keys being worked on are finished by their workers.
  void shut_down();

 private:
  void add_at(const ObjectKey& key, SteadyTime due);  // mutex_ is held
  void schedule(const ObjectKey& key, SteadyTime due);
  std::optional<ObjectKey> pop_due();

  const Clock& clock_;
  const WorkQueueSettings settings_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  // Order of due time, then of arrival.
  struct Slot {
    SteadyTime due;
    uint64_t turn;
  };
  struct Place {
    SteadyTime due;
    uint64_t turn;
    ObjectKey key;
    bool operator<(const Place& other) const {
      return due != other.due ? due < other.due : turn < other.turn;
    }
  };
  std::set<Place> line_;
  std::unordered_map<ObjectKey, Slot> slots_;        // where each waiting key stands in line_
  std::unordered_map<ObjectKey, SteadyTime> again_;  // added while being worked on, with its due time
  std::unordered_set<ObjectKey> working_;
  std::unordered_map<ObjectKey, int> failures_;
  uint64_t turn_ = 0;
  uint64_t dropped_ = 0;
  bool shut_down_ = false;
};

}  // namespace faisca::kube
