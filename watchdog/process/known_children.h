// The handler processes that are running on purpose, so that the sweeper can tell strays from them.
// Thread: any; guarded by its mutex.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <unordered_set>

namespace faisca::watchdog {

class KnownChildren {
 public:
  void add(pid_t pid) {
    std::lock_guard lock(mutex_);
    pids_.insert(pid);
    ++started_;
  }
  void remove(pid_t pid) {
    std::lock_guard lock(mutex_);
    pids_.erase(pid);
  }
  bool contains(pid_t pid) const {
    std::lock_guard lock(mutex_);
    return pids_.contains(pid);
  }
  uint64_t started() const {
    std::lock_guard lock(mutex_);
    return started_;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_set<pid_t> pids_;  // guarded by mutex_
  uint64_t started_ = 0;            // guarded by mutex_
};

}  // namespace faisca::watchdog
