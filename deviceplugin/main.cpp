// faisca-device-plugin: wires the agent, the kubelet and the API server, until SIGTERM or SIGINT.
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "deviceplugin/device/metrics.h"
#include "deviceplugin/kubelet/service.h"
#include "deviceplugin/kubelet/session.h"
#include "deviceplugin/plugin.h"
#include "deviceplugin/settings.h"
#include "lib/base/log.h"
#include "lib/health/health_server.h"
#include "lib/kube/rest_client.h"

namespace faisca::deviceplugin {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string unready(const Observed& observed) {
  if (observed.agent) return "";
  return observed.why.empty() ? "the agent was not asked yet" : "the agent does not answer: " + observed.why;
}

// `stop` holds the blocked signals that end the plugin.
Status serve(const Settings& settings, const std::string& effective, const sigset_t& stop) {
  FAISCA_CHECK_OK(check(settings));
  if (settings.prepare) return prepare_folder(settings);

  FAISCA_TRY(socket, socket_path(settings.agent));
  FAISCA_TRY(config, kube::find_config(settings.kubeconfig, "",
                                       {.host = environment("KUBERNETES_SERVICE_HOST"),
                                        .port = environment("KUBERNETES_SERVICE_PORT")}));
  FAISCA_TRY(client, kube::RestClient::create(std::move(config), {.user_agent = "faisca-device-plugin"}));
  RealClock clock;
  SlotBoard board;
  const std::string host_folder =
      settings.host_folder.empty() ? socket.parent_path().string() : settings.host_folder;
  KubeletService service(board, {.host_folder = host_folder, .socket_name = socket.filename().string()});
  FAISCA_TRY(session, KubeletSession::start(
                          {.folder = settings.kubelet_folder, .resource = settings.resource}, service));
  const std::unique_ptr<Agent> agent = make_grpc_agent(settings.agent);
  const DeviceIdentity identity{
      .node = settings.node,
      .index = settings.index,
      .address = "unix:" + (std::filesystem::path(host_folder) / socket.filename()).string(),
      .slots_per_engine = settings.slots};
  Plugin plugin(*client, *agent, board, clock,
                {.identity = identity,
                 .interval = settings.heartbeat,
                 .look = std::chrono::duration_cast<std::chrono::milliseconds>(settings.look)});
  FAISCA_TRY(health,
             HealthServer::start(settings.address, settings.port,
                                 {.alive = [] { return true; },
                                  .unready = [&plugin] { return unready(*plugin.observed()); },
                                  .metrics = [&] { return metrics_text(identity, *plugin.observed()); }}));
  plugin.start();
  log_info("device plugin ready",
           {{"node", settings.node}, {"port", health->port()}, {"settings", effective}});

  int signal = 0;
  sigwait(&stop, &signal);
  log_info("device plugin stopping", {{"signal", signal}});
  plugin.stop();
  return {};
}

int run(int argc, char** argv) {
  Settings settings;
  Config config("faisca-device-plugin", "Offers a node's offload device to its kubelet and to the cluster.");
  declare(config, settings);
  const auto action = config.load(argc, argv, environ);
  if (!action) {
    std::fprintf(stderr, "faisca-device-plugin: %s\n", action.error().text().c_str());
    return 2;
  }
  if (*action == Config::Action::kExit) return 0;
  log_setup("device-plugin", log_level_named(settings.log_level));

  // Before any thread starts, so that all of them leave these signals to serve().
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const Status served = serve(settings, config.effective(), stop);
  if (!served) {
    log_error("device plugin cannot run", {{"error", served.error()}});
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace faisca::deviceplugin

int main(int argc, char** argv) { return faisca::deviceplugin::run(argc, argv); }
