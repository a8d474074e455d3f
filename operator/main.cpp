// faisca-operator: brings Functions to life on Kubernetes. The only file here that reads arguments and
// environment, makes the clock, and wires.
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "lib/base/log.h"
#include "lib/base/version.h"
#include "lib/health/health_server.h"
#include "lib/kube/events.h"
#include "lib/kube/leader.h"
#include "lib/kube/rest_client.h"
#include "operator/function/controller.h"
#include "operator/function/counting_client.h"
#include "operator/runtimes/defaults.h"
#include "operator/settings.h"
#include "operator/webhook/webhook.h"

namespace faisca::operators {
namespace {

constexpr char kName[] = "faisca-operator";
constexpr std::chrono::milliseconds kForSync{10'000};    // between two log lines while the caches fill
constexpr std::chrono::milliseconds kForSilence{2'000};  // between two looks for silent devices

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// SIGTERM and SIGINT are taken by sigwait, so every thread made after this blocks them.
sigset_t block_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// Unique to this process: the pod's name is its host name.
std::string identity() {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  std::random_device random;
  return std::string(host) + "_" + std::to_string(random());
}

kube::LeaderSettings leader_settings(const OperatorSettings& settings, const std::string& space,
                                     const std::string& who) {
  const auto lease = std::chrono::duration_cast<std::chrono::milliseconds>(settings.lease);
  return {.lease = {space, kName},
          .identity = who,
          .lease_duration = lease,
          .renew_deadline = lease * 2 / 3,
          .retry = std::max(lease * 2 / 15, std::chrono::milliseconds(200))};
}

// All that runs between start and stop, in the order in which it is made.
class Process {
 public:
  Process(OperatorSettings settings, kube::Client& client, std::string space)
      : settings_(std::move(settings)),
        client_(client, metrics_),
        space_(std::move(space)),
        who_(identity()),
        events_(client_, clock_, {.controller = "faisca.dev/operator", .instance = who_}),
        placer_(client_, clock_, {.grace = settings_.device_grace, .namespaces = settings_.spaces()}) {
    if (settings_.functions.gateway_url.empty()) settings_.functions.gateway_url = "http://gateway." + space_;
    add_controller(faisca_origin());
    if (settings_.openfaas) add_controller(openfaas_origin());
    placer_.on_change([this](const kube::ObjectKey& key) { controllers_[0]->add(key); });
  }

  // Until `stop` comes in, or the leadership is lost: then this process ends, and starts anew as one that
  // stands by.
  Result<int> run(const sigset_t& stop) {
    FAISCA_TRY(runtimes, read_runtimes(settings_.runtimes));
    if (settings_.webhook) webhook_ = webhook::Webhook::start(client_, clock_, webhook_settings());
    FAISCA_TRY(health, HealthServer::start(settings_.address, settings_.port,
                                           {.alive = [] { return true; },
                                            .unready = [this] { return unready(); },
                                            .metrics = [this] { return metrics_text(); }}));
    log_info("operator starts", {{"version", kVersion}, {"port", health->port()}, {"identity", who_}});
    placer_.start();
    for (const auto& controller : controllers_) controller->watch();
    std::jthread acting([&, this](const std::stop_token& end) { act_when_leader(end, runtimes); });
    kube::LeaderElection election(client_, clock_, leader_settings(settings_, space_, who_),
                                  [this](bool leads) { lead(leads); });
    settings_.leader_election ? election.start() : lead(true);
    int signal = 0;
    ::sigwait(&stop, &signal);
    log_info("operator stops", {{"signal", signal}});
    stopping_ = true;
    acting.request_stop();
    acting.join();
    for (const auto& controller : controllers_) controller->stop();
    placer_.stop();
    election.stop();  // last: nothing of this process acts any more when another takes over
    return lost_ ? 1 : 0;
  }

 private:
  void add_controller(const Origin& origin) {
    controllers_.push_back(std::make_unique<FunctionController>(
        FunctionController::Parts{.client = client_,
                                  .clock = clock_,
                                  .origin = origin,
                                  .spaces = settings_.spaces(),
                                  .events = &events_,
                                  .metrics = &metrics_,
                                  .placer = &origin == &faisca_origin() ? &placer_ : nullptr},
        settings_.functions));
  }

  // On the election's thread.
  void lead(bool leads) {
    metrics_.leader(leads);
    log_info(leads ? "this operator leads" : "this operator no longer leads", {{"identity", who_}});
    if (!leads && !stopping_) {
      lost_ = true;
      ::kill(::getpid(), SIGTERM);
    }
    std::lock_guard lock(mutex_);
    leads_ = leads;
    changed_.notify_all();
  }

  void act_when_leader(const std::stop_token& end, const std::vector<api::Runtime>& runtimes) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, end, [this] { return leads_; })) return;
    }
    if (!ensure_runtimes(client_, runtimes, kFieldManager, end)) return;
    for (const auto& controller : controllers_)
      while (!controller->wait_synced(kForSync))
        if (end.stop_requested()) return;
    while (!placer_.wait_synced(kForSync))
      if (end.stop_requested()) return;
    for (const auto& controller : controllers_) controller->act(settings_.workers);
    offload::Marker marker(client_, clock_);
    while (!end.stop_requested()) {
      marker.mark(placer_.silent());
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, end, kForSilence, [] { return false; });
    }
  }

  webhook::WebhookSettings webhook_settings() const {
    auto out = webhook::webhook_settings(space_, settings_.address, settings_.webhook_port);
    for (std::string& name : settings_.names()) out.keeper.names.push_back(std::move(name));
    return out;
  }

  std::string unready() const {
    for (const auto& controller : controllers_)
      if (!controller->synced()) return "the caches are not filled yet";
    if (webhook_ && !webhook_->ready()) return "the webhook has no certificate yet";
    return "";
  }

  std::string metrics_text() {
    size_t waiting = 0, functions = 0;
    for (const auto& controller : controllers_) {
      waiting += controller->waiting();
      functions += controller->functions();
    }
    metrics_.queue(waiting);
    metrics_.functions(functions);
    return metrics_.text();
  }

  OperatorSettings settings_;
  const RealClock clock_;
  Metrics metrics_;
  CountingClient client_;
  const std::string space_;
  const std::string who_;
  kube::EventRecorder events_;
  offload::Placer placer_;
  std::unique_ptr<webhook::Webhook> webhook_;  // empty: switched off
  std::vector<std::unique_ptr<FunctionController>> controllers_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool leads_ = false;  // guarded by mutex_
  std::atomic<bool> lost_{false};
  std::atomic<bool> stopping_{false};
};

