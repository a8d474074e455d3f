// A running watchdog: sockets, one reactor a thread, signals, orderly end. What it serves is a Mode.
//
// Life: listen → make the lock file → serve. On SIGTERM or SIGINT: unhealthy, lock removed → serve on for
// healthcheck_interval, each answer with Connection: close → stop accepting, let requests in progress end for
// at most write_timeout → cancel the rest → return. A second signal skips the waiting. Thread: run() on the
// main thread, which is also the first reactor.
#pragma once

#include <functional>
#include <memory>

#include "watchdog/modes/mode.h"
#include "watchdog/settings.h"

namespace faisca::watchdog {

class FunctionLog;
class KnownChildren;

// What a mode may use of the watchdog it is in. All outlives the mode.
struct ModeContext {
  Reactor& reactor;
  FunctionLog& log;
  KnownChildren& known;
};
// Called once a reactor, on the main thread.
using ModeFactory = std::function<std::unique_ptr<Mode>(const ModeContext&)>;

// Returns after an orderly end; an error means that it never served.
Status run(const Settings& settings, const ModeFactory& make_mode);

// Call first thing in main: SIGTERM and SIGINT wait for run(), SIGPIPE is ignored. Threads inherit it.
void prepare_signals();

}  // namespace faisca::watchdog
