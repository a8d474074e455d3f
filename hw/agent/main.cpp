// faisca-agent: wires device, queue, runner and gRPC service, and serves until SIGTERM or SIGINT.
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <random>

#include "hw/agent/device/verilated_device.h"
#include "hw/agent/server.h"
#include "hw/agent/service.h"
#include "hw/agent/settings.h"
#include "lib/base/log.h"

namespace faisca::agent {
namespace {

// Another text at each start.
std::string instance_name() {
  std::random_device random;
  return std::to_string(random()) + "-" + std::to_string(random());
}

// `stop` holds the blocked signals that end the agent.
Status serve(const Settings& settings, const std::string& effective, const sigset_t& stop) {
  FAISCA_TRY(socket, parse_listen(settings.listen));
  RealClock clock;
  FAISCA_TRY(executor, Executor::create([] { return device::make_verilated_device(); }, clock));
  const device::DeviceInfo device = executor->info();

  ProgramStore store(static_cast<std::size_t>(settings.programs), limits_of(device));
  Stats stats(static_cast<std::size_t>(settings.programs));
  Queue queue(static_cast<std::size_t>(settings.queue), clock);
  Runner runner(std::move(executor), queue, stats, clock);
  OffloadService service({store, queue, runner, stats, clock, device,
                          static_cast<std::uint32_t>(settings.budget), instance_name()});
  FAISCA_TRY(server, Server::start(socket, service, settings.max_message.count));
  log_info("agent ready", {{"listen", settings.listen},
                           {"device", device.kind},
                           {"engines", device.engines},
                           {"memory_bytes", device.memory_bytes},
                           {"settings", effective}});

  int signal = 0;
  sigwait(&stop, &signal);
  log_info("agent stopping", {{"signal", signal}});
  server->shutdown(settings.drain);
  return {};
}

int run(int argc, char** argv) {
  Settings settings;
  Config config("faisca-agent", "Runs eBPF programs on a device for whoever asks over gRPC.");
  declare(config, settings);
  const auto action = config.load(argc, argv, environ);
  if (!action) {
    std::fprintf(stderr, "faisca-agent: %s\n", action.error().text().c_str());
    return 2;
  }
  if (*action == Config::Action::kExit) return 0;
  log_setup("agent", log_level_named(settings.log_level));

  // Before any thread starts, so that all of them leave these signals to serve().
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const Status served = serve(settings, config.effective(), stop);
  if (!served) {
    log_error("agent cannot run", {{"error", served.error()}});
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace faisca::agent

int main(int argc, char** argv) { return faisca::agent::run(argc, argv); }
