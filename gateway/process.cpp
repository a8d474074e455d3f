#include "gateway/process.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>

#include "lib/base/log.h"
#include "lib/io/listener.h"

namespace faisca::gateway {
namespace {

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

}  // namespace

Status serve_until_stopped(const GatewayConfig& settings, const OpenCluster& open, size_t api_threads) {
  log_setup("gateway", log_level_named(settings.log_level));
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  const sigset_t stop_signals = block_stop_signals();

  const size_t reactors = reactor_count(settings, std::thread::hardware_concurrency());
  FAISCA_TRY(listening, io::listen_on(settings.address, settings.port, reactors));
  const uint16_t port = listening.port;
  FAISCA_TRY(cluster, open());

  const RealClock clock;
  Gateway::Settings made = gateway_settings(settings);
  made.proxy.api_threads = api_threads;
  Gateway gateway(made, *cluster, clock);
  gateway.start(std::move(listening));
  log_info("gateway listens", {{"address", settings.address}, {"port", port}, {"reactors", reactors}});

  int signal = 0;
  sigwait(&stop_signals, &signal);
  log_info("gateway stops", {{"signal", signal}});
  gateway.stop();
  return {};
}

int finish(const char* program, const Status& outcome) {
  if (outcome) return 0;
  std::fprintf(stderr, "%s: %s\n", program, outcome.error().text().c_str());
  return 1;
}

}  // namespace faisca::gateway
