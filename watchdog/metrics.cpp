#include "watchdog/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <deque>

namespace faisca::watchdog {
namespace {

// The default buckets of Prometheus' client libraries, in seconds.
const prometheus::Histogram::BucketBoundaries kBuckets = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

}  // namespace

struct Metrics::Pair {
  prometheus::Counter& total;
  prometheus::Histogram& duration;
};

struct Metrics::Registry {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& total = prometheus::BuildCounter()
                                                       .Name("http_requests_total")
                                                       .Help("Requests answered, by status code and method")
                                                       .Register(registry);
  prometheus::Family<prometheus::Histogram>& duration =
      prometheus::BuildHistogram()
          .Name("http_request_duration_seconds")
          .Help("Time from a request's head to the end of its answer")
          .Register(registry);
  prometheus::Gauge& in_flight = prometheus::BuildGauge()
                                     .Name("http_requests_in_flight")
                                     .Help("Requests in progress")
                                     .Register(registry)
                                     .Add({});
  std::deque<Pair> pairs;  // guarded by Metrics::mutex_; a deque, because pointers to them are handed out
};

Metrics::Metrics(const Gate& gate) : gate_(gate), registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

void Metrics::record(Method method, int status, Duration duration) {
  const auto code = static_cast<size_t>(std::clamp(status, 0, static_cast<int>(kStatuses) - 1));
  std::atomic<Pair*>& slot = pairs_[static_cast<size_t>(method)][code];
  Pair* pair = slot.load(std::memory_order_acquire);
  if (!pair) {
    std::lock_guard lock(mutex_);
    pair = slot.load(std::memory_order_acquire);
    if (!pair) {
      const prometheus::Labels labels = {{"code", std::to_string(code)},
                                         {"method", std::string(method_label(method))}};
      pair = &registry_->pairs.emplace_back(
          Pair{registry_->total.Add(labels), registry_->duration.Add(labels, kBuckets)});
      slot.store(pair, std::memory_order_release);
    }
  }
  pair->total.Increment();
  pair->duration.Observe(std::chrono::duration<double>(duration).count());
}

std::string Metrics::text() {
  registry_->in_flight.Set(gate_.in_flight());
  return prometheus::TextSerializer().Serialize(registry_->registry.Collect());
}

}  // namespace faisca::watchdog
