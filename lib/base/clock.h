// Time as a parameter: code that decides takes a Clock (or a `now`), so that tests move time by hand.
// Thread: RealClock is free of state; FakeClock is guarded by its mutex.
#pragma once

#include <chrono>
#include <mutex>

namespace faisca {

using Duration = std::chrono::nanoseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual SteadyTime now() const = 0;  // for deadlines and durations; never jumps
  virtual WallTime wall() const = 0;   // for people and headers; may jump
};

class RealClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
};

// Starts one hour after the epoch of both clocks.
class FakeClock final : public Clock {
 public:
  SteadyTime now() const override {
    std::lock_guard lock(mutex_);
    return SteadyTime(elapsed_);
  }
  WallTime wall() const override {
    std::lock_guard lock(mutex_);
    return WallTime(std::chrono::duration_cast<WallTime::duration>(elapsed_));
  }
  void advance(Duration by) {
    std::lock_guard lock(mutex_);
    elapsed_ += by;
  }

 private:
  mutable std::mutex mutex_;
  Duration elapsed_ = std::chrono::hours(1);  // guarded by mutex_
};

}  // namespace faisca