Result<int> run(int argc, char** argv) {
  OperatorSettings settings;
  Config config(kName, "Brings Functions to life on Kubernetes.");
  declare(config, settings);
  FAISCA_TRY(action, config.load(argc, argv, environ));
  if (action == Config::Action::kExit) return 0;
  FAISCA_CHECK_OK(complete(settings));
  log_setup("operator", log_level_named(settings.log_level));
  log_info("settings", {{"effective", config.effective()}});
  const sigset_t stop = block_stop_signals();
  const kube::PodEnvironment pod{.host = environment("KUBERNETES_SERVICE_HOST"),
                                 .port = environment("KUBERNETES_SERVICE_PORT")};
  FAISCA_TRY(where, kube::find_config(settings.kubeconfig, settings.context, pod));
  const std::string space = settings.namespace_.empty() ? where.space : settings.namespace_;
  FAISCA_TRY(client,
             kube::RestClient::create(
                 std::move(where), {.requests_per_second = static_cast<double>(settings.requests_per_second),
                                    .burst = 2 * settings.requests_per_second,
                                    .user_agent = std::string(kName) + "/" + kVersion}));
  return Process(std::move(settings), *client, space).run(stop);
}

}  // namespace
}  // namespace faisca::operators

int main(int argc, char** argv) {
  const auto code = faisca::operators::run(argc, argv);
  if (code) return *code;
  std::fprintf(stderr, "%s: %s\n", faisca::operators::kName, code.error().text().c_str());
  return 1;
}
