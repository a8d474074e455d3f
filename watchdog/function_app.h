// What a watchdog answers on its main port: /_/health, /_/ready, and everything else to the function, through
// the gate. Thread: one object per reactor; gate, metrics and lock are shared.
#pragma once

#include "watchdog/gate.h"
#include "watchdog/lock_file.h"
#include "watchdog/metrics.h"
#include "watchdog/modes/mode.h"
#include "watchdog/server/exchange.h"

namespace faisca::watchdog {

class FunctionApp final : public Application {
 public:
  FunctionApp(Gate& gate, Metrics& metrics, const LockFile& lock, Mode& mode)
      : gate_(gate), metrics_(metrics), lock_(lock), mode_(mode) {}

  Invocation* begin(const Request& request, Exchange& exchange) override;
  void ended(const Ended& ended) override;

 private:
  void health(const Request& request, Exchange& exchange);
  void ready(Exchange& exchange);
  void refuse(const Request& request, Exchange& exchange, const Response& response);

  Gate& gate_;
  Metrics& metrics_;
  const LockFile& lock_;
  Mode& mode_;
};

// What it answers on its metrics port.
class MetricsApp final : public Application {
 public:
  explicit MetricsApp(Metrics& metrics) : metrics_(metrics) {}
  Invocation* begin(const Request& request, Exchange& exchange) override;
  void ended(const Ended&) override {}

 private:
  Metrics& metrics_;
};

}  // namespace faisca::watchdog
