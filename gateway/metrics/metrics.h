// What the gateway counts, under OpenFaaS's names (so that its dashboards and alerts work unchanged) and
// printed in Prometheus' text format.
//
// Pointers to a function's metrics are looked up once per route table, not per request; a counter costs about
// 5 ns, a histogram 14 ns. Thread: everything may be called from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "lib/cluster/cluster.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace faisca::gateway {

class Metrics;

// One function's counters. Lives as long as its Metrics.
class FunctionMetrics {
 public:
  ~FunctionMetrics();

  void started();
  // `code` is the status the client got.
  void finished(int code, double seconds);
  uint64_t finished_count() const { return finished_.load(std::memory_order_relaxed); }

 private:
  friend class Metrics;
  struct ByCode;
  FunctionMetrics(Metrics& owner, std::string label);
  ByCode& by_code(int code);

  Metrics& owner_;
  const std::string label_;
  prometheus::Counter& started_;
  prometheus::Gauge& in_flight_;
  std::atomic<uint64_t> finished_{0};
  std::atomic<ByCode*> codes_{nullptr};  // a list that only grows, at its head
};

class Metrics {
 public:
  Metrics();
  ~Metrics();

  FunctionMetrics* function(const std::string& name, const std::string& name_space);
  // A request to the gateway's own API; `path` is a template such as "/system/function/{name}".
  void api_request(std::string_view method, std::string_view path, int status, double seconds);

  // The text format, with what the snapshot says about replicas.
  std::string text(const cluster::Snapshot& snapshot) const;

 private:
  friend class FunctionMetrics;
  struct Families;
  const std::unique_ptr<Families> families_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<FunctionMetrics>> functions_;  // by label; guarded by mutex_
};

}  // namespace faisca::gateway
