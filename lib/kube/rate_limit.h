// A token bucket: so many at once, then so many a second. Pure: time is a parameter. Thread: owned by one
// thread, or under its owner's mutex.
#pragma once

#include <algorithm>

#include "lib/base/clock.h"

namespace faisca::kube {

class RateLimit {
 public:
  // `per_second` 0: no limit.
  RateLimit(double per_second, int burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // Takes a token and says how long to wait before using it; those who come later wait longer.
  Duration reserve(SteadyTime now) {
    if (per_second_ <= 0) return Duration(0);
    if (started_) {
      const double passed = std::chrono::duration<double>(now - last_).count();
      tokens_ = std::min(burst_, tokens_ + std::max(0.0, passed) * per_second_);
    }
    started_ = true;
    last_ = std::max(last_, now);
    tokens_ -= 1;
    if (tokens_ >= 0) return Duration(0);
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(-tokens_ / per_second_));
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;  // negative: that many are promised
  bool started_ = false;
  SteadyTime last_{};
};

}  // namespace faisca::kube
