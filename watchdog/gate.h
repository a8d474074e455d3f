// How many requests are in progress, and whether new ones are welcome. Thread: any; atomics only.
#pragma once

#include <atomic>

namespace faisca::watchdog {

class Gate {
 public:
  explicit Gate(int limit) : limit_(limit) {}

  // False: the limit is reached. Each success needs one leave().
  bool enter() {
    const int before = in_flight_.fetch_add(1, std::memory_order_relaxed);
    if (limit_ == 0 || before < limit_) return true;
    leave();
    return false;
  }
  void leave() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

  int in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  int limit() const { return limit_; }
  bool full() const { return limit_ != 0 && in_flight() >= limit_; }

  // Healthy until SIGTERM. Requests are still served after it, for a while.
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }
  void set_unhealthy() { healthy_.store(false, std::memory_order_relaxed); }

 private:
  const int limit_;  // 0: none
  std::atomic<int> in_flight_ = 0;
  std::atomic<bool> healthy_ = true;
};

}  // namespace faisca::watchdog
