// faisca-gateway: the gateway over the embedded cluster, in one process. The only file here that reads
// arguments, makes the clock and sockets, and wires.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <thread>

#include "gateway/config.h"
#include "gateway/gateway.h"
#include "lib/base/log.h"
#include "lib/cluster/embedded/embedded.h"
#include "lib/io/listener.h"

namespace faisca::gateway {
namespace {

Status check(const GatewayConfig& settings) {
  if (settings.home.empty())
    return fail(Code::kInvalidArgument, "--home is missing", "give a folder for functions and logs");
  if (settings.watchdog.empty()) {
    return fail(Code::kInvalidArgument, "--watchdog is missing", "give the path of faisca-watchdog");
  }
  for (const std::string& program : {settings.watchdog, settings.watchdog_offload}) {
    if (program.empty() || ::access(program.c_str(), X_OK) == 0) continue;
    return fail(errno_error(errno, "the program " + program + " cannot be run"));
  }
  return {};
}

// Each connection is a descriptor. Not more than needed, because instances inherit the limit.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, 65536));
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// SIGTERM and SIGINT are taken by sigwait, so every thread made after this blocks them.
sigset_t block_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

Result<int> run(int argc, char** argv) {
  GatewayConfig settings;
  Config config("faisca-gateway", "Routes HTTP requests to functions on this machine.");
  declare(config, settings);
  FAISCA_TRY(action, config.load(argc, argv, environ));
  if (action == Config::Action::kExit) return 0;
  FAISCA_CHECK_OK(check(settings));
  log_setup("gateway", log_level_named(settings.log_level));
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  const sigset_t stop_signals = block_stop_signals();

  // The port first: a second gateway must fail before it touches the home.
  const size_t reactors = reactor_count(settings, std::thread::hardware_concurrency());
  FAISCA_TRY(listening, io::listen_on(settings.address, settings.port, reactors));
  const uint16_t port = listening.port;
  cluster::EmbeddedSettings embedded;
  embedded.home = settings.home;
  embedded.watchdog = settings.watchdog;
  embedded.watchdog_offload = settings.watchdog_offload;
  embedded.agent = settings.agent;
  FAISCA_TRY(cluster, cluster::open_embedded(embedded));

  const RealClock clock;
  settings.proxy.api_body_bytes = settings.api_body.count;
  settings.proxy.connections = static_cast<size_t>(settings.connections);
  Gateway gateway({.proxy = settings.proxy, .drain = settings.drain}, *cluster, clock);
  gateway.start(std::move(listening));
  log_info("gateway listens", {{"address", settings.address}, {"port", port}, {"reactors", reactors}});

  int signal = 0;
  sigwait(&stop_signals, &signal);
  log_info("gateway stops", {{"signal", signal}});
  gateway.stop();
  return 0;
}

}  // namespace
}  // namespace faisca::gateway

int main(int argc, char** argv) {
  const faisca::Result<int> result = faisca::gateway::run(argc, argv);
  if (result) return *result;
  std::fprintf(stderr, "faisca-gateway: %s\n", result.error().text().c_str());
  return 1;
}
