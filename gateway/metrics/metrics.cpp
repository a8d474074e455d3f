#include "gateway/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace faisca::gateway {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Family;

// The default buckets of Prometheus' Go client, which OpenFaaS's dashboards expect.
const prometheus::Histogram::BucketBoundaries kBuckets = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

std::string label_of(const std::string& name, const std::string& name_space) {
  return name + "." + name_space;
}

prometheus::MetricFamily gauges(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge, {}};
}

void add_gauge(prometheus::MetricFamily& family, const std::string& label, double value) {
  prometheus::ClientMetric metric;
  metric.label.push_back({"function_name", label});
  metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  Family<prometheus::Histogram>& seconds = BuildHistogram()
                                               .Name("gateway_functions_seconds")
                                               .Help("Function time taken, at the gateway")
                                               .Register(registry);
  Family<prometheus::Counter>& total = BuildCounter()
                                           .Name("gateway_function_invocation_total")
                                           .Help("Function invocations that ended")
                                           .Register(registry);
  Family<prometheus::Counter>& started = BuildCounter()
                                             .Name("gateway_function_invocation_started")
                                             .Help("Function invocations that began")
                                             .Register(registry);
  Family<prometheus::Gauge>& in_flight = BuildGauge()
                                             .Name("gateway_function_invocation_inflight")
                                             .Help("Function invocations under way")
                                             .Register(registry);
  Family<prometheus::Counter>& api_total =
      BuildCounter().Name("http_requests_total").Help("Requests to the gateway's own API").Register(registry);
  Family<prometheus::Histogram>& api_seconds = BuildHistogram()
                                                   .Name("http_request_duration_seconds")
                                                   .Help("Time taken by the gateway's own API")
                                                   .Register(registry);
  // OpenFaaS' gateway asks a provider; here they are one process, and the same requests go by both names.
  Family<prometheus::Counter>& provider_total =
      BuildCounter().Name("provider_http_requests_total").Help("Requests to the provider").Register(registry);
  Family<prometheus::Histogram>& provider_seconds = BuildHistogram()
                                                        .Name("provider_http_request_duration_seconds")
                                                        .Help("Time taken by the provider")
                                                        .Register(registry);
};

struct FunctionMetrics::ByCode {
  int code;
  prometheus::Counter& total;
  prometheus::Histogram& seconds;
  ByCode* next;
};

FunctionMetrics::FunctionMetrics(Metrics& owner, std::string label)
    : owner_(owner),
      label_(std::move(label)),
      started_(owner.families_->started.Add({{"function_name", label_}})),
      in_flight_(owner.families_->in_flight.Add({{"function_name", label_}})) {}

FunctionMetrics::~FunctionMetrics() {
  for (ByCode* at = codes_.load(); at != nullptr;) delete std::exchange(at, at->next);
}

void FunctionMetrics::started() {
  started_.Increment();
  in_flight_.Increment();
}

void FunctionMetrics::finished(int code, double seconds) {
  in_flight_.Decrement();
  finished_.fetch_add(1, std::memory_order_relaxed);
  ByCode& metrics = by_code(code);
  metrics.total.Increment();
  metrics.seconds.Observe(seconds);
}

FunctionMetrics::ByCode& FunctionMetrics::by_code(int code) {
  for (ByCode* at = codes_.load(std::memory_order_acquire); at != nullptr; at = at->next) {
    if (at->code == code) return *at;
  }
  std::lock_guard lock(owner_.mutex_);
  for (ByCode* at = codes_.load(); at != nullptr; at = at->next) {
    if (at->code == code) return *at;
  }
  const std::map<std::string, std::string> labels = {{"function_name", label_},
                                                     {"code", std::to_string(code)}};
  auto* made = new ByCode{code, owner_.families_->total.Add(labels),
                          owner_.families_->seconds.Add(labels, kBuckets), codes_.load()};
  codes_.store(made, std::memory_order_release);
  return *made;
}

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

FunctionMetrics* Metrics::function(const std::string& name, const std::string& name_space) {
  const std::string label = label_of(name, name_space);
  std::lock_guard lock(mutex_);
  auto& slot = functions_[label];
  if (!slot) slot.reset(new FunctionMetrics(*this, label));
  return slot.get();
}

void Metrics::api_request(std::string_view method, std::string_view path, int status, double seconds) {
  std::map<std::string, std::string> labels = {{"method", std::string(method)}, {"path", std::string(path)}};
  auto provider_labels = labels;
  labels["status"] = provider_labels["code"] = std::to_string(status);
  families_->api_total.Add(labels).Increment();
  families_->api_seconds.Add(labels, kBuckets).Observe(seconds);
  families_->provider_total.Add(provider_labels).Increment();
  families_->provider_seconds.Add(provider_labels, kBuckets).Observe(seconds);
}

std::string Metrics::text(const cluster::Snapshot& snapshot) const {
  auto families = families_->registry.Collect();
  auto count = gauges("gateway_service_count", "Replicas wanted of a function");
  auto ready = gauges("gateway_service_ready_count", "Ready replicas of a function");
  auto least = gauges("gateway_service_min", "Fewest replicas of a function");
  for (const cluster::FunctionStatePtr& state : snapshot.functions) {
    const std::string label = label_of(state->name(), state->name_space());
    add_gauge(count, label, state->replicas);
    add_gauge(ready, label, static_cast<double>(state->ready.size()));
    add_gauge(least, label, state->function.spec.scale.min);
  }
  families.push_back(std::move(count));
  families.push_back(std::move(ready));
  families.push_back(std::move(least));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace faisca::gateway
