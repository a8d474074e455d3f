#include "gateway/config.h"

#include <algorithm>

#include "api/types/function/validate.h"
#include "lib/base/log.h"

namespace faisca::gateway {

void declare(Config& config, GatewayConfig& settings) {
  config.add("address", &settings.address,
             {.sentence = "IPv4 address to listen on; 0.0.0.0 is every interface", .unit = "address"});
  config.add("port", &settings.port,
             {.sentence = "TCP port to listen on; 0 picks a free one and logs it", .unit = "port"});
  config.add("reactors", &settings.reactors,
             {.sentence = "Threads that serve requests; 0 is one per core, at most 4",
              .unit = "threads",
              .min = 0,
              .max = 64});
  config.add("log_level", &settings.log_level,
             {.sentence = "Least serious lines to log", .unit = "level", .choices = log_level_names()});
  config.add("drain", &settings.drain,
             {.sentence = "How long requests in flight may go on after SIGTERM", .unit = "duration"});
  ProxySettings& proxy = settings.proxy;
  config.add("keep_alive", &proxy.keep_alive,
             {.sentence = "How long a client connection may be idle between requests", .unit = "duration"});
  config.add("head_timeout", &proxy.head,
             {.sentence = "How long a request's head may take from its first byte", .unit = "duration"});
  config.add("connect_timeout", &proxy.connect,
             {.sentence = "How long a connection to an instance may take", .unit = "duration"});
  config.add(
      "instance_wait", &proxy.instance_wait,
      {.sentence = "How long a request waits for an instance to be ready before 503", .unit = "duration"});
  config.add("exec_margin", &proxy.exec_margin,
             {.sentence = "How long after a function's timeouts.exec its response may still end",
              .unit = "duration"});
  config.add("pool_idle", &proxy.pool_idle,
             {.sentence = "How long a connection to an instance may be idle", .unit = "duration"});
  config.add("connections", &settings.connections,
             {.sentence = "Client connections a reactor may have; more are answered 503",
              .unit = "connections",
              .min = 1,
              .max = 1'000'000});
  config.add("api_body", &settings.api_body,
             {.sentence = "Largest body of a request to /system", .unit = "bytes"});
}

void declare(Config& config, EmbeddedConfig& settings) {
  config.add("home", &settings.home,
             {.sentence = "Folder that holds functions, logs and run files", .unit = "path"});
  config.add("watchdog", &settings.watchdog, {.sentence = "Program that runs an instance", .unit = "path"});
  config.add("watchdog_offload", &settings.watchdog_offload,
             {.sentence = "Program that runs an instance of an offloaded function", .unit = "path"});
  config.add("agent", &settings.agent,
             {.sentence = "Address of the offload agent, unix:PATH", .unit = "gRPC address"});
}

void declare(Config& config, KubernetesConfig& settings) {
  config.add(
      "kubeconfig", &settings.kubeconfig,
      {.sentence = "File that says where the API server is and who we are; empty: the pod's own account",
       .unit = "path"});
  config.add("context", &settings.context,
             {.sentence = "Context of the kubeconfig; empty: its current one", .unit = "name"});
  config.add(
      "function_namespace", &settings.function_namespace,
      {.sentence = "Namespace of functions that are named without one: /function/NAME", .unit = "namespace"});
  config.add("openfaas", &settings.openfaas, {.sentence = "Serve Functions of openfaas.com/v1 too"});
  config.add("watch_namespaces", &settings.watch_namespaces,
             {.sentence = "The only namespaces whose functions are served, with commas between; empty: all",
              .unit = "namespaces"});
}

Result<std::vector<std::string>> watched_namespaces(const KubernetesConfig& settings) {
  FAISCA_CHECK_OK(api::validate_name(settings.function_namespace, "function_namespace"));
  std::vector<std::string> names;
  std::string_view rest = settings.watch_namespaces;
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    names.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    FAISCA_CHECK_OK(api::validate_name(names.back(), "watch_namespaces"));
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  if (names.empty() || std::ranges::binary_search(names, settings.function_namespace)) return names;
  return fail(Code::kInvalidArgument,
              "function_namespace \"" + settings.function_namespace + "\" is not among watch_namespaces \"" +
                  settings.watch_namespaces + "\"",
              "add it there, or choose one of them");
}

Gateway::Settings gateway_settings(const GatewayConfig& settings) {
  Gateway::Settings made{.proxy = settings.proxy, .drain = settings.drain};
  made.proxy.api_body_bytes = settings.api_body.count;
  made.proxy.connections = static_cast<size_t>(settings.connections);
  return made;
}

size_t reactor_count(const GatewayConfig& settings, unsigned cores) {
  if (settings.reactors > 0) return static_cast<size_t>(settings.reactors);
  return std::clamp(cores, 1u, 4u);
}

}  // namespace faisca::gateway
