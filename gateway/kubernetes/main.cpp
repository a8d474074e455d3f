// faisca-gateway-kubernetes: the gateway of a Kubernetes cluster. It alone, of its binary, reads arguments
// and environment, and wires.
#include <unistd.h>

#include <cstdlib>

#include "gateway/process.h"
#include "lib/base/version.h"
#include "lib/cluster/kubernetes/kubernetes.h"
#include "lib/kube/rest_client.h"

namespace faisca::gateway {
namespace {

constexpr char kName[] = "faisca-gateway-kubernetes";
constexpr size_t kApiThreads = 4;  // one request to a slow API server does not hold up the others

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Status run(int argc, char** argv) {
  GatewayConfig settings;
  KubernetesConfig mine;
  Config config(kName, "Routes HTTP requests to the functions of a Kubernetes cluster.");
  declare(config, settings);
  declare(config, mine);
  FAISCA_TRY(action, config.load(argc, argv, environ));
  if (action == Config::Action::kExit) return {};
  FAISCA_TRY(namespaces, watched_namespaces(mine));
  const kube::PodEnvironment pod{.host = environment("KUBERNETES_SERVICE_HOST"),
                                 .port = environment("KUBERNETES_SERVICE_PORT")};
  FAISCA_TRY(where, kube::find_config(mine.kubeconfig, mine.context, pod));
  std::unique_ptr<kube::RestClient> client;  // outlives the cluster
  return serve_until_stopped(
      settings,
      [&]() -> Result<std::unique_ptr<cluster::Cluster>> {
        FAISCA_TRY(made, kube::RestClient::create(std::move(where),
                                                  {.user_agent = std::string(kName) + "/" + kVersion}));
        client = std::move(made);
        cluster::KubernetesSettings kubernetes;
        kubernetes.default_namespace = mine.function_namespace;
        kubernetes.namespaces = std::move(namespaces);
        kubernetes.openfaas = mine.openfaas;
        return cluster::open_kubernetes(*client, std::move(kubernetes));
      },
      kApiThreads);
}

}  // namespace
}  // namespace faisca::gateway

int main(int argc, char** argv) {
  return faisca::gateway::finish(faisca::gateway::kName, faisca::gateway::run(argc, argv));
}
