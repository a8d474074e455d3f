#include "operator/settings.h"

#include <algorithm>

#include "api/types/function/validate.h"
#include "lib/base/log.h"
#include "lib/base/version.h"

namespace faisca::operators {
namespace {

void declare_cluster(Config& config, OperatorSettings& settings) {
  config.add(
      "kubeconfig", &settings.kubeconfig,
      {.sentence = "Kubeconfig of the cluster; empty: the one of the pod this runs in", .unit = "path"});
  config.add("context", &settings.context,
             {.sentence = "Context of the kubeconfig; empty: its current one", .unit = "name"});
  config.add("namespace", &settings.namespace_,
             {.sentence = "Namespace of the lease faisca-operator; empty: the pod's or the context's",
              .unit = "name"});
  config.add("watch_namespaces", &settings.watch_namespaces,
             {.sentence = "Namespaces whose Functions are served, separated by commas; empty: all",
              .unit = "names"});
  config.add("openfaas", &settings.openfaas, {.sentence = "Serve Functions of openfaas.com/v1 too"});
  config.add("leader_election", &settings.leader_election,
             {.sentence = "Act only while holding the lease; false: there is no other operator"});
  config.add("lease", &settings.lease,
             {.sentence = "How long after a leader was last heard of another takes over",
              .env = {},
              .min = 3'000'000'000,
              .max = 300'000'000'000});
  config.add("workers", &settings.workers,
             {.sentence = "Functions looked at at the same time",
              .unit = "threads",
              .env = {},
              .min = 1,
              .max = 64});
  config.add("requests_per_second", &settings.requests_per_second,
             {.sentence = "Requests to the API server, on average; twice as many in a burst; 0: no limit",
              .unit = "requests",
              .env = {},
              .min = 0,
              .max = 100'000});
}

void declare_functions(Config& config, OperatorSettings& settings) {
  FunctionSettings& functions = settings.functions;
  config.add(
      "gateway_url", &functions.gateway_url,
      {.sentence = "Where the gateway is, for status.url; empty: http://gateway.NAMESPACE", .unit = "URL"});
  config.add(
      "function_namespace", &functions.default_space,
      {.sentence = "Namespace of /function/NAME; others are /function/NAME.NAMESPACE", .unit = "name"});
  config.add("offload_image", &functions.offload_image,
             {.sentence = "Image of instances whose function is an offloaded program", .unit = "image"});
  config.add("pull_policy", &functions.pull_policy,
             {.sentence = "When a node fetches a function's image",
              .env = {},
              .choices = {"Always", "IfNotPresent", "Never"}});
  config.add("run_as_user", &functions.run_as_user,
             {.sentence = "User id of functions' processes; 0: their image's, which must not be root",
              .unit = "user id",
              .env = {},
              .min = 0});
  config.add("announce", &functions.announce,
             {.sentence = "How long a stopping instance serves on, so that every gateway has noticed"});
  config.add(
      "webhook", &settings.webhook,
      {.sentence = "Check the bytecode of Functions with offload when the API server asks, over HTTPS"});
  config.add("webhook_port", &settings.webhook_port,
             {.sentence = "TCP port of the webhook; 0 picks a free one"});
  config.add(
      "webhook_names", &settings.webhook_names,
      {.sentence =
           "Further names and addresses for the webhook's certificate, separated by commas; its Service's "
           "are always there"});
  config.add("device_grace", &settings.device_grace,
             {.sentence = "How long a device may be silent or unwell before its functions move to another",
              .min = 1'000'000'000});
  config.add(
      "runtimes", &settings.runtimes,
      {.sentence = "Folder of Runtimes, one a file, that the leader applies; empty: none", .unit = "path"});
}

// At commas; empty parts are left out.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

std::vector<std::string> OperatorSettings::spaces() const { return split(watch_namespaces); }
std::vector<std::string> OperatorSettings::names() const { return split(webhook_names); }

void declare(Config& config, OperatorSettings& settings) {
  settings.functions.offload_image = std::string("faisca.dev/offload:") + kVersion;
  declare_cluster(config, settings);
  declare_functions(config, settings);
  config.add("address", &settings.address,
             {.sentence = "IPv4 address of /metrics, /healthz and /readyz", .unit = "address"});
  config.add("port", &settings.port,
             {.sentence = "Their port; 0 picks a free one and logs it", .unit = "port"});
  config.add(
      "log_level", &settings.log_level,
      {.sentence = "Least serious lines to log", .unit = "level", .env = {}, .choices = log_level_names()});
}

Status complete(OperatorSettings& settings) {
  for (const std::string& space : settings.spaces())
    FAISCA_CHECK_OK(api::validate_name(space, "watch_namespaces"));
  FAISCA_CHECK_OK(api::validate_name(settings.functions.default_space, "function_namespace"));
  if (!settings.namespace_.empty()) FAISCA_CHECK_OK(api::validate_name(settings.namespace_, "namespace"));
  if (settings.functions.offload_image.empty())
    return fail(Code::kInvalidArgument, "offload_image: it is empty", "leave it out for the default");
  return {};
}

}  // namespace faisca::operators
