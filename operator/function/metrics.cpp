#include "operator/function/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace faisca::operators {

struct Metrics::Series {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& reconciles = prometheus::BuildCounter()
                                                            .Name("faisca_operator_reconciles_total")
                                                            .Help("Looks at a Function, by how they ended")
                                                            .Register(registry);
  prometheus::Counter& done = reconciles.Add({{"result", "done"}});
  prometheus::Counter& failed = reconciles.Add({{"result", "failed"}});
  prometheus::Histogram& duration = prometheus::BuildHistogram()
                                        .Name("faisca_operator_reconcile_seconds")
                                        .Help("How long a look at a Function takes, writes included")
                                        .Register(registry)
                                        .Add({}, prometheus::Histogram::BucketBoundaries{
                                                     0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30});
  prometheus::Family<prometheus::Counter>& writes =
      prometheus::BuildCounter()
          .Name("faisca_operator_writes_total")
          .Help("Requests to the API server that change something, by verb, resource and outcome")
          .Register(registry);
  prometheus::Gauge& queue = prometheus::BuildGauge()
                                 .Name("faisca_operator_queue_depth")
                                 .Help("Functions that wait for a look")
                                 .Register(registry)
                                 .Add({});
  prometheus::Gauge& functions = prometheus::BuildGauge()
                                     .Name("faisca_operator_functions")
                                     .Help("Functions there are")
                                     .Register(registry)
                                     .Add({});
  prometheus::Gauge& leader = prometheus::BuildGauge()
                                  .Name("faisca_operator_leader")
                                  .Help("1 while this operator acts, 0 while it stands by")
                                  .Register(registry)
                                  .Add({});
};

Metrics::Metrics() : series_(std::make_unique<Series>()) {}
Metrics::~Metrics() = default;

void Metrics::reconciled(ReconcileEnd end, Duration took) {
  (end == ReconcileEnd::kDone ? series_->done : series_->failed).Increment();
  series_->duration.Observe(std::chrono::duration<double>(took).count());
}

void Metrics::wrote(std::string_view verb, std::string_view resource, std::string_view outcome) {
  series_->writes
      .Add({{"verb", std::string(verb)},
            {"resource", std::string(resource)},
            {"outcome", std::string(outcome)}})
      .Increment();
}

void Metrics::queue(size_t waiting) { series_->queue.Set(static_cast<double>(waiting)); }
void Metrics::functions(size_t count) { series_->functions.Set(static_cast<double>(count)); }
void Metrics::leader(bool is) { series_->leader.Set(is ? 1 : 0); }

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(series_->registry.Collect());
}

}  // namespace faisca::operators
