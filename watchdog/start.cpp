#include "watchdog/start.h"

#include <cstdio>

#include "lib/base/log.h"
#include "watchdog/lock_file.h"

namespace faisca::watchdog {
namespace {

constexpr const char* kNames[] = {"faisca-watchdog", "faisca-watchdog-offload"};
constexpr const char* kSummaries[] = {
    "Serves HTTP and runs a process for every request: an instance of a function.\nThe handler's command "
    "comes from fprocess or stands after --.",
    "Serves HTTP and runs an eBPF program on the node's device through its agent: an instance of a "
    "function."};

int report(const char* name, const Error& error) {
  std::fprintf(stderr, "%s: %s\n", name, error.text().c_str());
  return 1;
}

}  // namespace

int start(Kind kind, int argc, const char* const* argv, const char* const* environment, Settings& settings,
          const std::function<Result<ModeFactory>(const CommandLine&)>& make) {
  const char* name = kNames[static_cast<size_t>(kind)];
  const CommandLine line = split_command_line(argc, argv);
  Config config(name, kSummaries[static_cast<size_t>(kind)]);
  declare(config, settings, kind);
  const Result<Config::Action> action =
      config.load(static_cast<int>(line.own.size()), line.own.data(), environment);
  if (!action) return report(name, action.error());
  if (*action == Config::Action::kExit) return 0;
  if (line.run_healthcheck) {
    if (LockFile(settings.lock_file, LockFile::Use::kLock).exists()) return 0;
    std::fprintf(stderr, "%s: no lock file \"%s\": the instance does not serve\n", name,
                 settings.lock_file.c_str());
    return 1;
  }
  if (const Status status = complete(settings, kind); !status) return report(name, status.error());

  prepare_signals();
  log_setup("watchdog", log_level_named(settings.log_level));
  const Result<ModeFactory> factory = make(line);
  if (!factory) return report(name, factory.error());
  log_debug("settings", {{"effective", config.effective()}});
  const Status ended = run(settings, *factory);
  return ended ? 0 : report(name, ended.error());
}

}  // namespace faisca::watchdog
