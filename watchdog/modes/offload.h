// Offload mode: the request's body goes to an eBPF program on the node's device, by way of the agent; what
// the program leaves is the response (offload/answer.h).
//
// The body is held whole, as the device takes it whole; max_body bounds it. The caller's deadline (X-Timeout,
// else exec_timeout) goes along as the RPC's. Errors are the agent's codes by the one table of lib/base.
// Ready when the agent has taken the program at the last look; it looks each second, more often until the
// first success. Thread: its reactor's; answers come from gRPC's threads by Reactor::post.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "watchdog/modes/mode.h"
#include "watchdog/offload/agent_client.h"
#include "watchdog/process/function_log.h"

namespace faisca::watchdog {

struct OffloadSettings {
  std::string agent;  // gRPC address
  AgentProgram program;
  api::OffloadOutput output = api::OffloadOutput::kDecimal;
  uint64_t budget = 1'000'000;  // instructions
  Duration exec_timeout{};      // 0: none
};

// Reads the object file and makes sure that it holds the program and that this verifies, so that a bad object
// stops the instance at its start and not at its first request.
Result<std::string> load_checked_object(const std::string& path, const std::string& entry,
                                        api::Convention convention, uint64_t budget);

class OffloadInvocation;

class OffloadMode final : public Mode, public EventTarget {
 public:
  // `settings` and `log` must outlive it.
  OffloadMode(Reactor& reactor, const OffloadSettings& settings, FunctionLog& log);
  ~OffloadMode() override;

  Invocation* begin(const Request& request, Exchange& exchange) override;
  Status ready() const override { return ready_; }

 private:
  friend class OffloadInvocation;
  void on_event(int tag, uint32_t events) override;
  void probed(Status status);

  Reactor& reactor_;
  const OffloadSettings& settings_;
  FunctionLog& log_;
  Timer timer_;
  Status ready_ = fail(Code::kUnavailable, "the offload agent was not asked yet");
  std::set<std::shared_ptr<OffloadInvocation>> invocations_;
  std::unique_ptr<AgentClient> client_;  // last: its destructor waits for callbacks, which use the rest
};

}  // namespace faisca::watchdog
