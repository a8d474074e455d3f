// Exponential back-off with jitter, as a pure function of the attempt: "equal jitter" (half fixed, half
// random), so that a wait is never zero. Source:
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ Thread: owned by one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace faisca {

class Backoff {
 public:
  struct Settings {
    std::chrono::milliseconds first{100};      // wait before the second try
    std::chrono::milliseconds longest{10000};  // no wait is longer
    double factor = 2.0;                       // growth from one wait to the next
  };

  explicit Backoff(Settings settings, uint64_t seed = std::random_device{}());

  // The wait before the next try; grows until `reset`. In [w/2, w] for w = min(longest, first ·
  // factor^tries).
  std::chrono::milliseconds next();

  void reset() { tries_ = 0; }
  int tries() const { return tries_; }

 private:
  Settings settings_;
  std::mt19937_64 random_;
  int tries_ = 0;
};

}  // namespace faisca
