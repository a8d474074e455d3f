#include "deviceplugin/device/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <vector>

namespace faisca::deviceplugin {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Families {
 public:
  explicit Families(std::string device) : device_(std::move(device)) {}

  void begin(std::string name, std::string help, MetricType type) {
    all_.push_back({std::move(name), std::move(help), type, {}});
  }
  void add(double value, const std::string& function = "") {
    ClientMetric metric;
    metric.label.push_back({"device", device_});
    if (!function.empty()) metric.label.push_back({"function", function});
    (all_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    all_.back().metric.push_back(std::move(metric));
  }
  void gauge(std::string name, std::string help, double value) {
    begin(std::move(name), std::move(help), MetricType::Gauge);
    add(value);
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(all_); }

 private:
  const std::string device_;
  std::vector<MetricFamily> all_;
};

// A function has several programs while an update replaces one by another.
std::map<std::string, FunctionCounters> by_function(const std::vector<FunctionCounters>& rows) {
  std::map<std::string, FunctionCounters> sums;
  for (const FunctionCounters& row : rows) {
    FunctionCounters& sum = sums[row.function];
    sum.invocations += row.invocations;
    sum.failures += row.failures;
    sum.instructions += row.instructions;
    sum.cycles += row.cycles;
  }
  return sums;
}

void add_counter(Families& out, std::string name, std::string help,
                 const std::map<std::string, FunctionCounters>& functions,
                 std::uint64_t FunctionCounters::* member) {
  out.begin(std::move(name), std::move(help), MetricType::Counter);
  for (const auto& [function, counters] : functions) out.add(static_cast<double>(counters.*member), function);
}

}  // namespace

std::string metrics_text(const DeviceIdentity& identity, const Observed& observed) {
  Families out(identity.name());
  out.gauge("faisca_device_up", "1 while the device's agent answers", observed.agent ? 1 : 0);
  if (!observed.agent) return out.text();
  const AgentState& agent = *observed.agent;
  out.gauge("faisca_device_engines", "eBPF processors of the device", agent.engines);
  out.gauge("faisca_device_slots", "Functions of convention mem that may be placed on the device",
            static_cast<double>(agent.engines) * identity.slots_per_engine);
  out.gauge("faisca_device_clock_hertz", "Clock of the device; assumed, if it is simulated",
            static_cast<double>(agent.clock_hz));
  out.gauge("faisca_device_queued", "Calls that wait for the device", static_cast<double>(agent.queued));
  out.gauge("faisca_device_programs", "Programs that the agent holds",
            static_cast<double>(agent.programs.size()));
  out.begin("faisca_device_loads_total", "Programs written into the device", MetricType::Counter);
  out.add(static_cast<double>(agent.loads));
  const auto functions = by_function(agent.counters);
  add_counter(out, "faisca_device_invocations_total", "Runs of a function's program", functions,
              &FunctionCounters::invocations);
  add_counter(out, "faisca_device_failures_total", "Those that ended in a fault or were cut off", functions,
              &FunctionCounters::failures);
  add_counter(out, "faisca_device_instructions_total", "Instructions that they retired", functions,
              &FunctionCounters::instructions);
  add_counter(out, "faisca_device_cycles_total", "Cycles of the device that they took", functions,
              &FunctionCounters::cycles);
  return out.text();
}

}  // namespace faisca::deviceplugin
