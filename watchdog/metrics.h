// The metrics of the OpenFaaS watchdogs: http_requests_total{code,method},
// http_request_duration_seconds{code,method}, http_requests_in_flight. Pointers are cached: recording a
// request is two atomic operations, not a look-up of labels. Thread: any.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "lib/base/clock.h"
#include "watchdog/gate.h"
#include "watchdog/server/method.h"

namespace faisca::watchdog {

class Metrics {
 public:
  explicit Metrics(const Gate& gate);
  ~Metrics();

  void record(Method method, int status, Duration duration);
  // Prometheus text format 0.0.4.
  std::string text();

 private:
  struct Registry;
  struct Pair;
  static constexpr size_t kStatuses = 600;

  const Gate& gate_;
  std::unique_ptr<Registry> registry_;
  std::mutex mutex_;  // making a Pair
  std::array<std::array<std::atomic<Pair*>, kStatuses>, kMethodCount> pairs_{};
};

}  // namespace faisca::watchdog
