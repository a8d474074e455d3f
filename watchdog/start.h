// What the main functions of both watchdogs share: settings, --help, -run-healthcheck, errors at start, exit
// codes. Thread: main's.
#pragma once

#include <functional>

#include "watchdog/app.h"
#include "watchdog/settings.h"

namespace faisca::watchdog {

// `make` is called with complete `settings`. Exit code: 0 after an orderly end, 1 with a message on stderr.
int start(Kind kind, int argc, const char* const* argv, const char* const* environment, Settings& settings,
          const std::function<Result<ModeFactory>(const CommandLine&)>& make);

}  // namespace faisca::watchdog
