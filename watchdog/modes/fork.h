// Fork mode, the contract of OpenFaaS's classic watchdog: a process for every request; the body is its stdin,
// its stdout is the response.
//
// The status is known when the process ends (0 → 200, else 500 with the reason and the output), so output is
// held back until then, up to `buffer_output` bytes. Longer output is streamed, chunked, with status 200; a
// handler that fails after that breaks the connection off, so that no client takes half an answer for a whole
// one. The process starts when the body is complete or 64 KiB of it have come: a slow upload holds no
// process. Ownership: the mode owns its invocations and uses them again. Thread: its reactor's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "watchdog/modes/mode.h"
#include "watchdog/process/cgi.h"
#include "watchdog/process/function_log.h"
#include "watchdog/process/run.h"

namespace faisca::watchdog {

struct ForkSettings {
  std::vector<std::string> arguments;    // argv; the first is the path to execute
  std::vector<std::string> environment;  // of the handler, without the request's variables
  Duration exec_timeout{};               // 0: none
  size_t buffer_output = 1u << 20;
  size_t max_log_line = 64u << 10;
  Stderr stderr_to = Stderr::kJoinStdout;
  bool cgi_headers = true;
  bool prefix_logs = true;
  std::string content_type;  // empty: the request's
};

class ForkInvocation;

class ForkMode final : public Mode {
 public:
  // `settings`, `known` and `log` must outlive it.
  ForkMode(Reactor& reactor, const ForkSettings& settings, KnownChildren& known, FunctionLog& log);
  ~ForkMode() override;

  Invocation* begin(const Request& request, Exchange& exchange) override;

 private:
  friend class ForkInvocation;
  void recycle(ForkInvocation& invocation);

  Reactor& reactor_;
  const ForkSettings& settings_;
  KnownChildren& known_;
  FunctionLog& log_;
  PipeStock pipes_;
  std::vector<char*> arguments_;
  std::vector<std::unique_ptr<ForkInvocation>> all_;
  std::vector<ForkInvocation*> free_;
};

}  // namespace faisca::watchdog
